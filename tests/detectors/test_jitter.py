"""The gate's null: π by enumeration of every tick, and p-values that hold when nothing is there."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.detectors.made_shares import (
    arrays_of,
    every_pair,
    facts_of,
    first_shares,
    slow_probability,
)

from assay.detectors.arrays import ShareArrays
from assay.detectors.block_grid import BlockGrid, block_grids, positions
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.density import ACTIVITY_SHRINKAGE, SHRINKAGE
from assay.errors import UsageError

SECOND_US = 1_000_000


def probability(
    first: ShareArrays,
    grids: tuple[BlockGrid, ...],
    rows: tuple[int, int],
    shrinkages: tuple[float, float] = (SHRINKAGE, ACTIVITY_SHRINKAGE),
) -> list[float]:
    """π at every Δ for two rows of the only object: what a pair with one object expects."""
    pair = (int(first.accounts[rows[0]]), int(first.accounts[rows[1]]))
    window_us = grids[0].bin_ticks * grids[0].tick_us
    expected = facts_of(
        first,
        [pair],
        grids,
        window_us,
        shrinkage=shrinkages[0],
        activity_shrinkage=shrinkages[1],
    ).expected
    return [float(chance) for chance in expected[:, 0]]


# ------------------------------------------------------------------ how time is cut


def test_grids_are_in_whole_windows_on_the_lattice_of_the_data() -> None:
    narrow, wide = block_grids(60.0, (30.0, 10.0), SECOND_US)
    assert (narrow.bin_ticks, narrow.bins, narrow.delta_s) == (60, 10, 600.0)
    assert (wide.bin_ticks, wide.bins, wide.delta_s) == (60, 30, 1800.0)
    assert narrow.phase_ticks == wide.phase_ticks


def test_blocks_do_not_begin_at_round_times() -> None:
    (grid,) = block_grids(60.0, (10.0,), SECOND_US)
    whole_hours = np.arange(0, 48) * 3_600 * SECOND_US
    before, _ = positions(whole_hours - 30 * SECOND_US, grid)
    after, _ = positions(whole_hours + 30 * SECOND_US, grid)
    assert (before == after).all()


@pytest.mark.parametrize(
    ("window_s", "resolution_us"),
    [(1.0, SECOND_US), (1.999, SECOND_US), (60.0, 60 * SECOND_US), (86_400.0, 86_400 * SECOND_US)],
)
def test_a_window_below_twice_the_resolution_is_refused(
    window_s: float, resolution_us: int
) -> None:
    with pytest.raises(UsageError) as refused:
        block_grids(window_s, (10.0,), resolution_us)
    assert "resolution" in refused.value.message
    assert f"--window {2 * resolution_us / 1e6:g}s" in (refused.value.fix or "")
    block_grids(2 * resolution_us / 1e6, (10.0,), resolution_us)


def test_a_block_narrower_than_two_windows_is_refused() -> None:
    with pytest.raises(UsageError):
        block_grids(60.0, (1.0, 10.0), SECOND_US)


@given(st.integers(2, 5_000_000), st.sampled_from([1, 1_000]))
@example(2_300, 1_000)
@example(1_001, 1_000)
def test_the_window_keeps_its_last_tick(ticks: int, resolution_us: int) -> None:
    """A decimal number of seconds is no exact float; the bin must not lose a tick by it."""
    (grid,) = block_grids(ticks * resolution_us / 1e6, (10.0,), resolution_us)
    assert grid.bin_ticks == ticks


@given(
    st.lists(st.integers(-(10**15), 2 * 10**15), min_size=1, max_size=20),
    st.integers(2, 90),
    st.sampled_from([1_000, SECOND_US, 60 * SECOND_US]),
)
def test_every_time_lies_in_its_bin(
    times_us: list[int], window_ticks: int, resolution_us: int
) -> None:
    (grid,) = block_grids(window_ticks * resolution_us / 1e6, (10.0,), resolution_us)
    spans = (max(times_us) - min(times_us)) // resolution_us // grid.block_ticks
    if spans > 2**31 - 2:
        with pytest.raises(UsageError):
            positions(np.array(times_us), grid)
        return
    blocks, bins = positions(np.array(times_us), grid)
    first = (min(times_us) // resolution_us + grid.phase_ticks) // grid.block_ticks
    for at, block, inside in zip(times_us, blocks.tolist(), bins.tolist(), strict=True):
        tick = at // resolution_us + grid.phase_ticks
        begin = (first + block) * grid.block_ticks + inside * grid.bin_ticks
        assert 0 <= inside < grid.bins
        assert begin <= tick < begin + grid.bin_ticks


# ------------------------------------------------------------------ π


@st.composite
def one_object(draw: st.DrawFn) -> tuple[ShareArrays, tuple[BlockGrid, ...]]:
    """First shares of one object over a few blocks, and grids with small blocks."""
    window_ticks = draw(st.integers(2, 5))
    deltas = (float(draw(st.integers(2, 4))), float(draw(st.integers(5, 8))))
    grids = block_grids(float(window_ticks), deltas, SECOND_US)
    span = 2 * grids[0].block_ticks
    # A popular bin now and then, by drawing from few ticks.
    ticks = draw(
        st.lists(
            st.one_of(st.integers(0, span), st.integers(0, 3)),
            min_size=2,
            max_size=draw(st.sampled_from([4, 12, 70])),
        )
    )
    rows = [(0, account, tick * SECOND_US) for account, tick in enumerate(ticks)]
    return arrays_of(rows), grids


@given(
    one_object(),
    st.tuples(st.sampled_from([0.5, 20.0, 300.0]), st.sampled_from([0.5, 20.0, 1e9])),
    st.data(),
)
def test_probability_equals_enumeration(
    made: tuple[ShareArrays, tuple[BlockGrid, ...]],
    shrinkages: tuple[float, float],
    data: st.DataObject,
) -> None:
    first, grids = made
    mine = data.draw(st.integers(0, len(first) - 2))
    yours = data.draw(st.integers(mine + 1, len(first) - 1))
    for grid, chance in zip(
        grids, probability(first, grids, (mine, yours), shrinkages), strict=True
    ):
        slow = slow_probability(first, grid, 0, (mine, yours), shrinkages)
        assert chance == pytest.approx(slow, rel=1e-9, abs=1e-12)
        assert 0 <= chance <= 1
    swapped = probability(first, grids, (yours, mine), shrinkages)
    assert swapped == pytest.approx(probability(first, grids, (mine, yours), shrinkages), rel=1e-12)


@pytest.mark.parametrize("bins", [2, 10, 30])
def test_fine_lattice_and_even_activity_give_the_textbook_formulas(bins: int) -> None:
    known_and_even = (1e9, 1e12)
    window_ticks = 100_000
    (grid,) = block_grids(window_ticks / 1e6, (float(bins),), 1)
    ratio = 1 / bins
    start = -grid.phase_ticks
    inside = [(0, 0, start + 5), (0, 1, start + grid.block_ticks - 7)]
    assert probability(arrays_of(inside), (grid,), (0, 1), known_and_even) == [
        pytest.approx(2 * ratio - ratio**2, rel=1e-4)
    ]
    beside = [(0, 0, start + 5), (0, 1, start + 2 * grid.block_ticks - 7)]
    assert probability(arrays_of(beside), (grid,), (0, 1), known_and_even) == [
        pytest.approx(ratio**2 / 2, rel=1e-4)
    ]
    apart = [(0, 0, start + 5), (0, 1, start + 2 * grid.block_ticks + 7)]
    assert probability(arrays_of(apart), (grid,), (0, 1)) == [0.0]


def test_a_burst_of_others_makes_coincidence_likelier_and_own_timing_does_not() -> None:
    (grid,) = block_grids(60.0, (10.0,), SECOND_US)
    start = -grid.phase_ticks * SECOND_US
    pair = [(0, 0, start + 100 * SECOND_US), (0, 1, start + 101 * SECOND_US)]
    burst = [(0, 2 + n, start + (300 + n % 20) * SECOND_US) for n in range(200)]
    even = [(0, 2 + n, start + n * 3 * SECOND_US) for n in range(200)]
    alone, among_burst, among_even = (
        probability(arrays_of(pair + others), (grid,), (0, 1))[0] for others in ([], burst, even)
    )
    # The pair itself, close as it is, hardly raises its own π: it is left out of the object's
    # density, and in the data's activity its two moments stand beside twenty pseudo-moments.
    # What nobody has shown yet may be a burst all the same: with κ = 5 that adds an eighth.
    assert alone == pytest.approx(0.33, abs=0.01)
    assert among_even == pytest.approx(0.19, abs=0.01)
    assert among_burst > 0.8


def test_what_the_whole_data_do_in_a_block_makes_coincidence_likelier() -> None:
    """Other accounts, sharing other objects, at two minutes of the ten: so were these two."""
    (grid,) = block_grids(60.0, (10.0,), SECOND_US)
    start = -grid.phase_ticks * SECOND_US
    pair = [(0, 0, start + 70 * SECOND_US), (0, 1, start + 110 * SECOND_US)]
    gaps = [(1 + n, 2 + n, start + (60 + n % 120) * SECOND_US) for n in range(240)]
    assert probability(arrays_of(pair), (grid,), (0, 1))[0] < 0.35
    assert probability(arrays_of(pair + gaps), (grid,), (0, 1))[0] > 0.6


# ------------------------------------------------------------------ valid when nothing is there


def bursty(rng: np.random.Generator, size: int, block_ticks: int) -> npt.NDArray[np.int64]:
    """Positions in a block: half of them within a fifth of it, decaying."""
    quick = rng.exponential(block_ticks / 15, size) % block_ticks
    even = rng.uniform(0, block_ticks, size)
    return np.where(rng.random(size) < 0.5, quick, even).astype(np.int64)


def even(rng: np.random.Generator, size: int, block_ticks: int) -> npt.NDArray[np.int64]:
    return rng.integers(0, block_ticks, size)


def null_p_values(
    seed: int,
    draw: object,
    *,
    accounts: int,
    objects: int,
    blocks: int,
) -> npt.NDArray[np.float64]:
    """p of the pairs among 40 accounts when blocks are given and positions are drawn anew.

    κ is what such data have: large where shares fall anywhere, small where they come in bursts.
    """
    rng = np.random.default_rng(seed)
    (grid,) = block_grids(60.0, (10.0,), SECOND_US)
    rows = []
    for obj in range(objects):
        block = 3 * obj + rng.integers(0, blocks, accounts)
        inside = draw(rng, accounts, grid.block_ticks)  # type: ignore[operator]  # even or bursty
        ticks = block * grid.block_ticks + inside - grid.phase_ticks
        rows += [(obj, account, int(tick) * SECOND_US) for account, tick in enumerate(ticks)]
    shares = arrays_of(rows)
    pairs = list(combinations(range(min(accounts, 40)), 2))
    shrinkage = 200.0 if draw is even else SHRINKAGE
    facts = facts_of(shares, pairs, (grid,), 60 * SECOND_US, shrinkage=shrinkage)
    return facts.p_values.ravel()


@pytest.mark.parametrize(
    ("draw", "accounts", "blocks"),
    [(even, 40, 1), (even, 40, 3), (even, 6, 2), (bursty, 300, 1), (bursty, 400, 2)],
    ids=["even", "even, three blocks", "even, few sharers", "burst", "burst, two blocks"],
)
def test_p_values_are_valid_when_only_blocks_are_shared(
    draw: object, accounts: int, blocks: int
) -> None:
    """P(p ≤ α) ≤ α, within five standard errors, over fresh worlds."""
    worlds = 40
    p_values = np.concatenate(
        [
            null_p_values(seed, draw, accounts=accounts, objects=25, blocks=blocks)
            for seed in range(worlds)
        ]
    )
    # Pairs of one account depend on each other: the error counts accounts, not pairs.
    independent = worlds * min(accounts, 40)
    for alpha in (0.2, 0.05, 0.01, 0.001):
        error = np.sqrt(alpha * (1 - alpha) / independent)
        assert (p_values <= alpha).mean() <= alpha + 5 * error
    # And it is a test of something: p is not simply 1.
    assert (p_values < 0.5).mean() > 0.1


@pytest.mark.parametrize("accounts", [6, 15, 40])
def test_a_burst_made_by_a_handful_is_granted(accounts: int) -> None:
    """Where few others show the burst, not knowing it is part of π: no p is too small."""
    p_values = np.concatenate(
        [null_p_values(seed, bursty, accounts=accounts, objects=25, blocks=1) for seed in range(20)]
    )
    assert (p_values <= 0.05).mean() <= 0.05
    assert (p_values <= 0.001).mean() <= 0.001


def world_with_gaps(seed: int) -> ShareArrays:
    """Data of two in every ten minutes, and nobody acts together.

    400 objects, 60 accounts, 12 sharers an object; they react within minutes to its first share,
    as far as the collection sees them.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for obj in range(400):
        sharers = rng.permutation(60)[:12]
        born_s = int(rng.integers(0, 3 * 86_400))
        for account in sharers.tolist():
            at_s = born_s + int(rng.exponential(900))
            # The collection's clock: minutes 3 and 4 of each ten; what falls outside waits.
            turn, inside = divmod(at_s, 600)
            at_s = turn * 600 + 180 + inside // 5
            rows.append((obj, account, at_s * SECOND_US))
    return arrays_of(rows)


