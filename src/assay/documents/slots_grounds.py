"""Why a measure is said to have been taken: rules, laws, evidence, the election named with it."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from assay.documents.grammar import phrase
from assay.documents.numbers import alternatives
from assay.documents.parse import Paragraph
from assay.lexicon.enforcement import enforcement_words
from assay.lexicon.names import names
from assay.model.record import Span, Value

if TYPE_CHECKING:
    from spacy.tokens import Token

_NOT_GROUNDS = re.compile(
    r"^(?:the\s+)?(?:first|second|third|last|next|now|years?|months?|days?|weeks?|hours?|time|"
    r"instance|example|several|\d+|good|users?|comment|now|people|review)\b",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"\b(?:(?:(?:[A-Z][\w’'-]+|of|and|on|for|the)\s+){0,6}[A-Z][\w’'-]+\s+(?:Act|Code|Directive|"
    r"Regulation|Constitution)\b(?:\s+of\s+\d{4})?"
    r"|(?:[A-Z][\w’'.-]+\s+)?(?:election|electoral|media|data protection|information|criminal|"
    r"administrative|privacy|anti-extremism|security|sanctions|copyright|emergency|national)\s+"
    r"laws?(?:s)?\b"
    r"|(?:fundamental\s+)?international\s+(?:legal\s+)?(?:law|norms?|standards|obligations)\b"
    r"|Articles?\s+\d+[\w().]*(?:\s+of\s+the\s+[A-Z][\w\s]{2,40}?(?=[,.;]))?"
    r"|Section\s+\d+\b|(?:a\s+)?court[\s-]order(?:ed\s+restrictions|s)?\b)"
)
_EVIDENCE = re.compile(
    r"\b(?i:based\s+on|on\s+the\s+basis\s+of|citing|acting\s+on|following|after|thanks\s+to)\s+"
    r"(?P<what>(?:an?|the|its|their|some|new)?\s?(?:[\w“”’'.-]+\s){0,5}?(?:data|tips?|"
    r"investigations?”?|reports?|evidence|intelligence|information|reviews?|findings|analysis|"
    r"research|conclusions)(?:\s+(?:from|by|of)\s+(?:the\s+)?(?:[A-Z][\w.]*\s?)+)?)",
)
_PRETEXT = re.compile(r"\b(?:under|on)\s+the\s+pretext\s+of\s+|\bunder\s+the\s+guise\s+of\s+", re.I)
_STOP = re.compile(r"[,;.:!?”\"]|\s(?:after|before|in\s+(?:early|late|\d{4})|on\s+[A-Z]\w+day|said|"
                   r"which|that|who|while|but)\b")  # fmt: skip
_REPEATED = re.compile(
    r"\b(?:once\s+again|yet\s+again|(?:for\s+the|a)\s+(?:second|third|fourth|fifth)\s+time|"
    r"(?:another|a\s+new|a\s+further)\s+(?:round|wave|batch|set)|repeatedly)\b",
    re.IGNORECASE,
)


_GIVEN = re.compile(
    r"\b(?:for|over|due\s+to|because\s+of|citing|cited|violat\w+|breach\w*|engag\w+\s+in|accus\w+|"
    r"involved\s+in|part\s+of|grounds?\s+of|polic\w+|rules?|against|fact\s+of|used\s+to|"
    r"participat\w+\s+in|behind|as|by|under|gave|named|reason)\b[^.;]{0,70}$",
    re.IGNORECASE,
)


_NOT_BROKEN = re.compile(
    r"(?:\bnot|n[’']t|\bnever|\bwithout)\s(?:\w+\s)?(?:violat\w+|breach\w*|break\w*|broken)\s"
    r"(?:[\w’'-]+\s){0,3}$",
    re.IGNORECASE,
)
"""“They do not violate our rules” is why nothing was done."""


def given_grounds(text: str, stretch: Span) -> list[Value]:
    """Grounds that the words before them give as such (“for …”, “in violation of …”)."""
    return [
        one
        for one in grounds(text, stretch)
        if one.span is not None
        and (
            _GIVEN.search(text, max(stretch.start, one.span.start - 90), one.span.start)
            or re.match(r"violat|engag", one.span.of(text), re.IGNORECASE)
        )
        and not _NOT_BROKEN.search(text, max(stretch.start, one.span.start - 60), one.span.start)
    ]


_ACCUSED = re.compile(
    r"\b(?:accus\w+\s+of|on\s+(?:the\s+)?suspicion\s+of|(?:violat\w+|breach\w*|br(?:oke|eak\w*|oken))\s+"
    r"(?=(?:its|our|their|the)\s(?:[\w’'-]+\s){0,3}(?:rules|polic|terms|standards|guidelines|law)))"
)


def accusations(text: str, stretch: Span) -> list[Value]:
    """What somebody is accused of, or which rule is said to be broken, in the text's own words."""
    found = []
    for match in _ACCUSED.finditer(text, stretch.start, stretch.end):
        stop = _STOP.search(text, match.end(), stretch.end)
        span = Span(match.end(), stop.start() if stop else stretch.end)
        said = span.of(text)
        shift = re.match(r"\s*(?:being\s|so-called\s)?", said)
        span = Span(span.start + (shift.end() if shift else 0), span.end)
        if span.end - span.start < _SHORTEST or grounds(text, span):
            continue
        if _NOT_BROKEN.search(text, max(stretch.start, span.start - 60), span.start):
            continue
        found.append(Value(span.of(text), span))
    return found


