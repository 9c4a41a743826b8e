"""What the sentences after a measure go on to say of it: its numbers, origin, operator, grounds.

“Together, these networks totaled 242 accounts.” “The accounts originated in …” A sentence counts
for the last measure before it, of the platform that it names if it names one, and only where its
subject points back at the targets. Nothing goes on about what was not done.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.documents import slots_grounds
from assay.documents.base import Reading
from assay.documents.hedges import hedged
from assay.documents.parties import Parties
from assay.documents.places import beginning_in
from assay.documents.slots_origin import operators, origins
from assay.model.record import OWN_WORDS, Count, Measure, Span, Value

REACH = 2_400
"""Characters after a measure within which a sentence may go on about it."""

_BACK = re.compile(
    r"\b(?:these|the|this|those|their|its|such|both)\s+(?:[\w-]+\s+){0,2}?(?:accounts?|pages?|groups?|"
    r"profiles?|channels?|networks?|operations?|assets|campaigns?|activity|clusters?|bots?)\b"
    r"|\b(?:actions?|measures|steps|moves?)\s+against\b|\brestrictive\s+measures\b"
    r"|\binauthentic\b|\b(?:they|it)\s+(?:originated|targeted|were)\b"
    r"|\b(?:this|the)\s+(?:network|activity|operation)\b"
    r"|\bour\s+(?:investigation|researchers)\b|\b(?:the\s+)?people\s+behind\b|\bwe\s+(?:linked|traced|"
    r"attribute[sd]?)\b|\b(?:it|they)\s+(?:gave|cited|named)\b|\b(?:reason|explanation)\b"
    r"|(?:^|\n)\W*(?:advertising|ads|spend(?:ing)?)\s*:"
    r"|\b(?:spent|paid)\b[^.;:\n]{0,30}\b(?:on|for)\s(?:\w+\s){0,2}?(?:ads|advert\w*)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total(?:l?ed|ing|s)?|includ(?:ed|es|ing)|compris(?:ed|es|ing)|consist(?:ed|s)?\s+of|"
    r"amount(?:ed|s)?\s+to|made\s+up\s+of|contain(?:ed|s))\b",
    re.IGNORECASE,
)
_SPENT = re.compile(r"\b(?:spent|spending|spend|paid|ads?|advertising)\b", re.IGNORECASE)
_MANAGED = re.compile(
    r"\b(?:accounts?|pages?|networks?|they|operation|activity)\b[^.;]{0,40}\b(?:originat\w+|managed|"
    r"operated|run|based|located|came|linked|tied|traced|connected)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(r"\b(?:actions?|measures|steps|moves?)\s+against\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Sentence:
    span: Span
    owner: int


def completed(reading: Reading, parties: Parties, measures: Sequence[Measure]) -> list[Measure]:
    """The measures with what later sentences add to them."""
    found = list(measures)
    if reading.parsed is None or not found:
        return found
    for sentence in _sentences(reading, found):
        found[sentence.owner] = _added(reading, parties, found[sentence.owner], sentence.span)
    return found


def _sentences(reading: Reading, measures: Sequence[Measure]) -> list[_Sentence]:
    """Sentences that point back, each with the measure that it goes on about."""
    assert reading.parsed is not None
    listed = []
    done = [(number, one) for number, one in enumerate(measures) if one.status != "denied"]
    own = [(one.span, number) for number, one in done if one.segment in OWN_WORDS]
    own += [(span, number) for number, one in done for span in one.mentions]
    own.sort()
    for paragraph, sentence in reading.parsed.sentences():
        start = paragraph.span.start
        span = Span(start + sentence.start_char, start + sentence.end_char)
        if paragraph.role not in OWN_WORDS or not _BACK.search(reading.text, span.start, span.end):
            continue
        at = bisect_left(own, span.start, key=_begin)
        inside = at < len(own) and _begin(own[at]) < span.end
        if not at or inside or span.start - own[at - 1][0].end > REACH:
            continue
        near = own[bisect_left(own, span.start - REACH, key=_begin) : at]
        told = span.of(reading.text)
        named = [
            number
            for _, number in near
            if any(one.value and _names(told, one.value) for one in measures[number].platform)
        ]
        listed.append(_Sentence(span, named[-1] if named else own[at - 1][1]))
    return listed


def _names(sentence: str, platform: str) -> bool:
    """Whether a platform stands there as words of its own: X does not in “Xerox”."""
    return re.search(rf"(?<!\w){re.escape(platform)}(?!\w)", sentence) is not None


def _begin(owned: tuple[Span, int]) -> int:
    return owned[0].start


def _added(reading: Reading, parties: Parties, measure: Measure, span: Span) -> Measure:
    text = reading.text

    def weakened(values: Sequence[Value]) -> tuple[Value, ...]:
        return tuple(hedged(one, reading, span) for one in values)

    changed = measure
    if _TOTAL.search(text, span.start, span.end):
        more = [
            count
            for count in beginning_in(reading.counts, span)
            if span.start <= count.phrase.start and count.phrase.end <= span.end
            and not any(one.span == count.span for one in measure.counts)
        ]  # fmt: skip
        changed = replace(changed, counts=(*changed.counts, *(_owned(c, measure) for c in more)))
    if not changed.spend and _SPENT.search(text, span.start, span.end):
        changed = replace(changed, spend=tuple(beginning_in(reading.spends, span)))
    told = _MANAGED.search(text, span.start, span.end) or _AGAINST.search(
        text, span.start, span.end
    )
    if not changed.origin and told:
        changed = replace(changed, origin=weakened(origins(parties, span, ())))
    if not changed.operator:
        changed = replace(changed, operator=weakened(operators(parties, span)))
    known = {value.value for value in changed.ground}
    more_grounds = [
        one
        for one in (
            *slots_grounds.given_grounds(text, span),
            *slots_grounds.accusations(text, span),
        )
        if one.value not in known
    ]
    if more_grounds and _is_ground(text, span):
        changed = replace(changed, ground=(*changed.ground, *weakened(more_grounds)))
    if not changed.evidence:
        changed = replace(changed, evidence=weakened(slots_grounds.evidence(text, span)))
    if not changed.election:
        changed = replace(changed, election=tuple(slots_grounds.elections(text, span)))
    return changed


def _is_ground(text: str, span: Span) -> bool:
    """Whether the sentence gives a reason, not just a word that reasons are made of."""
    return re.search(
        r"inauthentic|violat|established|accus|because|for\s|rules|polic|engaged|manipulation|reason|"
        r"\bcited\b|\bgave\b",
        span.of(text),
        re.IGNORECASE,
    ) is not None  # fmt: skip


def _owned(count: Count, measure: Measure) -> Count:
    named = {value.value for value in measure.platform}
    if count.platform is None and len(named) == 1:
        return replace(count, platform=next(iter(named)))
    return count
