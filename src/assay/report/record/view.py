"""A record as its page needs it: the tables' rows, grouped by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow.parquet as pq

from assay.errors import InputError
from assay.model.record_folder import RecordFolder

Row = dict[str, Any]


@dataclass(frozen=True)
class Word:
    """What people said of one claim, as the page shows it.

    Attributes:
        verdict: The last word: accepted, corrected or rejected.
        value: The value after it; None where the claim was rejected.
        told: Who said what, one sentence each.
        disputed: Whether people differ.
    """

    verdict: str
    value: str | None
    told: tuple[str, ...]
    disputed: bool


@dataclass(frozen=True)
class DocumentView:
    """One document with everything read from it.

    Attributes:
        number: Its place on the page, from 1.
        row: Its row of ``documents.parquet``.
        text: Its text.
        claims: Its rows of ``claims.parquet``, in the order of the text.
        statements: Likewise.
        measures: Likewise.
        demands: Likewise.
    """

    number: int
    row: Row
    text: str
    claims: list[Row] = field(default_factory=list)
    statements: list[Row] = field(default_factory=list)
    measures: list[Row] = field(default_factory=list)
    demands: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.row["document"])

    @property
    def title(self) -> str:
        """Its headline, or its path where it has none."""
        return str(self.row["title"] or self.name)

    @property
    def told(self) -> int:
        """How much was read from it."""
        return len(self.statements) + len(self.measures) + len(self.demands)


@dataclass(frozen=True)
class RecordView:
    """The whole record.

    Attributes:
        documents: In the order of their paths.
        events: Rows of ``events.parquet``.
        refused: Rows of ``refused.parquet``.
        words: What people said, by claim id.
    """

    documents: list[DocumentView]
    events: list[Row]
    refused: list[Row]
    words: Mapping[str, Word]

    def document(self, name: str) -> DocumentView | None:
        """The document of a path."""
        return self._by_name().get(name)

    def measure(self, document: str, measure_id: str) -> Row | None:
        """A measure by its document and id."""
        view = self.document(document)
        rows = view.measures if view else []
        return next((row for row in rows if row["measure_id"] == measure_id), None)

    def _by_name(self) -> dict[str, DocumentView]:
        return {view.name: view for view in self.documents}


def read_view(folder: RecordFolder, words: Mapping[str, Word]) -> RecordView:
    """Read a record from its folder.

    Raises:
        InputError: A table or text is missing.
    """
    try:
        rows = {
            path.stem: pq.read_table(path).to_pylist()
            for path in (
                folder.documents,
                folder.claims,
                folder.statements,
                folder.measures,
                folder.demands,
                folder.events,
                folder.refused,
            )
        }
        views = [
            DocumentView(number, row, _text(folder, row["sha256"]))
            for number, row in enumerate(rows["documents"], start=1)
        ]
    except OSError as error:
        raise InputError(
            "the record is not whole", fix="read the documents again", file=error.filename
        ) from error
    by_name = {view.name: view for view in views}
    for name in ("claims", "statements", "measures", "demands"):
        _share_out(by_name, name, rows[name])
    return RecordView(views, rows["events"], rows["refused"], words)


def _text(folder: RecordFolder, sha256: str) -> str:
    text = folder.text_of(sha256).read_bytes().decode("utf-8", "surrogatepass")
    # Halves of surrogate pairs cannot stand in a page; the offsets stay.
    return "".join("�" if "\ud800" <= sign <= "\udfff" else sign for sign in text)


def _share_out(views: Mapping[str, DocumentView], name: str, rows: Sequence[Row]) -> None:
    for row in rows:
        getattr(views[row["document"]], name).append(row)


def claim_anchor(view: DocumentView, claim: Row) -> str:
    """The place of a claim on the page."""
    return f"d{view.number}-{claim['claim_id']}"


def subject_anchor(view: DocumentView, subject: str) -> str:
    """The place on the page where the values of a measure, statement or demand are listed."""
    return f"d{view.number}-{subject}"