def test_gaps_in_the_collection_are_expected() -> None:
    """The whole data's activity shows the gaps; without it, and sure of itself, the gate errs."""
    grids = block_grids(60.0, (10.0,), SECOND_US)
    for seed in range(3):
        shares = world_with_gaps(seed)
        pairs = every_pair(shares)
        kept = [
            int((benjamini_hochberg(p_values, len(p_values)) <= 0.05).sum())
            for p_values in (
                facts_of(
                    shares,
                    pairs,
                    grids,
                    60 * SECOND_US,
                    shrinkage=shrinkage,
                    activity_shrinkage=activity_shrinkage,
                ).p_values[0]
                for shrinkage, activity_shrinkage in ((5.0, ACTIVITY_SHRINKAGE), (50.0, 1e12))
            )
        ]
        assert kept[0] == 0
        assert kept[1] > 100


@pytest.mark.parametrize(("draw", "accounts"), [(even, 60), (bursty, 250)], ids=["even", "burst"])
def test_the_false_discovery_rate_holds_on_jittered_data(draw: object, accounts: int) -> None:
    """With nothing there, any edge is false: runs that report one must be at most 5 in 100."""
    worlds = 40
    reported = 0
    for seed in range(worlds):
        p_values = null_p_values(1_000 + seed, draw, accounts=accounts, objects=15, blocks=2)
        reported += bool((benjamini_hochberg(p_values, len(p_values)) <= 0.05).any())
    # 0.05 · 40 = 2 expected at most; eight or more happen once in a thousand.
    assert reported < 8


