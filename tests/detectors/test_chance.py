"""Tails against SciPy and against sums over every outcome; q-values against SciPy's."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.detectors.chance import (
    benjamini_hochberg,
    hypergeometric_tail,
    poisson_binomial_tail,
    poisson_tail,
)

chances = st.floats(1e-12, 1.0, allow_nan=False)


def tail_of(probabilities: list[float], observed: int) -> float:
    state = np.empty(len(probabilities) + 2)
    return poisson_binomial_tail(np.array(probabilities), len(probabilities), observed, state)


def exact_tail(probabilities: list[float], observed: int) -> Fraction:
    """P(N ≥ observed) over every outcome, in exact rational arithmetic."""
    total = Fraction(0)
    for outcome in product((False, True), repeat=len(probabilities)):
        if sum(outcome) >= observed:
            chance = Fraction(1)
            for happened, probability in zip(outcome, probabilities, strict=True):
                chance *= Fraction(probability) if happened else 1 - Fraction(probability)
            total += chance
    return total


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_q_values_are_scipys_when_the_family_is_what_was_tested(p_values: list[float]) -> None:
    mine = benjamini_hochberg(np.array(p_values), len(p_values))
    np.testing.assert_allclose(mine, stats.false_discovery_control(p_values), rtol=1e-12)


@given(st.lists(st.floats(0, 1), max_size=40), st.integers(0, 500))
def test_untested_members_of_the_family_count_with_p_one(
    p_values: list[float], untested: int
) -> None:
    whole = stats.false_discovery_control(np.array([*p_values, *[1.0] * untested, 1.0]))
    mine = benjamini_hochberg(np.array(p_values), len(p_values) + untested + 1)
    np.testing.assert_allclose(mine, whole[: len(p_values)], rtol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_q_follows_p_whatever_the_order(p_values: list[float], random: object) -> None:
    order = np.array(p_values).argsort()
    q_values = benjamini_hochberg(np.array(p_values), 100)
    assert (np.diff(q_values[order]) >= 0).all()
    assert (q_values >= p_values).all()
    assert (q_values <= 1).all()
    shuffled = np.arange(len(p_values))
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # random.Random, typed as object above
    again = benjamini_hochberg(np.array(p_values)[shuffled], 100)
    np.testing.assert_array_equal(again, q_values[shuffled])


@given(st.lists(st.floats(0, 1, exclude_max=True), max_size=20), st.integers(0, 40))
def test_candidates_outside_the_family_cost_the_others_nothing(
    p_values: list[float], outside: int
) -> None:
    alone = benjamini_hochberg(np.array(p_values), len(p_values))
    beside = benjamini_hochberg(np.array([*p_values, *[1.0] * outside]), len(p_values))
    np.testing.assert_array_equal(beside, [*alone, *[1.0] * outside])


def test_a_family_is_never_smaller_than_what_was_tested() -> None:
    p_values = np.array([0.01, 0.2, 0.9])
    np.testing.assert_array_equal(benjamini_hochberg(p_values, 1), benjamini_hochberg(p_values, 3))
    assert len(benjamini_hochberg(np.empty(0), 10)) == 0


@given(st.lists(chances, min_size=1, max_size=9), st.data())
def test_poisson_binomial_equals_the_sum_over_every_outcome(
    probabilities: list[float], data: st.DataObject
) -> None:
    observed = data.draw(st.integers(0, len(probabilities) + 1))
    assert tail_of(probabilities, observed) == pytest.approx(
        float(exact_tail(probabilities, observed)), rel=1e-12, abs=0
    )


@pytest.mark.parametrize("chance", [1e-9, 1e-4, 0.1, 0.19, 0.7, 1.0])
@pytest.mark.parametrize(("count", "observed"), [(1, 1), (20, 20), (31, 12), (200, 60), (900, 3)])
def test_equal_chances_give_the_binomial(chance: float, count: int, observed: int) -> None:
    expected = float(stats.binom.sf(observed - 1, count, chance))
    mine = tail_of([chance] * count, observed)
    if expected > 1e-300:
        assert mine == pytest.approx(expected, rel=1e-9)
    else:
        assert mine <= 1e-299


def test_the_far_tail_keeps_its_digits() -> None:
    # 40 coincidences out of 40 at 0.001 each: 1e-120, far below what 1 - cdf could say.
    assert tail_of([0.001] * 40, 40) == pytest.approx(1e-120, rel=1e-12)
    mixed = [0.001, 0.002, 0.003] * 12
    assert tail_of(mixed, 36) == pytest.approx(math.prod(mixed), rel=1e-12)


@given(st.lists(chances, min_size=1, max_size=30), st.integers(1, 10), chances)
def test_a_likelier_object_never_makes_p_smaller(
    probabilities: list[float], observed: int, more: float
) -> None:
    raised = [max(probabilities[0], more), *probabilities[1:]]
    assert tail_of(raised, observed) >= tail_of(probabilities, observed) * (1 - 1e-12)
    assert tail_of(probabilities, observed) >= tail_of(probabilities, observed + 1)


@pytest.mark.parametrize("observed", [2_010, 2_100, 2_600])
def test_above_the_limit_of_work_the_bound_is_above_the_tail(observed: int) -> None:
    count, chance = 4_000, 0.5
    assert count * observed > 4_000_000
    exact = float(stats.binom.sf(observed - 1, count, chance))
    bound = tail_of([chance] * count, observed)
    assert exact <= bound <= 1.0
    # A useful bound: its logarithm is near the tail's, not merely above it.
    assert math.log(bound) < 0.3 * math.log(exact) or exact > 1e-3
    assert tail_of([chance] * count, 1_990) == 1.0


@given(st.floats(1e-9, 400), st.integers(0, 900))
def test_poisson_equals_scipys(rate: float, observed: int) -> None:
    expected = float(stats.poisson.sf(observed - 1, rate))
    mine = poisson_tail(rate, observed)
    if expected > 1e-290:
        assert mine == pytest.approx(expected, rel=1e-9)
    else:
        assert mine <= 1e-289


@pytest.mark.parametrize(
    ("rate", "observed"), [(1e-3, 30), (0.5, 70), (4.0, 150), (1e-20, 5), (30.0, 300)]
)
def test_poisson_far_tails(rate: float, observed: int) -> None:
    # The first term and the ratio of the next bound the sum from both sides.
    first = math.exp(observed * math.log(rate) - rate - math.lgamma(observed + 1))
    mine = poisson_tail(rate, observed)
    assert mine < 1e-80
    assert first * (1 - 1e-12) <= mine <= first / (1 - rate / (observed + 1)) * (1 + 1e-12)


def test_poisson_edges() -> None:
    assert poisson_tail(0.0, 0) == 1.0
    assert poisson_tail(0.0, 1) == 0.0
    assert poisson_tail(5.0, 0) == 1.0


@st.composite
def urns(draw: st.DrawFn, most: int) -> tuple[int, int, int, int]:
    objects = draw(st.integers(1, most))
    mine, yours = draw(st.integers(0, objects)), draw(st.integers(0, objects))
    return objects, mine, yours, draw(st.integers(0, min(mine, yours) + 1))


def test_a_tail_that_is_all_but_certain_is_no_zero() -> None:
    """The chance of very few objects in common is too small for a float; that of more is not."""
    assert hypergeometric_tail(1_000_000, 100_000, 100_000, 1) == pytest.approx(1.0, rel=1e-8)
    assert hypergeometric_tail(2_985, 614, 1_851, 1) == pytest.approx(1.0, rel=1e-8)


@given(urns(3_000))
def test_hypergeometric_equals_exact_counts(urn: tuple[int, int, int, int]) -> None:
    objects, mine, yours, observed = urn
    ways = sum(
        math.comb(mine, common) * math.comb(objects - mine, yours - common)
        for common in range(observed, min(mine, yours) + 1)
        if yours - common <= objects - mine
    )
    exact = Fraction(ways, math.comb(objects, yours))
    tail = hypergeometric_tail(*urn)
    if exact > Fraction(1, 10**290):
        assert tail == pytest.approx(float(exact), rel=1e-8)
    else:
        assert tail <= 1e-289


@pytest.mark.parametrize(
    "urn", [(625_000, 400, 300, 4), (625_000, 5_000, 9_000, 90), (40_000, 60, 50, 40)]
)
def test_hypergeometric_equals_scipys_at_scale(urn: tuple[int, int, int, int]) -> None:
    objects, mine, yours, observed = urn
    expected = float(stats.hypergeom.sf(observed - 1, objects, mine, yours))
    assert hypergeometric_tail(*urn) == pytest.approx(expected, rel=1e-6)
