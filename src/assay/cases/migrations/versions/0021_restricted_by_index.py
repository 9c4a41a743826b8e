"""The index of restricted records holds all that a list asks of it.

Without statistics SQLite took another one, of all records, because this one led to the rows.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index again, with the column that it is chosen by."""
    op.drop_index("records_restricted", "records")
    op.create_index(
        "records_restricted",
        "records",
        ["id", "restricted"],
        sqlite_where=sa.text("restricted IS 1"),
        postgresql_where=sa.text("restricted IS true"),
    )
