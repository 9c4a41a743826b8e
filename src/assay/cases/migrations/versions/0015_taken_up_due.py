"""Notices that were taken up wait for their acknowledgement, not for the end of a suspension."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ACKNOWLEDGED_WITHIN = timedelta(hours=24)


def upgrade() -> None:
    """Set the due dates; those of all other records stay."""
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    """What brought a notice into its state stands in the log."""
    records = sa.table("records", *map(sa.column, ("id", "kind", "state", "due_at")))
    entries = sa.table("entries", *map(sa.column, ("record", "version", "frame")))
    taken_up = entries.c.frame.startswith('{"act":"take_up_parked"', autoescape=True)
    handed_in = entries.c.frame.startswith('{"act":"submit"', autoescape=True)
    asked = (
        sa.select(entries.c.record, entries.c.frame)
        .join(records, records.c.id == entries.c.record)
        .where(records.c.kind == "notice", records.c.state == "submitted")
        .where(sa.or_(taken_up, handed_in))
        .order_by(entries.c.record, entries.c.version)
    )
    # Of several, the last counts: who was asked to complete a notice has handed it in again.
    last = {record: json.loads(frame) for record, frame in connection.execute(asked)}
    for record, told in last.items():
        if told["act"] == "take_up_parked":
            due = datetime.fromisoformat(told["at"]).astimezone(UTC) + _ACKNOWLEDGED_WITHIN
            mine = sa.update(records).where(records.c.id == record)
            connection.execute(mine.values(due_at=due.isoformat(timespec="microseconds")))
