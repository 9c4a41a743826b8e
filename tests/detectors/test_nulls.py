"""The comparison nulls' weights against their formulas written out plainly."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detectors.made_shares import Row, arrays_of, first_shares, share_rows

from assay.detectors.nulls import (
    RATE_PRIOR_SHARES,
    hour_profiles,
    rate_of_pairs,
    same_day_weights,
    shuffle_weights,
)

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US


@given(share_rows(objects=6, accounts=12), st.integers(0, 20_000_000))
def test_shuffle_weights_are_the_formula(rows: list[Row], window_us: int) -> None:
    first = first_shares(arrays_of(rows))
    co_timed, every = [], []
    for obj in range(first.object_count):
        times = first.times_us[first.objects == obj].tolist()
        every.append(len(times) * (len(times) - 1) // 2)
        co_timed.append(sum(abs(a - b) <= window_us for a, b in combinations(times, 2)))
    # Sharers 1, 2-3, 4-7, 8-15 … are of similar popularity.
    bins = [int(sharers).bit_length() for sharers in np.diff(first.starts)]
    weights = shuffle_weights(first, window_us)
    for obj in range(first.object_count):
        alike = [other for other in range(first.object_count) if bins[other] == bins[obj]]
        pairs = sum(every[other] for other in alike)
        pooled = sum(co_timed[other] for other in alike) / pairs if pairs else 0.0
        wanted = (co_timed[obj] + 500 * pooled) / (every[obj] + 500)
        assert weights[obj] == pytest.approx(wanted, rel=1e-12)
        assert 0 <= weights[obj] <= 1


@given(share_rows(objects=4, accounts=8, span_us=4 * DAY_US))
def test_same_day_weights_are_the_chance_of_two_draws(rows: list[Row]) -> None:
    first = first_shares(arrays_of(rows))
    weights = same_day_weights(first)
    for obj in range(first.object_count):
        days = (first.times_us[first.objects == obj] // DAY_US).tolist()
        wanted = sum(a == b for a in days for b in days) / len(days) ** 2
        assert weights[obj] == pytest.approx(wanted, rel=1e-12)


@given(share_rows(objects=4, accounts=5, span_us=3 * DAY_US))
def test_profiles_are_shrunk_to_everybodys_hours(rows: list[Row]) -> None:
    shares = arrays_of(rows, 5)
    # Account 3 is not asked for; rows come in the order wanted.
    wanted = np.array([2, 0, 1, -1, 3], np.int32)
    profiles = hour_profiles(shares, wanted)
    assert profiles.shape == (4, 24)
    hours = [at % DAY_US // HOUR_US for _, _, at in rows]
    everybody = np.array([hours.count(hour) for hour in range(24)]) / len(hours)
    for account, row in enumerate(wanted.tolist()):
        if row < 0:
            continue
        own = [at % DAY_US // HOUR_US for _, who, at in rows if who == account]
        counts = np.array([own.count(hour) for hour in range(24)])
        expected = (counts + RATE_PRIOR_SHARES * everybody) / (len(own) + RATE_PRIOR_SHARES)
        np.testing.assert_allclose(profiles[row], expected, rtol=1e-12)
        assert profiles[row].sum() == pytest.approx(1)


def test_the_rate_is_same_day_times_same_hour_times_within_the_hour() -> None:
    # One account at midnight, one spread over two hours, both far from any shrinkage.
    rows = [(0, 0, hour * DAY_US) for hour in range(10_000)]
    rows += [(1, 1, day * DAY_US + (day % 2) * HOUR_US) for day in range(10_000)]
    shares = arrays_of(rows)
    profiles = hour_profiles(shares, np.array([0, 1], np.int32))
    pair = (np.array([0]), np.array([1]))
    rate = rate_of_pairs(profiles, pair, np.array([3.0]), 60_000_000)
    # Half of the second's shares fall into the hour of the first's: 3 · ½ · 120 s / 3600 s.
    assert rate[0] == pytest.approx(3 * 0.5 / 30, rel=0.01)
    hours_wide = rate_of_pairs(profiles, pair, np.array([3.0]), 2 * HOUR_US)
    assert hours_wide[0] == pytest.approx(3 * 0.5, rel=0.01)


def test_nothing_shared_weighs_nothing() -> None:
    empty = arrays_of([])
    assert len(shuffle_weights(empty, 1)) == 0
    assert len(same_day_weights(empty)) == 0
