"""Which decisions say that a notice was manifestly unfounded; none did before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("unfounded", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("records", column)
