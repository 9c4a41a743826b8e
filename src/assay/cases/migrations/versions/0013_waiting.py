"""What the queue begins with: records of all kinds that wait, the most urgent first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    waits = sa.text("due_at IS NOT NULL")
    op.create_index(
        "records_waiting", "records", ["due_at", "id"], sqlite_where=waits, postgresql_where=waits
    )
