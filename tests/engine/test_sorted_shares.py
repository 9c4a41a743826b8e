from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine.connection import open_connection
from assay.engine.sorted_shares import SharesWriter
from assay.engine.staged_shares import StagedSharesWriter, shares_of_kind
from assay.model.progress import Silent
from assay.model.tables import SHARES, UTC_US

ROWS = 30_000


def made_up(kind: str, seed: int, one_object: bool) -> pa.Table:
    random = np.random.default_rng(seed)
    objects = np.zeros(ROWS, int) if one_object else random.integers(0, 700, ROWS) ** 2 % 1500
    return shares_of_kind(
        kind,
        {
            "account_id": pa.array([f"x:{number}" for number in random.integers(0, 40, ROWS)]),
            "object_id": pa.array([f"https://e{number % 9}.org/{number}" for number in objects]),
            "post_id": pa.array([f"x:{number}" for number in random.integers(0, 3, ROWS)]),
            "shared_at": pa.array(random.integers(0, 50, ROWS) * 60_000_000).cast(UTC_US),
            "row": pa.array(np.arange(1, ROWS + 1)),
        },
    )


def written(folder: Path, memory_bytes: int, left_out: list[int]) -> tuple[pa.Table, SharesWriter]:
    writer = SharesWriter(
        open_connection(1, 500_000_000, str(folder / "spill")), memory_bytes, Silent()
    )
    target = folder / f"{memory_bytes}.parquet"
    writer.write(target, [folder], [pa.array(left_out, pa.int64())])
    return pq.read_table(target), writer


@pytest.mark.parametrize("one_object", [False, True])
def test_memory_changes_how_shares_are_sorted_but_not_what_comes_out(
    tmp_path: Path, one_object: bool
) -> None:
    staged = StagedSharesWriter(tmp_path)
    tables = [made_up("link", 1, one_object), made_up("hashtag", 2, one_object)]
    for table in tables:
        for begin in range(0, ROWS, 7_000):
            staged.write(table.slice(begin, 7_000))
    staged.close()

    plenty, in_memory = written(tmp_path, 1 << 30, [1, 5])
    scarce, in_parts = written(tmp_path, 1 << 20, [1, 5])

    names = ("kind", "object_id", "shared_at", "account_id", "post_id")
    rows = pa.concat_tables(tables).filter(~np.isin(np.tile(np.arange(1, ROWS + 1), 2), [1, 5]))
    expected = sorted(set(zip(*(rows[name].to_pylist() for name in names), strict=True)))
    assert list(zip(*(plenty[name].to_pylist() for name in names), strict=True)) == expected
    assert plenty.schema.equals(SHARES)
    assert scarce.equals(plenty)
    assert in_memory.merged == in_parts.merged == 2 * (ROWS - 2) - len(expected)
    assert in_memory.counts == in_parts.counts
    assert sum(in_memory.counts.values()) == len(expected)
    assert not list(tmp_path.glob("part-*"))
