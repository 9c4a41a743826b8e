"""How often somebody did what is limited, counted over every server of a house."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "counts",
        sa.Column("what", sa.String(40), primary_key=True),
        sa.Column("who", sa.String(64), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("until", sa.String(32), nullable=False),
    )
