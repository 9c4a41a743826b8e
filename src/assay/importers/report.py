"""What an import was asked, and what it did: rows read, kept, rejected, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class ImportOptions:
    """What the user says about the files.

    Attributes:
        mapping: Pairs of field (or kind of share) and column; it goes before what Assay finds.
        platform: Platform of rows that name none; None lets the format say it.
        timezone: Zone of times that say none.
        time_format: strptime format of the times, where the sample cannot tell.
        format: Name of an importer to use without asking what the file looks like.
        encoding: Encoding of text files that do not say theirs.
        unshortened: A table of two columns, short link and target.
        accounts: Tables of accounts that are to be read as such, whatever they look like.
        memory_bytes: What the engine may use; None leaves it a third of the machine.
        threads: Worker threads.
        now: Times later than two days after it are mistakes; None takes the clock.
    """

    mapping: tuple[tuple[str, str], ...] = ()
    platform: str | None = None
    timezone: str | None = None
    time_format: str | None = None
    format: str | None = None
    encoding: str | None = None
    unshortened: Path | None = None
    accounts: tuple[Path, ...] = ()
    memory_bytes: int | None = None
    threads: int = 1
    now: datetime | None = None


@dataclass(frozen=True)
class FileReport:
    """One input file.

    Attributes:
        source: Its name, as the tables cite it.
        sha256: Of its bytes.
        format: The importer that read it.
        mapping: Field or kind of share to column.
        read: Rows in the file.
        kept: Rows in the dataset.
        rejected: Rows in the table of rejects; read = kept + rejected.
        shares: Shares derived from it.
        time_resolution_s: The finest step of its times, in seconds; None for a table of accounts.
        timezone: Zone that its times were read in, where they say none.
        notes: What a person should know.
        without_shares: Rows that are kept though nothing that they name is a share.
    """

    source: str
    sha256: str
    format: str
    mapping: Mapping[str, str]
    read: int
    kept: int
    rejected: int
    shares: int
    time_resolution_s: float | None
    timezone: str | None
    notes: tuple[str, ...] = ()
    without_shares: int = 0


@dataclass(frozen=True)
class ImportSummary:
    """A finished import.

    Attributes:
        files: One report per file.
        skipped: Files that hold no data, with the reason.
        passed_over: SHA-256 of those that look like data and hold neither posts nor accounts.
        posts: Posts in the dataset.
        accounts: Accounts in the dataset.
        shares: Shares in the dataset, by kind.
        merged_shares: Shares that repeated another exactly and were merged with it.
        time_resolution_s: The coarsest resolution of the files; windows below twice this say
            nothing.
        parameters: What the user said about the files, as the manifest tells it.
    """

    files: tuple[FileReport, ...]
    skipped: Mapping[str, str]
    posts: int
    accounts: int
    shares: Mapping[str, int]
    merged_shares: int
    time_resolution_s: float
    parameters: Mapping[str, str] = field(default_factory=dict)
    passed_over: Mapping[str, str] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """Rows in all files."""
        return sum(file.read for file in self.files)

    @property
    def kept(self) -> int:
        """Rows in the dataset."""
        return sum(file.kept for file in self.files)

    @property
    def rejected(self) -> int:
        """Rows that could not be used."""
        return sum(file.rejected for file in self.files)

    @property
    def without_shares(self) -> int:
        """Rows that are kept though nothing that they name is a share."""
        return sum(file.without_shares for file in self.files)
