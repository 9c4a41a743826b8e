"""Versions of the register of protected bodies are entries of the log.

Those from before are entered by the store, which has the key that signs
(``assay.cases.store.protected_entries``).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what says which entry a version has; none has one yet."""
    wide = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.add_column("protected_registers", sa.Column("entry", wide))
