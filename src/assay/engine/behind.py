"""What a thread of its own does meanwhile: rows read before they are asked for, or written behind.

At most one piece waits, so that memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

Piece = TypeVar("Piece")


def ahead(pieces: Iterator[Piece]) -> Generator[Piece]:
    """The same pieces, the next one made while the caller works on this one.

    Close it where the caller may leave before the end: then the thread has ended too.
    """
    with ThreadPoolExecutor(1) as thread:
        under_way = thread.submit(next, pieces, None)
        try:
            while (piece := under_way.result()) is not None:
                under_way = thread.submit(next, pieces, None)
                yield piece
        finally:
            # An error holds this frame: what holds the error would hold itself.
            del under_way


class WriterBehind:
    """Writes tables one after the other, at most one of them waiting. A context manager.

    Args:
        path: The file.
        schema: Of every table.
        options: As :class:`pyarrow.parquet.ParquetWriter` takes them.
    """

    def __init__(self, path: Path, schema: pa.Schema, options: dict[str, Any]) -> None:
        self._writer = pq.ParquetWriter(path, schema, **options)
        self._thread = ThreadPoolExecutor(1)
        self._under_way: Future[None] | None = None

    def write_table(self, table: pa.Table) -> None:
        """Add rows at the end; an error of the rows before these is raised here."""
        self._finish()
        self._under_way = self._thread.submit(self._writer.write_table, table)

    def _finish(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def __enter__(self) -> WriterBehind:
        """Begin."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Finish the file; an error of its last rows is raised here."""
        try:
            self._finish()
        finally:
            self._thread.shutdown()
            self._writer.close()
