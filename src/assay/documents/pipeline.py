"""From paths to a record: opened, parsed, read by every stage, merged, written.

What was read of a document is kept beside the record, named by its content and by the readers'
own code, so that an interrupted run goes on where it was and a second run reads only what is new.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import assay
from assay.documents.base import Reading
from assay.documents.batches import in_batches, open_files, read_batches, stages_with
from assay.documents.limits import Limits
from assay.documents.model_plugin import ModelEndpoint
from assay.documents.page import Refused
from assay.documents.read_pages import files_of
from assay.documents.rejoin import in_order
from assay.documents.saved_reading import load_reading, to_plain
from assay.documents.stages import MERGER
from assay.documents.workers import Workers
from assay.documents.write_record import Record, write_record
from assay.engine.write import write_json
from assay.errors import InputError
from assay.model.progress import Progress
from assay.model.record import Document
from assay.model.record_folder import RecordFolder

_UNWRITTEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters that no name keeps: control characters, and halves of surrogate pairs."""


@dataclass(frozen=True)
class ReadOptions:
    """How documents are read.

    Attributes:
        processes: Most worker processes.
        limits: How much one file may ask of the machine.
        model: A language model to ask as well; None asks none.
    """

    processes: int = 1
    limits: Limits = field(default_factory=Limits)
    model: ModelEndpoint | None = None


@dataclass(frozen=True)
class ReadSummary:
    """What a run read.

    Attributes:
        counts: Rows of each table.
        refused: What could not be read.
        read_now: Documents read in this run; the others were read before.
        dropped_by_model: Values of the language model without support in the text, by reason.
        notes: Document and what was noticed when it was opened, such as a wrong encoding.
    """

    counts: dict[str, int]
    refused: tuple[Refused, ...]
    read_now: int
    dropped_by_model: dict[str, int]
    notes: tuple[tuple[str, str], ...] = ()


def read_record(
    inputs: Sequence[str | Path], folder: RecordFolder, options: ReadOptions, progress: Progress
) -> ReadSummary:
    """Read documents into a record.

    Args:
        inputs: Files, folders and archives.
        folder: Where to.
        options: How.
        progress: Told how far it is.

    Raises:
        InputError: An input does not exist, or there is no document at all.
    """
    with Workers(options.processes) as workers:
        progress.stage("Opening documents", unit="documents")
        files = files_of(inputs, options.limits, out=folder.folder)
        documents, refused = _open(open_files(files, options.limits, workers), progress)
        if not documents and not refused:
            fix = "name files or a folder that holds some"
            raise InputError("there are no documents", fix=fix, file=inputs[0])
        places = {one.document: _saved(folder, one, options) for one in documents}
        pending = [one for one in documents if not places[one.document].exists()]
        if pending:
            progress.stage("Reading", len(pending), "documents")
        batches = in_batches([(one, places[one.document]) for one in pending], options.model)
        failed = read_batches(batches, options.limits, workers, progress)
    unread = {one.document for one in failed}
    read = [one for one in documents if one.document not in unread]
    refused += sorted(failed, key=lambda one: one.document)
    progress.stage("Joining what tells of one act")
    readings = in_order([load_reading(places[one.document]) for one in read])
    events = MERGER.merge(readings, folder.choices) if MERGER is not None else ()
    progress.stage("Writing the record")
    counts = write_record(folder, Record(readings, refused, events))
    _forget(folder, set(places.values()))
    dropped = _dropped(readings)
    write_json(
        folder.about,
        {
            "version": assay.__version__,
            "stages": [stage.name for stage in stages_with(options.model)],
            "rows": counts,
            "model": None if options.model is None else options.model.told(),
            "dropped_by_model": dropped,
        },
    )
    notes = tuple(
        (one.document, str(note)) for one in read for note in one.metadata.get("notes", ())
    )
    return ReadSummary(counts, tuple(refused), len(pending) - len(failed), dropped, notes)


def _open(
    opened: Iterable[Document | Refused], progress: Progress
) -> tuple[list[Document], list[Refused]]:
    documents: list[Document] = []
    refused: list[Refused] = []
    seen: dict[str, str] = {}
    for found in opened:
        progress.advance(1)
        # Bytes that are no text, in the name of a file or of an attachment, fit no table, and what
        # steers a terminal belongs on none.
        name = _UNWRITTEN.sub(lambda sign: ascii(sign[0])[1:-1], found.document)
        one = found if name == found.document else replace(found, document=name)
        if isinstance(one, Refused):
            refused.append(one)
            continue
        if seen.get(one.document) == one.sha256:
            progress.note(f"{one.document} is named twice and read once")
            continue
        number = 2
        while name in seen:
            name, number = f"{one.document}~{number}", number + 1
        seen[name] = one.sha256
        documents.append(one if name == one.document else replace(one, document=name))
    return documents, refused


def _saved(folder: RecordFolder, document: Document, options: ReadOptions) -> Path:
    """Where the reading of a document lies: named by its content, the code and the model."""
    told = {
        "document": to_plain(document),
        "code": code_fingerprint(),
        "model": None if options.model is None else options.model.told(),
    }
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()
    return folder.readings / digest[:2] / f"{digest}.json"


@cache
def code_fingerprint() -> str:
    """A hash of the readers' code and word lists: another version reads again."""
    root = Path(assay.__file__).parent
    digest = hashlib.sha256(assay.__version__.encode())
    for package in ("documents", "lexicon", "model"):
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(root)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _forget(folder: RecordFolder, wanted: set[Path]) -> None:
    """Saved readings of documents that are gone, or of another version."""
    for path in folder.readings.glob("*/*"):
        if path not in wanted:
            path.unlink()


def _dropped(readings: Sequence[Reading]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for reading in readings:
        for reason, number in reading.dropped.items():
            counts[reason] = counts.get(reason, 0) + number
    return counts
