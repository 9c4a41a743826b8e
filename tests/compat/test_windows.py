from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.compat.windows import (
    Neighbours,
    account_blocks,
    group_by_account,
    neighbours_by_bounds,
    neighbours_by_gap,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 60).map(lambda tenths: tenths / 10)),
    min_size=1,
    max_size=40,
).map(sorted)
WINDOWS_S = st.sampled_from([0.0, 0.1, 0.3, 0.7, 1.0, 5.0, 100.0])


@given(ROWS, WINDOWS_S)
def test_neighbours_are_those_of_the_comparison(
    rows: list[tuple[int, float]], window_s: float
) -> None:
    key, time_s = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    by_gap = neighbours_by_gap(key, time_s, window_s)
    by_bounds = neighbours_by_bounds(key, time_s, window_s)
    for p, (own_key, own_s) in enumerate(rows):
        gap = [q for q, (k, s) in enumerate(rows) if k == own_key and abs(s - own_s) <= window_s]
        assert list(range(by_gap.first[p], by_gap.after_last[p])) == gap
        bounds = [
            q
            for q, (k, s) in enumerate(rows)
            if k == own_key and own_s - window_s <= s <= own_s + window_s
        ]
        assert list(range(by_bounds.first[p], by_bounds.after_last[p])) == bounds


@given(st.lists(st.integers(0, 9), min_size=1, max_size=50), st.integers(1, 30))
def test_blocks_cover_each_account_once(accounts: list[int], pairs_per_block: int) -> None:
    account = np.array(accounts)
    near = Neighbours(np.zeros(len(account), np.int64), np.arange(1, len(account) + 1))
    by_account = group_by_account(account, 12)
    blocks = account_blocks(by_account, near, pairs_per_block)
    assert [a for begin, end, _ in blocks for a in range(begin, end)] == list(range(12))
    assert sum(pairs for _, _, pairs in blocks) == int((near.after_last - near.first).sum())
    for begin, end, pairs in blocks:
        assert pairs <= pairs_per_block or end == begin + 1


def test_rows_are_grouped_by_account_then_by_what_is_asked() -> None:
    account, message = np.array([1, 0, 1, 1]), np.array([5, 1, 2, 5])
    grouping = group_by_account(account, 3, message)
    assert grouping.start.tolist() == [0, 1, 4, 4]
    assert grouping.row.tolist() == [1, 2, 0, 3]
    assert group_by_account(account, 2).row.tolist() == [1, 0, 2, 3]


@pytest.mark.parametrize("window_s", [0.0, 60.0])
def test_a_long_day_of_one_object_takes_linear_time(window_s: float) -> None:
    n = 1_000_000
    time_s = np.sort(np.random.default_rng(1).integers(0, 86400, n)).astype(np.float64)
    near = neighbours_by_gap(np.zeros(n, np.int32), time_s, window_s)
    pairs = int((near.after_last - near.first).sum())
    wanted = np.searchsorted(time_s, time_s + window_s, "right") - np.searchsorted(
        time_s, time_s - window_s, "left"
    )
    assert pairs == int(wanted.sum())
