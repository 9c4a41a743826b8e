"""The tested family: which account pairs could have been reported, counted before looking.

Benjamini-Hochberg needs the number m of hypotheses, and m must not depend on what is tested
(how many objects turned out co-timed). The family here is every pair with at least c₀ common
objects *that the null leaves free to be co-timed*: first shares in the same block or in adjacent
ones. The null is conditional on the blocks, so the family is fixed in advance by what is
conditioned upon; a pair outside it has p = 1 whatever its timing, and dropping such hypotheses
leaves BH valid (Tarone 1990, docs/decisions/0007). One count serves every Δ: two shares in
adjacent blocks of a Δ are never further apart than adjacent blocks of one twice as wide.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.block_grid import BlockGrid, positions
from assay.detectors.spread import Divisor, Uint64s, divisor, is_multiple, spread
from assay.engine.compiled import njit

EXACT_RECORDS = 6_000_000
"""Up to so many (pair, object) records the family is counted exactly."""

WALKED_RECORDS = 4_000_000_000
"""Up to so many records they are walked and a sample of pairs counted; above, only bounded."""

WALKED_FOR_THE_RECORD = 200_000_000
"""The same limit for the count that no q-value rests on."""

BOUND_Z = 5.0
"""The sampled count is raised by so many standard errors: exceeded once in 3.5 million."""


@dataclass(frozen=True)
class Family:
    """The size of one family of account pairs.

    Attributes:
        pairs: Exact, or an upper bound.
        how: ``exact``, ``sampled upper bound`` or ``upper bound``.
        records: Number of (pair, object) records behind it.
        estimate: Best estimate where ``pairs`` is a sampled upper bound; else equal to it.
    """

    pairs: int
    how: str
    records: int
    estimate: int


def at_risk_family(
    first: ShareArrays, blocks: Int32s, min_common: int, exact_records: int = EXACT_RECORDS
) -> Family:
    """Count pairs with at least ``min_common`` objects in the same or adjacent blocks.

    Args:
        first: First shares only (:func:`assay.detectors.arrays.first_shares`).
        blocks: Block of each of them at the widest Δ.
        min_common: c₀, fixed in advance; the minimum weight of an edge.
        exact_records: Up to so many records the count is exact.
    """
    return _count_family(first, blocks, 1, min_common, exact_records)


def family_of_all(first: ShareArrays, grids: tuple[BlockGrid, ...], min_common: int) -> Family:
    """The largest family of any Δ; the widest one's, but for others of more than half its width.

    Args:
        first: First shares only.
        grids: How time is cut at every Δ, narrowest first.
        min_common: c₀.
    """
    widest = grids[-1].block_ticks
    counted = [
        at_risk_family(first, positions(first.times_us, grid)[0], min_common)
        for grid in grids
        if 2 * grid.block_ticks > widest
    ]
    return max(counted, key=lambda family: family.pairs)


def common_family(
    first: ShareArrays, min_common: int, exact_records: int = EXACT_RECORDS
) -> Family:
    """Count pairs with at least ``min_common`` common objects at any time (for the record)."""
    sharers = np.diff(first.starts)
    records = int((sharers * (sharers - 1) // 2).sum())
    if records > WALKED_FOR_THE_RECORD:
        bound = records // min_common
        return Family(bound, "upper bound", records, bound)
    return _count_family(first, np.zeros(len(first), np.int32), 1, min_common, exact_records)


def _count_family(
    first: ShareArrays, blocks: Int32s, reach: int, min_common: int, exact_records: int
) -> Family:
    records = int(_count_records(first.starts, blocks, reach))
    if records == 0:
        return Family(0, "exact", 0, 0)
    if records > WALKED_RECORDS:
        bound = records // min_common
        return Family(bound, "upper bound", records, bound)
    modulus = max(1, math.ceil(records / exact_records))
    # Twice the expected number and a margin: a hub's pairs do not spread evenly at first.
    room = records if modulus == 1 else int(2 * records / modulus) + 1_000_000
    keys = np.empty(room, np.uint64)
    sampled = divisor(modulus)
    filled = int(_sampled_pairs(first.starts, first.accounts, blocks, reach, sampled, keys))
    if filled > room:
        bound = records // min_common
        return Family(bound, "upper bound", records, bound)
    keys = keys[:filled]
    keys.sort()
    counted = int(_runs_of_at_least(keys, min_common))
    if modulus == 1:
        return Family(counted, "exact", records, counted)
    # Each pair is in the sample by a hash of its two accounts, so the count is binomial; the
    # bound inverts the normal approximation of a Poisson count from above.
    upper = counted + BOUND_Z**2 / 2 + BOUND_Z * math.sqrt(counted + BOUND_Z**2 / 4) + 1
    bound = min(math.ceil(upper * modulus), records // min_common)
    return Family(bound, "sampled upper bound", records, counted * modulus)


@njit
def _count_records(starts: Int64s, blocks: Int32s, reach: int) -> int:
    total = 0
    for index in range(len(starts) - 1):
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while blocks[row] - blocks[oldest] > reach:
                oldest += 1
            total += row - oldest
    return total


@njit
def _sampled_pairs(
    starts: Int64s, accounts: Int32s, blocks: Int32s, reach: int, sampled: Divisor, keys: Uint64s
) -> int:
    filled = 0
    for index in range(len(starts) - 1):
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while blocks[row] - blocks[oldest] > reach:
                oldest += 1
            for earlier in range(oldest, row):
                low = min(accounts[row], accounts[earlier])
                high = max(accounts[row], accounts[earlier])
                key = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
                if is_multiple(spread(key), sampled):
                    if filled < len(keys):
                        keys[filled] = key
                    filled += 1
    return filled


@njit
def _runs_of_at_least(sorted_keys: Uint64s, length: int) -> int:
    runs = 0
    position = 0
    while position < len(sorted_keys):
        end = position + 1
        while end < len(sorted_keys) and sorted_keys[end] == sorted_keys[position]:
            end += 1
        if end - position >= length:
            runs += 1
        position = end
    return runs
