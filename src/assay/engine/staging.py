"""Where an import's tables grow, file by file.

Each input file has a folder of its own with its posts, shares, accounts and rejects. A folder
that holds ``done.json`` is whole: an interrupted import goes on behind it.
"""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.behind import WriterBehind
from assay.engine.derived import Derived
from assay.engine.read import RawReject
from assay.engine.staged_accounts import STAGED_ACCOUNTS
from assay.engine.staged_shares import StagedSharesWriter
from assay.model.tables import POSTS, REJECTS

POSTS_OPTIONS: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": ["account_id", "platform", "kind", "language", "client", "source"],
    # What they differ by from row to row is smaller and quicker to pack than they are.
    "column_encoding": dict.fromkeys(("created_at", "row"), "DELTA_BINARY_PACKED"),
    # Bounds help where a file's rows stand in their order; those of texts and links never do.
    "write_statistics": ["post_id", "created_at", "row"],
}


DONE_NAME = "done.json"


@dataclass(frozen=True)
class Folder:
    """The folder of one input file."""

    path: Path

    @property
    def done(self) -> Path:
        """Written last; holds what was counted."""
        return self.path / DONE_NAME

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
        self._posts = self._stack.enter_context(
            WriterBehind(self._folder.table("posts"), POSTS, POSTS_OPTIONS)
        )
        self._shares = self._stack.enter_context(closing(StagedSharesWriter(self._folder.path)))
        self._accounts = self._open("accounts", STAGED_ACCOUNTS, **plain)
        self._rejects = self._open("rejects", REJECTS, compression="zstd")
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def write(self, derived: Derived) -> None:
        """Add what one batch gave."""
        if len(derived.posts):
            self._posts.write_table(derived.posts.cast(POSTS))
        self._shares.write(derived.shares)
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
