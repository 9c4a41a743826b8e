"""Which notices are samples, to try the work on; none was before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("sample", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("records", column)
