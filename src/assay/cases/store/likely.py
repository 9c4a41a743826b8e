"""Notices that are likely the same as another: beside it in triage, never merged by themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from assay.cases.acts import BEFORE_DECISION
from assay.cases.marks import MARKED, Sort, marks_of
from assay.cases.store.entries import moment
from assay.cases.store.tables import MARKS, RECORDS
from assay.cases.store.visible import visible_to
from assay.model.case import Actor, Record

MOST_LIKELY = 10
_LOOKED_AT = 200
_NOT_THE_FIRST = ("draft", "duplicate")
_TELLING = MARKS.c.sort.in_(("address", "text"))
"""Marks that make a notice like another; the same sender alone does not."""


@dataclass(frozen=True)
class Likely:
    """An earlier notice that shares something with another one.

    Attributes:
        row: Of ``records``.
        shared: What both have: an address, or the sender with the text.
    """

    row: Mapping[str, Any]
    shared: tuple[Sort, ...]


def draw_marks(connection: Connection, record: Record) -> None:
    """Write a record's marks in place of those that were there."""
    if record.kind not in MARKED:
        return
    connection.execute(delete(MARKS).where(MARKS.c.record == record.id))
    opened_at = moment(record.opened_at)
    rows = [
        {"record": record.id, "sort": sort, "mark": mark, "opened_at": opened_at}
        for sort, mark in drawn_marks(record)
    ]
    if rows:
        connection.execute(insert(MARKS), rows)


def drawn_marks(record: Record) -> list[tuple[Sort, str]]:
    """The marks that a record stands for, in a fixed order."""
    if record.kind not in MARKED:
        return []
    partner = record.opened_by.id if record.opened_by.role == "partner" else None
    partner = partner or record.fields.get("sender_account")
    return sorted(marks_of(record.fields, partner))


def likely(connection: Connection, viewer: Actor, identity: str) -> list[Likely]:
    """Earlier notices that share an address, or sender and text; those with most in common first.

    Only what the viewer may know of is looked at, so that a restricted notice leaves no trace.
    """
    mine = select(MARKS.c.mark).where(MARKS.c.record == identity, _TELLING).scalar_subquery()
    opened_at = select(RECORDS.c.opened_at).where(RECORDS.c.id == identity).scalar_subquery()
    asked = (
        select(RECORDS, MARKS.c.sort)
        .join(MARKS, MARKS.c.record == RECORDS.c.id)
        .where(
            MARKS.c.mark.in_(mine),
            RECORDS.c.id != identity,
            RECORDS.c.opened_at <= opened_at,
            _original(viewer),
        )
        .order_by(RECORDS.c.opened_at.desc(), RECORDS.c.id)
        .limit(_LOOKED_AT)
    )
    rows: dict[str, Mapping[str, Any]] = {}
    shared: dict[str, list[Sort]] = defaultdict(list)
    for found in connection.execute(asked).mappings():
        row = dict(found)
        shared[row["id"]].append(row.pop("sort"))
        rows[row["id"]] = row
    ordered = sorted(rows, key=lambda one: (-len(shared[one]), rows[one]["opened_at"], one))
    return [Likely(rows[one], tuple(sorted(set(shared[one])))) for one in ordered[:MOST_LIKELY]]


def with_likely(
    connection: Connection, viewer: Actor, rows: Sequence[Mapping[str, Any]]
) -> frozenset[str]:
    """Ids of the undecided notices in a list for which :func:`likely` finds something.

    The index of marks begins with the earliest notice, so that a wave of thousands costs no more
    than a pair: one earlier notice is looked for, mark by mark. (Asked whether any exists,
    PostgreSQL would put all marks beside all notices first.)
    """
    notices = [
        row["id"] for row in rows if row["kind"] == "notice" and row["state"] in BEFORE_DECISION
    ]
    other = MARKS.alias("other")
    earlier = (
        select(other.c.record)
        .join(RECORDS, RECORDS.c.id == other.c.record)
        .where(
            other.c.mark == MARKS.c.mark,
            other.c.opened_at <= MARKS.c.opened_at,
            other.c.record != MARKS.c.record,
            _original(viewer),
        )
        .limit(1)
        .scalar_subquery()
    )
    asked = select(MARKS.c.record).where(MARKS.c.record.in_(notices), _TELLING)
    asked = asked.where(earlier.is_not(None))
    return frozenset(connection.execute(asked).scalars())


def _original(viewer: Actor) -> ColumnElement[bool]:
    """True for the notices that another may repeat, and that the viewer may know of."""
    states = RECORDS.c.state.not_in(_NOT_THE_FIRST)
    return and_(RECORDS.c.kind == "notice", states, visible_to(viewer))
