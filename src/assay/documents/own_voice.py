"""Whom a document speaks for where it says “we”: its letterhead, its platform, its speaker.

A regulator's letter, a ministry's briefing and a platform's notice never say “we, the …”: the head
of the page does, or the line above the signature. Where nothing says it, nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.documents.gazetteer import Mention
from assay.lexicon.people import is_body, is_role
from assay.model.record import Document, Span, Value

_HEAD_LINES = 6
_LONGEST_LINE = 110
_FOOT_LINES = 6
_LINE = re.compile(r"[^\n]+")
_NAME = r"[A-Z][\w.’'-]+(?:\s(?:[a-z]{2,3}\s)?[A-Z][\w.’'-]+){1,3}"
_SPEAKS = re.compile(
    r"\b(?i:briefings?|remarks|speech|address|statement|comments?|answers?|replies|reply|interview|"
    r"press conference|opening words)\s(?i:by|of|from|with)\s(?P<who>[^\n]{4,90})"
)
_PERSON = re.compile(rf"(?:^|,\s|\s)(?P<name>{_NAME})\s*(?:$|,|\(|\son\s|\sat\s|\sto\s|\sin\s)")
_BODY_WORDS = re.compile(
    r"\b(?:Authority|Commission|Office|Agency|Council|Court|Ministry|Department|Embassy|Committee|"
    r"Institute|Observatory|Foundation|Watch|Laboratory|Lab|Centre|Center|Union|Service|Mission|"
    r"Consulate|Inspectorate|Tribunal|Parliament|Directorate|Bureau|Ombudsman|Network|Association|"
    r"Board|Prosecutor|Regulator|Alliance|University|Secretariat|Delegation|Society|Coalition|"
    r"Federation|Forum|Initiative|Fund)\b",
    re.IGNORECASE,
)
_NO_BODY = re.compile(
    r"^(?:to|to the attention of|subject|re|dear|date|from|cc|published|posted|by|question|answer|"
    r"on|how|why|what|who)\b|[?]$|[“”\"]|\b(?:has|have|was|were|is|are|will|urges?|says?|said|bans?|"
    r"orders?|warns?|demands?|fines?|blocks?|removes?|asks?|acts?|acted|over|after|against|accuses?|"
    r"protests?|calls?|tells?|told)\b",
    re.IGNORECASE,
)
_HEADING_OF = re.compile(
    r"^(?:how\s)?(?P<a>[A-Z][\w.&]+(?:\s[A-Z][\w.&]+)?)(?:[’']s)?:?\s(?:is\s(?:preparing|protecting|"
    r"working|helping|taking)|newsroom\b|(?:help|transparency|safety|threat|press|security|policy|"
    r"news)\s(?:cent(?:er|re)|blog|report|room|update)|(?:quarterly\s|annual\s)?(?:adversarial|"
    r"transparency|safety|integrity|threat|enforcement|community|coordinated)\b)",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"^(?:for\s(?:the\s)?(?P<for>[A-Z][\w ’'-]{2,60}),?|press\s(?:service|office)\sof\s(?:the\s)?"
    r"(?P<of>[A-Z][\w ’'-]{2,60}))$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class OwnVoice:
    """Who “we” is outside of any quotation.

    Attributes:
        body: The organisation, with where it is named.
        person: Who speaks for it, where the head of the page names one.
        platform: Whether the body is a platform.
    """

    body: Value | None = None
    person: Value | None = None
    platform: bool = False

    @property
    def value(self) -> Value | None:
        """The person where there is one, else the body."""
        return self.person or self.body


def own_voice(
    document: Document, mentions: Sequence[Mention], platforms: Sequence[Mention]
) -> OwnVoice:
    """Whom a document speaks for, as far as its head and foot say so.

    Args:
        document: The document.
        mentions: Known names in it.
        platforms: Those of them that are platforms.
    """
    head = list(_head(document.text))
    person = _speaker(document.text, head)
    platform = _platform_notice(document, head, platforms)
    if platform is not None:
        return OwnVoice(platform, person, platform=True)
    return OwnVoice(_letterhead(document.text, head, mentions) or _signed(document.text), person)


def _head(text: str) -> Iterator[Span]:
    for number, match in enumerate(_LINE.finditer(text)):
        line = match.group(0).strip()
        if number >= _HEAD_LINES or len(line) > _LONGEST_LINE:
            return
        if re.search(r"[.!]$", line) and len(line.split()) > 6:
            return
        if line:
            start = match.start() + match.group(0).index(line)
            yield Span(start, start + len(line))


def _speaker(text: str, head: Sequence[Span]) -> Value | None:
    """“Briefing by the Spokesperson, Teodor Vance”: who speaks all through."""
    for span in head:
        said = _SPEAKS.search(text, span.start, span.end)
        if said is None:
            continue
        words = said.group("who")
        for match in _PERSON.finditer(words):
            named, start = match.group("name"), match.start("name")
            while " " in named and (is_role(named.split()[0]) or is_body(named.split()[0])
                                    or _is_office(named.split()[0])):  # fmt: skip
                cut = named.index(" ") + 1
                named, start = named[cut:], start + cut
            if " " in named and not _BODY_WORDS.search(named):
                begin = said.start("who") + start
                return Value(named, Span(begin, begin + len(named)), how="who speaks here")
    return None


def _is_office(word: str) -> bool:
    return word in ("Foreign", "Deputy", "Vice", "First", "Press", "Official", "Ministry", "Chief")


def _platform_notice(
    document: Document, head: Sequence[Span], platforms: Sequence[Mention]
) -> Value | None:
    """“Parolo transparency report”, “Tukan Newsroom”, or a page that a platform publishes."""
    for span in head:
        match = _HEADING_OF.match(span.of(document.text))
        if match is None:
            continue
        named = [one for one in platforms if span.start <= one.span.start < span.end]
        if named:
            return Value(named[0].name.value, named[0].span)
    for link in document.sources:
        for one in platforms:
            if link.value and one.name.value.casefold() in link.value.casefold():
                return Value(one.name.value, one.span)
    return None


def _letterhead(text: str, head: Sequence[Span], mentions: Sequence[Mention]) -> Value | None:
    """A line at the top that is a body's name and nothing else."""
    for span in head:
        line = span.of(text)
        if _NO_BODY.search(line):
            continue
        known = [
            one
            for one in mentions
            if span.start <= one.span.start < span.end
            and one.name.kind in ("agency", "regulator", "organisation", "researcher")
        ]
        if known and known[0].span.end - known[0].span.start > 0.6 * len(line):
            return Value(known[0].name.value, span, how="the letterhead")
        if _BODY_WORDS.search(line) and len(line.split()) <= 10 and _is_title(line):
            name = line if not line.isupper() else _unshouted(line)
            return Value(name, span, how="the letterhead")
    return None


