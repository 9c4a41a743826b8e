"""Whose a finding is: the addresses of the person concerned, and the accounts that they name.

A notice can name addresses of several people and hears one of them. Only the addresses that the
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


def naming_addresses(record: Record, act: Act) -> Act:
    """An act towards the person concerned that says which of the notice's addresses are theirs.

    Raises:
        Refused: They are asked to be heard and none is named among several, or this is another
            person than the notice hears.
    """
    said = act.fields.get("concerned_urls", "").split()
    chosen = [one for one in record.fields.get("urls", "").split() if one in said]
    known = record.fields.get("concerned_urls", "").split()
    if chosen and known and set(chosen) != set(known) and act.name != "replace_link":
        told = "another person's addresses; open a notice of its own for each person"
        raise Refused(
            "this notice hears somebody else",
            fix="open another notice, or replace the link if their addresses were wrong",
            lacking={"concerned_urls": told},
        )
    theirs = chosen or addresses_of_concerned(record)
    if not theirs and act.name == "ask_to_be_heard" and record.fields.get("urls"):
        fix = "say which addresses are theirs; they see no evidence about the others"
        raise Refused(
            "the notice names several addresses", fix=fix, lacking={"concerned_urls": fix}
        )
    fields = {name: text for name, text in act.fields.items() if name != "concerned_urls"}
    if theirs:
        fields["concerned_urls"] = "\n".join(theirs)
    return replace(act, fields=fields)


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
