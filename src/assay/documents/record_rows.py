"""A record's rows, as :mod:`assay.model.record_tables` lays them down."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay.documents.base import Reading
from assay.documents.derive_claims import all_claims
from assay.model.record import Count, DatedValue, Demand, Event, Measure, Span, Statement, Value

JOINT = "; "
"""Between several values in one text column."""

Row = dict[str, Any]


def document_row(reading: Reading) -> Row:
    """One row of ``documents.parquet``."""
    page = reading.document
    published = next((date for date in page.dates if date.role == "published" and date.value), None)
    dated = published or next((date for date in page.dates if date.role == "dateline"), None)
    return {
        "document": page.document,
        "sha256": page.sha256,
        "media_type": page.media_type,
        "language": page.language,
        "title": page.title.of(page.text) if page.title else page.metadata.get("title"),
        "published": dated.value if dated else None,
        "precision": dated.precision if dated else None,
        "characters": len(page.text),
        "segments": [
            {"role": part.role, **_place(part.span), "note": part.note} for part in page.segments
        ],
        "dates": [_date(date) for date in page.dates],
        "sources": [
            {"role": link.role, "value": link.value, **_place(link.span), "note": link.note}
            for link in page.sources
        ],
        "links": [address for address, _ in page.links],
        "notes": [str(note) for note in page.metadata.get("notes", ())],
    }


def claim_rows(reading: Reading) -> list[Row]:
    """Rows of ``claims.parquet``."""
    rows = []
    for claim in all_claims(reading):
        prefix, exact, suffix = reading.quote(claim.span) if claim.span else (None, None, None)
        rows.append(
            {
                "claim_id": claim.claim_id,
                "document": claim.document,
                "subject": claim.subject,
                "slot": claim.slot,
                "value": claim.value,
                "norm": json.dumps(claim.norm, ensure_ascii=False, sort_keys=True, default=str),
                "comparator": claim.comparator,
                "hedge": claim.hedge,
                "hedged_by": claim.hedged_by,
                "asserted_by": list(claim.asserted_by),
                **_place(claim.span),
                "exact": exact,
                "prefix": prefix,
                "suffix": suffix,
                "in_text": claim.in_text,
                "how": claim.how,
                "segment": claim.segment,
                "stage": claim.stage,
            }
        )
    return rows


def statement_row(reading: Reading, statement: Statement) -> Row:
    """One row of ``statements.parquet``; ``start`` to ``end`` takes in all of its spans."""
    whole = Span(
        min(span.start for span in statement.spans), max(span.end for span in statement.spans)
    )
    speaker = statement.speaker
    return {
        "document": reading.document.document,
        "statement_id": statement.statement_id,
        "kind": statement.kind,
        "form": statement.form,
        **_place(whole),
        "exact": whole.of(reading.text),
        "spans": _spans(reading, statement.spans),
        **_place(statement.cue, "cue_"),
        "speaker": speaker.value,
        **_place(speaker.span, "speaker_"),
        "role": speaker.role.value if speaker.role else None,
        "organisation": speaker.organisation.value if speaker.organisation else None,
        "addressee": _joined(statement.addressee),
        "venue": statement.venue.value if statement.venue else None,
        "through": [value.value for value in statement.through if value.value],
        "said_on": statement.said_on.value if statement.said_on else None,
        "verbatim": statement.verbatim,
        "evidence_offered": statement.evidence_offered,
        "measure_id": statement.measure_id,
        "segment": reading.document.role_at(whole.start),
        "values": _values(
            {
                "role": _one(speaker.role),
                "organisation": _one(speaker.organisation),
                "addressee": statement.addressee,
                "venue": _one(statement.venue),
                "through": statement.through,
            }
        ),
    }


_MEASURE_SLOTS = (
    "actor",
    "platform",
    "target",
    "origin",
    "operator",
    "ground",
    "legal_basis",
    "evidence",
    "election",
    "asserted_by",
)


def measure_row(reading: Reading, measure: Measure, events: Mapping[tuple[str, str], str]) -> Row:
    """One row of ``measures.parquet``; ``action`` is the last step, ``actions`` has them all."""
    document = reading.document.document
    disclosed = measure.disclosed_on
    return {
        "measure_id": measure.measure_id,
        "document": document,
        "action": measure.actions[-1][0],
        "status": measure.status,
        **{slot: _joined(getattr(measure, slot)) for slot in _MEASURE_SLOTS},
        "counts": _counts(reading, measure.counts),
        "spend": [
            {
                "amount": spend.amount,
                "currency": spend.currency,
                "comparator": spend.comparator,
                "period": spend.period,
                **_place(spend.span),
            }
            for spend in measure.spend
        ],
        "repetition": measure.repetition.value if measure.repetition else None,
        "disclosed_on": disclosed.value if disclosed else None,
        "precision": disclosed.precision if disclosed else None,
        "acted_on": measure.acted_on.value if measure.acted_on else None,
        **_place(measure.span),
        "exact": measure.span.of(reading.text),
        "actions": [
            {"action": action, **_place(span), "exact": span.of(reading.text)}
            for action, span in measure.actions
        ],
        "mentions": _spans(reading, measure.mentions),
        "segment": measure.segment,
        "event_id": events.get((document, measure.measure_id)),
        "values": _values(
            {slot: getattr(measure, slot) for slot in _MEASURE_SLOTS}
            | {"repetition": _one(measure.repetition)}
        ),
    }


def demand_row(reading: Reading, demand: Demand) -> Row:
    """One row of ``demands.parquet``; ``start`` to ``end`` is what is asked for."""
    slots = ("actor", "addressee", "target", "legal_basis")
    return {
        "demand_id": demand.demand_id,
        "document": reading.document.document,
        "status": demand.status,
        **{slot: _joined(getattr(demand, slot)) for slot in slots},
        "trigger": demand.trigger.of(reading.text),
        **_place(demand.trigger, "trigger_"),
        **_place(demand.content),
        "exact": demand.content.of(reading.text),
        "counts": _counts(reading, demand.counts),
        "demanded_on": demand.demanded_on.value if demand.demanded_on else None,
        "measure_id": demand.measure_id,
        "statement_id": demand.statement_id,
        "mentions": _spans(reading, demand.mentions),
        "values": _values({slot: getattr(demand, slot) for slot in slots}),
    }


def event_row(event: Event) -> Row:
    """One row of ``events.parquet``."""
    return {
        "event_id": event.event_id,
        "members": [{"document": one, "measure_id": id_} for one, id_ in event.members],
        "relations": [
            {
                "kind": relation.kind,
                "slot": relation.slot,
                "left": [_key(key) for key in relation.left],
                "right": [_key(key) for key in relation.right],
                "why": relation.why,
            }
            for relation in event.relations
        ],
        "joined_by": event.joined_by,
        "why": event.why or None,
    }


def _key(key: Sequence[str]) -> Row:
    return {"document": key[0], "subject": key[1], "slot": key[2]}


def _place(span: Span | None, prefix: str = "") -> Row:
    return {
        f"{prefix}start": span.start if span else None,
        f"{prefix}end": span.end if span else None,
    }


def _spans(reading: Reading, spans: Iterable[Span]) -> list[Row]:
    return [{**_place(span), "exact": span.of(reading.text)} for span in spans]


def _one(value: Value | None) -> tuple[Value, ...]:
    return () if value is None else (value,)


def _joined(values: Iterable[Value]) -> str | None:
    named = dict.fromkeys(value.value for value in values if value.value)
    return JOINT.join(named) or None


def _values(slots: Mapping[str, Iterable[Value]]) -> list[Row]:
    return [
        {
            "slot": slot,
            "value": value.value,
            **_place(value.span),
            "hedge": value.hedge,
            "hedged_by": value.hedged_by,
            "how": value.how,
        }
        for slot, values in slots.items()
        for value in values
        if value.value is not None or value.span is not None
    ]


def _counts(reading: Reading, counts: Iterable[Count]) -> list[Row]:
    return [
        {
            "n": count.n,
            "comparator": count.comparator,
            "unit": count.unit,
            "platform": count.platform,
            **_place(count.span),
            "most": count.most,
            "exact": count.phrase.of(reading.text),
        }
        for count in counts
    ]


def _date(date: DatedValue) -> Row:
    return {
        "role": date.role,
        "value": date.value,
        "precision": date.precision,
        **_place(date.span),
        "how": date.how,
    }
