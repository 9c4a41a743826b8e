"""The log, its tree, and the records drawn from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_WIDE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "entries",
        sa.Column("log_index", _WIDE, primary_key=True, autoincrement=False),
        sa.Column("record", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("frame", sa.Text, nullable=False),
        sa.Column("frame_salt", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("body_salt", sa.LargeBinary),
        sa.Column("leaf", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("record", "version", name="entries_record_version"),
    )
    op.create_table(
        "nodes",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("position", _WIDE, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", _WIDE, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("restricted", sa.Boolean, nullable=False),
        sa.Column("opened_at", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.Column("due_at", sa.String(32)),
        sa.Column("claimed_by", sa.String(100)),
    )
    op.create_index("records_by_state", "records", ["kind", "state", "changed_at"])
    op.create_index("records_by_change", "records", ["changed_at", "id"])
    op.create_index("records_by_due", "records", ["due_at"])
    op.create_table(
        "members",
        sa.Column("record", sa.String(40), sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("account", sa.String(100), primary_key=True),
    )
    op.create_index("members_by_account", "members", ["account"])
