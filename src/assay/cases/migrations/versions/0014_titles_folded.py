"""Titles folded once and not by each search; an index with all that a count of records asks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, fill it from the titles, and widen the index."""
    op.add_column("records", sa.Column("title_folded", sa.Text))
    fill(op.get_bind())
    op.drop_index("records_by_about", "records")
    op.create_index("records_by_about", "records", ["about", "restricted", "id"])


def fill(connection: sa.Connection) -> None:
    """Databases fold differently, SQLite ASCII alone: it is done here."""
    titles = connection.execute(sa.text("SELECT id, title FROM records WHERE title IS NOT NULL"))
    rows = [{"id": identity, "folded": title.casefold()} for identity, title in titles]
    if rows:
        statement = "UPDATE records SET title_folded = :folded WHERE id = :id"
        connection.execute(sa.text(statement), rows)
