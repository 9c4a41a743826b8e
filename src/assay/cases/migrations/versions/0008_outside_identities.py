"""Identities at an outside sign-in service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "outside_identities",
        sa.Column("id", sa.String(8), primary_key=True),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("account", sa.String(40), sa.ForeignKey("accounts.id")),
        sa.Column("seen_at", sa.String(32), nullable=False),
        sa.UniqueConstraint("issuer", "subject", name="outside_identities_subject"),
    )
