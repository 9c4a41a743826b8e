"""Accounts that names led to, on disk in blocks: memory stays bounded, and a stopped run goes on.

Tens of millions of accounts are compared, and few are followed up. Those few are kept with what
their names say in one file for each block of rows; blocks that are there already are not made
again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_type_hints

import pyarrow as pa
import pyarrow.parquet as pq

from assay.identities.account_rows import AccountBatch, count_accounts, read_accounts
from assay.identities.compile import Compiled
from assay.identities.impersonation import judge
from assay.identities.weigh import Account, Verdict, Weighed
from assay.model.progress import Progress

LEAST_SCORE = 0.15
"""Names that weigh less are not followed up."""
BLOCK_ROWS = 200_000
"""Accounts of one block: a few CPU-seconds of work are lost when a run is stopped."""
PIECE_ROWS = 20_000
"""Accounts that are followed up at once."""
Judged = tuple[Account, Weighed]

_TYPES = {
    str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64(),
    tuple[str, ...]: pa.list_(pa.string()), Verdict | None: pa.string(),
}  # fmt: skip
_FIELDS = get_type_hints(Account), get_type_hints(Weighed)
_SCHEMA = pa.schema([(name, _TYPES[told]) for some in _FIELDS for name, told in some.items()])


@dataclass(frozen=True)
class Work:
    """Where blocks are kept while a run lasts.

    Attributes:
        folder: Of the blocks.
    """

    folder: Path

    def blocks(self) -> list[Path]:
        """Blocks that are done, in the order of their rows."""
        return sorted(self.folder.glob("*.parquet"))

    def begin(self, key: str) -> None:
        """Make the folder, empty but for blocks of the same key.

        Args:
            key: Says what blocks are made of; blocks of anything else are thrown away.
        """
        told = self.folder / "key"
        if not (told.is_file() and told.read_text("ascii") == key):
            self.clear()
        self.folder.mkdir(parents=True, exist_ok=True)
        told.write_text(key, encoding="ascii")

    def clear(self) -> None:
        """Take it all away."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class JudgedAccounts:
    """Accounts that names led to; they may be gone through again and again.

    Attributes:
        blocks: Files that hold them.
        read: Accounts compared.
    """

    blocks: Sequence[Path]
    read: int

    def __iter__(self) -> Iterator[list[Judged]]:
        """Pieces of them, in the order of the table."""
        for path in self.blocks:
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(PIECE_ROWS):
                    yield [_judged(row) for row in batch.to_pylist()]


def judge_accounts(
    accounts: Path, register: Compiled, today: date, work: Work, progress: Progress
) -> JudgedAccounts:
    """Compare all names with the register's.

    Args:
        accounts: A table of accounts.
        register: The register.
        today: The day that handles' dates are held against.
        work: Where blocks are kept; begun.
        progress: Told how far it is.

    Raises:
        InputError: The table cannot be read.
    """
    done = _end(work.blocks())
    progress.stage("Comparing names", total=count_accounts(accounts), unit="accounts")
    if done:
        progress.note(f"{done:,} accounts were compared by a run that was stopped; it goes on")
        progress.advance(done)
    batches = read_accounts(accounts, after=done)
    batch = next(batches, None)
    while batch is not None:
        first, unfinished = done, work.folder / "unfinished"
        with pq.ParquetWriter(unfinished, _SCHEMA) as writer:
            while batch is not None and done - first < BLOCK_ROWS:
                writer.write_table(_followed_up(batch, register, today))
                done += len(batch)
                progress.advance(len(batch))
                batch = next(batches, None)
        unfinished.rename(work.folder / f"{first:012d}-{done:012d}.parquet")
    return JudgedAccounts(work.blocks(), done)


def _end(blocks: Sequence[Path]) -> int:
    return int(blocks[-1].stem.partition("-")[2]) if blocks else 0


def _followed_up(batch: AccountBatch, register: Compiled, today: date) -> pa.Table:
    rows = [
        account._asdict() | asdict(said)
        for account, said in judge(batch, register, today)
        if said.verdict is not None or said.labelled or said.score >= LEAST_SCORE
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _judged(row: dict[str, Any]) -> Judged:
    account, said = ({name: row[name] for name in some} for some in _FIELDS)
    return Account(**account), Weighed(**said | {"reasons": tuple(said["reasons"])})
