"""The tables of the case database; ``migrations`` makes the same ones.

``entries`` is the log and is only ever added to (an erasure empties ``body`` and ``body_salt``).
``nodes`` and ``checkpoints`` are its tree. ``records`` and ``members`` are drawn from the log for
the sake of queries; ``assay case verify`` draws them again and compares.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()
_WIDE = BigInteger().with_variant(Integer, "sqlite")
_MOMENT = String(32)
"""ISO 8601 in UTC with microseconds, of one width, so that text order is the order of time."""

ENTRIES = Table(
    "entries",
    METADATA,
    Column("log_index", _WIDE, primary_key=True, autoincrement=False),
    Column("record", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("frame", Text, nullable=False),
    Column("frame_salt", LargeBinary, nullable=False),
    Column("body", Text),
    Column("body_salt", LargeBinary),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("record", "version", name="entries_record_version"),
)
NODES = Table(
    "nodes",
    METADATA,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("position", _WIDE, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
CHECKPOINTS = Table(
    "checkpoints",
    METADATA,
    Column("size", _WIDE, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)
RECORDS = Table(
    "records",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("opened_at", _MOMENT, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
    Column("due_at", _MOMENT),
    Column("claimed_by", String(100)),
    Index("records_by_state", "kind", "state", "changed_at"),
    Index("records_by_change", "changed_at", "id"),
    Index("records_by_due", "due_at"),
)
MEMBERS = Table(
    "members",
    METADATA,
    Column("record", String(40), ForeignKey("records.id"), primary_key=True),
    Column("account", String(100), primary_key=True),
    Index("members_by_account", "account"),
)
