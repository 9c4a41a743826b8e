"""Rows of a Parquet file by their number, read and written in pieces.

What a run freezes as evidence is a small part of a large file: these two read that part without
reading the rest into memory, and write it without holding it whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.write import canonical_table
from assay.errors import CheckFailed

BATCH_ROWS = 1 << 17


def row_batches(
    path: Path, columns: Sequence[str], batch_rows: int = BATCH_ROWS
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """All rows of some columns in pieces, each with the number of its first row."""
    first_row = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=batch_rows, columns=list(columns)):
            yield first_row, batch
            first_row += batch.num_rows


def take_rows(
    path: Path, rows: np.ndarray, columns: Sequence[str]
) -> Iterator[tuple[np.ndarray, pa.RecordBatch]]:
    """The rows with the given numbers, in file order, skipping row groups that hold none.

    Args:
        path: A Parquet file.
        rows: Row numbers from 0, ascending and distinct.
        columns: The columns to read.

    Yields:
        Row numbers, and a batch with as many rows.

    Raises:
        CheckFailed: A row number lies beyond the file's end.
    """
    with pq.ParquetFile(path) as file:
        metadata = file.metadata
        if len(rows) and rows[-1] >= metadata.num_rows:
            raise CheckFailed(f"row {rows[-1]} was asked of {metadata.num_rows}", file=path)
        group_start = 0
        for group in range(metadata.num_row_groups):
            group_rows = metadata.row_group(group).num_rows
            low, high = np.searchsorted(rows, (group_start, group_start + group_rows))
            if high > low:
                yield from _take_from_group(
                    file, group, group_start, (rows[low:high], list(columns))
                )
            group_start += group_rows


def _take_from_group(
    file: pq.ParquetFile, group: int, group_start: int, wanted: tuple[np.ndarray, list[str]]
) -> Iterator[tuple[np.ndarray, pa.RecordBatch]]:
    rows, columns = wanted
    start = group_start
    batches = file.iter_batches(batch_size=BATCH_ROWS, row_groups=[group], columns=columns)
    for batch in batches:
        low, high = np.searchsorted(rows, (start, start + batch.num_rows))
        if high > low:
            inside = rows[low:high]
            yield inside, batch.take(pa.array(inside - start))
        start += batch.num_rows


def collect(pieces: Iterable[tuple[np.ndarray, pa.RecordBatch]], schema: pa.Schema) -> pa.Table:
    """One table of the rows that :func:`take_rows` yields, quick to take from."""
    batches = [batch.cast(schema) for _, batch in pieces]
    # A table of many chunks is concatenated again at each take.
    return pa.Table.from_batches(batches, schema).combine_chunks()


class TableStream:
    """Writes a final table in pieces, whole or not at all, as :func:`write_table` would.

    The pieces arrive in the table's order; row groups have the same size however the pieces are
    cut, so that the same rows give the same bytes. Use as a context manager.
    """

    def __init__(self, path: Path, schema: pa.Schema, group_rows: int = BATCH_ROWS) -> None:
        self.path = path
        self.rows = 0
        self._schema = schema
        self._group_rows = group_rows
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._unfinished = path.with_name(path.name + ".part")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(self._unfinished, schema, compression="zstd")

    def write(self, piece: pa.Table | pa.RecordBatch) -> None:
        """Add rows at the end."""
        table = piece if isinstance(piece, pa.Table) else pa.Table.from_batches([piece])
        self._waiting.append(canonical_table(table, self._schema))
        self._waiting_rows += table.num_rows
        self.rows += table.num_rows
        if self._waiting_rows >= self._group_rows:
            self._flush(whole_groups_only=True)

    def _flush(self, *, whole_groups_only: bool) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        full = table.num_rows - table.num_rows % self._group_rows
        end = full if whole_groups_only else table.num_rows
        if end:
            self._writer.write_table(table.slice(0, end), row_group_size=self._group_rows)
        rest = table.slice(end)
        self._waiting = [rest] if rest.num_rows else []
        self._waiting_rows = rest.num_rows

    def __enter__(self) -> TableStream:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Put the finished file in its place, or take the unfinished one away."""
        if kind is None:
            self._flush(whole_groups_only=False)
        self._writer.close()
        if kind is None:
            self._unfinished.replace(self.path)
        else:
            self._unfinished.unlink(missing_ok=True)
