"""Finished folders of single files made one dataset.

Everything is joined, doubles of posts are taken out, and shares are sorted.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.connection import memory_limit_bytes
from assay.engine.read import RawReject
from assay.engine.sorted_shares import SharesWriter, room_to_sort
from assay.engine.staged_accounts import accounts_by_engine, joined_accounts
from assay.engine.staged_shares import without_rows
from assay.engine.staging import POSTS_OPTIONS, Folder, rejects_table
from assay.model.dataset import Dataset
from assay.model.progress import Progress
from assay.model.tables import ACCOUNTS, POSTS, REJECTS

_WRITE_ROWS = 1 << 17
_HASH_BYTES = 8
_ACCOUNTS_OPTIONS: dict[str, Any] = {
    "compression": "zstd",
    # All else is each account's own: a dictionary of it would be begun and given up.
    "use_dictionary": ["platform", "status", "publisher"],
}
_REPEATED = pa.schema(
    [
        pa.field("folder", pa.int32()),
        pa.field("row", pa.int64()),
        pa.field("source", pa.string()),
        pa.field("post_id", pa.string()),
        pa.field("text", pa.string()),
    ]
)
"""Posts whose id was seen before."""


class Assembly:
    """Makes a dataset out of finished folders.

    Attributes:
        repeated: Repeated posts per folder, taken out and added to the rejects.
        merged_shares: Shares that repeated another exactly, merged into one.
        share_counts: Shares per kind, as written.
        accounts: Number of accounts.
        posts: Number of posts.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folders: list[Folder],
        target: Dataset,
        progress: Progress,
    ) -> None:
        self._progress = progress
        self._connection = connection
        self._folders = folders
        self._target = target
        self._memory_bytes = memory_limit_bytes(connection)
        self.repeated: dict[int, int] = {}
        self.merged_shares = 0
        self.share_counts: dict[str, int] = {}
        self.accounts = self.posts = 0

    def run(self) -> None:
        """Write posts, rejects, accounts and shares.

        Raises:
            CheckFailed: The shares were not written in order.
        """
        repeated = self._repeated_posts()
        self._write_posts(repeated)
        self._write_rejects(repeated)
        self._write_accounts()
        self._write_shares(repeated)

    def _paths(self, name: str) -> list[str]:
        return [str(folder.table(name)) for folder in self._folders]

    def _repeated_posts(self) -> pa.Table:
        """Every post whose id was seen before, in the order of the files: number of the
        folder, row, source, id and text.
        """
        if not self._ids_may_repeat():
            return _REPEATED.empty_table()
        return self._connection.sql(
            """
            SELECT folder, row, source, post_id, left(text, 500) AS text
            FROM (
                SELECT *, row_number() OVER (PARTITION BY post_id ORDER BY folder, row) AS place
                FROM (
                    SELECT list_position($paths, filename) - 1 AS folder, row, source, post_id,
                        text
                    FROM read_parquet($paths, filename = true)
                    WHERE post_id IN (
                        SELECT post_id FROM read_parquet($paths)
                        GROUP BY post_id HAVING count(*) > 1
                    )
                )
            )
            WHERE place > 1
            ORDER BY folder, row
            """,
            params={"paths": self._paths("posts")},
        ).to_arrow_table()

    def _ids_may_repeat(self) -> bool:
        """Whether two posts may have the same id: their hashes, soon sorted, tell where none do."""
        paths = self._paths("posts")
        posts = sum(pq.read_metadata(path).num_rows for path in paths)
        if posts * _HASH_BYTES > room_to_sort(self._memory_bytes):
            return True
        found = self._connection.sql(
            "SELECT hash(post_id) AS hash FROM read_parquet($paths)", params={"paths": paths}
        ).to_arrow_table()
        hashes = np.sort(found["hash"].to_numpy())
        return bool((hashes[1:] == hashes[:-1]).any())

    def _write_posts(self, repeated: pa.Table) -> None:
        if len(self._folders) == 1 and not len(repeated):
            source = self._folders[0].table("posts")
            self.posts = pq.read_metadata(source).num_rows
            _link(source, self._target.posts)
            return
        with pq.ParquetWriter(self._target.posts, POSTS, **POSTS_OPTIONS) as writer:
            for number, folder in enumerate(self._folders):
                doubled = _rows_of(repeated, number)
                for batch in pq.ParquetFile(folder.table("posts")).iter_batches(_WRITE_ROWS):
                    kept = without_rows(pa.Table.from_batches([batch]), doubled)
                    writer.write_table(kept.cast(POSTS))
                    self.posts += len(kept)

    def _write_rejects(self, repeated: pa.Table) -> None:
        with pq.ParquetWriter(self._target.rejects, REJECTS, compression="zstd") as writer:
            for number, folder in enumerate(self._folders):
                tables = [pq.read_table(folder.table("rejects"))]
                doubled = repeated.filter(pc.equal(repeated["folder"], number))
                if len(doubled):
                    source = doubled["source"][0].as_py()
                    self.repeated[number] = len(doubled)
                    told = (folder.finished() or {}).get("mapping", {})
                    column = told.get("post_id") or told.get("url") or "post_id"
                    tables.append(rejects_table(source, _repeats(doubled, column)))
                table = pa.concat_tables(tables)
                if len(table):
                    writer.write_table(table.sort_by("row").cast(REJECTS))

    def _write_accounts(self) -> None:
        with pq.ParquetWriter(self._target.accounts, ACCOUNTS, **_ACCOUNTS_OPTIONS) as writer:
            paths = self._paths("accounts")
            joined = joined_accounts(self._connection, paths, room_to_sort(self._memory_bytes))
            for batch in (
                accounts_by_engine(self._connection, paths, _WRITE_ROWS)
                if joined is None
                else joined.to_batches(_WRITE_ROWS)
            ):
                self.accounts += len(batch)
                writer.write_batch(batch.select(ACCOUNTS.names).cast(ACCOUNTS))

    def _write_shares(self, repeated: pa.Table) -> None:
        writer = SharesWriter(self._connection, self._memory_bytes, self._progress)
        writer.write(
            self._target.shares,
            [folder.path for folder in self._folders],
            [_rows_of(repeated, number) for number in range(len(self._folders))],
        )
        self.share_counts, self.merged_shares = writer.counts, writer.merged


def _link(source: Path, target: Path) -> None:
    """One file under a second name; a copy where the file system knows no hard links."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _rows_of(repeated: pa.Table, number: int) -> pa.Array:
    return repeated.filter(pc.equal(repeated["folder"], number))["row"].combine_chunks()


def _repeats(rows: pa.Table, column: str) -> list[RawReject]:
    return [
        RawReject(row, column, "a post with this id came before", f"{post_id} | {text or ''}")
        for row, post_id, text in zip(
            rows["row"].to_pylist(),
            rows["post_id"].to_pylist(),
            rows["text"].to_pylist(),
            strict=True,
        )
    ]
