"""A table of shares written again after its objects changed their names, and so their order."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from assay.engine.connection import memory_limit_bytes, open_connection
from assay.engine.sorted_shares import SharesWriter
from assay.engine.staged_shares import STAGED_SHARES, StagedSharesWriter
from assay.errors import CheckFailed
from assay.model.progress import Progress


@dataclass(frozen=True)
class SortingRoom:
    """What the sort may use.

    Attributes:
        threads: Worker threads.
        memory_bytes: Memory; what does not fit is sorted in parts.
        work: A folder for what is under way; it is gone afterwards.
    """

    threads: int
    memory_bytes: int
    work: Path


def write_reordered(
    shares: Iterable[pa.Table], target: Path, room: SortingRoom, progress: Progress
) -> dict[str, int]:
    """Sort and write shares.

    Args:
        shares: Pieces of a table with the columns of SHARES, in any order.
        target: The Parquet file.
        room: What it may use.
        progress: Told of the rows written.

    Returns:
        Shares by kind.

    Raises:
        CheckFailed: Two shares that were different are the same now.
    """
    room.work.mkdir(parents=True, exist_ok=True)
    rows = 0
    with closing(StagedSharesWriter(room.work)) as staged:
        for piece in shares:
            numbered = piece.append_column("row", pa.repeat(pa.scalar(0, pa.int64()), len(piece)))
            staged.write(numbered.select(STAGED_SHARES.names).cast(STAGED_SHARES))
            rows += len(piece)
    connection = open_connection(room.threads, room.memory_bytes, str(room.work / "spill"))
    try:
        writer = SharesWriter(connection, memory_limit_bytes(connection), progress)
        writer.write(target, [room.work], [pa.array([], pa.int64())])
    finally:
        connection.close()
        shutil.rmtree(room.work, ignore_errors=True)
    if writer.merged or sum(writer.counts.values()) != rows:
        raise CheckFailed(
            f"{rows} shares became {sum(writer.counts.values())}",
            fix="please report this; nothing was written",
        )
    return writer.counts
