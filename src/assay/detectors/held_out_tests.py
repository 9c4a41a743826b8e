"""From trials on held-out objects to p-values of accounts and of groups.

**Account.** Given what the others did and the blocks of its own shares, the scores of an account
that acts for itself are independent, each with a known law: p is the exact upper tail of their
sum, by convolution. With one other member in each trial that is the Poisson-binomial tail.

**Group.** T counts, over all held-out objects, the pairs of partners within the window. p comes
from surrogates of the held-out half in which every member's share is drawn anew inside its block:
p = (1 + #{T* ≥ T}) / (R + 1) (Phipson & Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9:39). The
members' places on one object hang together under the null too, since nobody knows its density: the
first is drawn from the density's mean, each further one with the mean's weight M from it and with
one share's weight from each place drawn before (Pólya's urn: Blackwell & MacQueen 1973, Ann. Stat.
1:353). Drawn independently, a burst that all followed would count as a surprise for each. That T
is large says that *some* of them meet too often; a group in which three of twenty act together is
no group of twenty. So p is also at least the one for "most of them do", the partial conjunction of
its members' own tests (Benjamini & Heller 2008, Biometrics 64:1215) by Simes' inequality, for tests
that depend positively on each other: min over i of (n - u + 1)/i · p₍ᵤ₋₁₊ᵢ₎ with u = ⌊n/2⌋ + 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s
from assay.detectors.attainable import no_tests, tails_and_expected
from assay.detectors.block_grid import BlockGrid
from assay.detectors.held_out_groups import FoundGroups
from assay.detectors.held_out_trials import Trials, among
from assay.detectors.jitter import Floats
from assay.detectors.moments import stream_of
from assay.detectors.spread import mixed, uniform
from assay.engine.compiled import njit

MOST_DRAWS = 50_000_000
"""A large group gets fewer surrogates, so that all together take seconds."""

FEWEST_SURROGATES = 199

MOST_TRIALS = 64
"""Trials of one account that enter its test, which bounds the work."""


@dataclass(frozen=True)
class GroupSurrogates:
    """What the groups' test draws.

    Attributes:
        seed: Of the draws.
        count: R.
        most_p: A group with a larger p_most gets no surrogates, and p = 1. Where nothing is asked
            but which groups pass at a level, those above it need none.
    """

    seed: int = 1
    count: int = 999
    most_p: float = 1.0


@dataclass(frozen=True)
class AccountTests:
    """One entry per tested account.

    Attributes:
        accounts: Account numbers, ascending.
        groups: The group each was tested against.
        trials: Held-out shares in which it could have met another member.
        met: In how many it met at least one.
        score: Members met, summed over the trials (:data:`assay.detectors.held_out_trials.LEVELS`).
        expected: What the null expects of that.
        p_values: Exact upper tails.
        attainable: How many p-values the null leads one to expect, in each step of a grid
            (:mod:`assay.detectors.attainable`).
    """

    accounts: Int32s
    groups: Int32s
    trials: Int64s
    met: Int64s
    score: Int64s
    expected: Floats
    p_values: Floats
    attainable: Floats


@dataclass(frozen=True)
class GroupTests:
    """One entry per group, tested or not.

    Attributes:
        objects: Held-out objects on which two partners could have met.
        coincidences: T, pairs of partners within the window, summed over them.
        expected: Mean of T over the surrogates.
        surrogates: R; 0 where there was nothing to test, or p_most decided.
        p_some: Of T: that some of them meet too often; 1 without surrogates.
        p_most: That most of them do, by their own tests.
    """

    objects: Int64s
    coincidences: Int64s
    expected: Floats
    surrogates: Int64s
    p_some: Floats
    p_most: Floats

    @property
    def p_values(self) -> Floats:
        """Of each group: the larger of both."""
        larger: Floats = np.maximum(self.p_some, self.p_most)
        return larger


def account_tests(trials: Trials) -> AccountTests:
    """Test every account that has a trial.

    Args:
        trials: At most one for each account and block.
    """
    order = np.lexsort((-trials.reach, trials.accounts))
    accounts, starts, sizes = np.unique(
        trials.accounts[order], return_index=True, return_counts=True
    )
    # Of very many trials those with most members in reach stand for all.
    rank = np.arange(len(order)) - np.repeat(starts, sizes)
    own = trials.taken(order[rank < MOST_TRIALS])
    bounds = np.concatenate(([0], np.cumsum(np.minimum(sizes, MOST_TRIALS)))).astype(np.int64)
    score = _summed(own.score, bounds).astype(np.int64)
    attainable = no_tests()
    p_values = tails_and_expected(own.law, bounds, score, attainable)
    return AccountTests(
        accounts.astype(np.int32),
        trials.groups[order][starts].astype(np.int32),
        np.diff(bounds),
        _summed(own.met > 0, bounds).astype(np.int64),
        score,
        _summed(own.law @ np.arange(own.law.shape[1]), bounds),
        p_values,
        attainable,
    )


def most_act(accounts: AccountTests, found: FoundGroups) -> Floats:
    """P of each group for "fewer than most of its members act together"; untested ones have p = 1.

    Args:
        accounts: The members' own tests.
        found: The groups.
    """
    p_values = np.ones(len(found.groups))
    p_values[accounts.accounts] = accounts.p_values
    members = np.flatnonzero(found.groups >= 0)
    order = members[np.lexsort((p_values[members], found.groups[members]))]
    sizes = np.bincount(found.groups[members], minlength=found.count)
    begins = np.cumsum(sizes) - sizes
    rank = np.arange(len(order)) - np.repeat(begins, sizes)
    # Those from the least that make most of a group to its last: by Simes' inequality.
    fewest = sizes // 2 + 1
    place = rank - np.repeat(fewest, sizes) + 2
    others = np.repeat(sizes - fewest + 1, sizes)
    scaled = np.where(place > 0, others / np.maximum(place, 1) * p_values[order], 1.0)
    p_most: Floats = np.minimum.reduceat(scaled, begins) if len(begins) else np.empty(0)
    return p_most


def group_tests(
    trials: Trials,
    found: tuple[FoundGroups, AccountTests],
    grid: BlockGrid,
    surrogates: GroupSurrogates,
) -> GroupTests:
    """Test every group.

    Args:
        trials: At most one for each account and block.
        found: The groups, and their members' own tests.
        grid: How time is cut.
        surrogates: What is drawn; fewer for groups with very many trials.
    """
    own_groups, accounts = found
    groups = own_groups.count
    order = np.lexsort((trials.accounts, trials.ticks, trials.objects, trials.groups))
    own = trials.taken(order)
    bounds = np.searchsorted(own.groups, np.arange(groups + 1)).astype(np.int64)
    pairs = _partner_pairs(
        (own.groups, own.objects, own.accounts),
        own.ticks,
        (own_groups.starts, own_groups.partners),
        grid.block_ticks,
    )
    pair_bounds = np.searchsorted(own.groups[pairs[:, 0]], np.arange(groups + 1)).astype(np.int64)
    work = np.diff(bounds) + np.diff(pair_bounds)
    counts = np.clip(MOST_DRAWS // np.maximum(work, 1), FEWEST_SURROGATES, surrogates.count)
    p_most = most_act(accounts, own_groups)
    drawn_for = (np.diff(pair_bounds) > 0) & (p_most <= surrogates.most_p)
    counts = np.where(drawn_for, counts, 0).astype(np.int64)
    coincidences, drawn, at_least = (np.zeros(groups, np.int64) for _ in range(3))
    _draw_groups(
        (bounds, pair_bounds, pairs),
        own.ticks,
        np.cumsum(own.density, axis=1, dtype=np.float64),
        (own.objects, own.mass),
        (grid.bin_ticks, grid.block_ticks),
        stream_of(surrogates.seed, 0),
        counts,
        (coincidences, drawn, at_least),
    )
    met_on = np.unique(np.column_stack((own.groups[pairs[:, 0]], own.objects[pairs[:, 0]])), axis=0)
    return GroupTests(
        np.bincount(met_on[:, 0].astype(np.int64), minlength=groups),
        coincidences,
        drawn / np.maximum(counts, 1),
        counts,
        (1.0 + at_least) / (counts + 1.0),
        p_most,
    )


def _summed(values: npt.NDArray[Any], bounds: Int64s) -> Floats:
    running = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    total: Floats = running[bounds[1:]] - running[bounds[:-1]]
    return total


@njit
def _partner_pairs(
    who: tuple[Int32s, Int64s, Int32s],
    ticks: Int64s,
    partners: tuple[Int64s, Int32s],
    block_ticks: int,
) -> Int64s:
    """Pairs of trials by partners on one object in the same or in adjacent blocks."""
    groups, objects, accounts = who
    pairs = np.empty((max(len(ticks), 16), 2), np.int64)
    found = 0
    begin = 0
    while begin < len(ticks):
        same = (groups[begin], objects[begin])
        end = begin
        while end < len(ticks) and (groups[end], objects[end]) == same:
            end += 1
        for one in range(begin, end):
            for other in range(one + 1, end):
                if ticks[other] // block_ticks - ticks[one] // block_ticks > 1:
                    break
                if not among(partners, accounts[one], accounts[other]):
                    continue
                if found == len(pairs):
                    pairs = np.concatenate((pairs, np.empty_like(pairs)))
                pairs[found, 0] = one
                pairs[found, 1] = other
                found += 1
        begin = end
    return pairs[:found].copy()


@njit
def _draw_groups(
    layout: tuple[Int64s, Int64s, Int64s],
    ticks: Int64s,
    cumulative: Floats,
    urns: tuple[Int64s, npt.NDArray[np.float32]],
    size: tuple[int, int],
    stream: np.uint64,
    counts: Int64s,
    out: tuple[Int64s, Int64s, Int64s],
) -> None:
    """T of every group, the sum of T over its surrogates, and how many reach T."""
    bounds, pair_bounds, pairs = layout
    objects, masses = urns
    bin_ticks, block_ticks = size
    found, drawn, at_least = out
    moved = ticks.copy()
    for group in range(len(counts)):
        low, high = pair_bounds[group], pair_bounds[group + 1]
        found[group] = _close(pairs[low:high], ticks, bin_ticks)
        for replicate in range(counts[group]):
            bits = mixed(stream ^ mixed(np.uint64(replicate)))
            urn = bounds[group]
            for trial in range(bounds[group], bounds[group + 1]):
                block_begin = ticks[trial] // block_ticks * block_ticks
                # Trials are in the order of objects and time: an urn is a stretch of them.
                same = objects[urn] == objects[trial]
                if not same or ticks[urn] // block_ticks * block_ticks != block_begin:
                    urn = trial
                before = trial - urn
                bits = mixed(bits)
                place = uniform(bits) * (masses[trial] + before)
                bits = mixed(bits)
                if place < before:
                    at = (moved[urn + np.int64(place)] - block_begin) // bin_ticks
                else:
                    place = (place - before) / masses[trial] * cumulative[trial, -1]
                    at = np.searchsorted(cumulative[trial], place, side="right")
                    at = min(at, cumulative.shape[1] - 1)
                moved[trial] = block_begin + at * bin_ticks + np.int64(uniform(bits) * bin_ticks)
            count = _close(pairs[low:high], moved, bin_ticks)
            drawn[group] += count
            at_least[group] += count >= found[group]


@njit
def _close(pairs: Int64s, ticks: Int64s, window_ticks: int) -> int:
    """How many of the pairs lie within the window."""
    total = 0
    for pair in range(len(pairs)):
        total += abs(ticks[pairs[pair, 0]] - ticks[pairs[pair, 1]]) <= window_ticks
    return total
