"""What lists are quicker by: when a marked notice was opened, and which records are restricted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, fill it from the records, and make the indexes."""
    column = sa.Column("opened_at", sa.String(32), nullable=False, server_default="")
    op.add_column("marks", column)
    fill(op.get_bind())
    op.drop_index("marks_by_mark", "marks")
    op.create_index("marks_by_mark", "marks", ["mark", "opened_at", "record"])
    restricted = sa.text("restricted IS true")
    op.create_index(
        "records_restricted",
        "records",
        ["id"],
        sqlite_where=sa.text("restricted IS 1"),
        postgresql_where=restricted,
    )


def fill(connection: sa.Connection) -> None:
    """A mark is as old as its record."""
    records = sa.table("records", sa.column("id"), sa.column("opened_at"))
    marks = sa.table("marks", sa.column("record"), sa.column("opened_at"))
    opened_at = sa.select(records.c.opened_at).where(records.c.id == marks.c.record)
    connection.execute(sa.update(marks).values(opened_at=opened_at.scalar_subquery()))
