"""Accounts joined in memory and by the engine: the same of both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assay.engine import staged_accounts
from assay.engine.connection import open_connection
from assay.engine.sorted_shares import room_to_sort
from assay.engine.staged_accounts import STAGED_ACCOUNTS, accounts_by_engine, joined_accounts
from assay.model.tables import ACCOUNTS, UTC_US

ROWS = 4000


def staged(folder: Path, seed: int = 5, moments_apart: int = ROWS) -> Path:
    """What several batches tell of few accounts, at so many moments: gaps everywhere."""
    random = np.random.default_rng(seed)

    def told(values: list[object], kind: pa.DataType) -> pa.Array:
        chosen = random.integers(0, len(values), ROWS)
        return pa.array([values[one] if random.random() < 0.3 else None for one in chosen], kind)

    moments = pa.array(random.permutation(ROWS) % moments_apart * 1_000_000).cast(UTC_US)
    columns = {
        "account_id": pa.array([f"x:{number}" for number in random.integers(0, 300, ROWS)]),
        "platform": pa.repeat(pa.scalar("x"), ROWS),
        "account_created_at": told(
            ["2020-01-02T03:04:05Z", "Thu Mar 05 06:07:08 +0000 2015", "long ago"], pa.string()
        ),
        "followers": told([0, 5, 70], pa.int64()),
        "following": told([1, 2], pa.int64()),
        "verified": told([True, False], pa.bool_()),
        "first_seen_at": moments,
        "last_seen_at": moments,
    }
    for name in ("handle", "display_name", "bio", "url", "publisher"):
        columns[name] = told(["one", "two", "drei"], pa.string())
    path = folder / f"accounts-{seed}.parquet"
    table = pa.table(columns).select(STAGED_ACCOUNTS.names).cast(STAGED_ACCOUNTS)
    pq.write_table(table, path, compression="none")
    return path


def test_memory_and_engine_join_the_same(tmp_path: Path) -> None:
    connection = open_connection(2, 500_000_000, str(tmp_path / "spill"))
    path = staged(tmp_path)
    joined = joined_accounts(connection, [str(path)], room_to_sort(500_000_000))
    assert joined is not None and joined.schema == ACCOUNTS and len(joined) == 300
    by_engine = accounts_by_engine(connection, [str(path)], ROWS).read_all()
    by_engine = by_engine.select(ACCOUNTS.names).cast(ACCOUNTS)
    assert joined.combine_chunks().equals(by_engine.combine_chunks())
    made = joined["created_at"].drop_null().cast(pa.int64()).unique().to_pylist()
    assert sorted(made) == [1425535628_000_000, 1577934245_000_000]


def test_of_rows_at_one_moment_the_first_counts_in_memory_and_by_the_engine(
    tmp_path: Path,
) -> None:
    connection = open_connection(2, 500_000_000, str(tmp_path / "spill"))
    paths = [str(staged(tmp_path, seed, moments_apart=3)) for seed in (7, 6)]
    joined = joined_accounts(connection, paths, room_to_sort(500_000_000))
    by_engine = accounts_by_engine(connection, paths, ROWS).read_all()
    by_engine = by_engine.select(ACCOUNTS.names).cast(ACCOUNTS)
    assert joined is not None
    assert joined.combine_chunks().equals(by_engine.combine_chunks())


def test_what_does_not_fit_is_left_to_the_engine(tmp_path: Path) -> None:
    path = staged(tmp_path)
    connection = open_connection(1, 500_000_000, str(tmp_path / "spill"))
    assert joined_accounts(connection, [str(path)], path.stat().st_size - 1) is None
    assert joined_accounts(connection, [str(path)], path.stat().st_size) is not None


def test_what_one_column_cannot_hold_is_left_to_the_engine_in_any_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = staged(tmp_path)
    connection = open_connection(1, 500_000_000, str(tmp_path / "spill"))
    monkeypatch.setattr(staged_accounts, "COLUMN_BYTES", path.stat().st_size - 1)
    assert joined_accounts(connection, [str(path)], 10**12) is None
