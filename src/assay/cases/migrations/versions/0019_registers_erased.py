"""Earlier versions of the register of protected bodies can be erased; who did so stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let texts go, and add what is said of it."""
    by = sa.ForeignKey("accounts.id", name="protected_registers_erased_by")
    with op.batch_alter_table("protected_registers") as table:
        for name in ("text", "what", "why"):
            table.alter_column(name, existing_type=sa.Text, nullable=True)
        table.add_column(sa.Column("erased_by", sa.String(40), by))
        table.add_column(sa.Column("erased_why", sa.Text))
        table.add_column(sa.Column("erased_at", sa.String(32)))
