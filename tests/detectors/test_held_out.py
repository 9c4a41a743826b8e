"""Found on one half, tested on the other: no leak between halves, honest p, power."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from tests.detectors.made_shares import Row, arrays_of, first_shares

from assay.detectors.activity import activity_of
from assay.detectors.arrays import ShareArrays
from assay.detectors.attainable import no_tests, tails_and_expected
from assay.detectors.block_grid import BlockGrid, block_grids
from assay.detectors.burstiness import densities_of
from assay.detectors.density import Density
from assay.detectors.held_out import (
    Direction,
    HeldOut,
    HeldOutParameters,
    _together,
    account_q_values,
    held_out_tests,
    lookups,
)
from assay.detectors.held_out_groups import FoundGroups
from assay.detectors.held_out_split import split_halves
from assay.detectors.held_out_tests import (
    AccountTests,
    GroupSurrogates,
    GroupTests,
    group_tests,
    most_act,
)
from assay.detectors.held_out_trials import LEVELS, Trials
from assay.detectors.moments import find_moments
from assay.detectors.surrogates import prepare_surrogates
from assay.detectors.whole_data import co_timed_keys

SECOND_US = 1_000_000
DAY_S = 86_400
PEOPLE = 60


def grid_of() -> BlockGrid:
    return block_grids(60.0, (10.0,), SECOND_US)[0]


def honest(seed: int, objects: int = 240, sharers: int = 6) -> list[Row]:
    """Each object shared within a quarter of an hour, every share at its own moment."""
    rng = np.random.default_rng(seed)
    rows = []
    for obj in range(objects):
        begin = int(rng.integers(0, 10 * DAY_S))
        for account in rng.choice(PEOPLE, sharers, replace=False).tolist():
            rows.append((obj, account, (begin + int(rng.integers(0, 900))) * SECOND_US))
    return rows


def planted(seed: int, size: int, objects: int, jitter_s: int) -> list[Row]:
    """A group of its own accounts that shares objects of its own."""
    rng = np.random.default_rng([seed, 7])
    rows = []
    for obj in range(objects):
        begin = int(rng.integers(0, 10 * DAY_S))
        for member in range(size):
            at_s = begin + int(rng.integers(0, jitter_s + 1))
            rows.append((10_000 + obj, PEOPLE + member, at_s * SECOND_US))
    return rows


def outcome(
    shares: ShareArrays,
    seed: int = 1,
    threads: int = 1,
    shrinkage: float | None = None,
    most_p: float = 1.0,
) -> HeldOut:
    keys, counts = np.unique(co_timed_keys(shares, 60 * SECOND_US), return_counts=True)
    keys = keys[counts >= 2]
    pairs = {"link": ((keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32))}
    activity = activity_of([shares], SECOND_US)
    # With the κ that the gate learns, as a run has them, unless told another.
    (density,) = densities_of(first_shares(shares), (grid_of(),), activity, None)
    densities = {"link": density if shrinkage is None else Density(activity, shrinkage)}
    parameters = HeldOutParameters(
        activity,
        densities=densities,
        of_groups=GroupSurrogates(seed, 199, most_p),
        threads=threads,
    )
    assert lookups({"link": shares}, pairs) >= len(keys)
    return held_out_tests({"link": shares}, pairs, grid_of(), parameters)


def test_a_moment_lies_in_one_half_and_single_acts_are_all_there() -> None:
    rng = np.random.default_rng(1)
    rows = honest(1)
    posts = [(500 + tag, account, at) for _, account, at in rows[:200] for tag in rng.choice(9, 3)]
    kinds = {"hashtag": arrays_of(set(posts), PEOPLE), "link": arrays_of(rows[300:], PEOPLE)}
    moments = find_moments(kinds)
    halves = split_halves(kinds, moments, grid_of())
    seen = [
        {
            pair
            for shares in half.values()
            for pair in zip(shares.accounts.tolist(), shares.times_us.tolist(), strict=True)
        }
        for half in halves
    ]
    assert not seen[0] & seen[1]
    assert len(halves[0]["link"]) + len(halves[1]["link"]) == len(kinds["link"])
    for kind in kinds:
        assert not set(halves[0][kind].objects.tolist()) & set(halves[1][kind].objects.tolist())


def test_halves_do_not_hang_on_places_inside_blocks() -> None:
    """A surrogate, in which everybody sits elsewhere in his block, is halved alike."""
    shares = arrays_of(honest(2), PEOPLE)
    moved = prepare_surrogates({"link": shares}, grid_of()).jittered(1, 1)
    told = [
        [
            set(half["link"].objects.tolist())
            for half in split_halves(kinds, find_moments(kinds), grid_of())
        ]
        for kinds in ({"link": shares}, moved)
    ]
    assert told[0] == told[1]


def test_a_group_s_objects_are_halved_evenly() -> None:
    shares = arrays_of(honest(3) + planted(3, 6, 8, 20), PEOPLE + 6)
    halves = split_halves({"link": shares}, find_moments({"link": shares}), grid_of())
    sizes = [
        len(set(half["link"].objects[half["link"].accounts >= PEOPLE].tolist())) for half in halves
    ]
    assert min(sizes) >= 3


@pytest.mark.parametrize("size", [3, 6, 12])
def test_planted_accounts_pass_and_honest_ones_do_not(size: int) -> None:
    shares = arrays_of(honest(4) + planted(4, size, 8, 20), PEOPLE + size)
    accounts, _, q_values = account_q_values([outcome(shares)])
    named = set(accounts[q_values <= 0.05].tolist())
    assert named == set(range(PEOPLE, PEOPLE + size))


def coins_tried(accounts: range, trials: int, chance: float, *met: int) -> Direction:
    """Tests of one direction: as many coins each, and how often the first of them met others."""
    own = np.array(accounts, np.int32)
    score = np.zeros(len(own), np.int64)
    score[: len(met)] = met
    law = np.tile(np.array([1 - chance, chance], np.float32), (trials * len(own), 1))
    attainable = no_tests()
    p_values = tails_and_expected(law, np.arange(len(own) + 1) * trials, score, attainable)
    none, real = np.empty(0, np.int64), np.empty(0)
    nobody = FoundGroups(np.full(300, -1, np.int32), np.zeros(301, np.int64), none.astype(np.int32))
    return Direction(
        nobody,
        AccountTests(own, own, score, score, score, p_values, p_values, attainable),
        GroupTests(none, none, real, none, real, real),
        p_values,
    )


def test_q_counts_every_test_of_both_halves_and_all_windows_at_its_own_p() -> None:
    """Two windows of two halves: an account pays four times its p, and no test counts at that."""
    first = coins_tried(range(200), 4, 0.1, *[4] * 12, *[3] * 6)
    narrow = _together(first, coins_tried(range(100, 200), 4, 0.1), 300)
    # p of three coins that all fall is .008: below what the accounts pay, .0148, not below .0037.
    wide = _together(coins_tried(range(200, 300), 3, 0.2), coins_tried(range(50), 4, 0.1), 300)
    accounts, p_values, q_values = account_q_values([narrow, wide])
    assert accounts.tolist() == list(range(300))
    assert p_values[:18] == pytest.approx([4e-4] * 12 + [0.0148] * 6, rel=1e-4)
    # The first by Benjamini and Hochberg; those behind by the 350 tests that can have such a p.
    assert q_values[:12] == pytest.approx([4e-4 * 300 / 12] * 12, rel=1e-4)
    assert q_values[12:18] == pytest.approx([350 * 0.0037 / 0.95 / 18] * 6, rel=1e-4)
    assert (q_values[18:] == 1.0).all()


def test_power_grows_with_the_number_of_objects() -> None:
    passing = []
    for objects in (3, 6, 12):
        found = 0
        for seed in range(3):
            rows = honest(seed, 120) + planted(seed, 6, objects, 20)
            accounts, _, q = account_q_values([outcome(arrays_of(rows, PEOPLE + 6))])
            found += int((accounts[q <= 0.05] >= PEOPLE).sum())
        passing.append(found)
    assert passing[0] < passing[1] <= passing[2] == 18


def test_p_values_hold_where_nobody_acts_together() -> None:
    """Accounts and groups found on half of purely honest data, tested on the other half."""
    p_accounts, p_groups = [], []
    for seed in range(8):
        one = outcome(arrays_of(honest(100 + seed, 600, 10), PEOPLE))
        for direction in one.directions:
            p_accounts += direction.accounts.p_values.tolist()
            p_groups += direction.groups.p_values[direction.groups.surrogates > 0].tolist()
    assert len(p_accounts) > 200
    assert np.mean(np.array(p_accounts) <= 0.05) <= 0.08
    assert len(p_groups) > 40
    assert np.mean(np.array(p_groups) <= 0.05) <= 0.12


def test_the_same_on_any_number_of_threads() -> None:
    shares = arrays_of(honest(6) + planted(6, 6, 8, 20), PEOPLE + 6)
    one, two = outcome(shares), outcome(shares, threads=2)
    assert one.p_values.tolist() == two.p_values.tolist()
    for mine, yours in zip(one.directions, two.directions, strict=True):
        assert mine.groups.p_values.tolist() == yours.groups.p_values.tolist()


def test_surrogates_that_decide_nothing_are_left_out() -> None:
    """Which groups pass at a level does not change where p_most alone says that they do not."""
    shares = arrays_of(honest(4, 600, 10) + planted(4, 6, 8, 20), PEOPLE + 6)
    level = 0.01
    passing, drawn = 0, 0
    for all_, some in zip(
        outcome(shares).directions, outcome(shares, most_p=level).directions, strict=True
    ):
        passes = all_.groups.p_values <= level
        assert (passes == (some.groups.p_values <= level)).all()
        assert (some.groups.p_values[passes] == all_.groups.p_values[passes]).all()
        assert (some.groups.surrogates[some.groups.p_most > level] == 0).all()
        passing += int(passes.sum())
        drawn += int((all_.groups.surrogates > some.groups.surrogates).sum())
    assert passing
    assert drawn


def test_partners_are_members_of_one_group_and_mutual() -> None:
    shares = arrays_of(honest(7) + planted(7, 6, 8, 20), PEOPLE + 6)
    for direction in outcome(shares).directions:
        found = direction.found
        pairs = {
            (account, int(partner))
            for account in range(PEOPLE + 6)
            for partner in found.partners[found.starts[account] : found.starts[account + 1]]
        }
        assert all((b, a) in pairs and found.groups[a] == found.groups[b] for a, b in pairs)
        clique = set(combinations(range(PEOPLE, PEOPLE + 6), 2))
        assert clique <= pairs


def test_partners_left_in_explain_much() -> None:
    """With its partners' own burst granted, a group of six with eight objects is no surprise."""
    shares = arrays_of(honest(8) + planted(8, 6, 8, 20), PEOPLE + 6)
    for direction in outcome(shares).directions:
        own = direction.accounts.accounts >= PEOPLE
        assert (direction.accounts.p_values[own] < 0.01).all()
    # Where bursts are as common as κ = 5 says; honest shares here are spread wider than that.
    for direction in outcome(shares, shrinkage=5.0).directions:
        own = direction.accounts.accounts >= PEOPLE
        assert (direction.p_partners_in[own] > 0.05).all()


