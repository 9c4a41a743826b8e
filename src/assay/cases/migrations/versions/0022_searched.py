"""What a count or a search reads of every record, beside the wide rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and fill it from the records."""
    op.create_table(
        "searched",
        sa.Column("id", sa.String(40), sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("restricted", sa.Boolean, nullable=False),
        sa.Column("about", sa.String(40)),
        sa.Column("title_folded", sa.Text),
    )
    op.create_index("searched_by_about", "searched", ["about", "restricted", "id"])
    op.execute(
        "INSERT INTO searched (id, restricted, about, title_folded)"
        " SELECT id, restricted, about, title_folded FROM records"
    )
