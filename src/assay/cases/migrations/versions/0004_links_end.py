"""Secret links can be ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the moment of the end; links that were made before go on."""
    op.add_column("links", sa.Column("ended_at", sa.String(32)))
