"""When everyone could know of an entry, or of how an appeal came out, last: by the event for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_AT_ONCE = 2000


def upgrade() -> None:
    """Add the column, fill it from the log, and make its index."""
    op.add_column("records", sa.Column("public_at", sa.String(32)))
    fill(op.get_bind())
    public = sa.text("public_at IS NOT NULL")
    op.create_index(
        "records_public",
        "records",
        ["public_at", "id"],
        sqlite_where=public,
        postgresql_where=public,
    )


def fill(connection: sa.Connection) -> None:
    """Read the events of entries and appeals, the first one first."""
    asked = sa.text(
        "SELECT entries.record, records.kind, entries.frame FROM entries"
        " JOIN records ON records.id = entries.record"
        " WHERE records.kind IN ('register', 'appeal') ORDER BY entries.log_index"
    )
    public_at: dict[str, str] = {}
    for record, kind, text in connection.execute(asked):
        try:
            frame = json.loads(text)
            if _makes_public(kind, frame, known=record in public_at):
                public_at[record] = frame["at"]
        except (ValueError, LookupError, TypeError):
            # Somebody changed it by hand. Verifying tells of it, and nobody is kept from that.
            continue
    rows = [{"id": record, "at": at} for record, at in public_at.items()]
    statement = sa.text("UPDATE records SET public_at = :at WHERE id = :id")
    for first in range(0, len(rows), _AT_ONCE):
        connection.execute(statement, rows[first : first + _AT_ONCE])


def _makes_public(kind: str, frame: Mapping[str, Any], *, known: bool) -> bool:
    act = frame["act"]
    if kind == "register":
        return act in ("publish", "correct", "withdraw") or (act == "erase" and known)
    if act == "record_outside":
        return bool(frame["facts"]["outside_outcome"] != "no_decision")
    return act in ("uphold", "overturn", "modify")
