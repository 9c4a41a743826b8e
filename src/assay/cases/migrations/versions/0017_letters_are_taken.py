"""Which letters are being sent, and until when they are their sender's alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; of what waits nothing is being sent yet."""
    op.add_column("outbox", sa.Column("held_by", sa.String(16)))
    op.add_column("outbox", sa.Column("held_until", sa.String(32)))
