"""From matches to a verdict: points for each piece of evidence, each with its reason.

A name alone never convicts: ``poses_as`` needs evidence of a second kind, such as what the bio
claims. Stance, criticism and volume are no evidence and are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from assay.identities.candidates import Match
from assay.identities.compile import Compiled, plain_form
from assay.identities.labels import label_of
from assay.identities.namesakes import another_reading
from assay.identities.register import Body, platform_name
from assay.identities.sisters import sister_reason
from assay.lexicon.impersonation import impersonation_words
from assay.text.name_forms import odd_characters

Verdict = Literal["poses_as", "resembles", "sister", "declared", "proved"]

THRESHOLD = 0.5
"""Points from which an account is said to resemble or pose as a body."""
POINTS = {
    "whole": 0.55, "affix": 0.6, "typo": 0.55, "inside": 0.5, "words": 0.55,
    "transliteration": 0.55, "concept": 0.6, "affix typo": 0.55,
}  # fmt: skip
"""For the way in which a name meets a body's, if that name distinguishes the body."""
INDISTINCT = 0.2
"""Taken off where the name met is an ordinary word, or has two letters."""
SHORT = 0.1
"""Taken off where it has three letters."""
COMMON = 0.15
"""Taken off where the population bears the name too, or reads the letters as another name."""
NAMESAKE = 0.05
"""Taken off where it is a person's: others bear the same name."""
LEAST_INSIDE_SHARE = 0.8
"""A key inside a longer name counts fully from this share of its letters."""
OWN_NAME = frozenset({"whole", "words", "inside"})
"""Ways in which a person bears a name: as it is, turned round, or beside other words."""
SAID = {
    "whole": "is written like {name}",
    "affix": "is {name} with words or digits around it that make it no other body's",
    "typo": "is {slips} away from {name}",
    "affix typo": "is {slips} away from {name}, with words or digits around it",
    "inside": "contains {name}",
    "words": "has the words of {name} in another order",
    "transliteration": "is {name} in another script",
    "concept": "names the office and the countries of {name}",
}


_MENTION = re.compile(r"@([\w.-]+)")


class Account(NamedTuple):
    """An account as the table tells it; unknown fields are empty, ``row`` counts from 1."""

    account_id: str
    platform: str = ""
    handle: str = ""
    display_name: str = ""
    bio: str = ""
    url: str = ""
    verified: bool = False
    created_at: str = ""
    avatar: str = ""
    status: str = ""
    first_seen: str = ""
    row: int = 0


@dataclass(frozen=True)
class Weighed:
    """What is said of an account and one body.

    Attributes:
        body: Place in the register.
        verdict: None where the account keeps its platform's rule for parody and fans, or too
            little speaks for anything.
        score: 0 to 1.
        reasons: One for each point, in words.
        labelled: Whether a label that keeps the platform's rule decided.
        second_kind: Whether something beside names speaks for it.
        own_name: Whether all that meets is a person's own name, as it is written.
    """

    body: int
    verdict: Verdict | None
    score: float
    reasons: tuple[str, ...]
    labelled: bool = False
    second_kind: bool = False
    own_name: bool = False


@dataclass
class _Tally:
    score: float = 0.0
    reasons: list[str] = field(default_factory=list)
    second_kind: bool = False
    own_name: bool = False

    def add(self, points: float, reason: str, *, second_kind: bool = False) -> None:
        self.score += points
        self.second_kind |= second_kind
        self.reasons.append(f"{reason} ({points:+.2f})")


def declared(account: Account, register: Compiled, today: date) -> Weighed | None:
    """Whether the register lists this very account as official."""
    handle = account.handle.lstrip("@").lower()
    if not handle:
        return None
    platform = platform_name(account.platform)
    found = register.handles.get((platform or "*", handle)) or register.handles.get(("", handle))
    if found is None:
        return None
    place, listed = found
    address = f"{listed.platform}:{handle}" if listed.platform else f"the handle {handle}"
    told = f"the register lists {address}"
    if listed.until is not None and listed.until < today:
        return Weighed(place, "declared", 0.0, (f"{told}, official until {listed.until}",))
    proofs = {(one.platform, one.handle) for one in register.bodies[place].proofs}
    if (listed.platform, handle) in proofs:
        return Weighed(place, "proved", 0.0, (told, "a capture of the body's own site proves it"))
    return Weighed(place, "declared", 0.0, (told,))


