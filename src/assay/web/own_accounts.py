"""Whose a finding is: the addresses of the person concerned, and the accounts that they name.

A notice can name addresses of several people, and each is heard apart. Only the addresses that the
team says are theirs count, and in each only the place where a name stands: that somebody is called
like another part of an address (``status``) makes it no address of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from urllib.parse import parse_qs, unquote, urlsplit

from assay.cases.refused import Refused
from assay.identities.captures import profile_of
from assay.identities.register import platform_name
from assay.lexicon.social_hosts import social_hosts
from assay.model.case import Act, Record
from assay.text.links import canonical_link, host_of, registered_domain

_NAMES_COME_AFTER = frozenset(
    ("account", "accounts", "c", "channel", "in", "people", "profile", "s", "u", "user", "users")
)
_ANY_SITE = "mastodon"
"""Its accounts are on sites of every name, so that an address does not tell the platform."""


@dataclass(frozen=True)
class Subject:
    """Whom a finding is about.

    Attributes:
        id: Of the account, with its platform; of a site, its domain.
        handle: Without the sign before it; empty where it is not known.
        address: Of the account's own page; empty where it is not known.
    """

    id: str
    handle: str = ""
    address: str = ""


def addresses_of_concerned(record: Record) -> list[str]:
    """The addresses in a notice that are the person's whom it hears: all that is said to be, or
    the only one.
    """
    named = record.fields.get("concerned_urls", "").split()
    every = record.fields.get("urls", "").split()
    return named or (every if len(every) == 1 else [])


def whose(record: Record, act: Act) -> tuple[Act, str | None]:
    """Whom an act is towards: with their addresses in it, and their id; None for somebody new.

    What the act names are addresses of the notice. Several people can be behind these; those that
    are ticked say who it is, or the fact ``concerned`` does.

    Raises:
        Refused: It is not clear who, or an address is another person's.
    """
    chosen = set(act.fields.get("concerned_urls", "").split())
    who = _named(record, act, chosen)
    of_others = {
        one
        for holder, person in record.concerned.items()
        if holder != who
        for one in person.addresses
    }
    before = set(record.concerned[who].addresses) if who is not None else set()
    if chosen & of_others or (before and chosen not in (set(), before) and act.name != _REPLACES):
        told = "tick one person's addresses, all of them and no others"
        raise Refused(
            "not all of these are addresses of the same person",
            fix=f"{told}; replace the link of whoever was taken for somebody else",
            lacking={"concerned_urls": told},
        )
    every = record.fields.get("urls", "").split()
    theirs = chosen or before or (set(every) if len(every) == 1 else set())
    if not theirs and act.name == "ask_to_be_heard" and every:
        fix = "say which addresses are theirs; they see no evidence about the others"
        raise Refused(
            "the notice names several addresses", fix=fix, lacking={"concerned_urls": fix}
        )
    fields = {name: text for name, text in act.fields.items() if name != "concerned_urls"}
    if theirs:
        fields["concerned_urls"] = "\n".join(one for one in every if one in theirs)
    return replace(act, fields=fields), who


_REPLACES = "replace_link"


def _named(record: Record, act: Act, chosen: Collection[str]) -> str | None:
    """Who of the people concerned is meant; None for somebody new."""
    known, named = record.concerned, act.facts.get("concerned")
    if named is not None:
        if named not in known:
            raise Refused("nobody of this id was asked", fix=_WHO, lacking={"concerned": _WHO})
        return str(named)
    owners = [who for who, one in known.items() if not set(one.addresses).isdisjoint(chosen)]
    if owners:
        return owners[0]
    replaces, urls = act.name == _REPLACES, record.fields.get("urls", "").split()
    if replaces or not chosen:
        # A letter that is meant for somebody else must not go out under this person's link.
        if len(known) > 1 or (known and len(urls) > 1 and not replaces):
            name = "concerned" if replaces else "concerned_urls"
            raise Refused("several people can be meant here", fix=_WHO, lacking={name: _WHO})
        return next(iter(known), None)
    if any(not one.addresses for one in known.values()):
        first = "say first which addresses are theirs who were asked before"
        raise Refused(
            "it is not known whose these are", fix=first, lacking={"concerned_urls": first}
        )
    return None


_WHO = "say which of the people concerned it is"


def named_by(addresses: Iterable[str], subjects: Iterable[Subject]) -> list[str]:
    """The ids of the subjects that one of the addresses names."""
    known = [_Address.read(one) for one in addresses]
    return [one.id for one in subjects if any(address.names(one) for address in known)]


@dataclass(frozen=True)
class _Address:
    """What an address says of whose it is.

    Attributes:
        canonical: The address, however it was written; None if it is none.
        platform: Empty where the site is not known.
        handles: What may be an account's name or number in it, by its place.
    """

    canonical: str | None
    platform: str
    handles: Collection[str]

    @classmethod
    def read(cls, written: str) -> _Address:
        canonical = canonical_link(written)
        if canonical is None:
            return cls(None, "", ())
        parts = urlsplit(canonical)
        path = [unquote(piece) for piece in parts.path.split("/") if piece]
        numbers = parse_qs(parts.query).get("id", [])
        for length in (1, 2):
            # A post's address begins with its account's.
            profile = profile_of(f"//{parts.netloc}/{'/'.join(path[:length])}")
            if profile is not None:
                platform, name = profile
                return cls(canonical, platform, {name, name.partition("@")[0], *numbers})
        platform = platform_name(_sites().get(registered_domain(host_of(canonical))))
        names = [name for word, name in pairwise(path) if word.casefold() in _NAMES_COME_AFTER]
        if not platform and len(path) == 1:
            names += path
        return cls(canonical, platform, {one.lstrip("@").casefold() for one in (*names, *numbers)})

    def names(self, subject: Subject) -> bool:
        """Whether this is an address of somebody, or of something on their page."""
        if self.canonical is None:
            return False
        known_as = canonical_link(subject.address) or ""
        if known_as.rstrip("/") == self.canonical.rstrip("/"):
            return True
        platform, _, number = subject.id.rpartition(":")
        if not platform:
            return _site(self.canonical) == subject.id.removeprefix("www.")
        platform, known = platform_name(platform), set(map(platform_name, _sites().values()))
        told = {number.casefold(), subject.handle.casefold()} - {""}
        if self.platform in ("", _ANY_SITE):
            # On a site that is not known, a name that is known elsewhere is somebody else's; so is
            # one whose own page is on another site, unless the name itself says on which it is.
            same = platform == _ANY_SITE or platform not in known
            if known_as and _site(known_as) != _site(self.canonical):
                told = {one for one in told if "@" in one}
        else:
            same = platform in ("", self.platform)
        return same and not told.isdisjoint(self.handles)


def _site(canonical: str) -> str:
    return host_of(canonical).removeprefix("www.")


def _sites() -> dict[str, str]:
    """Platforms by the domains of their addresses."""
    return {**social_hosts().first, "youtube.com": "youtube", "bsky.app": "bluesky"}
