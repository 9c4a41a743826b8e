"""What an export format is: a name, a suffix, and how it writes a run."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from assay.model.dataset import RunFolder
from assay.model.record_folder import RecordFolder


class Format(Protocol):
    """What every format tells of itself.

    Attributes:
        name: What ``--format`` calls it.
        suffix: Of the file it makes, such as ``.gexf``; empty when it makes a folder.
        summary: What it is for, in one line.
    """

    @property
    def name(self) -> str:
        """What ``--format`` calls it."""

    @property
    def suffix(self) -> str:
        """Suffix of the file it makes; empty when it makes a folder."""

    @property
    def summary(self) -> str:
        """What it is for, in one line."""


class Exporter(Format, Protocol):
    """One format that a run's results can be written in."""

    def write(self, run: RunFolder, out: Path) -> list[Path]:
        """Write the run to ``out`` (a file, or a folder when there is no suffix).

        Returns:
            The files written, each whole or not at all.

        Raises:
            InputError: The run lacks a table that the format needs.
        """


class RecordExporter(Format, Protocol):
    """One format that a record of documents can be written in."""

    def write(self, record: RecordFolder, out: Path) -> list[Path]:
        """Write the record to the file ``out``.

        Returns:
            The files written, each whole or not at all.

        Raises:
            InputError: The folder holds no record.
        """