def weigh(account: Account, matches: Sequence[tuple[str, Match]], register: Compiled) -> Weighed:
    """Weigh all matches of one account with one body.

    Args:
        account: The account.
        matches: Field (``handle`` or ``display_name``) and match, all of the same body.
        register: The register.
    """
    body = register.bodies[matches[0][1].body]
    place = matches[0][1].body
    sister = sister_reason((account.handle, account.display_name), matches, register)
    if sister:
        return Weighed(place, "sister", 0.0, (sister,))
    tally = _Tally()
    _names(account, register, matches, tally)
    _claims(account, body, tally)
    label = label_of(account)
    score = round(min(max(tally.score, 0.0), 1.0), 4)
    if label.keeps:
        reason = f"it calls itself “{label.label}” as the platform asks"
        told = (*tally.reasons, reason)
        return Weighed(place, None, score, told, True, tally.second_kind, tally.own_name)
    if label.label:
        tally.add(
            -0.1, f"it calls itself “{label.label}”, though not where the platform asks for it"
        )
        score = round(min(max(tally.score, 0.0), 1.0), 4)
    verdict: Verdict | None = None
    if score >= THRESHOLD:
        verdict = "poses_as" if tally.second_kind else "resembles"
    if verdict == "resembles":
        tally.reasons.append("nothing but names speaks for it, and a name alone never convicts")
    told = tuple(tally.reasons)
    return Weighed(place, verdict, score, told, False, tally.second_kind, tally.own_name)


def _names(
    account: Account, register: Compiled, matches: Sequence[tuple[str, Match]], tally: _Tally
) -> None:
    body = register.bodies[matches[0][1].body]
    best: dict[str, tuple[float, Match]] = {}
    for where, match in matches:
        points = _points(body, match)
        if where not in best or points > best[where][0]:
            best[where] = points, match
    (where, (points, match)), *others = sorted(best.items(), key=lambda one: (-one[1][0], one[0]))
    written = account.handle if where == "handle" else account.display_name
    slips = "one slip" if match.slips == 1 else f"{match.slips} slips"
    told = SAID.get(match.how, "shares its sender with {name}").format(
        name=match.written, slips=slips
    )
    tally.add(points, f"the {where.replace('_', ' ')} {written} {told}")
    names = account.handle, account.display_name
    reading = another_reading(names, where, match, register) if match.slips else None
    if reading:
        tally.add(-COMMON, reading)
    odd = [one for text in names for one in odd_characters(text)]
    met = [one for _, one in best.values()]
    plain = all(one.how in OWN_NAME and not one.handle for one in met) and not odd
    tally.own_name = plain and body.kind == "office-holder"
    if odd and match.how != "transliteration":
        tally.add(0.2, "among Latin letters stand " + ", ".join(dict.fromkeys(odd[:5])))
    elif match.how == "whole" and plain_form(written) != plain_form(match.written):
        tally.own_name = False
        tally.add(0.1, "digits, signs or letter pairs stand for letters")
    if body.kind == "office-holder" and account.handle and "handle" not in best:
        tally.add(-0.1, "others bear a person's name, and the handle is another")
    for field_, (_, other) in others:
        slipped = other.slips and another_reading(names, field_, other, register)
        if other.how != "sister" and not slipped:
            tally.add(0.1, f"the {field_.replace('_', ' ')} means the same body")


def _points(body: Body, match: Match) -> float:
    points = POINTS.get(match.how, 0.0)
    if match.how == "inside" and match.share < LEAST_INSIDE_SHARE:
        points = 0.4 * match.share
    points -= {"ordinary": INDISTINCT, "short": SHORT, "common": COMMON}.get(match.doubt, 0.0)
    if body.kind == "office-holder" and not match.handle:
        points -= NAMESAKE
    return max(points - 0.05 * max(match.slips - 1, 0), 0.0)


def _claims(account: Account, body: Body, tally: _Tally) -> None:
    bio = account.bio.lower()
    lexicon = impersonation_words()
    only = next((phrase for phrase in lexicon.claims_only if phrase in bio), None)
    official = next((phrase for phrase in lexicon.claims_official if phrase in bio), None)
    own = _own_words(bio, body)
    if label_of(account).label is not None or own is not None:
        official = None
    if only:
        tally.add(0.3, f"the bio claims to be the only one (“{only}”)", second_kind=True)
    elif official:
        tally.add(0.2, f"the bio claims to be official (“{official}”)", second_kind=True)
    elif own is not None:
        tally.add(*own)
    domain = _linked_domain(account, body)
    if domain:
        tally.add(0.1, f"it links to {domain}, and the register lists it nowhere")


def _own_words(bio: str, body: Body) -> tuple[float, str] | None:
    """Points and words where a bio says that this, or that another, is not the official account."""
    personal = next((one for one in impersonation_words().personal if one in bio), None)
    if personal:
        return -0.1, f"the bio says that it is no official account of the body (“{personal}”)"
    mentioned = {one.rstrip(".") for one in _MENTION.findall(bio)}
    handle = next((one.handle for one in body.handles if one.handle in mentioned), None)
    # “official” may be said of that one; but whoever poses as the body may name it just as well.
    return (0.0, f"the bio points to @{handle}, which the register lists") if handle else None


def _linked_domain(account: Account, body: Body) -> str | None:
    """The domain of the body that an account links to; None where it does not."""
    host = _host(account.url)
    return next((one for one in body.domains if host == one or host.endswith("." + one)), None)


def _host(url: str) -> str:
    if not url:
        return ""
    try:
        host = urlsplit(url if "//" in url else "//" + url).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")
