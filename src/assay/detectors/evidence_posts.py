"""Copies the posts behind findings, or the shares themselves where the data hold no post."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.detectors.kept_edges import codes_of
from assay.engine.parquet_rows import TableStream, collect, row_batches, take_rows
from assay.model.tables import POSTS, SHARES

POSTS_BYTES = 200_000_000
"""Posts that are held in memory while the findings of a group are written."""


def write_posts(posts: Path, shares: pa.Table, findings: Sequence[tuple[Path, np.ndarray]]) -> None:
    """Write ``posts.parquet`` and, for shares without a post, ``shares.parquet``.

    Args:
        posts: The dataset's posts; rows are copied in its order.
        shares: Shares behind the findings, schema SHARES.
        findings: For each its folder, and its rows of ``shares``, ascending.
    """
    found = _PostRows(posts, shares["post_id"].combine_chunks())
    own = [found.of_shares(rows) for _, rows in findings]
    for (folder, _), (_, without) in zip(findings, own, strict=True):
        if len(without):
            with TableStream(folder / "shares.parquet", SHARES) as stream:
                stream.write(shares.take(pa.array(without)))
    limit = max(1, POSTS_BYTES // _bytes_per_row(posts))
    waiting: list[tuple[Path, np.ndarray]] = []
    for (folder, _), (rows, _) in zip(findings, own, strict=True):
        if waiting and sum(len(other) for _, other in waiting) + len(rows) > limit:
            _copy(posts, waiting)
            waiting = []
        if len(rows):
            waiting.append((folder, rows))
    _copy(posts, waiting)


def _bytes_per_row(path: Path) -> int:
    """What a row takes up at most when it is read: strings are stored once where they recur."""
    metadata = pq.read_metadata(path)
    groups = range(metadata.num_row_groups)
    total = sum(metadata.row_group(group).total_byte_size for group in groups)
    return int(300 + total // max(1, metadata.num_rows))


def _copy(path: Path, wanted: list[tuple[Path, np.ndarray]]) -> None:
    """Copy rows of the posts, by number, to each finding's folder."""
    if len(wanted) == 1:
        folder, rows = wanted[0]
        with TableStream(folder / "posts.parquet", POSTS) as stream:
            for _, batch in take_rows(path, rows, POSTS.names):
                stream.write(batch)
    elif wanted:
        every = np.unique(np.concatenate([rows for _, rows in wanted]))
        table = collect(take_rows(path, every, POSTS.names), POSTS)
        for folder, rows in wanted:
            with TableStream(folder / "posts.parquet", POSTS) as stream:
                stream.write(table.take(pa.array(np.searchsorted(every, rows))))


class _PostRows:
    """Where the posts of some shares stand in the table of posts."""

    def __init__(self, path: Path, wanted: pa.Array) -> None:
        ids = pc.unique(wanted)
        self._code_of_share = codes_of(wanted, ids)
        codes, rows = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        for first_row, batch in row_batches(path, ["post_id"], 1 << 20):
            found = codes_of(batch["post_id"], ids)
            hits = np.flatnonzero(found >= 0)
            codes.append(found[hits])
            rows.append(first_row + hits)
        code = np.concatenate(codes)
        order = np.argsort(code, kind="stable")
        self._code, self._row = code[order], np.concatenate(rows)[order]

    def of_shares(self, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Row numbers of the posts of some shares, ascending, and the shares without a post.

        A post id that stands in several rows of the table brings all of them.
        """
        codes = self._code_of_share[shares]
        low = np.searchsorted(self._code, codes, "left")
        count = np.searchsorted(self._code, codes, "right") - low
        steps = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.unique(self._row[np.repeat(low, count) + steps]), shares[count == 0]
