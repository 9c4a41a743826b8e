"""Words that weaken a value, and whose they are.

“Allegedly” and “under the pretext” inside somebody’s statement are that speaker’s; outside of any
statement they are the writer’s. They are never the platform’s that the sentence is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assay.documents.base import Reading
from assay.documents.chains import innermost_first
from assay.documents.roles import of_country
from assay.documents.sentences import sentence_around
from assay.model.record import Span, Value

_HEDGES = re.compile(
    r"\b(?:allegedly|alleged|reportedly|reported|supposedly|supposed|apparently|purportedly|"
    r"purported|ostensibly|so-called|potentially|possibly|probably|likely|seemingly|presumably|"
    r"under the pretext(?: of)?|on the pretext(?: of)?|under the guise of|may have|might have|"
    r"appear(?:s|ed)? to|believe[sd]? (?:to|that)|believes? (?:may|to)|suspected|"
    r"claims? (?:that|of)|"
    r"unverified|as (?:it|they) claims?)\b"
    r"|\b(?:якобы|предположительно|так называем\w+|под предлогом|вероятно)\b"
    r"|\b(?:prétendument|présumée?s?|apparemment|soi-disant|sous prétexte de)\b"
    r"|\b(?:angeblich\w*|mutmaßlich\w*|offenbar|sogenannte\w*|unter dem Vorwand)\b",
    re.IGNORECASE,
)
_PARTICIPLES = frozenset(("alleged", "reported", "supposed", "purported", "suspected"))
_SUBJECTS = frozenset(
    ("had", "has", "have", "he", "she", "it", "they", "we", "i", "you", "who", "that", "which")
)
_WORD_BEFORE = re.compile(r"([\w’'-]+)\s+$")
_POSSESSIVE = re.compile(r"(?:[’']s|s[’'])$")
_BEFORE_NOUN = frozenset(
    re.findall(
        r"\w+",
        "the a an its their his her our my your this these those such some several many most other "
        "all both two three four five six seven eight nine ten no any each every one and or but of "
        "for by in with from to as against on about over despite after before",
    )
)
"""Words that may begin a sentence, and so have a capital, before “alleged spam”."""
_REACH = 34
"""Characters before a value within which a hedge counts for it."""


def hedge_of(text: str, span: Span, clause: Span) -> str | None:
    """The words that weaken a value: inside it, or shortly before it in its clause."""
    inside = next(_found(text, span.start, span.end), None)
    if inside:
        return inside.group(0)
    first = next(_found(text, _first_word(text, clause), span.start), None)
    if (
        first is not None
        and first.start() == _first_word(text, clause)
        and text[first.end() : first.end() + 1] == ","
    ):
        return first.group(0)
    near = [
        match
        for match in _found(text, max(clause.start, span.start - _REACH), span.start)
        if not re.search(r"[.;!?]", text[match.end() : span.start])
    ]
    return near[-1].group(0) if near else None


def _found(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Hedges in a stretch: “alleged ties” and “is alleged to”, but not “the ministry alleged”."""
    for match in _HEDGES.finditer(text, start, end):
        if match.group(0).lower() not in _PARTICIPLES or not _is_verb(text, match):
            yield match


def _is_verb(text: str, match: re.Match[str]) -> bool:
    """Whether a participle tells that somebody alleged or reported something."""
    if re.match(r"\s+that\b", text[match.end() : match.end() + 8]):
        return True
    before = _WORD_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
    if before is None or _POSSESSIVE.search(before.group(1)):
        return False
    word = before.group(1)
    if word.lower() in _SUBJECTS:
        return True
    return word[0].isupper() and word.lower() not in _BEFORE_NOUN and not of_country(word)


def _first_word(text: str, clause: Span) -> int:
    """Past opening quotation marks."""
    here = clause.start
    while here < clause.end and not text[here].isalnum():
        here += 1
    return here


def hedger(reading: Reading, position: int) -> str:
    """Whose words stand at a position: the innermost speaker, else the writer of the document."""
    around = reading.statements_at(position)
    if not around:
        return "the document"
    return innermost_first(around)[0].speaker.value or "a speaker that is not named"


def hedge_of_number(reading: Reading, span: Span) -> tuple[str | None, str | None]:
    """The words that weaken a number or a sum in its sentence, and whose they are."""
    words = hedge_of(reading.text, span, sentence_around(reading.text, span))
    return (words, hedger(reading, span.start)) if words is not None else (None, None)


def hedged(value: Value, reading: Reading, clause: Span) -> Value:
    """A value with its hedge and whose hedge it is."""
    if value.span is None or value.hedge is not None:
        return value
    words = hedge_of(reading.text, value.span, clause)
    if words is None:
        return value
    return replace(value, hedge=words, hedged_by=hedger(reading, value.span.start))
