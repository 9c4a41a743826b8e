"""Marks by which notices are found to be like others, drawn from the log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from assay.cases.marks import marks_of

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and fill it from the log."""
    op.create_table(
        "marks",
        sa.Column("record", sa.String(40), sa.ForeignKey("records.id"), primary_key=True),
        sa.Column("sort", sa.String(16), primary_key=True),
        sa.Column("mark", sa.String(64), primary_key=True),
    )
    op.create_index("marks_by_mark", "marks", ["mark", "record"])
    fill(op.get_bind())


def fill(connection: sa.Connection) -> None:
    """Texts that are not erased stand in the log; what a file is called is no text of a notice."""
    entries = sa.text("SELECT record, frame, body FROM entries ORDER BY record, version")
    fields: dict[str, dict[str, str]] = {}
    partners: dict[str, str | None] = {}
    for record, frame, body in connection.execute(entries):
        told: Mapping[str, Any] = json.loads(frame)
        if told["kind"] != "notice" or told["act"] == "attach":
            continue
        if record not in fields:
            partners[record] = told["by"] if told["role"] == "partner" else None
        said = {} if body is None else json.loads(body)["fields"]
        fields.setdefault(record, {}).update(said)
    rows = [
        {"record": record, "sort": sort, "mark": mark}
        for record, texts in fields.items()
        for sort, mark in sorted(marks_of(texts, partners[record]))
    ]
    if rows:
        statement = "INSERT INTO marks (record, sort, mark) VALUES (:record, :sort, :mark)"
        connection.execute(sa.text(statement), rows)
