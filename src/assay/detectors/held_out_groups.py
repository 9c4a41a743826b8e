"""Groups found on one half of the objects; whatever is asked of them is asked of the other half.

Nothing here needs to be exact: a group found by mistake fails its test on the other half, and a
level too strict only loses groups. So the level is a plain p-value, laxer than the gate's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.block_grid import BlockGrid
from assay.detectors.by_account import shares_by_account
from assay.detectors.communities import LeidenParameters, WeightedEdges, find_communities
from assay.detectors.density import Density
from assay.detectors.held_out_split import Halves
from assay.detectors.jitter import Floats, prepare_gate
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


@dataclass(frozen=True)
class FoundGroups:
    """Who belongs together by one half of the objects.

    Attributes:
        groups: Group of each account, -1 for none.
        starts: First of each account's partners; one more entry than accounts.
        partners: Accounts of its group with which its pair counted, ascending for each account.
    """

    groups: Int32s
    starts: Int64s
    partners: Int32s

    @property
    def count(self) -> int:
        """How many groups there are."""
        return int(self.groups.max(initial=-1)) + 1


def groups_on(
    half: Halves, pairs: Mapping[str, Pairs], grid: BlockGrid, rule: FindingRule
) -> FoundGroups:
    """The groups of one half.

    Args:
        half: First shares of each kind on the half.
        pairs: Candidate pairs of each kind; every pair co-timed often enough on the half must be
            among them.
        grid: How time is cut.
        rule: Which pairs count.
    """
    count = max(shares.account_count for shares in half.values())
    a, b, weight = _counted(half, pairs, grid, rule)
    groups = np.full(count, -1, np.int32)
    if not len(a):
        return FoundGroups(groups, np.zeros(count + 1, np.int64), np.empty(0, np.int32))
    members, codes = np.unique(np.concatenate((a, b)), return_inverse=True)
    # No times: which accounts come first must not hang on where in a block they acted.
    edges = WeightedEdges(
        len(members),
        codes[: len(a)],
        codes[len(a) :],
        weight,
        np.zeros(len(a), np.int64),
    )
    groups[members] = find_communities(edges, LeidenParameters(replicates=0))[0]
    inside = groups[a] == groups[b]
    ends = np.concatenate((a[inside], b[inside]))
    partners = np.concatenate((b[inside], a[inside]))
    order = np.lexsort((partners, ends))
    starts = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=count))))
    return FoundGroups(groups, starts.astype(np.int64), partners[order].astype(np.int32))


def _counted(
    half: Halves, pairs: Mapping[str, Pairs], grid: BlockGrid, rule: FindingRule
) -> tuple[Int32s, Int32s, Int64s]:
    """Pairs that count on a half, each once, and their co-timed objects over all kinds."""
    keys, weights = [], []
    for kind, shares in half.items():
        co_timed, p_values = _tested(shares, pairs[kind], grid, rule)
        kept = np.flatnonzero((p_values <= rule.level) & (co_timed > 0))
        low, high = pairs[kind][0][kept], pairs[kind][1][kept]
        keys.append((low.astype(np.int64) << 32) | high)
        weights.append(co_timed[kept])
    distinct, codes = np.unique(np.concatenate(keys), return_inverse=True)
    weight = np.bincount(codes, weights=np.concatenate(weights), minlength=len(distinct))
    return (
        (distinct >> 32).astype(np.int32),
        (distinct & 0xFFFFFFFF).astype(np.int32),
        weight.astype(np.int64),
    )


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
