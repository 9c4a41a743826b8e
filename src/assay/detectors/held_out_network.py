"""Held-out tests joined to the network that was found on all objects: p and q where they belong.

The groups that were tested are those of a half, not the communities of the whole. An account has
its own p. A community takes the p of the group that has most in common with it on each half.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.detectors.chance import benjamini_hochberg
from assay.detectors.jitter import Floats
from assay.detectors.kept_edges import codes_of
from assay.model.dataset import RunFolder

LEAST_IN_COMMON = 1 / 2
"""A half's group with a greater Jaccard similarity stands for a community; at most one has it."""


@dataclass(frozen=True)
class HeldOutFigures:
    """p and q of a network's accounts and communities; nan where nothing was tested.

    Attributes:
        account_p: Of each account, both halves and all windows together.
        account_q: Over all accounts tested, in the network or not.
        community_p: Of each community: the smallest p of its groups, times their number.
        community_q: Benjamini-Hochberg over all groups of the half that has most.
    """

    account_p: Floats
    account_q: Floats
    community_p: Floats
    community_q: Floats


def read_held_out(run: RunFolder, accounts: pa.Array, community: np.ndarray) -> HeldOutFigures:
    """Read the run's held-out tests for a network.

    Args:
        run: Whose tables to read; a run without them has tested nothing.
        accounts: Sorted ids of the network's accounts.
        community: Community of each of them, from 0.
    """
    communities = int(community.max()) + 1 if len(community) else 0
    nothing = HeldOutFigures(
        *(np.full(len(accounts), np.nan) for _ in range(2)),
        *(np.full(communities, np.nan) for _ in range(2)),
    )
    if not run.held_out_accounts.exists() or not run.held_out_groups.exists():
        return nothing
    tests = pq.read_table(run.held_out_accounts)
    groups = pq.read_table(run.held_out_groups)
    if not len(tests) or not len(accounts):
        return nothing
    code = codes_of(tests["account_id"], accounts)
    inside = np.flatnonzero(code >= 0)
    nothing.account_p[code[inside]] = tests["account_p_value"].to_numpy()[inside]
    nothing.account_q[code[inside]] = tests["account_q_value"].to_numpy()[inside]
    in_community = np.where(code >= 0, community[code], -1)
    nothing.community_p[:] = _community_p(tests, groups, in_community, community)
    tested = np.flatnonzero(~np.isnan(nothing.community_p))
    family = max(len(tested), _most_groups(groups))
    nothing.community_q[tested] = benjamini_hochberg(nothing.community_p[tested], family)
    return nothing


def _community_p(
    tests: pa.Table, groups: pa.Table, in_community: np.ndarray, community: np.ndarray
) -> Floats:
    """The smallest p over windows and halves of the group that stands for each community."""
    sizes = np.bincount(community)
    windows = sorted(set(tests["window_s"].to_pylist()))
    sides = [(window_s, half) for window_s in windows for half in (1, 2)]
    p_values = np.full(len(sizes), np.nan)
    for window_s, found_on in sides:
        own = _of_side(tests, window_s, found_on).to_numpy(zero_copy_only=False)
        side = groups.filter(_of_side(groups, window_s, found_on))
        group = tests["group"].to_numpy()[own]
        group_sizes = np.bincount(group, minlength=len(side))
        p_of_group = side["p_value"].to_numpy()
        keys = group * (len(sizes) + 1) + in_community[own] + 1
        for key, common in zip(*np.unique(keys, return_counts=True), strict=True):
            number, place = divmod(int(key), len(sizes) + 1)
            together = common / (sizes[place - 1] + group_sizes[number] - common)
            if place and together > LEAST_IN_COMMON:
                p_values[place - 1] = np.fmin(p_values[place - 1], p_of_group[number])
    combined: Floats = np.minimum(p_values * len(sides), 1.0)
    return combined


def _of_side(table: pa.Table, window_s: float, found_on: int) -> pa.ChunkedArray:
    return pc.and_(pc.equal(table["window_s"], window_s), pc.equal(table["found_on"], found_on))


def _most_groups(groups: pa.Table) -> int:
    tested = groups.filter(pc.greater(groups["surrogates"], 0))
    sides = zip(tested["window_s"].to_pylist(), tested["found_on"].to_pylist(), strict=True)
    counts: dict[tuple[float, int], int] = {}
    for side in sides:
        counts[side] = counts.get(side, 0) + 1
    return max(counts.values(), default=0)
