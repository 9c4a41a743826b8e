"""The detector's verdict with a group planted, recomputing only what the planting can change.

A pair's test depends on the two accounts' own shares and on how many others acted in the same
blocks. So a planting changes the tests of pairs with a planted account, and of pairs that meet in
a block in which a planted account acted; every other test stays what it was, to the last bit. That
a replay equals a fresh run of the detector on the same shares is tested.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assay.detectors.activity import Activity
from assay.detectors.arrays import Bools, Int32s, Int64s, ShareArrays, taken
from assay.detectors.block_grid import BlockGrid
from assay.detectors.by_account import shares_by_account
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.jitter import prepare_gate
from assay.detectors.pairs import PairFacts, pair_facts
from assay.laboratory.baseline import Baseline, TestedWindow, blocks_since_1970
from assay.laboratory.planting import Planted

Floats = npt.NDArray[np.float64]
Pairs = tuple[Int32s, Int32s]


@dataclass(frozen=True)
class Retested:
    """One kind and window after a planting.

    Attributes:
        unchanged: p-values of tests that the planting left alone, all Δ together. Only those
            up to the level: larger ones rank behind every test that could pass.
        p_values: (Δ, pair) of the pairs tested again or for the first time.
        shared_objects: Their co-timed objects.
        pairs: Their accounts.
        family: Pairs at risk.
    """

    unchanged: Floats
    p_values: Floats
    shared_objects: Int64s
    pairs: Pairs
    family: int


def found_members(base: Baseline, kind: str, planted: Planted) -> Bools:
    """For each planted account, whether the gate ties it to another member of its group.

    The rule is the detector's: q of the narrowest Δ within the family of all kinds, windows and
    Δ at most the level, and at least ``min_shared`` co-timed objects.

    Args:
        base: The data without the group.
        kind: The kind of object that the group shares.
        planted: The data with the group.
    """
    activity = activity_with(base.activity, planted)
    parts = [
        retested(base, window, planted, activity, planted_here=window.kind == kind)
        for window in base.windows
    ]
    family = sum(part.family * len(part.p_values) for part in parts)
    fresh = [part.p_values.ravel() for part in parts]
    q_values = benjamini_hochberg(
        np.concatenate([*fresh, *(part.unchanged for part in parts)]), family
    )
    first_planted = base.shares[kind].account_count
    found = np.zeros(planted.shares.account_count - first_planted, np.bool_)
    begin = 0
    for part in parts:
        narrowest = q_values[begin : begin + part.p_values.shape[1]]
        begin += part.p_values.size
        kept = narrowest <= base.parameters.fdr
        kept &= part.shared_objects >= base.parameters.min_shared
        kept &= (part.pairs[0] >= first_planted) & (part.pairs[1] >= first_planted)
        for side in part.pairs:
            found[side[kept] - first_planted] = True
    return found


def activity_with(activity: Activity, planted: Planted) -> Activity:
    """The whole data's activity with the group's: each of its moments counts once."""
    shares, rows = planted.shares, planted.rows
    moments = np.unique(np.stack([shares.times_us[rows], shares.accounts[rows]]), axis=1)[0]
    times_us, counts = np.unique(moments, return_counts=True)
    places = np.searchsorted(activity.times_us, times_us)
    known = np.zeros(len(times_us), np.bool_)
    inside = places < len(activity.times_us)
    known[inside] = activity.times_us[places[inside]] == times_us[inside]
    accounts = activity.accounts.copy()
    accounts[places[known]] += counts[known].astype(np.int32)
    return Activity(
        np.insert(activity.times_us, places[~known], times_us[~known]),
        np.insert(accounts, places[~known], counts[~known].astype(np.int32)),
        activity.resolution_us,
    )


def retested(
    base: Baseline,
    window: TestedWindow,
    planted: Planted,
    activity: Activity,
    *,
    planted_here: bool,
) -> Retested:
    """Test one kind and window again.

    Args:
        base: The data without the group.
        window: What is tested again.
        planted: The data with the group.
        activity: Of the whole data with the group (:func:`activity_with`). Every κ stays as it
            was learnt from the data without the group.
        planted_here: Whether the group shares objects of this very kind; another kind's shares
            change nothing here but the activity.
    """
    again = _pairs_in_changed_blocks(window, planted)
    pairs = (window.pairs[0][again], window.pairs[1][again])
    family = max(window.families.values())
    shares, is_first = base.shares[window.kind], base.is_first[window.kind]
    if planted_here:
        shares, is_first = planted.shares, planted.is_first
        first_planted = base.shares[window.kind].account_count
        first = taken(shares, is_first)
        new, family = _group_pairs(window, first, first_planted, base.parameters.min_shared)
        pairs = (np.concatenate([pairs[0], new[0]]), np.concatenate([pairs[1], new[1]]))
    facts = _facts(window, (shares, is_first), pairs, activity, base.parameters.min_shared)
    untouched = np.ones(len(window.pairs[0]), np.bool_)
    untouched[again] = False
    left = window.p_values[:, untouched].ravel()
    return Retested(
        unchanged=left[left <= base.parameters.fdr],
        p_values=facts.p_values,
        shared_objects=facts.shared_objects,
        pairs=pairs,
        family=family,
    )


def _pairs_in_changed_blocks(window: TestedWindow, planted: Planted) -> Int64s:
    """Candidate pairs that meet where a planted account acted."""
    times_us = planted.shares.times_us[planted.rows]
    changed = np.unique(blocks_since_1970(times_us, window.grids[-1]))
    begins = np.searchsorted(window.blocks, changed)
    ends = np.searchsorted(window.blocks, changed, side="right")
    parts = [window.pairs_in_block[a:b] for a, b in zip(begins, ends, strict=True)]
    return np.unique(np.concatenate(parts)).astype(np.int64)


def _group_pairs(
    window: TestedWindow, first: ShareArrays, first_planted: int, min_shared: int
) -> tuple[Pairs, int]:
    """Pairs with a planted account that can be co-timed often enough, and the family with them."""
    sizes, pairs = [], (np.empty(0, np.int32), np.empty(0, np.int32))
    for grid, before in window.families.items():
        keys, counts = np.unique(_meeting_keys(first, first_planted, grid), return_counts=True)
        keys = keys[counts >= min_shared]
        sizes.append(before + len(keys))
        if grid is window.grids[-1]:
            low, high = np.divmod(keys, first.account_count)
            pairs = (low.astype(np.int32), high.astype(np.int32))
    return pairs, max(sizes)


def _meeting_keys(first: ShareArrays, first_planted: int, grid: BlockGrid) -> Int64s:
    """One number for each object and pair with a planted account in adjacent blocks."""
    rows = np.flatnonzero(first.accounts >= first_planted)
    keys = [np.empty(0, np.int64)]
    for code in np.unique(first.objects[rows]).tolist():
        begin, end = first.starts[code], first.starts[code + 1]
        accounts = first.accounts[begin:end].astype(np.int64)
        blocks = blocks_since_1970(first.times_us[begin:end], grid)
        is_planted = accounts >= first_planted
        mine, others = np.flatnonzero(is_planted), np.arange(len(accounts))
        near = np.abs(blocks[mine][:, None] - blocks[None, :]) <= 1
        # Two planted accounts are counted once.
        near &= ~is_planted[None, :] | (mine[:, None] < others[None, :])
        one, other = np.nonzero(near)
        a, b = accounts[mine[one]], accounts[others[other]]
        keys.append(np.minimum(a, b) * first.account_count + np.maximum(a, b))
    return np.concatenate(keys)


def _facts(
    window: TestedWindow,
    flagged: tuple[ShareArrays, Bools],
    pairs: Pairs,
    activity: Activity,
    min_shared: int,
) -> PairFacts:
    """Test these pairs by the detector's own functions."""
    shares, is_first = flagged
    wanted = np.zeros(shares.account_count, np.bool_)
    wanted[pairs[0]] = True
    wanted[pairs[1]] = True
    first = taken(shares, is_first)
    by_account = shares_by_account(shares, is_first, wanted)
    densities = [replace(density, activity=activity) for density in window.densities]
    gate = prepare_gate(first, by_account.firsts, window.grids, densities, min_shared)
    # The comparison nulls decide nothing here, so their weights are left at 0.
    weights = np.zeros((shares.object_count, 2))
    return pair_facts(pairs, by_account, gate, weights, window.window_us, threads=1)
