from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine import staged_shares
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


def written(
    folders: list[Path], memory_bytes: int, left_out: list[int]
) -> tuple[pa.Table, SharesWriter]:
    room = folders[0]
    writer = SharesWriter(
        open_connection(1, 500_000_000, str(room / "spill")), memory_bytes, Silent()
    )
    target = room / f"{memory_bytes}.parquet"
    writer.write(target, folders, [pa.array(left_out, pa.int64())] * len(folders))
    return pq.read_table(target), writer


NAMES = ("kind", "object_id", "shared_at", "account_id", "post_id")


def told(table: pa.Table) -> list[tuple[Any, ...]]:
    return list(zip(*(table[name].to_pylist() for name in NAMES), strict=True))


def expected(tables: list[pa.Table], left_out: list[int]) -> list[tuple[Any, ...]]:
    rows = pa.concat_tables(tables)
    kept = rows.filter(~np.isin(rows["row"].to_numpy(), left_out))
    return sorted(set(told(kept)))


def stage(folder: Path, tables: list[pa.Table]) -> None:
    with closing(StagedSharesWriter(folder)) as staged:
        for table in tables:
            for begin in range(0, ROWS, 7_000):
                staged.write(table.slice(begin, 7_000))


@pytest.mark.parametrize("one_object", [False, True])
def test_memory_changes_how_shares_are_sorted_but_not_what_comes_out(
    tmp_path: Path, one_object: bool
) -> None:
    tables = [made_up("link", 1, one_object), made_up("hashtag", 2, one_object)]
    stage(tmp_path, tables)

    plenty, in_memory = written([tmp_path], 1 << 30, [1, 5])
    scarce, in_parts = written([tmp_path], 1 << 20, [1, 5])

    found = expected(tables, [1, 5])
    assert told(plenty) == found
    assert plenty.schema.equals(SHARES)
    assert scarce.equals(plenty)
    assert in_memory.merged == in_parts.merged == 2 * (ROWS - 2) - len(found)
    assert in_memory.counts == in_parts.counts
    assert sum(in_memory.counts.values()) == len(found)
    assert not list(tmp_path.rglob("part*"))


def test_ranges_of_one_folder_and_of_several_give_one_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staged_shares, "_FREQUENT_ROWS", 7_000)
    tables = [made_up("link", seed, one_object=False) for seed in (1, 2)]
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder, table in zip(folders, tables, strict=True):
        folder.mkdir()
        stage(folder, [table])
        assert len(staged_shares.staged_parts(folder, "link")) == 8

    for count in (1, 2):
        plenty, in_memory = written(folders[:count], 1 << 30, [1, 5])
        scarce, in_parts = written(folders[:count], 1 << 20, [1, 5])
        assert told(plenty) == expected(tables[:count], [1, 5])
        assert scarce.equals(plenty)
        assert in_memory.counts == in_parts.counts == {"link": len(plenty)}
        assert in_memory.merged == in_parts.merged == count * (ROWS - 2) - len(plenty)
    assert not list(tmp_path.rglob("part*"))
