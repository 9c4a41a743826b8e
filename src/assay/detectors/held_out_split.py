"""Two halves of the objects: what is found on one is tested on the other.

Which half an object lies in hangs on blocks of time and on numbers of sharers, which the null
holds fixed, never on where in its block a share falls. A moment belongs to the half of its first
object, and a share counts in a half only if its object and its moment lie there: the hashtags of
one post never stand on both sides (docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Bools, Int64s, ShareArrays, first_flags, taken
from assay.detectors.jitter import BlockGrid
from assay.detectors.moments import Moments
from assay.engine.compiled import njit

Halves = dict[str, ShareArrays]
"""First shares of each kind that lie in one half; object numbers are those of the whole."""


def split_halves(
    kinds: Mapping[str, ShareArrays], moments: Moments, grid: BlockGrid
) -> tuple[Halves, Halves]:
    """The first shares of each half.

    Args:
        kinds: Shares of each kind.
        moments: Their moments.
        grid: How time is cut.
    """
    half_of = _half_of_objects(kinds, grid)
    of_moment = half_of[_objects(kinds)[moments.first_rows]]
    halves: tuple[Halves, Halves] = ({}, {})
    begin = offset = 0
    for kind, shares in kinds.items():
        own = half_of[offset + shares.objects]
        agrees = own == of_moment[moments.of_row[begin : begin + len(shares)]]
        agrees &= first_flags(shares)
        for half, into in enumerate(halves):
            into[kind] = taken(shares, agrees & (own == half))
        begin += len(shares)
        offset += shares.object_count
    return halves


def _objects(kinds: Mapping[str, ShareArrays]) -> Int64s:
    """Object of each share, numbered over all kinds."""
    offsets = np.cumsum([0, *(shares.object_count for shares in kinds.values())])
    return np.concatenate(
        [
            shares.objects.astype(np.int64) + offset
            for offset, shares in zip(offsets[:-1], kinds.values(), strict=True)
        ]
    )


def _half_of_objects(kinds: Mapping[str, ShareArrays], grid: BlockGrid) -> npt.NDArray[np.int8]:
    """Every second object in the order of time goes to the second half.

    Objects that nobody can be co-timed on are dealt out by themselves, so that those that count
    are halved as evenly as can be.
    """
    first_block: list[Int64s] = []
    sharers: list[Int64s] = []
    shared: list[Bools] = []
    for shares in kinds.values():
        blocks = (shares.times_us // grid.tick_us + grid.phase_ticks) // grid.block_ticks
        first_block.append(blocks[shares.starts[:-1]])
        sharers.append(np.diff(shares.starts))
        shared.append(_has_company(shares.starts, blocks))
    order = np.lexsort(
        (np.concatenate(sharers), np.concatenate(first_block), np.concatenate(shared))
    )
    half_of = np.empty(len(order), np.int8)
    half_of[order] = np.arange(len(order)) % 2
    return half_of


@njit
def _has_company(starts: Int64s, blocks: Int64s) -> Bools:
    """For each object, whether two of its shares lie in the same or in adjacent blocks."""
    found = np.zeros(len(starts) - 1, np.bool_)
    for index in range(len(starts) - 1):
        for row in range(starts[index] + 1, starts[index + 1]):
            if blocks[row] - blocks[row - 1] <= 1:
                found[index] = True
    return found
