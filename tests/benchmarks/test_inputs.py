"""Benchmark inputs are what they claim: counted exactly, seeded, shaped by their exponents."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from benchmarks.inputs import (
    INPUTS,
    SPAN_S,
    START_S,
    ShareInput,
    count_of,
    count_share_pairs,
    draw_ranks,
    find_input,
    share_chunks,
    write_share_table,
)
from hypothesis import given
from hypothesis import strategies as st

SMALL = ShareInput("flat", 4_500, 600, 18.0, 0)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 300)), max_size=40),
    st.integers(0, 120),
)
def test_pairs_are_counted_as_by_hand(rows: list[tuple[int, int, int]], window_s: int) -> None:
    by_hand = sum(
        first[0] == second[0] and first[1] != second[1] and abs(first[2] - second[2]) <= window_s
        for place, first in enumerate(rows)
        for second in rows[place + 1 :]
    )
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    counted = count_share_pairs(columns[0], columns[1], columns[2] + START_S, window_s)
    assert counted == by_hand


@pytest.mark.parametrize(("exponent", "shift"), [(1.05, 10.0), (1.1, 0.0), (1.1, 500.0)])
def test_ranks_follow_the_law(exponent: float, shift: float) -> None:
    ranks = 2000
    drawn = draw_ranks(np.random.default_rng(3), 400_000, ranks, exponent, shift)
    assert drawn.min() >= 0
    assert drawn.max() < ranks
    weights = (np.arange(1, ranks + 1) + shift) ** -exponent
    for first, last in ((1, 5), (5, 50), (50, 500), (500, 2000)):
        expected = weights[first:last].sum() / weights.sum()
        share = ((drawn >= first) & (drawn < last)).mean()
        # The integral stands for the sum: exact but for the first ranks without a shift.
        assert share == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("ids", ["int", "string"])
def test_file_holds_the_rows_whatever_the_ids(ids: str, tmp_path: Path) -> None:
    write_share_table(SMALL, tmp_path / "a.parquet", ids=ids)
    write_share_table(SMALL, tmp_path / "b.parquet", ids=ids)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.column_names == ["object_id", "account_id", "content_id", "timestamp_share"]
    assert table.num_rows == SMALL.shares
    assert len(table["content_id"].unique()) == SMALL.shares
    assert str(table.schema.field("account_id").type) == ("int64" if ids == "int" else "string")
    ((objects, accounts, at_s),) = share_chunks(SMALL, seed=1)
    assert table["timestamp_share"].to_numpy().tolist() == at_s.tolist()
    numbers = [int(str(item).rsplit("/")[-1]) for item in table["object_id"].to_pylist()]
    assert numbers == objects.tolist()
    assert accounts.max() < SMALL.accounts
    assert at_s.min() >= START_S
    assert at_s.max() < START_S + SPAN_S


def test_other_seed_other_rows() -> None:
    first, second = (next(share_chunks(SMALL, seed))[0] for seed in (1, 2))
    assert (first != second).any()


def test_a_smaller_shift_makes_larger_hubs() -> None:
    assert count_of(replace(SMALL, object_shift=1.0), 1) > 3 * count_of(SMALL, 1)


@pytest.mark.parametrize("spec", [item for item in INPUTS if item.shares <= 1_000_000], ids=str)
def test_inputs_come_near_their_aim(spec: ShareInput) -> None:
    assert find_input(*spec.name.rsplit("-", 1)) is spec
    assert 0.8 * spec.target_pairs < count_of(spec, 1) < 1.25 * spec.target_pairs
