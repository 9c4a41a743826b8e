"""What an act brings about on other records, in the same transaction: nothing waits for somebody.

An appeal that overturns a warning or a suspension ends it, one that overturns the refusal of a
notice has it decided anew; where a suspension ends, the notices that it parked are taken up; who no
longer wants a complaint to be public has its published texts erased.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from assay.cases.acts import TOLD
from assay.cases.clocks import HouseClocks
from assay.cases.fold import fold_all
from assay.cases.store.entries import events_of, history_of
from assay.cases.store.misuse import sender_marks, suspended_until
from assay.cases.store.tables import MARKS, RECORDS
from assay.model.case import Act, Event, Record

_NOT_SUSPENDED = "The sender is not suspended any more."
_NOT_PUBLIC = "Who complains does not want it to be public any longer."


def brought_about(
    connection: Connection, record: Record, event: Event
) -> Iterator[tuple[str, Act]]:
    """Acts on other records that an event brings about, each with the record's id.

    Each is to be written before the next is asked for: what follows may depend on it.

    Args:
        connection: The only writer's, the event being written.
        record: After the event.
        event: What happened.
    """
    match (event.kind, event.name):
        case ("appeal", "overturn" | "record_outside") if (
            record.facts.get("outcome") == "overturned"
        ):
            yield from _undone(connection, record)
            yield from _decided_anew(connection, str(record.facts["about"]))
        case ("misuse", "lift" | "close"):
            yield from _taken_up(connection, record, event)
        case ("complaint", "amend") if event.facts.get("may_be_public") is False:
            yield from _taken_back(connection, record.id)


def _undone(connection: Connection, appeal: Record) -> Iterator[tuple[str, Act]]:
    """The step against a sender that an appeal was lodged against, if it still holds.

    With a warning the file is closed: a suspension that came after it had no other ground.
    """
    about = str(appeal.facts["about"])
    history = history_of(connection, about)
    last = history[-1][1]
    if last.kind != "misuse" or last.state == "closed":
        return
    steps = [(place, event.name) for place, event in history if event.name in ("warn", "suspend")]
    lodged, _ = history_of(connection, appeal.id)[0]
    against = max(step for step in steps if step[0] < lodged)
    if against[1] == "warn":
        yield about, Act("close", "The warning was overturned on appeal.")
    elif against == steps[-1] and last.state == "suspended":
        yield about, Act("lift", "The suspension was overturned on appeal.")


def _decided_anew(connection: Connection, about: str) -> Iterator[tuple[str, Act]]:
    """The notice whose refusal fell: only by the usual way, with hearing and two, can it end in
    something else.
    """
    notice = fold_all(events_of(connection, about), HouseClocks())
    if notice.kind != "notice":
        return
    refused = notice.state in TOLD and notice.facts["outcome"] != "restriction"
    if refused or notice.state == "rejected_incomplete":
        yield about, Act("decide_anew", "Its refusal was overturned on appeal.")


def _taken_up(connection: Connection, file: Record, event: Event) -> Iterator[tuple[str, Act]]:
    """The sender's parked notices, unless another file suspends them too."""
    asked = (
        select(RECORDS.c.id)
        .distinct()
        .join(MARKS, MARKS.c.record == RECORDS.c.id)
        .where(RECORDS.c.kind == "notice", RECORDS.c.state == "parked")
        .where(MARKS.c.mark.in_(sender_marks(file)))
        .order_by(RECORDS.c.id)
    )
    for identity in connection.execute(asked).scalars().all():
        notice = fold_all(events_of(connection, identity), HouseClocks())
        if suspended_until(connection, notice, event.at) is None:
            yield identity, Act("take_up_parked", _NOT_SUSPENDED)


def _taken_back(connection: Connection, complaint: str) -> Iterator[tuple[str, Act]]:
    """The entries that published a complaint: their texts are erased, and they are withdrawn."""
    asked = select(RECORDS.c.id).where(RECORDS.c.about == complaint, RECORDS.c.kind == "register")
    for identity in connection.execute(asked.order_by(RECORDS.c.id)).scalars().all():
        history = history_of(connection, identity)
        for place, event in history:
            if event.name in ("publish", "correct") and event.fields is not None:
                yield identity, Act("erase", _NOT_PUBLIC, {"entry": place})
        if history[-1][1].state in ("published", "corrected"):
            yield identity, Act("withdraw", _NOT_PUBLIC)
