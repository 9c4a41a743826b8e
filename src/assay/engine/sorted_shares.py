"""The dataset's table of shares written in order, kind by kind, out of the staged ones.

A kind that fits the memory is sorted in it as whole numbers. A larger one is first split by
ranges of its objects, so that each part fits; a part that does not (most of it one object) is
sorted by the engine, which spills.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from assay.engine.behind import WriterBehind
from assay.engine.share_order import sort_shares
from assay.engine.split_shares import split_by_object
from assay.engine.staged_accounts import COLUMN_BYTES
from assay.engine.staged_shares import open_staged, staged_bytes, staged_kinds, without_rows
from assay.model.progress import Progress
from assay.model.tables import SHARES

if TYPE_CHECKING:
    import duckdb

_WRITE_ROWS = 1 << 17
_SORT_FACTOR = 3
"""Room that sorting takes, as a multiple of the table's own."""
_PARTS_PER_ROOM = 2
"""Parts are made smaller than they must be: where they begin is found in a sample."""
_CODED = pa.dictionary(pa.int32(), pa.string())
_WRITTEN = pa.schema(
    [field.with_type(_CODED) if field.name in ("kind", "object_id") else field for field in SHARES]
)
SHARES_OPTIONS: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": ["kind", "object_id"],
    # Ids of accounts and posts stand in no order: their bounds would help nobody.
    "write_statistics": ["kind", "object_id", "shared_at"],
    # Readers are to see plain strings, not the dictionaries that they are written from.
    "store_schema": False,
}
"""How the file is written."""


def room_to_sort(memory_bytes: int) -> int:
    """How large a table may be to be sorted in so much memory, each of its columns in one array."""
    return min(memory_bytes // _SORT_FACTOR, COLUMN_BYTES)


class SharesWriter:
    """Writes ``shares.parquet``.

    Attributes:
        counts: Shares per kind, as written.
        merged: Shares that repeated another exactly.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, memory_bytes: int, progress: Progress
    ) -> None:
        self._connection = connection
        self._room_bytes = room_to_sort(memory_bytes)
        self._progress = progress
        self.counts: dict[str, int] = {}
        self.merged = 0

    def write(self, target: Path, folders: list[Path], repeated: list[pa.Array]) -> None:
        """Write the shares of all folders.

        Args:
            target: The Parquet file.
            folders: Folders of staged shares.
            repeated: For each folder, the rows whose shares are left out.

        Raises:
            CheckFailed: The shares were not sorted.
        """
        kinds = sorted({kind for folder in folders for kind in staged_kinds(folder)})
        with WriterBehind(target, _WRITTEN, SHARES_OPTIONS) as writer:
            for kind in kinds:
                for table in self._sorted(kind, folders, repeated):
                    writer.write_table(table)
                    self.counts[kind] = self.counts.get(kind, 0) + len(table)

    def _sorted(
        self, kind: str, folders: list[Path], repeated: list[pa.Array]
    ) -> Iterator[pa.Table]:
        size = sum(staged_bytes(folder, kind) for folder in folders)
        if size <= self._room_bytes:
            shares = pa.Table.from_batches(_staged(kind, folders, repeated), _KEYS)
            yield from self._in_memory(kind, shares)
            return

        def batches() -> Iterator[pa.RecordBatch]:
            return _staged(kind, folders, repeated)

        wanted = _PARTS_PER_ROOM * size // self._room_bytes + 1
        with split_by_object(batches, wanted, folders[0]) as parts:
            for part in parts:
                if part.size_bytes <= self._room_bytes:
                    yield from self._in_memory(kind, part.read().read_all())
                else:
                    yield from self._by_engine(kind, part.read())
                part.remove()

    def _in_memory(self, kind: str, shares: pa.Table) -> Iterator[pa.Table]:
        """Each table's dictionary of objects holds those that it names, and no others."""
        if not len(shares):
            return
        accounts, posts, times = (
            shares[name].combine_chunks() for name in ("account_id", "post_id", "shared_at")
        )
        found = sort_shares(shares)
        self.merged += len(shares) - len(found.rows)
        for begin in range(0, len(found.rows), _WRITE_ROWS):
            rows = pa.array(found.rows[begin : begin + _WRITE_ROWS])
            ranks = found.ranks[begin : begin + _WRITE_ROWS]
            first, last = int(ranks[0]), int(ranks[-1])
            objects = pa.DictionaryArray.from_arrays(
                pa.array(ranks - np.int32(first)), found.objects.slice(first, last - first + 1)
            )
            yield _table(kind, accounts.take(rows), objects, posts.take(rows), times.take(rows))
            self._progress.advance(len(rows))

    def _by_engine(self, kind: str, shares: pa.RecordBatchReader) -> Iterator[pa.Table]:
        self._connection.register("staged_shares", shares)
        reader = self._connection.sql(
            """
            SELECT account_id, object_id, post_id, shared_at, count(*) AS repeats
            FROM staged_shares
            GROUP BY ALL
            ORDER BY object_id, shared_at, account_id, post_id
            """
        ).to_arrow_reader(_WRITE_ROWS)
        for batch in reader:
            self.merged += int(batch.column("repeats").to_numpy().sum()) - len(batch)
            yield _table(
                kind,
                batch.column("account_id"),
                batch.column("object_id").dictionary_encode(),
                batch.column("post_id"),
                batch.column("shared_at"),
            )
            self._progress.advance(len(batch))
        self._connection.unregister("staged_shares")


_KEYS = pa.schema([field.with_nullable(True) for field in SHARES if field.name != "kind"])


def _staged(kind: str, folders: list[Path], repeated: list[pa.Array]) -> Iterator[pa.RecordBatch]:
    for folder, rows in zip(folders, repeated, strict=True):
        for batch in open_staged(folder, kind) or ():
            kept = without_rows(pa.Table.from_batches([batch]), rows)
            yield from kept.select(_KEYS.names).to_batches()


def _table(
    kind: str, account: pa.Array, objects: pa.Array, post: pa.Array, time: pa.Array
) -> pa.Table:
    kinds = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(len(account), np.int32)), pa.array([kind], pa.string())
    )
    return pa.table([account, kinds, objects, post, time], schema=_WRITTEN)
