"""The form of the record for the DSA Transparency Database, made of the list of its parts."""

from __future__ import annotations

from assay.cases.statement import KEEP_OUT, PREFIX
from assay.lexicon.dsa_statement import Part, PartKind, statement_parts
from assay.model.case import Record
from assay.web.questions import ActForm, Kind, Question

_KINDS: dict[PartKind, Kind] = {
    "choice": "choice",
    "choices": "choices",
    "text": "text",
    "line": "line",
    "date": "date",
    "language": "line",
    "address": "line",
}


def _question(part: Part) -> Question:
    most = f" {part.most} characters at most." if part.most else ""
    return Question(
        PREFIX + part.name,
        part.label,
        _KINDS[part.kind],
        part.choices or None,
        part.help + most,
        part.required,
        group=part.group,
        begins=part.begins,
    )


STATEMENT_FORM = ActForm(
    "notice",
    "prepare_statement",
    "Prepare the public statement",
    "The record of this restriction for the DSA Transparency Database. Everyone reads it there, so"
    " names, handles and addresses of this file are refused. Nothing is sent from here.",
    (
        Question(
            KEEP_OUT,
            "Names that must not appear",
            "text",
            help="One a line: people and accounts that this file speaks of. Its sender and its"
            " addresses are looked for anyway. This list is not part of the statement.",
            required=False,
        ),
        *(_question(part) for part in statement_parts()),
    ),
    usual="For the Transparency Database.",
    keeps=True,
)
"""Asked for once a restriction is proposed; it can be prepared anew at any time after."""


def statement_rows(record: Record) -> list[tuple[str, str]]:
    """The parts of a prepared statement in words, in the order of the form; empty if none is."""
    rows = []
    for part in statement_parts():
        text = record.fields.get(PREFIX + part.name, "")
        if text:
            values = text.split() if part.kind == "choices" else [text]
            rows.append((part.label, "\n".join(part.choices.get(one, one) for one in values)))
    return rows
