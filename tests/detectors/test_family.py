"""The family's size: exact against loops, bounded from above when sampled, fixed in advance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.detectors.made_shares import Row, arrays_of, every_pair, facts_of, share_rows

from assay.detectors import family
from assay.detectors.arrays import Int64s, ShareArrays, first_flags, taken
from assay.detectors.block_grid import block_grids, positions
from assay.detectors.family import at_risk_family, common_family, family_of_all

SECOND_US = 1_000_000
GRIDS = block_grids(2.0, (2.0, 6.0), SECOND_US)
WIDEST = GRIDS[-1]


def slow_family(shares: ShareArrays, blocks: Iterable[int], reach: int, min_common: int) -> int:
    """Pairs with at least so many objects whose first shares lie at most ``reach`` blocks apart."""
    by_object: dict[int, list[tuple[int, int]]] = {}
    for obj, account, block in zip(
        shares.objects.tolist(), shares.accounts.tolist(), blocks, strict=True
    ):
        by_object.setdefault(obj, []).append((account, int(block)))
    met = Counter(
        (min(a, b), max(a, b))
        for sharers in by_object.values()
        for (a, block_a), (b, block_b) in combinations(sharers, 2)
        if abs(block_a - block_b) <= reach
    )
    return sum(objects >= min_common for objects in met.values())


def first_of(rows: list[Row]) -> ShareArrays:
    shares = arrays_of(rows)
    return taken(shares, first_flags(shares))


def at_risk(rows: list[Row]) -> int:
    first = first_of(rows)
    return at_risk_family(first, positions(first.times_us, WIDEST)[0], 2).pairs


@given(share_rows(objects=8, accounts=9, span_us=90 * SECOND_US), st.integers(1, 4))
def test_both_families_equal_loops(rows: list[Row], min_common: int) -> None:
    first = first_of(rows)
    blocks, _ = positions(first.times_us, WIDEST)
    at_risk = at_risk_family(first, blocks, min_common)
    assert (at_risk.pairs, at_risk.how) == (slow_family(first, blocks, 1, min_common), "exact")
    common = common_family(first, min_common)
    assert common.pairs == slow_family(first, np.zeros(len(first)), 0, min_common)
    assert common.pairs == common.estimate
    assert at_risk.pairs <= common.pairs


@given(
    share_rows(objects=6, accounts=6, span_us=60 * SECOND_US),
    st.integers(1, 3),
    st.sampled_from([(2.0, 6.0), (2.0, 4.0), (2.0, 3.0), (5.0, 6.0), (3.0,)]),
)
# Δ of 10 s and 12 s: at the first the shares lie in adjacent blocks, at the second two apart.
@example([(0, 0, 7 * SECOND_US), (0, 1, 23 * SECOND_US)], 1, (5.0, 6.0))
def test_every_pair_that_a_test_could_report_is_in_the_family(
    rows: list[Row], min_common: int, deltas: tuple[float, ...]
) -> None:
    """Whatever Δ: p < 1 is possible only with enough objects that the null leaves free."""
    shares = arrays_of(rows)
    pairs = every_pair(shares)
    grids = block_grids(2.0, deltas, SECOND_US)
    facts = facts_of(shares, pairs, grids, 2 * SECOND_US, min_shared=min_common)
    family_size = family_of_all(first_of(rows), grids, min_common).pairs
    for tested in facts.tested_objects:
        assert (tested >= min_common).sum() <= family_size
    assert ((facts.p_values < 1).any(axis=0)).sum() <= family_size


@given(share_rows(objects=6, accounts=8, span_us=60 * SECOND_US), st.randoms())
def test_positions_inside_blocks_never_change_the_family(rows: list[Row], random: object) -> None:
    """Fixed in advance: the family depends on nothing that the null lets vary."""
    first = first_of(rows)
    blocks, _ = positions(first.times_us, WIDEST)
    begins = (blocks.astype(np.int64) * WIDEST.block_ticks - WIDEST.phase_ticks) * SECOND_US
    seed = random.randrange(2**32)  # type: ignore[attr-defined]  # random.Random
    inside = np.random.default_rng(seed).integers(0, WIDEST.block_ticks * SECOND_US, len(first))
    moved = [
        (obj, account, at)
        for obj, account, at in zip(
            first.objects.tolist(),
            first.accounts.tolist(),
            (begins + inside).tolist(),
            strict=True,
        )
    ]
    before = [
        (obj, account, at)
        for obj, account, at in zip(
            first.objects.tolist(), first.accounts.tolist(), first.times_us.tolist(), strict=True
        )
    ]
    assert at_risk(moved) == at_risk(before)
    assert common_family(first_of(moved), 2) == common_family(first_of(before), 2)


def crowd(seed: int) -> tuple[ShareArrays, list[int]]:
    """A world of many records: 120 accounts, popular and unpopular objects, 40 blocks."""
    rng = np.random.default_rng(seed)
    # Other numbers each time: whether a pair is in the sample hangs on its accounts alone.
    names = rng.choice(1_000_000, 120, replace=False)
    rows = []
    for obj in range(60):
        sharers = rng.choice(names, int(rng.integers(2, 100)), replace=False)
        rows += [
            (obj, int(account), int(rng.integers(0, 40 * WIDEST.block_ticks)) * SECOND_US)
            for account in sharers
        ]
    first = first_of(rows)
    return first, positions(first.times_us, WIDEST)[0].tolist()


@cache
def counted_crowd(seed: int) -> tuple[ShareArrays, Int64s, int]:
    """A crowd, its blocks, and its pairs at risk when all are counted."""
    first, listed = crowd(seed)
    blocks = np.array(listed)
    return first, blocks, at_risk_family(first, blocks, 1).pairs


@pytest.mark.parametrize("exact_records", [100, 1_000, 3_000])
def test_a_sampled_count_is_never_below_the_truth(exact_records: int) -> None:
    near = []
    for seed in range(60):
        first, blocks, truth = counted_crowd(seed)
        counted = at_risk_family(first, blocks, 1, exact_records)
        assert counted.records > exact_records
        assert counted.how == "sampled upper bound"
        assert truth <= counted.pairs <= counted.records
        near.append(counted.estimate / truth)
    # The estimate itself is unbiased, and the sample is the better the more of it is counted.
    assert np.mean(near) == pytest.approx(1, abs=4 * np.std(near) / np.sqrt(len(near)) + 0.01)


def test_the_sample_hangs_on_the_accounts_alone() -> None:
    first, blocks = crowd(3)
    renumbered = [
        (99 - obj, account, at)
        for obj, account, at in zip(
            first.objects.tolist(), first.accounts.tolist(), first.times_us.tolist(), strict=True
        )
    ]
    again = first_of(renumbered)
    counted = at_risk_family(first, np.array(blocks), 2, 500)
    assert counted.how == "sampled upper bound"
    assert at_risk_family(again, positions(again.times_us, WIDEST)[0], 2, 500) == counted


def test_above_the_walk_only_a_bound_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    first, blocks = crowd(1)
    exact = at_risk_family(first, np.array(blocks), 2)
    monkeypatch.setattr(family, "WALKED_RECORDS", exact.records - 1)
    bound = at_risk_family(first, np.array(blocks), 2)
    assert bound.how == "upper bound"
    assert exact.pairs <= bound.pairs == exact.records // 2


def test_nothing_shared_twice_is_an_empty_family() -> None:
    first = first_of([(0, 0, 0), (1, 1, 0), (2, 2, 0)])
    assert common_family(first, 1).pairs == 0
    assert common_family(first_of([]), 1).pairs == 0
