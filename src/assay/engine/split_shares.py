"""Shares of one kind split into parts by ranges of their objects, on the disk.

Every share of an object falls into one part, and the parts follow each other in the order of the
objects, so that sorting each part sorts the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_SAMPLE_ROWS = 2000
"""Rows looked at in each batch to place the bounds."""


@dataclass(frozen=True)
class SharePart:
    """One part on the disk."""

    path: Path

    @property
    def size_bytes(self) -> int:
        """Its size."""
        return self.path.stat().st_size

    def read(self) -> pa.RecordBatchReader:
        """Its shares, batch by batch."""
        return pa.ipc.open_stream(pa.OSFile(str(self.path)))

    def remove(self) -> None:
        """Free its room."""
        self.path.unlink()


@contextmanager
def split_by_object(
    batches: Callable[[], Iterator[pa.RecordBatch]], wanted: int, folder: Path
) -> Iterator[list[SharePart]]:
    """Split shares into parts of about the same size, where no object is too large for that.

    Args:
        batches: Reads the shares, their column ``object_id`` among them; called twice.
        wanted: How many parts, at most.
        folder: Where the parts are written; they are gone afterwards.

    Yields:
        The parts in the order of their objects.
    """
    bounds = _bounds(batches(), wanted)
    parts = [SharePart(folder / f"part-{number}.arrow") for number in range(len(bounds) + 1)]
    _write(batches(), bounds, parts)
    try:
        yield parts
    finally:
        for part in parts:
            part.path.unlink(missing_ok=True)


def _bounds(batches: Iterator[pa.RecordBatch], wanted: int) -> pa.Array:
    """The least objects of all parts but the first, as a sample of the rows shows them."""
    samples = []
    for batch in batches:
        places = np.linspace(0, len(batch) - 1, min(_SAMPLE_ROWS, len(batch))).astype(np.int64)
        samples.append(batch.column("object_id").take(pa.array(places)))
    sample = pa.concat_arrays(samples)
    ordered = sample.take(pc.sort_indices(sample))
    places = np.arange(1, wanted) * len(ordered) // wanted
    return ordered.take(pa.array(places)).unique()


def _write(batches: Iterator[pa.RecordBatch], bounds: pa.Array, parts: list[SharePart]) -> None:
    files = [pa.OSFile(str(part.path), "wb") for part in parts]
    writers: list[pa.ipc.RecordBatchStreamWriter] = []
    for batch in batches:
        writers = writers or [pa.ipc.new_stream(file, batch.schema) for file in files]
        numbers = _part_of(batch.column("object_id"), bounds)
        for number in np.unique(numbers).tolist():
            own = np.flatnonzero(numbers == number)
            writers[number].write_batch(batch.take(pa.array(own)))
    for writer, file in zip(writers, files, strict=True):
        writer.close()
        file.close()


def _part_of(objects: pa.Array, bounds: pa.Array) -> npt.NDArray[np.int64]:
    """Number of each object's part: how many bounds are not above it; halves are tried at once."""
    low, high = np.zeros(len(objects), np.int64), np.full(len(objects), len(bounds))
    for _ in range(len(bounds).bit_length()):
        middle = (low + high) // 2
        least = bounds.take(pa.array(np.minimum(middle, len(bounds) - 1)))
        # Where both ends have met, the middle is their place too.
        below = pc.less(objects, least).to_numpy(zero_copy_only=False) | (low == high)
        low, high = np.where(below, low, middle + 1), np.where(below, middle, high)
    return low
