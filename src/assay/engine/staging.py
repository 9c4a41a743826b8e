"""Where an import's tables grow file by file, and how they become a dataset.

Each input file has a folder of its own with its posts, shares, accounts and rejects. A folder
that holds ``done.json`` is whole: an interrupted import goes on behind it. At the end everything
is joined, doubles of posts are taken out, and shares are sorted; the sort spills when it must.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.derive import STAGED_SHARES, Derived
from assay.engine.read import RawReject
from assay.engine.staged_accounts import STAGED_ACCOUNTS
from assay.errors import CheckFailed
from assay.model.dataset import Dataset
from assay.model.progress import Progress
from assay.model.tables import ACCOUNTS, POSTS, REJECTS, SHARES

POSTS_OPTIONS: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": ["account_id", "platform", "kind", "language", "client", "source"],
}
_SORT_KEYS = ("kind", "object_id", "shared_at", "account_id", "post_id")
_WRITE_ROWS = 1 << 17


@dataclass(frozen=True)
class Folder:
    """The folder of one input file."""

    path: Path

    @property
    def done(self) -> Path:
        """Written last; holds what was counted."""
        return self.path / "done.json"

    def table(self, name: str) -> Path:
        """One of its Parquet files."""
        return self.path / f"{name}.parquet"

    def finished(self) -> dict[str, Any] | None:
        """What an earlier run wrote down when it finished this file; None if it did not."""
        try:
            result: dict[str, Any] = json.loads(self.done.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return result

    def finish(self, notes: dict[str, Any]) -> None:
        """Say that the folder is whole."""
        unfinished = self.done.with_suffix(".part")
        unfinished.write_text(json.dumps(notes, ensure_ascii=False), "utf-8")
        unfinished.replace(self.done)


class FolderWriter:
    """Writes the tables of one input file as its batches come."""

    def __init__(self, folder: Folder, source: str) -> None:
        self._folder = folder
        self._source = source
        self._stack = ExitStack()
        self.posts = self.shares = self.rejects = 0

    def __enter__(self) -> FolderWriter:
        self._folder.path.mkdir(parents=True, exist_ok=True)
        plain = {"compression": "none", "use_dictionary": False, "write_statistics": False}
        self._posts = self._open("posts", POSTS, **POSTS_OPTIONS)
        self._shares = self._open("shares", STAGED_SHARES, **plain | {"use_dictionary": ["kind"]})
        self._accounts = self._open("accounts", STAGED_ACCOUNTS, **plain)
        self._rejects = self._open("rejects", REJECTS, compression="zstd")
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def write(self, derived: Derived) -> None:
        """Add what one batch gave."""
        if len(derived.posts):
            self._posts.write_table(derived.posts.cast(POSTS))
        self._shares.write_table(derived.shares)
        self._accounts.write_table(derived.accounts.cast(STAGED_ACCOUNTS))
        self.posts += len(derived.posts)
        self.shares += len(derived.shares)
        self.reject(derived.rejects)

    def reject(self, rejects: list[RawReject]) -> None:
        """Add rows that could not be used."""
        self.rejects += len(rejects)
        if rejects:
            self._rejects.write_table(rejects_table(self._source, rejects))

    def _open(self, name: str, schema: pa.Schema, **options: Any) -> pq.ParquetWriter:
        return self._stack.enter_context(
            pq.ParquetWriter(self._folder.table(name), schema, **options)
        )


def rejects_table(source: str, rejects: list[RawReject]) -> pa.Table:
    """Rejects as rows of the table ``rejects``."""
    return pa.table(
        {
            "source": pa.repeat(pa.scalar(source), len(rejects)),
            "row": [reject.row for reject in rejects],
            "column": [reject.column for reject in rejects],
            "reason": [reject.reason for reject in rejects],
            "raw": [reject.raw for reject in rejects],
        },
        schema=REJECTS,
    )


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
                    kept = _without_rows(pa.Table.from_batches([batch]), doubled)
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
                    tables.append(rejects_table(source, _repeats(doubled)))
                table = pa.concat_tables(tables)
                if len(table):
                    writer.write_table(table.sort_by("row").cast(REJECTS))

    def _write_accounts(self) -> None:
        result = self._connection.sql(
            """
            SELECT
                account_id,
                split_part(account_id, ':', 1) AS platform,
                arg_max(handle, last_seen_at) AS handle,
                arg_max(display_name, last_seen_at) AS display_name,
                arg_max(bio, last_seen_at) AS bio,
                arg_max(url, last_seen_at) AS url,
                coalesce(
                    TRY_CAST(arg_max(account_created_at, last_seen_at) AS TIMESTAMPTZ),
                    try_strptime(arg_max(account_created_at, last_seen_at),
                        ['%a %b %d %H:%M:%S %z %Y'])) AS created_at,
                arg_max(followers, last_seen_at) AS followers,
                arg_max(following, last_seen_at) AS following,
                arg_max(verified, last_seen_at) AS verified,
                'unknown' AS status,
                NULL::VARCHAR AS publisher,
                NULL::VARCHAR AS declared_affiliation,
                NULL::VARCHAR AS avatar_hash,
                min(first_seen_at) AS first_seen_at,
                max(last_seen_at) AS last_seen_at
            FROM (
                FROM read_parquet($accounts)
                UNION ALL BY NAME
                -- Share tables say nothing of accounts but when they were seen.
                SELECT account_id, min(shared_at) AS first_seen_at,
                    max(shared_at) AS last_seen_at
                FROM read_parquet($shares)
                GROUP BY account_id
            )
            GROUP BY account_id
            ORDER BY account_id
            """,
            params={"accounts": self._paths("accounts"), "shares": self._paths("shares")},
        ).to_arrow_reader(_WRITE_ROWS)
        with pq.ParquetWriter(self._target.accounts, ACCOUNTS, compression="zstd") as writer:
            for batch in result:
                self.accounts += len(batch)
                writer.write_batch(batch.select(ACCOUNTS.names).cast(ACCOUNTS))

    def _write_shares(self, repeated: pa.Table) -> None:
        """Sorted, checked, exact repeats merged."""
        previous: pa.Table | None = None
        options: dict[str, Any] = {
            "compression": "zstd",
            "use_dictionary": ["kind", "object_id"],
        }
        with pq.ParquetWriter(self._target.shares, SHARES, **options) as writer:
            for batch in self._sorted_shares(repeated):
                table = pa.Table.from_batches([batch])
                joined = table if previous is None else pa.concat_tables([previous, table])
                fresh = _later_than_predecessor(joined.combine_chunks())
                if previous is None:
                    fresh = np.concatenate(([True], fresh))
                self.merged_shares += int((~fresh).sum())
                kept = table if fresh.all() else table.filter(pa.array(fresh))
                previous = table.slice(len(table) - 1)
                for entry in kept["kind"].value_counts():
                    kind = entry["values"].as_py()
                    self.share_counts[kind] = (
                        self.share_counts.get(kind, 0) + entry["counts"].as_py()
                    )
                writer.write_table(kept.cast(SHARES))
                self._progress.advance(len(table))

    def _sorted_shares(self, repeated: pa.Table) -> Iterator[pa.RecordBatch]:
        paths = self._paths("shares")
        if len(repeated):
            self._connection.register("repeated", repeated.select(["folder", "row"]))
            source = """
                SELECT s.* FROM (
                    SELECT *, list_position($paths, filename) - 1 AS folder
                    FROM read_parquet($paths, filename = true)
                ) AS s ANTI JOIN repeated AS r ON s.folder = r.folder AND s.row = r.row
            """
        else:
            source = "SELECT * FROM read_parquet($paths)"
        statement = f"""
            SELECT account_id, kind, object_id, post_id, shared_at
            FROM ({source})
            ORDER BY kind, object_id, shared_at, account_id, post_id
        """  # noqa: S608 - the source is one of two constants
        yield from self._connection.sql(statement, params={"paths": paths}).to_arrow_reader(
            _WRITE_ROWS
        )


def _link(source: Path, target: Path) -> None:
    """One file under a second name; a copy where the file system knows no hard links."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _later_than_predecessor(rows: pa.Table) -> np.ndarray:
    """For each row but the first: False if it repeats the row before it exactly.

    Raises:
        CheckFailed: A row comes before its predecessor in the order of the sort.
    """
    count = len(rows) - 1
    undecided = np.ones(count, bool)
    for name in _SORT_KEYS:
        before, after = rows[name].slice(0, count), rows[name].slice(1)
        if bool((pc.less(after, before).to_numpy() & undecided).any()):
            raise CheckFailed(f"shares came out of the sort in the wrong order of {name}")
        undecided &= pc.equal(after, before).to_numpy()
        if not undecided.any():
            break
    return ~undecided


def _rows_of(repeated: pa.Table, number: int) -> pa.Array:
    return repeated.filter(pc.equal(repeated["folder"], number))["row"].combine_chunks()


def _without_rows(table: pa.Table, rows: pa.Array) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table["row"], rows))) if len(rows) else table


def _repeats(rows: pa.Table) -> list[RawReject]:
    return [
        RawReject(row, "post_id", "a post with this id came before", f"{post_id} | {text or ''}")
        for row, post_id, text in zip(
            rows["row"].to_pylist(),
            rows["post_id"].to_pylist(),
            rows["text"].to_pylist(),
            strict=True,
        )
    ]
