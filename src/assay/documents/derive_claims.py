"""Claims for everything that stands in statements, measures and demands.

Stages write claims of their own where they have more to say (a hedge, a comparator, how a value
was resolved). What they left to the records themselves is said here, so that every value of the
record has its claim and its characters; nothing that a stage wrote is touched.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from assay.documents.base import Reading, claim_id
from assay.documents.hedges import hedge_of_number
from assay.model.record import (
    Claim,
    Comparator,
    Count,
    DatedValue,
    Demand,
    Measure,
    Span,
    Spend,
    Statement,
    Value,
)

STAGE = "record"
"""What claims made here carry as their stage."""

VALUE_SLOTS = ("platform", "actor", "target", "origin", "operator", "ground", "legal_basis")
"""Slots of a measure that are values and no numbers or dates, most asked for first."""


@dataclass(frozen=True)
class _Found:
    """A value on its way to a claim."""

    subject: str
    slot: str
    value: str
    span: Span | None
    norm: Any = None
    comparator: Comparator | None = None
    hedge: str | None = None
    hedged_by: str | None = None
    how: str | None = None
    asserted_by: tuple[str, ...] = ()


def all_claims(reading: Reading) -> list[Claim]:
    """The claims of all stages, and those for values that no stage claimed; one for each id."""
    claims = {claim.claim_id: claim for claim in reading.claims}
    told = {(claim.subject, claim.slot, claim.span) for claim in reading.claims}
    for found in _values(reading):
        if (found.subject, found.slot, found.span) in told:
            continue
        claim = _claim(reading, found)
        claims.setdefault(claim.claim_id, claim)
    return sorted(claims.values(), key=_in_order)


def _in_order(claim: Claim) -> tuple[int, int, str, str, str]:
    place = claim.span or Span(-1, -1)
    return place.start, place.end, claim.subject, claim.slot, claim.claim_id


def _claim(reading: Reading, found: _Found) -> Claim:
    document = reading.document
    return Claim(
        claim_id=claim_id(document.document, STAGE, found.subject, found.slot, found.span),
        document=document.document,
        subject=found.subject,
        slot=found.slot,
        value=found.value,
        norm=found.value if found.norm is None else found.norm,
        span=found.span,
        stage=STAGE,
        comparator=found.comparator,
        hedge=found.hedge,
        hedged_by=found.hedged_by,
        asserted_by=found.asserted_by,
        in_text=found.span is not None,
        how=found.how,
        segment=None if found.span is None else document.role_at(found.span.start),
    )


def _values(reading: Reading) -> Iterator[_Found]:
    for date in reading.document.dates:
        yield from _dated("document", date.role, date, ())
    for link in reading.document.sources:
        if link.value is not None:
            how = link.note or "as the page credits it"
            yield _Found("document", link.role, link.value, link.span, how=how)
    for statement in reading.statements:
        yield from _of_statement(reading.text, statement)
    for measure in reading.measures:
        yield from _of_measure(reading, measure)
    for demand in reading.demands:
        yield from _of_demand(reading, demand)


def _of_statement(text: str, statement: Statement) -> Iterator[_Found]:
    subject, speaker = statement.statement_id, statement.speaker
    asserted = (speaker.value,) if speaker.value else ()
    for span in statement.spans:
        yield _Found(subject, "content", span.of(text), span, asserted_by=asserted)
    if statement.cue is not None:
        yield _Found(subject, "cue", statement.cue.of(text), statement.cue)
    if speaker.value is not None:
        same = speaker.span is not None and speaker.span.of(text) == speaker.value
        how = None if same else "the person or body meant by these words"
        yield _Found(subject, "speaker", speaker.value, speaker.span, how=how)
    named = (("role", speaker.role), ("organisation", speaker.organisation))
    for slot, value in (*named, ("venue", statement.venue)):
        yield from _valued(subject, slot, (value,) if value else (), ())
    yield from _valued(subject, "addressee", statement.addressee, ())
    yield from _valued(subject, "through", statement.through, ())
    yield from _dated(subject, "said_on", statement.said_on, ())


def _of_measure(reading: Reading, measure: Measure) -> Iterator[_Found]:
    subject = measure.measure_id
    word = tuple(one.value for one in measure.asserted_by if one.value)
    for action, span in measure.actions:
        yield _Found(subject, "action", action, span, asserted_by=word)
    yield _Found(subject, "status", measure.status, measure.span, asserted_by=word)
    for slot in (*VALUE_SLOTS, "evidence", "election", "asserted_by"):
        yield from _valued(subject, slot, getattr(measure, slot), word)
    if measure.repetition is not None:
        yield from _valued(subject, "repetition", (measure.repetition,), word)
    for count in measure.counts:
        yield _weakened(reading, _counted(subject, count, word))
    for spend in measure.spend:
        yield _weakened(reading, _spent(subject, spend, word))
    yield from _dated(subject, "disclosed_on", measure.disclosed_on, word)
    yield from _dated(subject, "acted_on", measure.acted_on, word)


def _of_demand(reading: Reading, demand: Demand) -> Iterator[_Found]:
    subject = demand.demand_id
    yield _Found(subject, "content", demand.content.of(reading.text), demand.content)
    yield _Found(subject, "trigger", demand.trigger.of(reading.text), demand.trigger)
    for slot in ("actor", "addressee", "legal_basis", "target"):
        yield from _valued(subject, slot, getattr(demand, slot), ())
    for count in demand.counts:
        yield _weakened(reading, _counted(subject, count, ()))
    yield from _dated(subject, "demanded_on", demand.demanded_on, ())


def _valued(
    subject: str, slot: str, values: tuple[Value, ...], word: tuple[str, ...]
) -> Iterator[_Found]:
    for value in values:
        if value.value is None:
            continue
        yield _Found(
            subject,
            slot,
            value.value,
            value.span,
            hedge=value.hedge,
            hedged_by=value.hedged_by,
            how=value.how,
            asserted_by=word,
        )


def _dated(
    subject: str, slot: str, date: DatedValue | None, word: tuple[str, ...]
) -> Iterator[_Found]:
    if date is not None and date.value is not None:
        norm = {"date": date.value, "precision": date.precision}
        yield _Found(
            subject, slot, date.value, date.span, norm=norm, how=date.how, asserted_by=word
        )


def _weakened(reading: Reading, number: _Found) -> _Found:
    """A number with the words that weaken it: “allegedly spent 90,000 euros”."""
    if number.span is None:
        return number
    hedge, by = hedge_of_number(reading, number.span)
    return replace(number, hedge=hedge, hedged_by=by)


def _counted(subject: str, count: Count, word: tuple[str, ...]) -> _Found:
    norm = {"n": count.n, "unit": count.unit, "most": count.most, "platform": count.platform}
    return _Found(
        subject,
        "count",
        f"{count.n:g} {count.unit}",
        count.span,
        norm=norm,
        comparator=count.comparator,
        asserted_by=word,
    )


def _spent(subject: str, spend: Spend, word: tuple[str, ...]) -> _Found:
    norm = {"amount": spend.amount, "currency": spend.currency, "period": spend.period}
    return _Found(
        subject,
        "spend",
        f"{spend.amount:g} {spend.currency}",
        spend.span,
        norm=norm,
        comparator=spend.comparator,
        asserted_by=word,
    )
