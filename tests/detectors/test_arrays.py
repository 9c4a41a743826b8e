"""Shares as arrays: counts without a join, what may be dropped, the step of the clock."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.detectors.made_shares import Row, arrays_of, share_rows, slow_pairs

from assay.detectors.arrays import (
    ShareArrays,
    active_flags,
    count_share_pairs,
    detect_resolution_us,
    first_flags,
    group_starts,
    only_objects,
    pairs_per_object,
    share_arrays,
    taken,
)
from assay.errors import CheckFailed

MINUTE_US = 60_000_000


def rows_of(shares: ShareArrays) -> list[Row]:
    columns = (shares.objects.tolist(), shares.accounts.tolist(), shares.times_us.tolist())
    return list(zip(*columns, strict=True))


def network(shares: ShareArrays, window_us: int, min_shared: int) -> dict[tuple[int, int], int]:
    return {
        pair: len(facts.shared)
        for pair, facts in slow_pairs(shares, window_us).items()
        if len(facts.shared) >= min_shared
    }


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 0, 5), (0, 0, 5)],
        [(0, 0, 6), (0, 0, 5)],
        [(0, 1, 5), (0, 0, 5)],
    ],
    ids=["object", "time", "account"],
)
def test_an_engine_that_loses_the_order_is_caught(rows: list[Row]) -> None:
    objects, accounts, times = zip(*rows, strict=True)
    table = pa.table({"object": objects, "account": accounts, "shared_us": times})
    with pytest.raises(CheckFailed):
        share_arrays(table, 2)


def test_no_shares_are_no_objects() -> None:
    empty = arrays_of([])
    assert (len(empty), empty.object_count, group_starts(empty.objects).tolist()) == (0, 0, [0])
    assert count_share_pairs(empty, MINUTE_US) == 0
    assert active_flags(empty, MINUTE_US, 2).tolist() == []


@given(share_rows())
def test_starts_point_at_each_object(rows: list[Row]) -> None:
    shares = arrays_of(rows)
    assert shares.object_count == len({obj for obj, _, _ in rows})
    for index in range(shares.object_count):
        inside = shares.objects[shares.starts[index] : shares.starts[index + 1]]
        assert len(inside) > 0
        assert (inside == index).all()


@given(share_rows(), st.integers(0, MINUTE_US))
def test_share_pairs_are_counted_as_by_hand(rows: list[Row], window_us: int) -> None:
    shares = arrays_of(rows)
    by_hand = [0] * shares.object_count
    for one, other in combinations(rows_of(shares), 2):
        by_hand[one[0]] += one[0] == other[0] and abs(one[2] - other[2]) <= window_us
    assert pairs_per_object(shares, window_us).tolist() == by_hand
    assert count_share_pairs(shares, window_us) == sum(by_hand)


@given(share_rows())
def test_the_first_share_of_each_account_and_object(rows: list[Row]) -> None:
    shares = arrays_of(rows)
    first = taken(shares, first_flags(shares))
    earliest: dict[tuple[int, int], int] = {}
    for obj, account, at in rows_of(shares):
        earliest[obj, account] = min(at, earliest.get((obj, account), at))
    assert sorted((obj, account, at) for obj, account, at in rows_of(first)) == sorted(
        (*key, at) for key, at in earliest.items()
    )


@given(share_rows(), st.data())
def test_taking_some_keeps_the_numbers_of_objects(rows: list[Row], data: st.DataObject) -> None:
    shares = arrays_of(rows)
    size = len(shares)
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    part = taken(shares, keep)
    assert rows_of(part) == [row for row, kept in zip(rows_of(shares), keep, strict=True) if kept]
    assert part.object_count == shares.object_count
    for index in range(part.object_count):
        assert (part.objects[part.starts[index] : part.starts[index + 1]] == index).all()
    assert part.starts[-1] == len(part)


@given(share_rows(), st.data())
def test_leaving_objects_out_numbers_the_rest_anew(rows: list[Row], data: st.DataObject) -> None:
    shares = arrays_of(rows)
    count = shares.object_count
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    rest = only_objects(shares, keep)
    kept = np.flatnonzero(keep)
    assert rest.object_count == len(kept)
    renumbered = [(int(kept[obj]), account, at) for obj, account, at in rows_of(rest)]
    assert renumbered == [row for row in rows_of(shares) if keep[row[0]]]


@given(share_rows(objects=7, accounts=7), st.integers(0, 20_000_000), st.integers(1, 4))
@example([(0, 0, 0), (0, 0, 1), (0, 1, 2)], 1, 1)
def test_dropping_inactive_shares_drops_no_edge(
    rows: list[Row], window_us: int, min_shared: int
) -> None:
    shares = arrays_of(rows)
    active = taken(shares, active_flags(shares, window_us, min_shared))
    assert network(active, window_us, min_shared) == network(shares, window_us, min_shared)


@given(share_rows(objects=3, accounts=4), st.integers(0, 10_000_000))
def test_with_one_object_as_minimum_active_means_having_a_partner(
    rows: list[Row], window_us: int
) -> None:
    shares = arrays_of(rows)
    ordered = rows_of(shares)
    expected = [
        any(
            other[0] == obj and other[1] != account and abs(other[2] - at) <= window_us
            for other in ordered
        )
        for obj, account, at in ordered
    ]
    assert active_flags(shares, window_us, 1).tolist() == expected


@pytest.mark.parametrize("step_us", [86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000])
def test_the_step_of_the_clock_is_seen(step_us: int) -> None:
    rng = np.random.default_rng(1)
    times = rng.integers(0, 10**6, 200) * step_us
    times[0] = 7 * step_us  # so that no coarser step fits
    times[1] = 11 * step_us
    assert detect_resolution_us(times, len(times)) == step_us
    times[5] += 1
    assert detect_resolution_us(times, len(times)) == 1


def test_a_few_round_times_do_not_make_a_coarse_clock() -> None:
    hours = np.arange(49) * 3_600_000_000
    assert detect_resolution_us(hours, len(hours)) == 1_000_000
    assert detect_resolution_us(hours, 50) == 3_600_000_000
    assert detect_resolution_us(np.array([1_500_000]), 1) == 1_000


@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=80))
def test_all_times_are_multiples_of_the_step(times: list[int]) -> None:
    step_us = detect_resolution_us(np.array(times), len(times))
    assert all(at % step_us == 0 for at in times)
