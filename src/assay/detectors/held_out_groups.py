"""Groups found on one half of the objects; whatever is asked of them is asked of the other half.

Nothing here needs to be exact: a group found by mistake fails its test on the other half, and a
level too strict only loses groups. So the level is a plain p-value, laxer than the gate's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Int32s, ShareArrays
from assay.detectors.by_account import shares_by_account
from assay.detectors.communities import LeidenParameters, WeightedEdges, find_communities
from assay.detectors.density import Density
from assay.detectors.held_out_split import Halves
from assay.detectors.jitter import BlockGrid, Floats, prepare_gate
from assay.detectors.pairs import Pairs, pair_facts


@dataclass(frozen=True)
class FindingRule:
    """Which pairs of a half join a group.

    Attributes:
        min_shared: Fewest co-timed objects of a pair on the half.
        level: Largest p of the gate on the half.
        density: What the gate's density is shrunk to, and how much.
        threads: Worker threads.
    """

    min_shared: int
    level: float
    density: Density
    threads: int = 1


def groups_on(half: Halves, pairs: Pairs, grid: BlockGrid, rule: FindingRule) -> Int32s:
    """The group of each account, -1 for none.

    Args:
        half: First shares of each kind on the half.
        pairs: Candidate pairs; every pair co-timed often enough on the half must be among them.
        grid: How time is cut.
        rule: Which pairs count.
    """
    weight = np.zeros(len(pairs[0]), np.int64)
    count = 0
    for shares in half.values():
        count = shares.account_count
        co_timed, p_values = _tested(shares, pairs, grid, rule)
        weight += np.where(p_values <= rule.level, co_timed, 0)
    kept = np.flatnonzero(weight)
    groups = np.full(count, -1, np.int32)
    if not len(kept):
        return groups
    members, codes = np.unique(
        np.concatenate((pairs[0][kept], pairs[1][kept])), return_inverse=True
    )
    # No times: which accounts come first must not hang on where in a block they acted.
    edges = WeightedEdges(
        len(members),
        codes[: len(kept)],
        codes[len(kept) :],
        weight[kept],
        np.zeros(len(kept), np.int64),
    )
    groups[members] = find_communities(edges, LeidenParameters(replicates=0))[0]
    return groups


def _tested(
    shares: ShareArrays, pairs: Pairs, grid: BlockGrid, rule: FindingRule
) -> tuple[np.ndarray, Floats]:
    """Co-timed objects and the gate's p of each pair on one half and kind."""
    wanted = np.zeros(shares.account_count, np.bool_)
    wanted[pairs[0]] = True
    wanted[pairs[1]] = True
    by_account = shares_by_account(shares, np.ones(len(shares), np.bool_), wanted)
    gate = prepare_gate(shares, by_account.firsts, (grid,), rule.density, rule.min_shared)
    facts = pair_facts(
        pairs,
        by_account,
        gate,
        np.zeros((shares.object_count, 2)),
        grid.bin_ticks * grid.tick_us,
        rule.threads,
    )
    return facts.co_timed_tested[0], facts.p_values[0]
