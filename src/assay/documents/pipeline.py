"""From paths to a record: opened, parsed, read by every stage, merged, written.

What was read of a document is kept beside the record, named by its content and by the readers'
own code, so that an interrupted run goes on where it was and a second run reads only what is new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import assay
from assay.documents.base import Reading, Stage
from assay.documents.check_places import check_places
from assay.documents.limits import Limits
from assay.documents.model_plugin import ModelEndpoint, ModelStage
from assay.documents.page import Refused
from assay.documents.parse import parse_all
from assay.documents.read_pages import read_documents
from assay.documents.rejoin import in_order
from assay.documents.saved_reading import load_reading, save_reading, to_plain
from assay.documents.stages import MERGER, STAGES
from assay.documents.time_limit import TookTooLong, at_most
from assay.documents.workers import spread
from assay.documents.write_record import Record, write_record
from assay.engine.write import write_json
from assay.errors import AssayError, CheckFailed, InputError
from assay.model.progress import Progress
from assay.model.record import Document
from assay.model.record_folder import RecordFolder

BATCH_CHARS = 60_000
"""So much text goes to a worker at a time: some fifteen pages."""

ALONE_CHARS = 150_000
"""Below so much text one process is quicker than two that have to load the model each."""

LEAST_CPU_S, CHARS_A_CPU_S = 30.0, 20_000
"""A document may take so much of the processor, and a second more for so many characters: many
times what documents of its length take."""

_REPORT = "report this, with the document"

PARSED_LANGUAGES = ("en",)
"""Languages whose grammar is parsed before the stages; others are left to the stages."""


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


@dataclass(frozen=True)
class _Task:
    """Documents for one worker, each with the file that its reading goes to."""

    work: tuple[tuple[Document, Path], ...]
    model: ModelEndpoint | None


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
    progress.stage("Opening documents", unit="documents")
    documents, refused = _open(inputs, options.limits, progress)
    if not documents and not refused:
        raise InputError(
            "there are no documents", fix="name files or a folder that holds some", file=inputs[0]
        )
    places = {document.document: _saved(folder, document, options) for document in documents}
    pending = [one for one in documents if not places[one.document].exists()]
    failed = _read_pending(pending, places, options, progress)
    read = [one for one in documents if one.document not in failed]
    refused += [failed[name] for name in sorted(failed)]
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
            "stages": [stage.name for stage in _stages(options.model)],
            "rows": counts,
            "model": None if options.model is None else options.model.told(),
            "dropped_by_model": dropped,
        },
    )
    notes = tuple(
        (one.document, str(note)) for one in read for note in one.metadata.get("notes", ())
    )
    return ReadSummary(counts, tuple(refused), len(pending) - len(failed), dropped, notes)


def read_one(document: Document, stages: Sequence[Stage] = STAGES) -> Reading:
    """One document read by the stages, without saving anything."""
    return next(read_all([document], stages))


def read_all(documents: Sequence[Document], stages: Sequence[Stage] = STAGES) -> Iterator[Reading]:
    """Documents read by the stages in their order, without saving anything."""
    for reading in _parsed(documents):
        _through(reading, stages)
        yield reading


def _open(
    inputs: Sequence[str | Path], limits: Limits, progress: Progress
) -> tuple[list[Document], list[Refused]]:
    documents: list[Document] = []
    refused: list[Refused] = []
    seen: dict[str, str] = {}
    for one in read_documents(inputs, limits):
        progress.advance(1)
        if isinstance(one, Refused):
            refused.append(one)
            continue
        if seen.get(one.document) == one.sha256:
            progress.note(f"{one.document} is named twice and read once")
            continue
        name, number = one.document, 2
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


def _read_pending(
    pending: Sequence[Document],
    places: dict[str, Path],
    options: ReadOptions,
    progress: Progress,
) -> dict[str, Refused]:
    """Read what has not been read, in one process or several; documents that failed by name."""
    failed: dict[str, Refused] = {}
    if not pending:
        return failed
    progress.stage("Reading", len(pending), "documents")
    tasks = [
        _Task(tuple((one, places[one.document]) for one in batch), options.model)
        for batch in _batches(pending)
    ]
    characters = sum(len(one.text) for one in pending)
    processes = min(options.processes, len(tasks)) if characters > ALONE_CHARS else 1
    for done, refused in spread(tasks, _work, processes):
        progress.advance(done)
        failed |= {one.document: one for one in refused}
        for one in refused:
            progress.note(f"{one.document}: {one.reason}")
    return failed


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    room = BATCH_CHARS
    for document in documents:
        if batch and len(document.text) > room:
            yield batch
            batch, room = [], BATCH_CHARS
        batch.append(document)
        room -= len(document.text)
    if batch:
        yield batch


def _work(task: _Task) -> tuple[int, list[Refused]]:
    """Read a batch; a document that a stage cannot bear stops neither the batch nor the run."""
    stages = _stages(task.model)
    refused = []
    for reading, (document, path) in zip(
        _parsed([document for document, _ in task.work]), task.work, strict=True
    ):
        allowed_s = LEAST_CPU_S + len(document.text) / CHARS_A_CPU_S
        try:
            with at_most(allowed_s):
                _through(reading, stages)
                check_places(reading)
        except TookTooLong:
            reason = f"reading it took more than {allowed_s:.0f} s of the processor"
            fix = "it repeats itself or is a trap: read the part that matters"
            refused.append(Refused(document.document, reason, fix))
            continue
        except CheckFailed as error:
            reason = f"reading it failed: {error.message}"
            refused.append(Refused(document.document, reason, _REPORT))
            continue
        except AssayError:
            # A stage that says what is wrong (a model that cannot be reached) stops the run.
            raise
        # Whatever else a page brings to light in a rule or a library, the others are still read;
        # the error is told with its type, so nothing is hidden.
        except Exception as error:  # noqa: BLE001 - one bad document never stops the others
            reason = f"reading it failed: {type(error).__name__}: {error}"
            refused.append(Refused(document.document, reason, _REPORT))
            continue
        save_reading(path, reading)
    return len(task.work), refused


def _parsed(documents: Sequence[Document]) -> Iterator[Reading]:
    """Readings in the documents' order, with a parse where the language has one."""
    parses = parse_all([one for one in documents if one.language in PARSED_LANGUAGES])
    for document in documents:
        parsed = next(iter(parses)) if document.language in PARSED_LANGUAGES else None
        yield Reading(document, parsed)


def _through(reading: Reading, stages: Sequence[Stage]) -> None:
    language = reading.document.language.split("-")[0]
    for stage in stages:
        if not stage.languages or language in stage.languages:
            stage.read(reading)


def _stages(model: ModelEndpoint | None) -> tuple[Stage, ...]:
    return STAGES if model is None else (*STAGES, ModelStage(model))


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
