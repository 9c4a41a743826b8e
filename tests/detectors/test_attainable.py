"""The p-values that discrete tests can have, and q-values that know of them."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.detectors.attainable import expected_below, no_tests, tails_and_expected
from assay.detectors.chance import MOST_P, benjamini_hochberg, discrete_q_values

LAWS = st.lists(
    st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4
)
STEP = 1.012
"""From one level of the grid to the next."""


def laws_of(tests: list[list[tuple[int, int, int]]]) -> tuple[np.ndarray, np.ndarray]:
    """Tests as laws of their trials, one after the other, and where each begins."""
    rows = np.array([trial for test in tests for trial in test], np.float64)
    bounds = np.cumsum([0, *map(len, tests)])
    return (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32), bounds


def attained(law: np.ndarray) -> list[tuple[float, float]]:
    """Every outcome of a test: its p, and its probability; by going through all of them."""
    scaled = law.astype(np.float64) / law.sum(axis=1, dtype=np.float64, keepdims=True)
    chances: dict[int, float] = {}
    for outcome in product(range(law.shape[1]), repeat=len(law)):
        chance = float(np.prod([scaled[row, score] for row, score in enumerate(outcome)]))
        chances[sum(outcome)] = chances.get(sum(outcome), 0.0) + chance
    return [
        (sum(chances[other] for other in chances if other >= score), chance)
        for score, chance in sorted(chances.items())
    ]


@settings(max_examples=40)
@given(tests=st.lists(LAWS, min_size=1, max_size=3), data=st.data())
def test_tails_and_expected_numbers_are_those_of_all_outcomes(
    tests: list[list[tuple[int, int, int]]], data: st.DataObject
) -> None:
    law, bounds = laws_of(tests)
    own = [law[begin:end] for begin, end in pairwise(bounds)]
    score = np.array([data.draw(st.integers(0, 2 * len(one))) for one in own])
    expected = no_tests()
    tails = tails_and_expected(law, bounds, score, expected)
    for one, reached, tail in zip(own, score, tails, strict=True):
        told = dict(zip(range(2 * len(one) + 1), attained(one), strict=False))
        at_least = sum(chance for place, (_, chance) in told.items() if place >= reached)
        assert tail == pytest.approx(at_least, rel=1e-5, abs=1e-12)
    assert expected.sum() == pytest.approx(len(own), rel=1e-5)
    # At every p that was observed: at least what all outcomes say, at most what they say a step on.
    reached_p = tails[tails > 1e-11]
    outcomes = [one for law_of_test in own for one in attained(law_of_test)]
    for p_value, found in zip(reached_p, expected_below(expected, reached_p), strict=True):
        least = sum(chance for p, chance in outcomes if p <= p_value * (1 - 1e-6))
        most = sum(chance for p, chance in outcomes if p <= p_value * STEP)
        assert least * (1 - 1e-5) - 1e-12 <= found <= most * (1 + 1e-5) + 1e-12


def test_tests_that_cannot_come_near_a_small_p_do_not_count() -> None:
    """A hundred tests with one coin each cost the first its price, those behind it nothing."""
    law, bounds = laws_of([*[[(1, 1, 0)]] * 100, *[[(9, 1, 0)] * 4] * 4])
    expected = no_tests()
    score = np.array([1] * 50 + [0] * 50 + [3, 3, 4, 4])
    p_values = tails_and_expected(law, bounds, score, expected)
    assert p_values[-4:] == pytest.approx([0.0037, 0.0037, 1e-4, 1e-4], rel=1e-5)
    below = expected_below(expected, p_values)
    assert below[-4:] == pytest.approx([4 * 0.0037, 4 * 0.0037, 4e-4, 4e-4], rel=1e-5)
    q_values = discrete_q_values(p_values, below)
    usual = benjamini_hochberg(p_values, 104)
    assert usual[-4:] == pytest.approx([104 * 0.0037 / 4] * 2 + [104e-4 / 2] * 2, rel=1e-5)
    assert q_values[-4:] == pytest.approx([104e-4 / 2] * 4, rel=1e-5)
    assert (q_values[:-4] == 1.0).all()


def test_the_rate_of_false_results_is_kept() -> None:
    """Of two hundred tests some are true; the mean share of false ones among those reported."""
    rng = np.random.default_rng(1)
    shares, found, found_by_all = [], 0, 0
    for _ in range(120):
        trials = rng.integers(2, 7, 200)
        chance = rng.uniform(0.05, 0.4, 200)
        true = np.arange(200) < 12
        law, bounds = laws_of(
            [
                [(round(1000 * (1 - p)), round(1000 * p), 0)] * int(n)
                for n, p in zip(trials, chance, strict=True)
            ]
        )
        score = rng.binomial(trials, np.where(true, 0.97, law[bounds[:-1], 1]))
        expected = no_tests()
        p_values = tails_and_expected(law, bounds, score, expected)
        reported = discrete_q_values(p_values, expected_below(expected, p_values)) <= 0.05
        shares.append(float((reported & ~true).sum()) / max(1, int(reported.sum())))
        found += int((reported & true).sum())
        found_by_all += int((benjamini_hochberg(p_values, 200) <= 0.05)[true].sum())
    error = np.std(shares) / len(shares) ** 0.5
    assert np.mean(shares) <= 0.05 + 2 * error
    assert found > 1.2 * found_by_all


@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=30))
def test_q_is_ordered_as_p_and_at_least_p(values: list[float]) -> None:
    p_values = np.array(values)
    q_values = discrete_q_values(p_values, p_values * len(values))
    order = np.argsort(p_values)
    assert (np.diff(q_values[order]) >= 0).all()
    assert ((p_values <= q_values) & (q_values <= 1)).all()
    assert (q_values[p_values > MOST_P] == 1).all()
    # Tests that can have any p gain nothing.
    usual = benjamini_hochberg(p_values, len(values))
    assert (q_values >= usual * (1 - 1e-9)).all()
