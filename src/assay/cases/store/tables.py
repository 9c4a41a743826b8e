"""The tables of the case database; ``migrations`` makes the same ones.

``entries`` is the log and is only ever added to (an erasure empties ``body`` and ``body_salt``).
``nodes`` and ``checkpoints`` are its tree. ``files`` holds what was attached, each once.
``records``, ``searched``, ``members`` and ``marks`` are drawn from the log for the sake of queries;
``assay case verify`` draws them again and compares. ``protected_registers`` has its texts and is
drawn from the log beside them; an erasure empties ``text``, ``what`` and ``why``. The rest is about
people and letters, holds personal data and secrets, and is outside the log: tokens, codes and
passwords are kept as hashes.
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
    false,
    text,
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
FILES = Table(
    "files",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", _MOMENT, nullable=False),
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
    Column("notice_kind", String(40)),
    Column("priority", String(8)),
    Column("outcome", String(24)),
    Column("about", String(40)),
    Column("title", Text),
    Column("title_folded", Text),
    Column("unfounded", Boolean, nullable=False, server_default=false()),
    Column("sample", Boolean, nullable=False, server_default=false()),
    Column("public_at", _MOMENT),
    Index("records_by_state", "kind", "state", "changed_at"),
    Index("records_by_change", "changed_at", "id"),
    Index("records_by_due", "kind", "due_at", "id"),
    Index("records_by_about", "about", "restricted", "id"),
    Index(
        "records_waiting",
        "due_at",
        "id",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
    Index(
        "records_public",
        "public_at",
        "id",
        sqlite_where=text("public_at IS NOT NULL"),
        postgresql_where=text("public_at IS NOT NULL"),
    ),
    Index(
        "records_restricted",
        "id",
        "restricted",
        sqlite_where=text("restricted IS 1"),
        postgresql_where=text("restricted IS true"),
    ),
)
SEARCHED = Table(
    "searched",
    METADATA,
    Column("id", String(40), ForeignKey("records.id"), primary_key=True),
    Column("restricted", Boolean, nullable=False),
    Column("about", String(40)),
    Column("title_folded", Text),
    Index("searched_by_about", "about", "restricted", "id"),
)
"""The columns of ``records`` that a count or a search of all of them reads: to read the wide rows
takes twice as long. PostgreSQL counts these rows, SQLite their index."""
MEMBERS = Table(
    "members",
    METADATA,
    Column("record", String(40), ForeignKey("records.id"), primary_key=True),
    Column("account", String(100), primary_key=True),
    Index("members_by_account", "account"),
)
MARKS = Table(
    "marks",
    METADATA,
    Column("record", String(40), ForeignKey("records.id"), primary_key=True),
    Column("sort", String(16), primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("opened_at", _MOMENT, nullable=False, server_default=""),
    Index("marks_by_mark", "mark", "opened_at", "record"),
)
LINKS = Table(
    "links",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("record", String(40), ForeignKey("records.id"), nullable=False),
    Column("holder", String(40), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    Column("ended_at", _MOMENT),
    Index("links_by_record", "record"),
)
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("record", String(40), ForeignKey("records.id")),
    Column("purpose", String(32), nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text),
    Column("sha256", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    Column("next_at", _MOMENT, nullable=False),
    Column("sent_at", _MOMENT),
    Column("fault", Text),
    Column("held_by", String(16)),
    Column("held_until", _MOMENT),
    Index("outbox_by_state", "state", "next_at"),
    Index("outbox_by_record", "record"),
)
HOUSE = Table(
    "house",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(24), nullable=False),
    Column("password", Text),
    Column("totp", Text),
    Column("totp_step", BigInteger, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", _MOMENT),
    Column("disabled", Boolean, nullable=False),
    Column("invitation", String(64), unique=True),
    Column("invited_until", _MOMENT),
    Column("made_at", _MOMENT, nullable=False),
)
RECOVERY_CODES = Table(
    "recovery_codes",
    METADATA,
    Column("account", String(40), ForeignKey("accounts.id"), primary_key=True),
    Column("code", String(64), primary_key=True),
)
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("account", String(40), ForeignKey("accounts.id"), nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    Column("seen_at", _MOMENT, nullable=False),
    Index("sessions_by_account", "account"),
)
OUTSIDE_IDENTITIES = Table(
    "outside_identities",
    METADATA,
    Column("id", String(8), primary_key=True),
    Column("issuer", Text, nullable=False),
    Column("subject", String(255), nullable=False),
    Column("told", Text, nullable=False),
    Column("account", String(40), ForeignKey("accounts.id")),
    Column("seen_at", _MOMENT, nullable=False),
    UniqueConstraint("issuer", "subject", name="outside_identities_subject"),
)
WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("address", Text, nullable=False),
    Column("made_at", _MOMENT, nullable=False),
)
SAVED_VIEWS = Table(
    "saved_views",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("account", String(40), ForeignKey("accounts.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    UniqueConstraint("account", "name", name="saved_views_name"),
)
PROTECTED_REGISTERS = Table(
    "protected_registers",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text),
    Column("sha256", String(64), nullable=False),
    Column("author", String(40), ForeignKey("accounts.id"), nullable=False),
    Column("what", Text),
    Column("why", Text),
    Column("made_at", _MOMENT, nullable=False),
    Column("erased_by", String(40), ForeignKey("accounts.id")),
    Column("erased_why", Text),
    Column("erased_at", _MOMENT),
    Column("entry", _WIDE),
)
COUNTS = Table(
    "counts",
    METADATA,
    Column("what", String(40), primary_key=True),
    Column("who", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("until", _MOMENT, nullable=False),
)
API_TOKENS = Table(
    "api_tokens",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("account", String(40), ForeignKey("accounts.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(24), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    Column("until", _MOMENT, nullable=False),
    Column("used_at", _MOMENT),
    Index("api_tokens_by_account", "account"),
)
API_ANSWERS = Table(
    "api_answers",
    METADATA,
    Column("account", String(40), ForeignKey("accounts.id"), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("made_at", _MOMENT, nullable=False),
    Index("api_answers_by_age", "made_at"),
)
