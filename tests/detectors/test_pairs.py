"""Every figure of a candidate pair against loops over every share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats
from tests.detectors.made_shares import (
    Row,
    arrays_of,
    every_pair,
    facts_of,
    first_shares,
    share_rows,
    slow_pairs,
    slow_test,
)

from assay.detectors.arrays import ShareArrays
from assay.detectors.block_grid import block_grids
from assay.detectors.chance import poisson_binomial_tail
from assay.detectors.nulls import same_day_weights, shuffle_weights
from assay.detectors.pairs import PairFacts, hypergeometric_p_values, poisson_p_values

SECOND_US = 1_000_000
WINDOW_US = 2 * SECOND_US
GRIDS = block_grids(2.0, (3.0, 5.0), SECOND_US)


def candidates(shares: ShareArrays, window_us: int = WINDOW_US) -> list[tuple[int, int]]:
    return [pair for pair, facts in slow_pairs(shares, window_us).items() if facts.shared]


def on_seconds(rows: list[Row]) -> list[Row]:
    return [(obj, account, at - at % SECOND_US) for obj, account, at in rows]


@given(share_rows(objects=6, accounts=5, span_us=20 * SECOND_US), st.integers(0, 5 * SECOND_US))
@example([(0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 1, 0)], 0)
@example([(0, 0, 0), (0, 0, 9_000_000), (0, 1, 8_000_000), (1, 0, 5), (1, 1, 6)], 1_000_000)
def test_facts_equal_loops(rows: list[Row], window_us: int) -> None:
    shares = arrays_of(rows)
    slow = slow_pairs(shares, window_us)
    pairs = [pair for pair, facts in slow.items() if facts.shared]
    if not pairs:
        return
    facts = facts_of(shares, pairs, GRIDS, window_us)
    first = first_shares(shares)
    shuffle, same_day = shuffle_weights(first, window_us), same_day_weights(first)
    for place, pair in enumerate(pairs):
        truth = slow[pair]
        assert facts.common_objects[place] == len(truth.common)
        assert facts.shared_objects[place] == len(truth.shared)
        assert facts.co_shares[place] == truth.co_shares
        assert facts.co_timed_first[place] == len(truth.first_both)
        assert facts.first_us[place] == truth.first_us
        assert facts.last_us[place] == truth.last_us
        assert facts.median_gap_us[place] == truth.median_gap_us
        common = list(truth.common)
        assert facts.shuffle_rate[place] == pytest.approx(shuffle[common].sum(), rel=1e-12)
        assert facts.day_weight[place] == pytest.approx(same_day[common].sum(), rel=1e-12)


@given(
    share_rows(objects=5, accounts=5, span_us=20 * SECOND_US),
    st.integers(1, 3),
    st.sampled_from([1.0, 20.0]),
    st.sampled_from([1.0, 20.0]),
)
def test_the_gate_equals_enumeration(
    rows: list[Row], min_shared: int, shrinkage: float, activity_shrinkage: float
) -> None:
    shares = arrays_of(on_seconds(rows))
    slow = slow_pairs(shares, WINDOW_US)
    pairs = candidates(shares)
    if not pairs:
        return
    facts = facts_of(
        shares,
        pairs,
        GRIDS,
        WINDOW_US,
        min_shared=min_shared,
        shrinkage=shrinkage,
        activity_shrinkage=activity_shrinkage,
    )
    shrinkages = (shrinkage, activity_shrinkage)
    state = np.empty(len(rows) + 2)
    for place, pair in enumerate(pairs):
        for number, grid in enumerate(GRIDS):
            tested = slow_test(shares, grid, pair, slow[pair].common, shrinkages)
            free = [chance for _, chance in tested]
            observed = sum(obj in slow[pair].first_both for obj, _ in tested)
            assert facts.tested_objects[number, place] == len(free)
            assert facts.co_timed_tested[number, place] == observed
            assert facts.expected[number, place] == pytest.approx(sum(free), rel=1e-9)
            wanted = poisson_binomial_tail(np.array(free), len(free), observed, state)
            if observed < min_shared:
                wanted = 1.0
            assert facts.p_values[number, place] == pytest.approx(wanted, rel=1e-9)


def test_hashtags_of_one_post_are_one_coincidence() -> None:
    begin_us = 1_600_000_000 * SECOND_US
    one_post_each = [(obj, who, begin_us + who * SECOND_US) for obj in range(3) for who in (0, 1)]
    later_us = begin_us + 90_000 * SECOND_US
    another = [(7, 0, later_us), (7, 1, later_us + SECOND_US)]
    facts = facts_of(arrays_of(one_post_each + another), [(0, 1)], GRIDS, WINDOW_US)
    assert facts.shared_objects.tolist() == [4]
    assert facts.co_timed_first.tolist() == [4]
    assert facts.tested_objects.tolist() == [[2]] * len(GRIDS)
    assert facts.co_timed_tested.tolist() == [[2]] * len(GRIDS)


def crowd(seed: int, accounts: int = 80, objects: int = 60) -> ShareArrays:
    """Hubs, repeats and ties at once: over a thousand candidate pairs."""
    rng = np.random.default_rng(seed)
    size = 4_000
    popular = (rng.pareto(0.8, size) * 3).astype(int) % objects
    return arrays_of(
        [
            (int(obj), int(account), int(at) * SECOND_US)
            for obj, account, at in zip(
                popular,
                rng.integers(0, accounts, size),
                rng.integers(0, 4_000, size),
                strict=True,
            )
        ]
    )


def columns(facts: PairFacts) -> dict[str, np.ndarray]:
    return dict(vars(facts))


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_change_nothing(threads: int) -> None:
    shares = crowd(1)
    pairs = candidates(shares, 30 * SECOND_US)
    assert len(pairs) > 1_000
    grids = block_grids(30.0, (10.0, 30.0), SECOND_US)
    alone = columns(facts_of(shares, pairs, grids, 30 * SECOND_US))
    together = columns(facts_of(shares, pairs, grids, 30 * SECOND_US, threads=threads))
    for name, values in alone.items():
        np.testing.assert_array_equal(together[name], values, err_msg=name)


def test_hubs_equal_loops_too() -> None:
    shares = crowd(2)
    slow = slow_pairs(shares, 30 * SECOND_US)
    pairs = candidates(shares, 30 * SECOND_US)
    grids = block_grids(30.0, (10.0, 30.0), SECOND_US)
    facts = facts_of(shares, pairs, grids, 30 * SECOND_US)
    assert facts.common_objects.tolist() == [len(slow[pair].common) for pair in pairs]
    assert facts.shared_objects.tolist() == [len(slow[pair].shared) for pair in pairs]
    assert facts.co_shares.tolist() == [slow[pair].co_shares for pair in pairs]
    assert facts.median_gap_us.tolist() == [slow[pair].median_gap_us for pair in pairs]


def test_the_order_of_pairs_changes_nothing() -> None:
    shares = crowd(3)
    pairs = candidates(shares, 30 * SECOND_US)
    grids = block_grids(30.0, (10.0,), SECOND_US)
    straight = columns(facts_of(shares, pairs, grids, 30 * SECOND_US))
    turned = [(j, i) for i, j in pairs[::-1]]
    for name, values in columns(facts_of(shares, turned, grids, 30 * SECOND_US)).items():
        # Sums go over the same objects in the same order, whoever is named first.
        np.testing.assert_array_equal(values[..., ::-1], straight[name], err_msg=name)


def test_pairs_without_anything_in_common_have_p_one() -> None:
    shares = arrays_of([(0, 0, 0), (1, 1, 0), (2, 0, 0), (2, 2, 90 * SECOND_US)])
    facts = facts_of(shares, every_pair(shares), GRIDS, WINDOW_US)
    assert facts.common_objects.tolist() == [0, 1, 0]
    assert facts.shared_objects.tolist() == [0, 0, 0]
    assert (facts.p_values == 1).all()


def test_tails_of_the_comparison_nulls_are_scipys() -> None:
    rates, observed = np.array([0.1, 3.0, 0.0]), np.array([2, 9, 0])
    np.testing.assert_allclose(
        poisson_p_values(rates, observed), stats.poisson.sf(observed - 1, rates), rtol=1e-10
    )
    mine, yours, common = np.array([5, 40]), np.array([8, 30]), np.array([3, 12])
    np.testing.assert_allclose(
        hypergeometric_p_values(200, mine, yours, common),
        stats.hypergeom.sf(common - 1, 200, mine, yours),
        rtol=1e-9,
    )
