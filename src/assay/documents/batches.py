"""Files opened and documents read by worker processes, each within its limits.

Files are opened one by one; of a feed or a letter that fails or takes more than it may, the entries
and attachments are opened one by one. Documents are read a batch at a time, because the parser is
quicker with many paragraphs; of a batch that fails so, what is not read yet is given again document
by document. So a trap costs the others no more than a second reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from assay.documents.base import Stage
from assay.documents.bounds import Bounds, Lost
from assay.documents.check_places import check_places
from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.model_plugin import ModelEndpoint, ModelStage
from assay.documents.page import Refused
from assay.documents.read_all import read_all
from assay.documents.read_pages import documents_in, taken_apart
from assay.documents.saved_reading import save_reading
from assay.documents.stages import STAGES
from assay.documents.workers import Work, Workers
from assay.errors import StepFailed
from assay.model.progress import Progress
from assay.model.record import Document

BATCH_CHARS = 60_000
"""So much text goes to a worker at a time: some fifteen pages."""


@dataclass(frozen=True)
class Batch:
    """Documents for one worker.

    Attributes:
        work: Each document with the file that its reading goes to.
        model: A language model to ask as well.
    """

    work: tuple[tuple[Document, Path], ...]
    model: ModelEndpoint | None


def open_files(
    files: Iterable[RawFile | Refused], limits: Limits, workers: Workers
) -> Iterator[Document | Refused]:
    """Every document of some files, in a fixed order."""

    def bounds(file: RawFile | Refused) -> Bounds:
        return Bounds(limits.cpu_s + _bytes_of(file) / limits.bytes_a_cpu_s, limits.memory_bytes)

    opening = Work(partial(_opened, limits), bounds, _bytes_of)
    apart = Work(partial(_parts, limits), bounds, _bytes_of)
    while files:
        lost: list[RawFile | Refused] = []
        whys: list[Lost] = []
        for file, found in workers.spread(opening, files):
            if isinstance(found, Lost):
                lost.append(file)
                whys.append(found)
            else:
                yield from found
        files = []
        # A trap in one entry or attachment does not take the others with it.
        parted = workers.spread(apart, lost)
        for (file, parts), why in zip(parted, whys, strict=True):
            if parts is None or isinstance(parts, Lost):
                yield Refused(file.document, f"opening it {why.how}", why.fix)
            else:
                files += parts


def _opened(limits: Limits, file: RawFile | Refused) -> list[Document | Refused]:
    return [file] if isinstance(file, Refused) else documents_in(file, limits)


def _parts(limits: Limits, file: RawFile | Refused) -> list[RawFile | Refused] | None:
    return None if isinstance(file, Refused) else taken_apart(file, limits)


def _bytes_of(file: RawFile | Refused) -> int:
    return 0 if isinstance(file, Refused) else len(file.data)


def read_batches(
    batches: Sequence[Batch], limits: Limits, workers: Workers, progress: Progress
) -> list[Refused]:
    """Read every document of the batches into its file.

    Returns:
        The documents that could not be read.

    Raises:
        StepFailed: The language model cannot be reached, or the disk is full.
    """

    def characters(batch: Batch) -> int:
        return sum(len(document.text) for document, _ in batch.work)

    def bounds(batch: Batch) -> Bounds:
        return Bounds(limits.cpu_s + characters(batch) / limits.chars_a_cpu_s, limits.memory_bytes)

    refused: list[Refused] = []
    alone: list[Batch] = []
    for given in (batches, alone):
        for batch, done in workers.spread(Work(_read, bounds, characters), given):
            left = [one for one in batch.work if isinstance(done, Lost) and not one[1].exists()]
            if isinstance(done, Lost) and left and len(batch.work) == 1:
                name = left.pop()[0].document
                refused.append(Refused(name, f"reading it {done.how}", done.fix))
                progress.note(f"{name}: {refused[-1].reason}")
            # What is left is given again, and counts when it is read or refused.
            alone += [replace(batch, work=(one,)) for one in left]
            progress.advance(len(batch.work) - len(left))
    return refused


def in_batches(work: Sequence[tuple[Document, Path]], model: ModelEndpoint | None) -> list[Batch]:
    """Documents in batches of some length; a long document is one by itself."""
    batches: list[Batch] = []
    room = 0
    for document, path in work:
        if not batches or len(document.text) > room:
            batches.append(Batch((), model))
            room = BATCH_CHARS
        batches[-1] = replace(batches[-1], work=(*batches[-1].work, (document, path)))
        room -= len(document.text)
    return batches


def stages_with(model: ModelEndpoint | None) -> tuple[Stage, ...]:
    """Every stage, and the language model's if there is one."""
    return STAGES if model is None else (*STAGES, ModelStage(model))


def _read(batch: Batch) -> None:
    documents = [document for document, _ in batch.work]
    readings = read_all(documents, stages_with(batch.model))
    for reading, (_, path) in zip(readings, batch.work, strict=True):
        check_places(reading)
        try:
            save_reading(path, reading)
        # A full disk is no fault of the document's.
        except OSError as error:
            raise StepFailed(
                f"what was read cannot be saved: {error}",
                fix="check the disk's room and rights and give the same command again",
            ) from error
