"""Intervals against scipy's, and what they promise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.laboratory.intervals import (
    binomial_at_least,
    clopper_pearson,
    mean_interval,
    most_at_level,
    wilson,
)


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    trials = draw(st.integers(1, 300))
    return draw(st.integers(0, trials)), trials


@given(counts(), st.sampled_from([0.9, 0.95, 0.99]))
def test_intervals_are_those_of_scipy(count: tuple[int, int], level: float) -> None:
    hits, trials = count
    test = stats.binomtest(hits, trials)
    for mine, method in ((clopper_pearson, "exact"), (wilson, "wilson")):
        theirs = test.proportion_ci(level, method=method)
        assert mine(hits, trials, level) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(counts(), st.floats(0.001, 0.999))
def test_the_tail_is_that_of_scipy(count: tuple[int, int], share: float) -> None:
    hits, trials = count
    assert binomial_at_least(hits, trials, share) == pytest.approx(
        stats.binom.sf(hits - 1, trials, share), rel=1e-9, abs=1e-12
    )


def test_edges_of_the_tail() -> None:
    assert binomial_at_least(0, 5, 0.0) == 1.0
    assert binomial_at_least(1, 5, 0.0) == 0.0
    assert binomial_at_least(6, 5, 0.9) == 0.0
    assert binomial_at_least(5, 5, 1.0) == 1.0
    assert clopper_pearson(0, 0) == wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 400), st.floats(0.001, 0.3), st.floats(0.001, 0.2))
def test_the_bound_is_the_smallest_that_is_exceeded_rarely_enough(
    trials: int, share: float, tail: float
) -> None:
    most = most_at_level(trials, share, tail)
    assert stats.binom.sf(most, trials, share) <= tail * (1 + 1e-9)
    assert most == 0 or stats.binom.sf(most - 1, trials, share) > tail * (1 - 1e-9)


def test_the_mean_has_a_normal_interval() -> None:
    mean, low, high = mean_interval([0.0, 1.0] * 50)
    assert mean == 0.5
    assert (low, high) == pytest.approx((0.5 - 0.0985, 0.5 + 0.0985), abs=1e-3)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_the_interval_of_a_mean_holds_it(values: list[float]) -> None:
    mean, low, high = mean_interval(values)
    assert 0 <= low <= mean + 1e-12
    assert mean - 1e-12 <= high <= 1


def test_equal_values_still_leave_doubt() -> None:
    assert mean_interval([0.0] * 40) == (0.0, 0.0, clopper_pearson(0, 40)[1])
    mean, low, high = mean_interval([1.0] * 40)
    assert (mean, high) == (1.0, 1.0)
    assert low == pytest.approx(clopper_pearson(40, 40)[0])
    assert mean_interval([]) == (0.0, 0.0, 1.0)
