"""Shares of one kind split into parts by ranges of their objects, on the disk.

Every share of an object falls into one part, and the parts follow each other in the order of the
objects, so that sorting each part sorts the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

PARTS_AT_MOST = 16
"""Each row is compared with where every part begins."""
_SAMPLE_ROWS = 2000
"""Rows looked at in each batch to place the bounds."""


class PartsWriter:
    """Writes shares into parts. Close it, or its files lack their ends.

    Attributes:
        paths: The parts' files, in the order of their objects.

    Args:
        folder: Where the files are made.
        name: What their names begin with.
        bounds: The least objects of all parts but the first, ascending by their bytes.
    """

    def __init__(self, folder: Path, name: str, bounds: pa.Array, schema: pa.Schema) -> None:
        self._bounds = bounds
        self.paths = [folder / f"{name}-{number}.arrow" for number in range(len(bounds) + 1)]
        self._files = [pa.OSFile(str(path), "wb") for path in self.paths]
        self._writers = [pa.ipc.new_stream(file, schema) for file in self._files]

    def write(self, batch: pa.RecordBatch) -> None:
        """Add shares; within a part they keep their order."""
        if len(self.paths) == 1:
            self._writers[0].write_batch(batch)
            return
        numbers = _part_of(batch.column("object_id"), self._bounds)
        # A stable sort of small numbers takes one look at each.
        by_part = batch.take(pa.array(np.argsort(numbers, kind="stable")))
        begin = 0
        for writer, count in zip(self._writers, np.bincount(numbers), strict=False):
            if count:
                writer.write_batch(by_part.slice(begin, count))
            begin += count

    def close(self) -> None:
        """Finish all files."""
        for writer, file in zip(self._writers, self._files, strict=True):
            writer.close()
            file.close()


def bounds_of(batches: Iterable[pa.RecordBatch], wanted: int) -> pa.Array:
    """The least objects of all parts but the first, as a sample of the rows shows them.

    Args:
        batches: Shares, their column ``object_id`` among them.
        wanted: How many parts, at most :data:`PARTS_AT_MOST` and at least one.
    """
    samples = [pa.array([], pa.string())]
    for batch in batches:
        places = np.linspace(0, len(batch) - 1, min(_SAMPLE_ROWS, len(batch))).astype(np.int64)
        samples.append(batch.column("object_id").take(pa.array(places)))
    sample = pa.concat_arrays(samples)
    ordered = sample.take(pc.sort_indices(sample))
    wanted = min(wanted, PARTS_AT_MOST, max(len(ordered), 1))
    places = np.arange(1, wanted) * len(ordered) // wanted
    return ordered.take(pa.array(places)).unique()


def _part_of(objects: pa.Array, bounds: pa.Array) -> npt.NDArray[np.uint8]:
    """Number of each object's part: how many bounds are not above it."""
    numbers = np.zeros(len(objects), np.uint8)
    for bound in bounds:
        numbers += pc.greater_equal(objects, bound).to_numpy(zero_copy_only=False)
    return numbers
