"""Draws are what they say, and stay what they are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.laboratory.draws import Draws

PINNED_UNIFORM = [0.17112918503994268, 0.4540300079483486]
PINNED_WHOLE = [674, 411, 520, 569]
PINNED_ORDER = [5, 4, 2, 1, 0, 3]


def test_a_seed_gives_these_very_draws() -> None:
    """Written down once: any Python and numpy must come to the same numbers."""
    draws = Draws(1, "test")
    assert draws.random(2).tolist() == PINNED_UNIFORM
    assert draws.integers(0, 1000, 4).tolist() == PINNED_WHOLE
    assert draws.permutation(6).tolist() == PINNED_ORDER


def test_stages_and_seeds_are_apart() -> None:
    one = Draws(1, "a").random(1000)
    assert not np.isin(one, Draws(1, "b").random(1000)).any()
    assert not np.isin(one, Draws(2, "a").random(1000)).any()
    assert (one == Draws(1, "a").random(1000)).all()


def test_laws_are_the_ones_named() -> None:
    draws = Draws(5, "laws")
    assert stats.kstest(draws.random(20_000), "uniform").pvalue > 1e-3
    assert stats.kstest(draws.uniform(3.0, 7.0, 20_000), "uniform", (3, 4)).pvalue > 1e-3
    normal = np.log(draws.lognormal(900.0, 1.5, 20_000) / 900.0) / 1.5
    assert stats.kstest(normal, "norm").pvalue > 1e-3
    counts = np.bincount(draws.weighted(np.array([1.0, 0.0, 3.0]), 40_000), minlength=3)
    assert counts[1] == 0
    assert stats.chisquare(counts[[0, 2]], [10_000, 30_000]).pvalue > 1e-3


@given(st.integers(0, 2**31), st.integers(1, 300), st.data())
def test_some_of_are_different_and_in_range(seed: int, count: int, data: st.DataObject) -> None:
    wanted = data.draw(st.integers(0, count))
    taken = Draws(seed, "some").some_of(count, wanted)
    assert len(set(taken.tolist())) == wanted
    assert all(0 <= number < count for number in taken.tolist())


@given(st.integers(0, 2**31), st.integers(-50, 50), st.integers(1, 100))
def test_whole_numbers_stay_below_the_end(seed: int, low: int, span: int) -> None:
    drawn = Draws(seed, "whole").integers(low, low + span, 200)
    assert low <= drawn.min()
    assert drawn.max() < low + span
