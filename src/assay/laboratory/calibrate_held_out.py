"""The tests beyond edges in a world with known truth: named accounts, and groups as wholes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.detectors.block_grid import block_grids
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.held_out import (
    DIRECTIONS,
    Direction,
    HeldOutParameters,
    account_q_values,
    held_out_tests,
)
from assay.detectors.held_out_tests import GroupSurrogates
from assay.detectors.in_memory import TestedPairs
from assay.laboratory.world_parts import NOBODY, Ints
from assay.laboratory.worlds import TrueWorld

ACCOUNTS, GROUPS = "accounts held out", "groups held out"
"""Rules that keep accounts, or groups, instead of edges."""

SURROGATES = 199
"""Of the groups' test: fewer than in a detection, for there are thousands of runs."""


@dataclass(frozen=True)
class HeldOutTask:
    """What is tested, and how.

    Attributes:
        made: The world.
        tested: Its candidate pairs.
        window_s: The window.
        parameters: Of the detection.
        seed: Of the surrogates.
    """

    made: TrueWorld
    tested: TestedPairs
    window_s: float
    parameters: Coaction
    seed: int


def judge_held_out(task: HeldOutTask) -> dict[str, dict[str, Any]]:
    """What of the named accounts and of the passing groups is true; fields as of edges."""
    made, tested, parameters = task.made, task.tested, task.parameters
    activity = tested.density.activity
    grid = block_grids(task.window_s, parameters.deltas, activity.resolution_us)[0]
    pairs = (tested.account_i.astype(np.int32), tested.account_j.astype(np.int32))
    held = held_out_tests(
        {"object": made.shares},
        {"object": pairs},
        grid,
        HeldOutParameters(
            activity,
            parameters.min_shared,
            {"object": tested.density},
            # With a larger p_most no group passes, whatever the surrogates say.
            GroupSurrogates(task.seed, SURROGATES, parameters.fdr / DIRECTIONS),
            partners_in=False,
        ),
    )
    accounts, _, q_values = account_q_values([held])
    named = accounts[q_values <= parameters.fdr].astype(np.int64)
    return {
        ACCOUNTS: _judged(named, made, len(named), int(_honest(named, made).sum())),
        GROUPS: _judged_groups(held.directions, made, parameters.fdr),
    }


def _judged_groups(
    directions: tuple[Direction, ...], made: TrueWorld, fdr: float
) -> dict[str, Any]:
    p_values = np.concatenate([one.groups.p_values for one in directions])
    # A group without a trial was not tested, and is no member of the family.
    testable = np.concatenate([one.groups.objects for one in directions]) > 0
    q_values = np.ones(len(p_values))
    # A group tested in one direction pays for the other, as accounts do.
    doubled = np.minimum(DIRECTIONS * p_values[testable], 1.0)
    q_values[testable] = benjamini_hochberg(doubled, int(testable.sum()))
    passing, false, members, before = 0, 0, [np.empty(0, np.int64)], 0
    for direction in directions:
        count = len(direction.groups.p_values)
        for group in np.flatnonzero(q_values[before : before + count] <= fdr).tolist():
            own = np.flatnonzero(direction.found.groups == group)
            passing += 1
            false += not mostly_together(own, made)
            members.append(own)
        before += count
    return _judged(np.unique(np.concatenate(members)), made, passing, false)


def mostly_together(accounts: Ints, made: TrueWorld) -> bool:
    """Whether more than half of the accounts are of one planted group or one publisher."""
    for belongs in (made.group, made.publisher):
        own = belongs[accounts]
        own = own[own != NOBODY]
        if len(own) and 2 * int(np.bincount(own).max()) > len(accounts):
            return True
    return False


def _honest(accounts: Ints, made: TrueWorld) -> np.ndarray:
    honest: np.ndarray = (made.group[accounts] == NOBODY) & (made.publisher[accounts] == NOBODY)
    return honest


def _judged(accounts: Ints, made: TrueWorld, kept: int, false: int) -> dict[str, Any]:
    return {
        "kept": kept,
        "false": false,
        "accounts": len(accounts),
        "false_accounts": int(_honest(accounts, made).sum()),
        "found": {
            str(size): {"accounts": int((made.group[accounts] == number).sum()), "edges": None}
            for number, size in enumerate(made.sizes)
        },
    }
