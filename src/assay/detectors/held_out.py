"""Accounts and groups tested on objects that were held out when they were found.

The objects are halved; groups are found on the one half and tested on the other, in both
directions. A hypothesis that was tested in both has twice the smaller p, which is valid however
the two depend on each other (Bonferroni); one that was tested in one direction pays the same.
q counts everything that was tested, reported or not, each test with the p-values that it can have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from assay.detectors.activity import Activity
from assay.detectors.arrays import Bools, Int32s, ShareArrays
from assay.detectors.attainable import expected_below, no_tests
from assay.detectors.block_grid import BlockGrid
from assay.detectors.chance import discrete_q_values
from assay.detectors.density import Density
from assay.detectors.held_out_groups import FindingRule, FoundGroups, groups_on
from assay.detectors.held_out_split import Halves, split_halves
from assay.detectors.held_out_tests import (
    AccountTests,
    GroupSurrogates,
    GroupTests,
    account_tests,
    group_tests,
)
from assay.detectors.held_out_trials import (
    MomentOrder,
    TrialNull,
    Trials,
    one_for_each_block,
    order_moments,
    trials_on,
)
from assay.detectors.jitter import Floats
from assay.detectors.moments import find_moments
from assay.detectors.pairs import Pairs

FINDING_LEVEL = 0.01
"""Largest p of a pair on the finding half. On simulated worlds .001 loses half of the planted
groups of six with eight objects, and .05 lets honest bursts of few sharers form groups."""

FINDING_SHRINKAGE = 1e6
"""κ and κ_a on the finding half: a uniform density, so that no group explains itself before it is
found. What that lets through by mistake fails on the other half."""

DIRECTIONS = 2
"""An account tested in one direction pays for both, since which one it was hangs on timing too."""

MOST_LOOKUPS = 40_000_000
"""Above so many looked-up objects of candidate pairs nothing is tested on held-out objects."""


@dataclass(frozen=True)
class HeldOutParameters:
    """How groups are found and tested.

    Attributes:
        activity: Of the whole data.
        min_shared: Fewest co-timed objects of a pair on the finding half.
        densities: By kind, what the gate leans on at this Δ: its κ are the test's. Kinds without
            one take κ = 5.
        of_groups: Surrogates of the groups' test.
        partners_in: Whether accounts are tested with their partners' shares left in as well.
        threads: Worker threads; they change no figure.
    """

    activity: Activity
    min_shared: int = 2
    densities: Mapping[str, Density] = field(default_factory=dict)
    of_groups: GroupSurrogates = field(default_factory=GroupSurrogates)
    partners_in: bool = True
    threads: int = 1


@dataclass(frozen=True)
class Direction:
    """One half found on, the other tested on.

    Attributes:
        found: The groups.
        accounts: Tests of their members.
        groups: Tests of the groups.
        p_partners_in: Of each of ``accounts``, with its partners' own shares left in the density;
            nan where that was not asked for.
    """

    found: FoundGroups
    accounts: AccountTests
    groups: GroupTests
    p_partners_in: Floats


@dataclass(frozen=True)
class HeldOut:
    """Both directions at one window.

    Attributes:
        directions: Found on the first half, found on the second.
        tested: For each account number, whether it was tested in either direction.
        p_values: Of each account, both directions taken together; 1 where it was not tested.
    """

    directions: tuple[Direction, Direction]
    tested: Bools
    p_values: Floats


def lookups(kinds: Mapping[str, ShareArrays], pairs: Mapping[str, Pairs]) -> int:
    """How many objects have to be looked up to find the groups: the cost, known beforehand."""
    total = 0
    for kind, shares in kinds.items():
        degrees = np.bincount(shares.accounts, minlength=shares.account_count)
        total += int(np.minimum(degrees[pairs[kind][0]], degrees[pairs[kind][1]]).sum())
    return total


def held_out_tests(
    kinds: Mapping[str, ShareArrays],
    pairs: Mapping[str, Pairs],
    grid: BlockGrid,
    parameters: HeldOutParameters,
) -> HeldOut:
    """Find groups on each half and test them on the other.

    Args:
        kinds: Shares of each kind, with one numbering of accounts.
        pairs: Of each kind, every pair with ``min_shared`` co-timed objects or more.
        grid: How time is cut: the gate's Δ.
        parameters: How.
    """
    moments = find_moments(kinds)
    halves = split_halves(kinds, moments, grid)
    density = Density(parameters.activity, FINDING_SHRINKAGE, FINDING_SHRINKAGE)
    rule = FindingRule(parameters.min_shared, FINDING_LEVEL, density, parameters.threads)
    leaning = {kind: parameters.densities.get(kind, Density(parameters.activity)) for kind in kinds}
    cut = (grid, order_moments(moments, grid))
    first, second = (
        _direction(groups_on(finding, pairs, grid, rule), (testing, leaning), cut, parameters)
        for finding, testing in (halves, halves[::-1])
    )
    return _together(first, second, len(moments.account_keys))


def _direction(
    found: FoundGroups,
    tested: tuple[Halves, Mapping[str, Density]],
    cut: tuple[BlockGrid, MomentOrder],
    parameters: HeldOutParameters,
) -> Direction:
    """Groups tested on the half that they were not found on."""
    (half, leaning), (grid, order) = tested, cut

    def tried(*, leave_partners_out: bool) -> Trials:
        null = {
            kind: TrialNull.of(own, leave_partners_out=leave_partners_out)
            for kind, own in leaning.items()
        }
        return one_for_each_block(trials_on(half, found, grid, order, null), grid)

    trials = tried(leave_partners_out=True)
    accounts = account_tests(trials)
    groups = group_tests(trials, (found, accounts), grid, parameters.of_groups)
    p_partners_in = np.full(len(accounts.accounts), np.nan)
    if parameters.partners_in:
        p_partners_in = account_tests(tried(leave_partners_out=False)).p_values
    return Direction(found, accounts, groups, p_partners_in)


def _together(first: Direction, second: Direction, accounts: int) -> HeldOut:
    p_values = np.ones((2, accounts))
    tested = np.zeros(accounts, np.bool_)
    for number, direction in enumerate((first, second)):
        p_values[number, direction.accounts.accounts] = direction.accounts.p_values
        tested[direction.accounts.accounts] = True
    return HeldOut((first, second), tested, np.minimum(DIRECTIONS * p_values.min(axis=0), 1.0))


def account_q_values(windows: list[HeldOut]) -> tuple[Int32s, Floats, Floats]:
    """Accounts tested at any window, with p over windows (Bonferroni) and q over accounts.

    Returns:
        Account numbers, ascending; their p; their q.
    """
    tested = np.logical_or.reduce([one.tested for one in windows])
    accounts = np.flatnonzero(tested).astype(np.int32)
    smallest = np.minimum.reduce([one.p_values[accounts] for one in windows])
    paid = DIRECTIONS * len(windows)
    p_values = np.minimum(smallest * len(windows), 1.0)
    attainable = no_tests()
    for one in windows:
        for direction in one.directions:
            attainable += direction.accounts.attainable
    # A test counts with its own p, which is the account's without what was paid for several tests.
    expected = expected_below(attainable, p_values / paid)
    return accounts, p_values, discrete_q_values(p_values, expected)