def test_a_group_in_which_a_few_act_together_is_no_group_of_all() -> None:
    """Partial conjunction: of five members two meet too often; most of them do not."""
    found = FoundGroups(
        np.array([0, 0, 0, 0, 0, 1, 1, 1], np.int32), np.zeros(9, np.int64), np.empty(0, np.int32)
    )
    p_values = np.array([1e-6, 1e-5, 0.02, 0.4, 1e-4, 0.03])
    accounts = np.array([0, 1, 2, 3, 5, 6], np.int32)
    empty = np.zeros(6, np.int64)
    tests = AccountTests(
        accounts, found.groups[accounts], empty, empty, empty, p_values, p_values, no_tests()
    )
    # Group 0: of .02, .4 and 1 with 3/1, 3/2, 3/3; group 1: of .03 and 1 with 2/1, 2/2.
    assert most_act(tests, found) == pytest.approx([0.06, 0.06])
    tests.p_values[2:4] = 0.03
    assert most_act(tests, found) == pytest.approx([0.045, 0.06])


@pytest.mark.parametrize("mass", [1e-9, 1.0, 3.0, 1e9])
def test_places_on_one_object_hang_together_as_an_urn_says(mass: float) -> None:
    """Of two, the second lies with the first at 1/(M + 1), and else where the density says."""
    grid = grid_of()
    # Two partners, at one moment of each of two objects: both met, T = 2.
    two, four = np.zeros(2, np.int32), np.zeros(4, np.int32)
    found = FoundGroups(two, np.array([0, 1, 2]), np.array([1, 0], np.int32))
    trials = Trials(
        accounts=np.array([0, 1, 0, 1], np.int32),
        groups=four,
        objects=np.array([0, 0, 1, 1]),
        ticks=np.full(4, 3 * grid.block_ticks + 5),
        reach=four + 1,
        met=four + 1,
        score=four + 1,
        law=np.zeros((4, LEVELS + 1), np.float32),
        density=np.full((4, grid.bins), 1 / grid.bins, np.float32),
        mass=np.full(4, mass, np.float32),
    )
    whole = np.zeros(2, np.int64)
    own = AccountTests(two, two, whole, whole, whole, np.ones(2), np.ones(2), no_tests())
    tested = group_tests(trials, (found, own), grid, GroupSurrogates(1, 20_000))
    apart = (2 - 1 / grid.bins) / grid.bins
    close = (1 + mass * apart) / (mass + 1)
    assert tested.coincidences.tolist() == [2]
    assert tested.expected == pytest.approx([2 * close], abs=0.02)
    assert tested.p_some == pytest.approx([close**2], abs=0.02)
