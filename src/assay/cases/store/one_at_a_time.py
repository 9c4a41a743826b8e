"""What there is one of at a time: a file about who sent a notice, a sample case.

Asked inside the transaction that would open another, so that of two at once the second is told of
the first.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from assay.cases.refused import Refused
from assay.cases.store.tables import RECORDS
from assay.cases.store.visible import visible_to
from assay.model.case import Act, Actor, Record, RecordKind


class AlreadyOpen(Refused):
    """There is such a record already; ``identity`` is its id."""

    def __init__(self, message: str, fix: str, identity: str) -> None:
        super().__init__(message, fix=f"see {identity}, or {fix} first")
        self.identity = identity


def check_alone(
    connection: Connection, kind: RecordKind, act: Act, about: Record | None, by: Actor
) -> None:
    """Make sure that there is none beside a record, as far as somebody may know of it.

    Args:
        connection: The only writer's.
        kind: Of the record that is to be opened.
        act: By which it would be.
        about: What it is about, if it is about something.
        by: Who opens it.

    Raises:
        AlreadyOpen: There is one.
    """
    if kind == "misuse" and about is not None:
        same = (RECORDS.c.kind == kind, RECORDS.c.about == about.id, RECORDS.c.state != "closed")
        open_one = _first(connection, by, *same)
        if open_one is not None:
            raise AlreadyOpen("a file is open about who sent this notice", "close it", open_one)
    elif act.facts.get("sample") is True:
        filed = standing_sample(connection, by)
        if filed is not None:
            raise AlreadyOpen("the sample case is filed", "withdraw it", filed)


def standing_sample(connection: Connection, viewer: Actor) -> str | None:
    """Id of the sample that was not withdrawn, if there is one that somebody may know of."""
    return _first(connection, viewer, RECORDS.c.sample.is_(True), RECORDS.c.state != "withdrawn")


def _first(connection: Connection, viewer: Actor, *wanted: ColumnElement[bool]) -> str | None:
    asked = select(RECORDS.c.id).where(*wanted, visible_to(viewer)).order_by(RECORDS.c.opened_at)
    found: str | None = connection.execute(asked.limit(1)).scalar()
    return found
