"""Where the parts of a record lie on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RecordFolder:
    """The folder that ``assay read`` leaves behind (see ``docs/reference/record.md``)."""

    folder: Path

    @property
    def documents(self) -> Path:
        """One row per document: its parts, dates, sources."""
        return self.folder / "documents.parquet"

    @property
    def refused(self) -> Path:
        """Documents that could not be read, with the reason."""
        return self.folder / "refused.parquet"

    @property
    def claims(self) -> Path:
        """One row per value, with the characters it was read from."""
        return self.folder / "claims.parquet"

    @property
    def statements(self) -> Path:
        """One row per thing said."""
        return self.folder / "statements.parquet"

    @property
    def measures(self) -> Path:
        """One row per act of enforcement as one document tells it."""
        return self.folder / "measures.parquet"

    @property
    def demands(self) -> Path:
        """One row per thing asked for."""
        return self.folder / "demands.parquet"

    @property
    def events(self) -> Path:
        """Measures of several documents that tell of one act."""
        return self.folder / "events.parquet"

    @property
    def text(self) -> Path:
        """The texts that offsets count in, named by their SHA-256."""
        return self.folder / "text"

    @property
    def csv(self) -> Path:
        """The tables for a spreadsheet."""
        return self.folder / "csv"

    @property
    def json(self) -> Path:
        """The whole record as JSON-LD."""
        return self.folder / "record.json"

    @property
    def page(self) -> Path:
        """The record as a page."""
        return self.folder / "record.html"

    @property
    def about(self) -> Path:
        """What was read, by which version, and how much was found."""
        return self.folder / "read.json"

    @property
    def corrections(self) -> Path:
        """What people said about claims; appended to, never rewritten."""
        return self.folder / "corrections.jsonl"

    @property
    def choices(self) -> Path:
        """Which events people joined or split."""
        return self.folder / "choices.jsonl"

    @property
    def readings(self) -> Path:
        """What was read of each document, so that it is not read again."""
        return self.folder / ".readings"

    def text_of(self, sha256: str) -> Path:
        """The text of one document."""
        return self.text / f"{sha256}.txt"
