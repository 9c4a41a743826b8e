"""Two halves of the objects: what is found on one is tested on the other.

Which half an object lies in hangs on who shared it in which block of time, which the null holds
fixed, never on where in its block a share falls. A moment belongs to the half of its first
object, and a share counts in a half only if its object and its moment lie there: the hashtags of
one post never stand on both sides (docs/decisions/0011).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int64s, ShareArrays, first_flags, taken
from assay.detectors.block_grid import BlockGrid
from assay.detectors.moments import Moments, keys_of_accounts
from assay.detectors.spread import Uint64s, mixed_all
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
    objects = _objects(kinds)
    half_of = _half_of_objects(kinds, moments, grid, objects)
    of_moment = half_of[objects[moments.first_rows]]
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


def _half_of_objects(
    kinds: Mapping[str, ShareArrays], moments: Moments, grid: BlockGrid, objects: Int64s
) -> npt.NDArray[np.int8]:
    """Objects that the same accounts shared in one block go to the halves by turns.

    Sorted by the smallest key among the accounts of its fullest block (Broder's min-wise hashing,
    1997), an object lies beside others that the same accounts shared; so a group's objects are
    halved as evenly as can be. Objects that nobody can be co-timed on are dealt out apart. One
    that no moment has for its first, such as the text beside a link, goes where its first share's
    moment goes.
    """
    moment_blocks = (moments.times_us // grid.tick_us + grid.phase_ticks) // grid.block_ticks
    keys = keys_of_accounts(
        moments.accounts, mixed_all(moment_blocks.view(np.uint64)), len(moments.account_keys)
    )
    columns: list[tuple[Int64s, Uint64s, Int64s]] = []
    for shares in kinds.values():
        blocks = (shares.times_us // grid.tick_us + grid.phase_ticks) // grid.block_ticks
        accounts = keys[shares.accounts]
        columns.append(_fullest_blocks(shares.starts, blocks, accounts))
    sharers, smallest, block = (np.concatenate(column) for column in zip(*columns, strict=True))
    leaders = objects[moments.first_rows]
    leads = np.zeros(len(sharers), np.bool_)
    leads[leaders] = True
    order = np.lexsort((block, smallest, sharers > 1, leads))
    half_of = np.empty(len(order), np.int8)
    half_of[order] = np.arange(len(order)) % 2
    _, rows = np.unique(objects, return_index=True)
    led = np.flatnonzero(~leads)
    half_of[led] = half_of[leaders[moments.of_row[rows[led]]]]
    return half_of


@njit
def _fullest_blocks(
    starts: Int64s, blocks: Int64s, keys: Uint64s
) -> tuple[Int64s, Uint64s, Int64s]:
    """Of each object's fullest block: shares, the smallest key of an account, the block."""
    count = len(starts) - 1
    sharers = np.zeros(count, np.int64)
    smallest = np.zeros(count, np.uint64)
    fullest = np.zeros(count, np.int64)
    for index in range(count):
        begin = starts[index]
        while begin < starts[index + 1]:
            end = begin
            least = keys[begin]
            while end < starts[index + 1] and blocks[end] == blocks[begin]:
                least = min(least, keys[end])
                end += 1
            if end - begin > sharers[index]:
                sharers[index] = end - begin
                smallest[index] = least
                fullest[index] = blocks[begin]
            begin = end
    return sharers, smallest, fullest