_SHORTEST = 5


def grounds(text: str, stretch: Span) -> list[Value]:
    """Grounds that platforms and authorities give, by their usual words."""
    found: list[tuple[Span, str]] = []
    for ground, pattern in enforcement_words().grounds.items():
        match = pattern.search(text, stretch.start, stretch.end)
        if match:
            found.append((Span(match.start(), match.end()), ground))
    kept: list[Value] = []
    for span, ground in sorted(found, key=lambda one: (one[0].start, -one[0].end)):
        if all(one.span is None or span.start >= one.span.end for one in kept):
            kept.append(Value(ground, span))
    return kept


def pretexts(text: str, stretch: Span) -> list[Value]:
    """What a critic calls the pretext is the ground given, with the critic's hedge."""
    found = []
    for match in _PRETEXT.finditer(text, stretch.start, stretch.end):
        stop = _STOP.search(text, match.end(), stretch.end)
        span = Span(match.end(), stop.start() if stop else stretch.end)
        if span.end > span.start:
            known = grounds(text, span)
            value = known[0].value if known else span.of(text)
            found.append(Value(value, span, hedge=match.group(0).strip()))
    return found


def for_what(paragraph: Paragraph, verb: Token, text: str) -> list[Value]:
    """“for vote manipulation and misuse of the platform”, “over links to …”."""
    found = []
    words = [*verb.children]
    words += [one for child in verb.children if child.dep_ in ("dobj", "agent", "nsubjpass")
              for one in child.subtree if one.dep_ == "prep"]  # fmt: skip
    for one in words:
        if one.dep_ != "prep" or one.lower_ not in ("for", "over") or one.i < verb.i:
            continue
        if _in_relative_clause(one, verb):
            continue
        inner = next((c for c in one.children if c.dep_ in ("pobj", "pcomp")), None)
        if inner is None:
            continue
        span = phrase(paragraph, inner, whole=True)
        span = _shortened(text, span)
        said = span.of(text)
        if _NOT_GROUNDS.match(said) or span.end <= span.start:
            continue
        known = grounds(text, span)
        value = known[0].value if known else said
        found.append(Value(value, span))
    return found


def _in_relative_clause(word: Token, verb: Token) -> bool:
    """“posts that give wrong dates for the vote”: what things do, not what was done to them for."""
    for above in word.ancestors:
        if above.i == verb.i:
            return False
        if above.dep_ == "relcl":
            return True
    return False


def _shortened(text: str, span: Span) -> Span:
    stop = re.compile(r"[;.!?]|,\s(?:which|who|and|but|as)\b").search(text, span.start, span.end)
    return Span(span.start, stop.start()) if stop else span


def laws(text: str, stretch: Span) -> list[Value]:
    """Laws, articles and orders that are named."""
    found = []
    for match in _LAW.finditer(text, stretch.start, stretch.end):
        span = Span(match.start(), match.end())
        found.append(Value(span.of(text), span))
    return found


def evidence(text: str, stretch: Span) -> list[Value]:
    """What the actor is said to go by."""
    found = []
    for match in _EVIDENCE.finditer(text, stretch.start, stretch.end):
        span = Span(match.start("what"), match.end("what"))
        found.append(Value(span.of(text).strip(), Span(span.start, span.start
                     + len(span.of(text).rstrip()))))  # fmt: skip
    return found


def repetition(text: str, stretch: Span) -> Value | None:
    """The words that say that it was not the first time."""
    match = _REPEATED.search(text, stretch.start, stretch.end)
    return Value("repeated", Span(match.start(), match.end())) if match else None


@cache
def _election_pattern() -> re.Pattern[str]:
    countries = alternatives(
        written for written, meant in names().items()
        if meant[0].kind == "country" and meant[0].form != "capital" and "*" not in written
    )  # fmt: skip
    kind = (
        r"presidential|parliamentary|general|mid-?term|local|regional|primary|federal|legislative|"
        r"municipal|state|national|Duma|Bundestag|European"
    )
    months = (
        r"January|February|March|April|May|June|July|August|September|October|November|December"
    )
    return re.compile(
        rf"\b(?:(?:the|this\syear’s|next\syear’s)\s)?(?:(?:upcoming|forthcoming|coming|next|recent|"
        rf"last)\s)?(?:\d{{4}}\s)?(?:(?:{countries})(?:[’']s)?\s)?(?:\d{{4}}\s)?(?:(?:{kind})\s)*"
        rf"(?:elections?|referendum|primary)\b(?!\s(?:law|campaign|interference|officials?|commission|"
        rf"committee|watchdog|legislation|integrity|campaigning|infrastructure))"
        rf"(?:\s(?:due\sto\sbe\sheld\snext\s\w+|in\s(?:{months}|\d{{4}})(?:\s\d{{4}})?))?",
    )


def elections(text: str, stretch: Span) -> list[Value]:
    """Votes that are named, with year, country or kind."""
    found = []
    if not re.compile(r"election|referendum|primary").search(text, stretch.start, stretch.end):
        return []
    for match in _election_pattern().finditer(text, stretch.start, stretch.end):
        said = match.group(0)
        if said.casefold() in ("election", "elections", "primary", "referendum"):
            continue
        span = Span(match.start(), match.end())
        value = re.sub(r"^(?:the|upcoming|forthcoming|coming)\s", "", said)
        found.append(Value(re.sub(r"^(?:upcoming|forthcoming|coming)\s", "", value), span))
    return found
