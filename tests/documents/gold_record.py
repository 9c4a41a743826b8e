"""The corpus' truth as a record: what the writer and the page are tested with."""

from __future__ import annotations

from functools import cache
from typing import Any

from benchmarks.documents_gold import load_gold, relations

from assay.documents.page import Refused
from assay.documents.write_record import Record
from assay.model.record import ClaimKey, Event, Relation


@cache
def gold_record(split: str = "train") -> Record:
    """Every document of a split as the gold says that it should be read."""
    readings = [gold.reading for gold in load_gold(split)]
    told = relations(split)
    events = []
    joined = set()
    for number, members in enumerate(told["events"], start=1):
        pairs = tuple((document, measure) for document, measure in members)
        joined |= set(pairs)
        events.append(Event(f"E{number}", pairs, _relations(told["relations"], set(pairs))))
    for reading in readings:
        for measure in reading.measures:
            key = (reading.document.document, measure.measure_id)
            if key not in joined:
                events.append(Event(f"E{len(events) + 1}", (key,)))
    refused = [Refused("en-paywall.html", "the page asks to log in", "save it logged in")]
    return Record(readings, refused if split == "train" else (), events)


def _relations(told: list[list[Any]], members: set[tuple[str, str]]) -> tuple[Relation, ...]:
    found = []
    for kind, left, right, why in told:
        sides = [_keys(side) for side in (left, right)]
        if {key[:2] for key in sides[0]} <= members:
            found.append(Relation(kind, "count", sides[0], sides[1], str(why)))
    return tuple(found)


def _keys(side: object) -> tuple[ClaimKey, ...]:
    assert isinstance(side, list)
    return tuple((document, measure, "count") for document, measure in side)
