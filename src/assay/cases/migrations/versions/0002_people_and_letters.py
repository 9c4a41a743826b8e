"""Accounts, sessions, secret links and the outbox; what queues filter by, drawn from the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FACTS = ("notice_kind", "priority", "outcome", "about")


def upgrade() -> None:
    """Add the tables and the columns, and fill the columns from the log."""
    for name, width in (("notice_kind", 40), ("priority", 8), ("outcome", 24), ("about", 40)):
        op.add_column("records", sa.Column(name, sa.String(width)))
    op.add_column("records", sa.Column("title", sa.Text))
    op.drop_index("records_by_due", "records")
    op.create_index("records_by_due", "records", ["kind", "due_at", "id"])
    op.create_index("records_by_about", "records", ["about"])
    _fill(op.get_bind())
    _people()
    op.create_table(
        "links",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("record", sa.String(40), sa.ForeignKey("records.id"), nullable=False),
        sa.Column("holder", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
    )
    op.create_index("links_by_record", "links", ["record"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("record", sa.String(40), sa.ForeignKey("records.id")),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("next_at", sa.String(32), nullable=False),
        sa.Column("sent_at", sa.String(32)),
        sa.Column("fault", sa.Text),
    )
    op.create_index("outbox_by_state", "outbox", ["state", "next_at"])
    op.create_index("outbox_by_record", "outbox", ["record"])
    op.create_table(
        "house",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("totp", sa.Text),
        sa.Column("totp_step", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.String(32)),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("invitation", sa.String(64), unique=True),
        sa.Column("invited_until", sa.String(32)),
        sa.Column("made_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account", sa.String(40), sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("code", sa.String(64), primary_key=True),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("account", sa.String(40), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.String(32), nullable=False),
    )
    op.create_index("sessions_by_account", "sessions", ["account"])


def _fill(connection: sa.Connection) -> None:
    """Facts stay for ever, and a title lasts until it is erased: both stand in the log."""
    entries = sa.text("SELECT record, frame, body FROM entries ORDER BY record, version")
    drawn: dict[str, dict[str, Any]] = {}
    for record, frame, body in connection.execute(entries):
        row = drawn.setdefault(record, dict.fromkeys((*_FACTS, "title")))
        told: Mapping[str, Any] = json.loads(frame)
        facts: dict[str, Any] = dict(told["facts"])
        if told["kind"] == "appeal" and told["act"] in ("uphold", "overturn", "modify"):
            facts["outcome"] = told["state"]
        fields: Mapping[str, Any] = {} if body is None else json.loads(body)["fields"]
        row.update({name: facts[name] for name in _FACTS if name in facts})
        row.update({"title": fields["title"]} if "title" in fields else {})
    if drawn:
        connection.execute(
            sa.text(
                "UPDATE records SET notice_kind = :notice_kind, priority = :priority,"
                " outcome = :outcome, about = :about, title = :title WHERE id = :id"
            ),
            [{"id": record, **row} for record, row in drawn.items()],
        )