def _is_title(line: str) -> bool:
    words = re.findall(r"[^\W\d_]{4,}", line)
    return bool(words) and all(word[:1].isupper() for word in words)


def _unshouted(line: str) -> str:
    small = {"of", "the", "for", "and", "in", "on"}
    return " ".join(
        word.lower() if word.lower() in small else word.capitalize() for word in line.split()
    )


def _signed(text: str) -> Value | None:
    """“Press Service of the Court” at the foot."""
    for match in list(_LINE.finditer(text))[-_FOOT_LINES:]:
        signed = _SIGNED.match(match.group(0).strip())
        if signed is not None:
            group = "for" if signed.group("for") else "of"
            start = text.index(signed.group(group), match.start())
            name = signed.group(group).strip(" ,")
            return Value(name, Span(start, start + len(name)), how="the signature")
    return None


_TO = re.compile(
    r"^(?:to(?:\sthe\sattention\sof)?|for\sthe\sattention\sof|attn\.?|dear)\s?:?\s"
    r"(?:the\s(?:legal\s)?representatives\sof\s)?(?P<who>[^\n]{2,120}?),?$",
    re.IGNORECASE | re.MULTILINE,
)
_LISTED = re.compile(r"\s*(?:,|;|\band\b|&)\s*")
_COMPANY = re.compile(r"\s(?:Ltd|Inc|LLC|GmbH|Corp|AG|SA|plc|Co)\.?$")
_ADDRESS_LINES = 6
_NAME_WORDS = 4
_ADDRESS = "whom the letter's address names"
_EMPTY_LINE = re.compile(r"\n[^\S\n]*\n")
_NOBODY = re.compile(r"^(?:sirs?|madam|or madam|colleagues?|all|whom it may concern|sir or madam)$",
                     re.IGNORECASE)  # fmt: skip


def _addressed_company(
    text: str, salutation: int, who: str, platforms: Sequence[Mention]
) -> Value | None:
    """The line of the address that is a company's name, or a platform's.

    The first lines are the sender's own letterhead, unless they name who is greeted.
    """
    if not text[salutation:].casefold().startswith("dear"):
        return None
    head = _EMPTY_LINE.search(text, 0, salutation)
    above = text[: head.start()] if head is not None else ""
    own = 0 if any(word in above for word in who.split()[-1:]) else len(above)
    for match in list(_LINE.finditer(text, 0, salutation))[-_ADDRESS_LINES:]:
        line = match.group(0).strip()
        start = match.start() + match.group(0).index(line)
        if start < own:
            continue
        known = [one for one in platforms if one.span.start == start]
        bare = _COMPANY.sub("", line)
        if known and len(bare.split()) <= _NAME_WORDS:
            return Value(known[0].name.value, known[0].span, how=_ADDRESS)
        if bare != line and len(bare.split()) <= _NAME_WORDS and bare[:1].isupper():
            return Value(bare, Span(start, start + len(bare)), how=_ADDRESS)
    return None


def addressees(text: str, platforms: Sequence[Mention]) -> list[Value]:
    """Whom a letter is written to, by its “To:” or “Dear …” line; empty for what is no letter.

    A company in the address above “Dear Ms Brandt” is written to: she reads it in its name.
    """
    for match in _TO.finditer(text):
        above = _addressed_company(text, match.start(), match.group("who"), platforms)
        if above is not None:
            return [above]
        found: list[Value] = []
        start = match.start("who")
        for part in _LISTED.split(match.group("who")):
            name = _COMPANY.sub("", part.strip())
            if not name or not name[:1].isupper() or _NOBODY.match(name) or len(name.split()) > 5:
                continue
            at = text.index(name, start)
            known = [one for one in platforms if at <= one.span.start < at + len(name)]
            value = known[0].name.value if known and known[0].span.of(text) == name else name
            found.append(Value(value, Span(at, at + len(name)), how="whom the letter is to"))
        if found:
            return found
    return []
