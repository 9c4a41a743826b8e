"""The dataset's table of shares written in order, kind by kind, out of the staged ones.

Shares that fit the memory are sorted in it as whole numbers. More of them are first split by
ranges of their objects, so that each part fits; a part that does not (most of it one object) is
sorted by the engine, which spills.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from assay.engine.behind import WriterBehind, ahead
from assay.engine.raw_columns import one_array
from assay.engine.share_order import SortedShares, sort_shares
from assay.engine.split_shares import PartsWriter, bounds_of
from assay.engine.staged_accounts import COLUMN_BYTES
from assay.engine.staged_shares import read_staged, staged_kinds, staged_parts, without_rows
from assay.model.progress import Progress
from assay.model.tables import SHARES

if TYPE_CHECKING:
    import duckdb

_WRITE_ROWS = 1 << 17
_SORT_FACTOR = 3
"""Room that sorting takes, as a multiple of the table's own."""
_AT_ONCE = 2
"""While one part is written, the next one is sorted."""
_PARTS_PER_ROOM = 2
"""Parts are made smaller than they must be: where they begin is found in a sample."""
_HARDLY_LESS = 0.5
"""A part that holds more than this of what was split will not be split much further."""
_Part = tuple[Path, pa.Array]
"""A file of staged shares, and which of its rows are left out."""
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
        self._room_bytes = room_to_sort(memory_bytes) // _AT_ONCE
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
        pieces = (piece for kind in kinds for piece in self._of_kind(kind, folders, repeated))
        # One thread reads and sorts, this one puts rows in their order, one writes.
        with (
            WriterBehind(target, _WRITTEN, SHARES_OPTIONS) as writer,
            closing(ahead(pieces)) as under_way,
        ):
            for table in chain.from_iterable(under_way):
                writer.write_table(table)
                kind = table["kind"][0].as_py()
                self.counts[kind] = self.counts.get(kind, 0) + len(table)
                self._progress.advance(len(table))

    def _of_kind(
        self, kind: str, folders: list[Path], repeated: list[pa.Array]
    ) -> Iterator[Iterator[pa.Table]]:
        """The tables of one kind, in pieces that follow each other."""
        staged = [
            [(path, rows) for path in staged_parts(folder, kind)]
            for folder, rows in zip(folders, repeated, strict=True)
        ]
        staged = [parts for parts in staged if parts]
        # Each folder has bounds of its own: the parts of several are sorted together.
        together = [[part] for part in staged[0]] if len(staged) == 1 else [list(chain(*staged))]
        for parts in together:
            yield from self._of_parts(kind, parts)

    def _of_parts(
        self, kind: str, parts: list[_Part], within_bytes: int | None = None
    ) -> Iterator[Iterator[pa.Table]]:
        """Shares sorted in memory if they fit, else split, and each part sorted.

        Args:
            kind: Their kind.
            parts: Where they lie.
            within_bytes: Size of what they were split from, if they were.
        """
        size_bytes = sum(path.stat().st_size for path, _ in parts)
        if size_bytes <= self._room_bytes:
            yield self._in_memory(kind, parts)
        elif within_bytes is not None and size_bytes > _HARDLY_LESS * within_bytes:
            # Opened before it is asked for: by then the folder of parts may be gone.
            [(path, _)] = parts
            yield self._by_engine(kind, pa.ipc.open_stream(pa.OSFile(str(path))))
        else:
            wanted = _PARTS_PER_ROOM * size_bytes // self._room_bytes + 1
            with TemporaryDirectory(prefix="parts-", dir=parts[0][0].parent) as folder:
                bounds = bounds_of(_read(parts), wanted)
                with closing(PartsWriter(Path(folder), "part", bounds, _KEYS)) as writer:
                    for batch in _read(parts):
                        writer.write(batch)
                for path in writer.paths:
                    yield from self._of_parts(kind, [(path, _NONE)], size_bytes)

    def _in_memory(self, kind: str, parts: list[_Part]) -> Iterator[pa.Table]:
        """Sorted at once; the tables are made as they are asked for."""
        shares = pa.Table.from_batches(_read(parts), _KEYS)
        found = sort_shares(shares)
        columns = [one_array(shares[name]) for name in ("account_id", "post_id", "shared_at")]
        return self._in_order(kind, found, columns)

    def _in_order(
        self, kind: str, found: SortedShares, columns: list[pa.Array]
    ) -> Iterator[pa.Table]:
        """Each table's dictionary of objects holds those that it names, and no others."""
        self.merged += len(columns[0]) - len(found.rows)
        for begin in range(0, len(found.rows), _WRITE_ROWS):
            rows = pa.array(found.rows[begin : begin + _WRITE_ROWS])
            ranks = found.ranks[begin : begin + _WRITE_ROWS]
            first, last = int(ranks[0]), int(ranks[-1])
            objects = pa.DictionaryArray.from_arrays(
                pa.array(ranks - np.int32(first)), found.objects.slice(first, last - first + 1)
            )
            account, post, time = (column.take(rows) for column in columns)
            yield _table(kind, account, objects, post, time)

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
        self._connection.unregister("staged_shares")


_KEYS = pa.schema([field.with_nullable(True) for field in SHARES if field.name != "kind"])


_NONE = pa.array([], pa.int64())


def _read(parts: list[_Part]) -> Iterator[pa.RecordBatch]:
    for path, left_out in parts:
        for batch in read_staged(path):
            kept = without_rows(pa.Table.from_batches([batch]), left_out)
            yield from kept.select(_KEYS.names).to_batches()


def _table(
    kind: str, account: pa.Array, objects: pa.Array, post: pa.Array, time: pa.Array
) -> pa.Table:
    kinds = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(len(account), np.int32)), pa.array([kind], pa.string())
    )
    return pa.table([account, kinds, objects, post, time], schema=_WRITTEN)
