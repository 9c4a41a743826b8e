"""Words that weaken a value, and whose they are.

“Allegedly” and “under the pretext” inside somebody’s statement are that speaker’s; outside of any
statement they are the writer’s. They are never the platform’s that the sentence is about.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assay.documents.base import Reading
from assay.documents.chains import innermost_first
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
_REACH = 34
"""Characters before a value within which a hedge counts for it."""


def hedge_of(text: str, span: Span, clause: Span) -> str | None:
    """The words that weaken a value: inside it, or shortly before it in its clause."""
    inside = _HEDGES.search(text, span.start, span.end)
    if inside:
        return inside.group(0)
    first = _HEDGES.match(text, _first_word(text, clause))
    if first and text[first.end() : first.end() + 1] == ",":
        return first.group(0)
    start = max(clause.start, span.start - _REACH)
    found = [
        match
        for match in _HEDGES.finditer(text, start, span.start)
        if not re.search(r"[.;!?]", text[match.end() : span.start])
    ]
    return found[-1].group(0) if found else None


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


def hedged(value: Value, reading: Reading, clause: Span) -> Value:
    """A value with its hedge and whose hedge it is."""
    if value.span is None or value.hedge is not None:
        return value
    words = hedge_of(reading.text, value.span, clause)
    if words is None:
        return value
    return replace(value, hedge=words, hedged_by=hedger(reading, value.span.start))