def test_a_planted_pair_is_found_among_the_jittered() -> None:
    rng = np.random.default_rng(7)
    (grid,) = block_grids(60.0, (10.0,), SECOND_US)
    rows = []
    for obj, (block, account) in enumerate(product(range(0, 60, 3), [0])):
        ticks = block * grid.block_ticks + even(rng, 30, grid.block_ticks) - grid.phase_ticks
        ticks[1] = ticks[account] + rng.integers(0, 20)
        rows += [(obj, number, int(tick) * SECOND_US) for number, tick in enumerate(ticks)]
    shares = arrays_of(rows)
    facts = facts_of(shares, every_pair(shares), (grid,), 60 * SECOND_US)
    q_values = benjamini_hochberg(facts.p_values[0], len(facts.p_values[0]))
    assert [every_pair(shares)[place] for place in np.flatnonzero(q_values <= 0.05)] == [(0, 1)]


def test_first_shares_alone_are_what_the_null_speaks_of() -> None:
    """Posting an object again and again near somebody must not count as new coincidences."""
    grids = block_grids(60.0, (10.0,), SECOND_US)
    rows = [(obj, 0, obj * 10**10) for obj in range(5)]
    rows += [(obj, 1, obj * 10**10 + 3_000 * SECOND_US) for obj in range(5)]
    again = [
        (obj, 0, obj * 10**10 + 3_000 * SECOND_US + n * SECOND_US)
        for obj in range(5)
        for n in range(20)
    ]
    shares = arrays_of(rows + again)
    facts = facts_of(shares, [(0, 1)], grids, 60 * SECOND_US)
    assert facts.shared_objects.tolist() == [5]
    assert facts.co_timed_first.tolist() == [0]
    assert facts.p_values.tolist() == [[1.0]]
    assert len(first_shares(shares)) == 10
