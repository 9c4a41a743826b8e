"""What an act brings about on other records, in the same transaction: nothing waits for somebody.

An appeal that overturns a suspension lifts it; where a suspension ends, the notices that it parked
are taken up; who no longer wants a complaint to be public has its published texts erased.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

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
        case ("appeal", "overturn"):
            yield from _lifted(connection, record)
        case ("misuse", "lift" | "close"):
            yield from _taken_up(connection, record, event)
        case ("complaint", "amend") if event.facts.get("may_be_public") is False:
            yield from _taken_back(connection, record.id)


def _lifted(connection: Connection, appeal: Record) -> Iterator[tuple[str, Act]]:
    """The suspension that the appeal is against; an appeal against the warning ends none."""
    about = str(appeal.facts["about"])
    history = events_of(connection, about)
    if (history[0].kind, history[-1].state) != ("misuse", "suspended"):
        return
    suspended_at = max(event.at for event in history if event.name == "suspend")
    if appeal.opened_at >= suspended_at:
        yield about, Act("lift", "The suspension was overturned on appeal.")


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
