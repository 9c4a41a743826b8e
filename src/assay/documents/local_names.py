"""Platforms that only the document itself makes known: “the social network Chirpnet”, “posts on
Lumio”, “Kadrik removed 300 accounts”. A list of names would never hold them; grammar does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assay.documents.acting_names import acting_names
from assay.documents.gazetteer import Mention
from assay.documents.parse import Parsed
from assay.documents.places import Covering
from assay.lexicon.names import Name, names
from assay.lexicon.people import given_names
from assay.lexicon.word_lists import word_list
from assay.model.record import Document, Span

_NAME = r"[A-Z][A-Za-z0-9]*[a-z0-9][A-Za-z0-9]*"
_KIND = (
    r"(?:social\s(?:network|media\s(?:platform|site|company))|networks?|platforms?|video[\s-](?:service|"
    r"platform|site|host|hosting\sservice)|messengers?|messaging\s(?:app|service)|micro-?blog(?:ging\s"
    r"(?:site|service))?|search\sengines?|app\sstore|forum|photo[\s-]sharing\s\w+|streaming\sservice)"
)
_DID = (
    r"(?:(?:has|have|had|also|already|recently|now|then|today|did|does|will|not|never|no\slonger|may|"
    r"said|says|it|that|begun|threatened|plans?|decided|refused|to|blocked\sand\sthen)\s){0,5}"
    r"(?:remov|delet|suspend|ban(?:s|ned)\b|block|disabl|deactivat|took\sdown|tak(?:es|en)\sdown|"
    r"restor|reinstat|label|demot|demoneti|identif|shut\sdown|clos|terminat|lock|purg|restrict|"
    r"disrupt|dismantl|unblock|reactivat)\w*"
)
_THINGS = (
    r"(?:accounts?|pages?|groups?|channels?|profiles?|posts?|videos?|networks?|users?|ads|adverts|"
    r"advertisements|advertising|content)"
)
_AS_PLATFORM = (
    re.compile(rf"\b{_KIND}\s(?:“|«|\")?(?P<a>{_NAME})(?:”|»|\")?(?:\sand\s(?P<b>{_NAME}))?"),
    re.compile(rf"(?<!in\s)(?<!from\s)(?<!at\s)(?<!of\s)\b(?P<a>{_NAME}),\s(?:an?|the)\s(?:[\w-]+\s){{0,3}}{_KIND}\b"),
    re.compile(
        rf"\b(?P<a>{_NAME})(?:\sand\s(?P<b>{_NAME}))?\s{_DID}\s(?:[^.;:\n]{{0,70}}?\s)?{_THINGS}\b"
    ),
    re.compile(
        rf"\b{_THINGS}\b[^.;:\n]{{0,60}}\b(?:removed|deleted|suspended|banned|blocked|taken\sdown|"
        rf"disabled)\s(?:by|from|on)\s(?P<a>{_NAME})(?:\sand\s(?P<b>{_NAME}))?\b"
    ),
    re.compile(rf"\b{_THINGS}\s(?:[^.;:\n]{{0,50}}?\s)??on\s(?P<a>{_NAME})(?:\sand\s(?P<b>{_NAME}))?\b"),
    re.compile(rf"\b\d[\d,.]*\s(?:[a-z]+\s)?(?P<a>{_NAME})\s{_THINGS}\b"),
    re.compile(rf"\b(?:removal|deletion|suspension|blocking|takedown)\sof\s[^.;:\n]{{0,60}}?{_THINGS}\s"
               rf"by\s(?P<a>{_NAME})\b"),
    re.compile(rf"\b(?:video|photo|messaging|networking|blogging|search|social)\s(?:site|app|service|"
               rf"giant|firm|company)\s(?P<a>{_NAME})\b", re.IGNORECASE),
    re.compile(rf"\b(?P<a>{_NAME})\s(?:publish|remove|protect|run|allow|updat|enforc)\w*\s[^.;:\n]{{0,90}}?"
               rf"\bits\s(?:service|platform|users|rules|community|policies)\b"),
    re.compile(rf"(?:^|\n)(?:How\s)?(?P<a>{_NAME})\s(?:is\s(?:preparing|protecting|working\sto|helping)"
               rf"|Newsroom\b|Help\sCent(?:er|re)\b|[Tt]ransparency\s[Cc]ent(?:er|re)\b)"),
    re.compile(rf"(?:^|\n)(?P<a>{_NAME})(?::\s|’s\s|'s\s|\s)(?:actions?\staken|safety\s(?:update|report)|"
               rf"[Tt]ransparency\s[Rr]eport|[Aa]dversarial\s[Tt]hreat|[Tt]hreat\s[Rr]eport)"),
)  # fmt: skip
_IN_FULL = re.compile(r"(?<!\w)(?P<first>[A-Z][a-z]+)\s(?=(?P<last>[A-Z]\w+))")
_NO_NAMES = word_list("capitalised_no_names")
_NATIONS = re.compile(r"(?:ian|ese|ish|ans|ians|istan|land|ia)$")
_ITS_KIND = re.compile(r"(?:network|platform|service)s?\s$")
_ROLE_BEFORE = re.compile(r"\b(?:(?:Mr|Mrs|Ms|Dr|Sen|Gov|Prof)\.?|[A-Z][a-z]+)[ ]$")


_LONGER = re.compile(r"\s[A-Z][a-z]+\b(?!\s(?:and|said))")
_SAME_BODY = re.compile(
    r"\s(?:Newsroom|Transparency|Threat|Adversarial|Safety|Help|Community|Integrity|Ltd|Inc|LLC|GmbH|Corp|Search|Apps|Holdings|Group)\b|\s[A-Z][a-z]+day\b"
)


def local_platforms(
    document: Document, known: Iterable[Mention], parsed: Parsed | None = None
) -> list[Mention]:
    """Every place of a name that the document uses as a platform's and no list knows.

    Args:
        document: The document.
        known: Names that the lists know, which keep their meaning.
        parsed: Its grammar, where it has been parsed.
    """
    text = document.text
    taken = Covering([one.span] for one in known)
    found: set[str] = set()
    for pattern in _AS_PLATFORM:
        for match in pattern.finditer(text):
            for group in ("a", "b"):
                said = match.groupdict().get(group)
                if not said or _is_last_name(text, match.start(group)):
                    continue
                if _may_be(text, said, match.start(group)):
                    found.add(said)
    for said, place in acting_names(parsed) if parsed is not None else ():
        if (
            re.fullmatch(_NAME, said)
            and _may_be(text, said, place.start)
            and not any(taken.at(at) for at in range(place.start, place.end))
            and not _is_surname(text, said)
        ):
            found.add(said)
    found -= surnames(text)
    if not found:
        return []
    listed = "|".join(sorted(map(re.escape, found), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.@/])(?:{listed})(?!\w)(?!\.[a-z])")
    return [
        Mention(Name("platform", match.group(0)), Span(match.start(), match.end()))
        for match in pattern.finditer(text)
        if not any(taken.at(place) for place in range(match.start(), match.end()))
        and not _within_longer_name(text, match)
    ]


def surnames(text: str) -> frozenset[str]:
    """Words behind a common given name: of “Anna Smith spoke”, Smith is a person all through."""
    known = given_names()
    return frozenset(
        one.group("last") for one in _IN_FULL.finditer(text) if one.group("first").lower() in known
    )


def _may_be(text: str, said: str, start: int) -> bool:
    if said in _NO_NAMES or said in names() or len(said) < 3:
        return False
    nation = _NATIONS.search(said) and not _ITS_KIND.search(text, max(0, start - 12), start)
    return not nation


def _is_last_name(text: str, start: int) -> bool:
    """“Ann Smith deleted posts”: a first name before it makes it a person's."""
    before = _ROLE_BEFORE.search(text, max(0, start - 24), start)
    return before is not None and before.group(0).strip() not in _NO_NAMES


def _is_surname(text: str, said: str) -> bool:
    """Whether somebody of this name stands in the text with a first name (“Ann Smith”)."""
    for match in re.finditer(rf"(?<!\w)(?P<first>[A-Z][a-z]+)\s{re.escape(said)}(?!\w)", text):
        if match.group("first") not in _NO_NAMES and not _opens_sentence(text, match.start()):
            return True
    return False


def _opens_sentence(text: str, start: int) -> bool:
    """Whether a sentence begins at a place: its capital letter says nothing of a name."""
    return re.search(r"(?:^|[.!?:”\"\n–—-])\s*$", text[max(0, start - 4) : start]) is not None


def _within_longer_name(text: str, match: re.Match[str]) -> bool:
    """“Parolo Foundation”: another body."""
    rest = text[match.end() : match.end() + 40]
    return _LONGER.match(rest) is not None and _SAME_BODY.match(rest) is None
