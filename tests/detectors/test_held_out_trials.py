"""Trials on held-out objects: their laws by enumeration, and one for each block."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detectors.made_shares import Row, arrays_of, first_shares, share_rows

from assay.detectors.arrays import ShareArrays
from assay.detectors.block_grid import BlockGrid, block_grids
from assay.detectors.density import FEW
from assay.detectors.held_out_groups import FoundGroups
from assay.detectors.held_out_trials import (
    LEVELS,
    TrialNull,
    Trials,
    one_for_each_block,
    order_moments,
    trials_on,
)
from assay.detectors.moments import find_moments

SECOND_US = 1_000_000
ACCOUNTS = 6


def grid_of() -> BlockGrid:
    return block_grids(3.0, (4.0,), SECOND_US)[0]


def everybody(groups: list[int], pairs: set[tuple[int, int]]) -> FoundGroups:
    """Groups by account, partners as given."""
    both = sorted(pairs | {(b, a) for a, b in pairs})
    starts = np.searchsorted([a for a, _ in both], np.arange(len(groups) + 1))
    return FoundGroups(
        np.array(groups, np.int32),
        starts.astype(np.int64),
        np.array([b for _, b in both], np.int32),
    )


def slow_law(
    shares: ShareArrays, found: FoundGroups, row: int, null: TrialNull
) -> tuple[int, int, dict[int, float]] | None:
    """Partners in reach, partners met, and the law of the latter, tick by tick."""
    grid = grid_of()
    ticks = (shares.times_us // SECOND_US + grid.phase_ticks).tolist()
    account = int(shares.accounts[row])
    mine = set(found.partners[found.starts[account] : found.starts[account + 1]].tolist())
    begin = ticks[row] // grid.block_ticks * grid.block_ticks
    inside = range(begin, begin + grid.block_ticks)
    same = [r for r in range(len(shares)) if shares.objects[r] == shares.objects[row]]
    reach = [
        ticks[r]
        for r in same
        if int(shares.accounts[r]) in mine
        and begin - grid.bin_ticks <= ticks[r] < begin + grid.block_ticks + grid.bin_ticks
    ]
    if not reach:
        return None
    out = {account} | (mine if null.leave_partners_out else set())
    moments = {(a, t) for a, t in zip(shares.accounts.tolist(), ticks, strict=True) if t in inside}
    active = [0.0] * grid.bins
    counts = [0.0] * grid.bins
    for who, at in moments:
        if who not in out:
            active[(at - begin) // grid.bin_ticks] += 1
    for r in same:
        if ticks[r] in inside and int(shares.accounts[r]) not in out:
            counts[(ticks[r] - begin) // grid.bin_ticks] += 1
    behind = [
        (a + null.activity_shrinkage / grid.bins) / (sum(active) + null.activity_shrinkage)
        for a in active
    ]
    few, many, _, as_one = null.constants
    shrinkage = few if sum(counts) <= FEW else many
    mass = sum(counts) + shrinkage
    density = [(n + shrinkage * g) / mass for n, g in zip(counts, behind, strict=True)]
    beside = [at for at in reach if at in inside]
    if as_one and beside:
        # The partners together are one more share.
        density = [f * mass / (mass + 1) for f in density]
        for at in beside:
            density[(at - begin) // grid.bin_ticks] += 1 / (len(beside) * (mass + 1))
    law: dict[int, float] = {}
    for at in inside:
        met = sum(abs(at - other) <= grid.bin_ticks for other in reach)
        law[met] = law.get(met, 0.0) + density[(at - begin) // grid.bin_ticks] / grid.bin_ticks
    met = sum(abs(ticks[row] - other) <= grid.bin_ticks for other in reach)
    return len(reach), met, law


@given(
    share_rows(objects=3, accounts=ACCOUNTS, span_us=60 * SECOND_US, most=40),
    st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda p: p[0] < p[1])),
    st.booleans(),
)
def test_laws_equal_enumeration(
    rows: list[Row], pairs: set[tuple[int, int]], partners_out: bool
) -> None:
    rows = [(obj, account, at // SECOND_US * SECOND_US) for obj, account, at in rows]
    shares = first_shares(arrays_of(rows, ACCOUNTS))
    groups = [0, 0, 0, 1, 1, -1]
    pairs = {(a, b) for a, b in pairs if groups[a] == groups[b] != -1}
    found = everybody(groups, pairs)
    null = TrialNull(5.0, 20.0, 9.0, partners_out)
    kinds = {"link": shares}
    trials = trials_on(
        kinds, found, grid_of(), order_moments(find_moments(kinds), grid_of()), {"link": null}
    )
    place = {
        (int(obj), int(account)): index
        for index, (obj, account) in enumerate(zip(trials.objects, trials.accounts, strict=True))
    }
    expected = {
        (int(shares.objects[row]), int(shares.accounts[row])): slow
        for row in range(len(shares))
        if (slow := slow_law(shares, found, row, null)) is not None
    }
    assert set(place) == set(expected)
    for key, (reach, met, law) in expected.items():
        index = place[key]
        assert (trials.reach[index], trials.met[index], trials.score[index]) == (reach, met, met)
        told = {score: float(mass) for score, mass in enumerate(trials.law[index]) if mass > 0}
        assert told == pytest.approx({k: v for k, v in law.items() if v > 0}, abs=1e-6)
        assert trials.density[index].sum() == pytest.approx(1.0, abs=1e-5)


def test_many_partners_are_scored_in_parts() -> None:
    """Of 25 partners, 24 within the window: eleven twelfths, rounded down."""
    start = -grid_of().phase_ticks * SECOND_US
    rows = [(0, account, start + SECOND_US) for account in range(25)] + [
        (0, 25, start + 11 * SECOND_US)
    ]
    found = everybody([0] * 26, {(a, b) for a in range(26) for b in range(a + 1, 26)})
    kinds = {"link": first_shares(arrays_of(rows, 26))}
    order = order_moments(find_moments(kinds), grid_of())
    trials = trials_on(kinds, found, grid_of(), order, {"link": TrialNull()})
    assert trials.reach.tolist() == [25] * 26
    assert sorted(trials.met.tolist()) == [0] + [24] * 25
    assert sorted(trials.score.tolist()) == [0] + [LEVELS * 24 // 25] * 25


def test_one_trial_stands_for_a_block() -> None:
    grid = grid_of()
    trials = Trials(
        accounts=np.array([0, 0, 0, 1], np.int32),
        groups=np.zeros(4, np.int32),
        objects=np.array([0, 1, 2, 0]),
        ticks=np.array([1, 5, grid.block_ticks + 1, 1]),
        reach=np.array([1, 3, 1, 1], np.int32),
        met=np.zeros(4, np.int32),
        score=np.zeros(4, np.int32),
        law=np.zeros((4, LEVELS + 1), np.float32),
        density=np.zeros((4, grid.bins), np.float32),
        mass=np.ones(4, np.float32),
    )
    left = one_for_each_block(trials, grid)
    told = set(zip(left.accounts.tolist(), left.objects.tolist(), strict=True))
    assert told == {(0, 1), (0, 2), (1, 0)}
