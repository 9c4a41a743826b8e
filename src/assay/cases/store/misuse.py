"""What counts against a sender, and whether their notices are parked: asked of the log's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from assay.cases.acts import TOLD
from assay.cases.misuse import COUNTED_DAYS, Tally
from assay.cases.store.entries import events_of, moment
from assay.cases.store.likely import drawn_marks
from assay.cases.store.tables import MARKS, RECORDS
from assay.cases.store.visible import visible_to
from assay.model.case import Act, Actor, Record, RecordKind

_COUNTING = ("examine", "warn", "suspend")
_OVERTURNED = ("overturned", "modified")


def sender_marks(record: Record) -> list[str]:
    """The marks of who sent a notice, or of whom a file is about."""
    return [mark for sort, mark in drawn_marks(record) if sort == "sender"]


def tally(connection: Connection, viewer: Actor, marks: list[str], at: datetime) -> Tally:
    """Notices of a sender that were decided, as far as the viewer may know of them.

    A decision counts once its parties were told: until then nobody can appeal against it, and what
    the sender reads of the count would tell of it.
    """
    asked = (
        select(RECORDS.c.id, RECORDS.c.unfounded)
        .distinct()
        .join(MARKS, MARKS.c.record == RECORDS.c.id)
        .where(
            MARKS.c.sort == "sender",
            MARKS.c.mark.in_(marks),
            RECORDS.c.kind == "notice",
            RECORDS.c.notice_kind != "data_subject_request",
            RECORDS.c.state.in_(TOLD),
            RECORDS.c.opened_at >= moment(at - timedelta(days=COUNTED_DAYS)),
            visible_to(viewer),
        )
    )
    unfounded = {row.id: row.unfounded for row in connection.execute(asked)}
    appeal = RECORDS.alias("appeal")
    lost = select(appeal.c.about).where(
        appeal.c.kind == "appeal",
        appeal.c.outcome.in_(_OVERTURNED),
        appeal.c.about.in_([one for one, said in unfounded.items() if said]),
    )
    overturned = set(connection.execute(lost).scalars())
    counted = [one for one, said in unfounded.items() if said and one not in overturned]
    return Tally(len(counted), len(unfounded))


def with_tally(
    connection: Connection, act: Act, about: Record | None, by: Actor, at: datetime
) -> Act:
    """An act on a file about a sender, with what the store counts in place of what was said.

    Args:
        connection: To the database.
        act: What is to be done.
        about: The file, or the notice that it is opened for.
        by: Who does it; only what they may know of counts.
        at: When.
    """
    if act.name not in _COUNTING or about is None:
        return act
    counted = tally(connection, by, sender_marks(about), at)
    return replace(act, facts={**act.facts, **counted.facts})


def suspended_until(connection: Connection, record: Record, at: datetime) -> str | None:
    """The day until which the notices of this one's sender are parked; None if they are not."""
    if record.facts.get("notice_kind") == "data_subject_request":
        return None
    asked = (
        select(RECORDS.c.id)
        .distinct()
        .join(MARKS, MARKS.c.record == RECORDS.c.id)
        .where(
            MARKS.c.mark.in_(sender_marks(record)),
            RECORDS.c.kind == "misuse",
            RECORDS.c.state == "suspended",
            RECORDS.c.due_at > moment(at),
        )
    )
    days = [_stands(connection, file) for file in connection.execute(asked).scalars().all()]
    return max(filter(None, days), default=None)


def as_parked(connection: Connection, record: Record, act: Act, at: datetime) -> Act:
    """How a notice is handed in: parked while its sender is suspended, never dropped."""
    if (record.kind, act.name) != ("notice", "submit"):
        return act
    said = replace(record, fields={**record.fields, **act.fields})
    until = suspended_until(connection, said, at)
    return (
        act if until is None else replace(act, name="submit_parked", facts={"parked_until": until})
    )


def of_sender(
    connection: Connection, viewer: Actor, record: Record, kind: RecordKind
) -> Sequence[Mapping[str, Any]]:
    """Files about a sender that are not closed, or notices of theirs that are parked."""
    wanted = RECORDS.c.state == "parked" if kind == "notice" else RECORDS.c.state != "closed"
    asked = (
        select(RECORDS)
        .distinct()
        .join(MARKS, MARKS.c.record == RECORDS.c.id)
        .where(MARKS.c.mark.in_(sender_marks(record)), visible_to(viewer))
        .where(RECORDS.c.kind == kind, wanted)
        .order_by(RECORDS.c.opened_at, RECORDS.c.id)
    )
    return [dict(row) for row in connection.execute(asked).mappings()]


def _stands(connection: Connection, file: str) -> str | None:
    """The last day of a suspension, unless an appeal against it has overturned it.

    Such an appeal ends it (:mod:`assay.cases.store.following`); in logs of earlier versions the
    file stayed suspended.
    """
    last = [event for event in events_of(connection, file) if event.name == "suspend"][-1]
    overturned = select(RECORDS.c.id).where(
        RECORDS.c.about == file,
        RECORDS.c.kind == "appeal",
        RECORDS.c.outcome == "overturned",
        RECORDS.c.opened_at >= moment(last.at),
    )
    if connection.execute(overturned.limit(1)).first() is not None:
        return None
    return str(last.facts["suspend_until"])
