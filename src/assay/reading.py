"""The other straight line: documents → claims → record → page.

Beside :mod:`assay.workbench`, which goes from posts to findings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.engine.alone import alone_in
from assay.errors import UsageError, to_install
from assay.model.progress import Progress

if TYPE_CHECKING:
    from assay.model.record_folder import RecordFolder
    from assay.report.record.view import Word


@dataclass(frozen=True)
class ReadWishes:
    """How documents are read.

    Attributes:
        processes: Most worker processes.
        endpoint: Address of a language model to ask as well; None asks none.
        model: Its name there.
        key: Its key.
        page: Whether to write ``record.html``.
    """

    processes: int = 2
    endpoint: str | None = None
    model: str | None = None
    key: str | None = field(default=None, repr=False)
    page: bool = True


@dataclass(frozen=True)
class ReadDone:
    """A finished reading.

    Attributes:
        rows: Rows of each table.
        refused: Documents that could not be read, with reason and fix.
        read_now: Documents read by this run; the others were read before.
        dropped_by_model: Values of the language model that the text does not hold, by reason.
        page: The page's name; None if it was not wanted.
        notes: Document and what was noticed when it was opened.
    """

    rows: Mapping[str, int]
    refused: tuple[Mapping[str, str], ...]
    read_now: int
    dropped_by_model: Mapping[str, int]
    page: str | None
    notes: tuple[tuple[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return asdict(self) | {"refused": [dict(one) for one in self.refused]}


def read(
    documents: Sequence[str | Path], out: Path, wishes: ReadWishes, progress: Progress
) -> ReadDone:
    """Read documents into a record; see :mod:`assay.documents.pipeline`.

    Args:
        documents: Files, folders and archives.
        out: The folder to fill.
        wishes: How.
        progress: Told how far it is.

    Raises:
        InputError: An input does not exist, or there is nothing to read.
        UsageError: Another run writes into the folder, or the extra is not installed.
    """
    from assay.documents.needed import missing_module

    missing = missing_module()
    if missing is not None:
        raise UsageError(
            f"reading documents needs the package {missing}", fix=to_install("documents")
        )
    from assay.documents.model_plugin import ModelEndpoint
    from assay.documents.pipeline import ReadOptions, read_record
    from assay.exchange.record_csv import write_record_csv
    from assay.model.record_folder import RecordFolder

    endpoint = None
    if wishes.endpoint is not None and wishes.model is not None:
        endpoint = ModelEndpoint(wishes.endpoint, wishes.model, wishes.key)
    folder = RecordFolder(out)
    with alone_in(out):
        options = ReadOptions(processes=wishes.processes, model=endpoint)
        summary = read_record(documents, folder, options, progress)
        write_record_csv(folder)
        page = None
        if wishes.page:
            progress.stage("Writing the page")
            page = _write_page(folder)
    return ReadDone(
        rows=summary.counts,
        refused=tuple(asdict(one) for one in summary.refused),
        read_now=summary.read_now,
        dropped_by_model=summary.dropped_by_model,
        page=page,
        notes=summary.notes,
    )


def join_again(out: Path) -> Mapping[str, int]:
    """Write a record again after somebody joined or split events; nothing is read again.

    Args:
        out: The folder that :func:`read` filled.

    Returns:
        How many rows each table has.

    Raises:
        InputError: What was read of the documents is not there any more.
        UsageError: Another run writes into the folder.
    """
    from assay.documents.rejoin import rejoin
    from assay.exchange.record_csv import write_record_csv
    from assay.model.record_folder import RecordFolder

    folder = RecordFolder(out)
    with alone_in(out):
        counts = rejoin(folder)
        write_record_csv(folder)
        if folder.page.exists():
            _write_page(folder)
    return counts


def _write_page(folder: RecordFolder) -> str:
    from assay.report.record_page import write_record_page

    return write_record_page(folder, _words(folder)).name


def _words(folder: RecordFolder) -> dict[str, Word]:
    """What people said of a record's claims, as its page shows it."""
    from assay.documents.review import Wanted, open_review
    from assay.report.record.view import Word

    return {
        judged.claim_id: Word(
            judged.verdict,
            judged.value,
            tuple(
                f"{one.verdict} by {one.by}, {one.at[:10]}" + (f": {one.why}" if one.why else "")
                for one in judged.corrections
            ),
            judged.disputed,
        )
        for judged in open_review(folder, Wanted()).judged
        if judged.claim_id is not None
    }
