"""The co-action network counted in place: which account pairs were co-timed on how many objects.

What :mod:`assay.detectors.coaction_steps` says as expressions for an engine is here a walk with
two pointers over shares that lie sorted in memory anyway. Each co-timed pair becomes one whole
number made of both accounts and the object; sorted, equal ones stand together, and the numbers of
one pair of accounts do too. That takes far less than the engine's join (docs/decisions/0010), and a
test compares the two.

Pairs that outgrow the memory given are walked several times, each time for those pairs whose hash
falls to its turn: a hub of any size is spread over all turns, and nothing is spilled.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from assay.detectors.arrays import Int32s, Int64s, ShareArrays, count_share_pairs
from assay.detectors.coaction_steps import PAIR_BASE
from assay.detectors.spread import spread
from assay.engine.compiled import njit

BYTES_PER_PAIR = 24
"""What one co-timed pair of shares takes: its number, its copy without the object, the counts."""

KEY_BITS = 63
"""Of the number that stands for two accounts and an object."""


def turns_needed(share_pairs: int, memory_bytes: int) -> int:
    """How often the pairs are walked so that each time they fit into a quarter of the memory."""
    return max(1, math.ceil(share_pairs * BYTES_PER_PAIR / max(memory_bytes // 4, 1)))


class CoTimed(NamedTuple):
    """Account pairs and the objects that they were co-timed on.

    Attributes:
        pairs: ``account_i * PAIR_BASE + account_j``, ascending.
        weights: How many objects each has.
        objects: These objects, pair after pair, ascending in each; None where only their number
            is known.
    """

    pairs: Int64s
    weights: Int64s
    objects: Int32s | None


def counted_pairs(
    active: ShareArrays, window_us: int, min_shared: int, memory_bytes: int
) -> CoTimed:
    """Find the objects of every account pair that is co-timed on enough of them.

    Args:
        active: Shares of one kind that may be part of an edge.
        window_us: The window.
        min_shared: Fewest objects of a pair.
        memory_bytes: Of the whole run.
    """
    turns = turns_needed(count_share_pairs(active, window_us), memory_bytes)
    found = [
        _counted(*_of_turn(active, window_us, (turns, turn)), min_shared) for turn in range(turns)
    ]
    pairs, weights, objects = (np.concatenate(column) for column in zip(*found, strict=True))
    if turns == 1:
        return CoTimed(pairs, weights, objects)
    order = np.argsort(pairs)
    begins = (np.cumsum(weights) - weights)[order]
    weights = weights[order]
    rows = np.repeat(begins - (np.cumsum(weights) - weights), weights) + np.arange(len(objects))
    return CoTimed(pairs[order], weights, objects[rows])


def _of_turn(active: ShareArrays, window_us: int, turn: tuple[int, int]) -> tuple[Int64s, Int32s]:
    """Pairs and the objects they are co-timed on, by pair and object, each once."""
    nothing = (np.empty(0, np.int64), np.empty(0, np.int32))
    parts = list(_of_objects(active, window_us, turn)) or [nothing]
    if len(parts) == 1:
        return parts[0]
    pairs, objects = (np.concatenate(column) for column in zip(*parts, strict=True))
    # Stable: later parts hold later objects.
    order = np.argsort(pairs, kind="stable")
    return pairs[order], objects[order]


def _of_objects(
    active: ShareArrays, window_us: int, turn: tuple[int, int]
) -> Iterator[tuple[Int64s, Int32s]]:
    """The same for so many objects at a time as fit into a number beside two accounts."""
    acting, accounts = _numbered(active)
    account_bits = max(len(acting) - 1, 1).bit_length()
    object_bits = KEY_BITS - 2 * account_bits
    size = 1 << object_bits
    for begin in range(0, active.object_count, size):
        starts = active.starts[begin : begin + size + 1]
        bits = (account_bits, object_bits)
        asked = (starts, accounts, active.times_us, window_us, turn, bits)
        keys = np.empty(_write(*asked, np.empty(0, np.int64)), np.int64)
        _write(*asked, keys)
        keys.sort()
        yield _distinct(keys, bits, acting, begin)


def _numbered(active: ShareArrays) -> tuple[Int64s, Int32s]:
    """The accounts that act, ascending, and for each share the place of its account there."""
    acts = np.zeros(active.account_count, np.bool_)
    acts[active.accounts] = True
    acting = np.flatnonzero(acts)
    places = np.empty(active.account_count, np.int32)
    places[acting] = np.arange(len(acting), dtype=np.int32)
    return acting, places[active.accounts]


@njit
def _turn_of(low: np.int64, high: np.int64, turns: int) -> int:
    """Which turn a pair falls to, by its spread bits."""
    key = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
    return int(spread(key) % np.uint64(turns))


@njit
def _write(
    starts: Int64s,
    accounts: Int32s,
    times_us: Int64s,
    window_us: int,
    turn: tuple[int, int],
    bits: tuple[int, int],
    keys: Int64s,
) -> int:
    """Write a number for every two shares of one object within the window while there is room.

    Returns:
        How many there are, with room for them or not.
    """
    turns, own = turn
    account_bits, object_bits = bits
    found = 0
    for index in range(len(starts) - 1):
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while times_us[row] - times_us[oldest] > window_us:
                oldest += 1
            for earlier in range(oldest, row):
                low = np.int64(min(accounts[row], accounts[earlier]))
                high = np.int64(max(accounts[row], accounts[earlier]))
                if low != high and (turns == 1 or _turn_of(low, high, turns) == own):
                    if found < len(keys):
                        keys[found] = (((low << account_bits) | high) << object_bits) | index
                    found += 1
    return found


@njit
def _distinct(
    sorted_keys: Int64s, bits: tuple[int, int], acting: Int64s, first_object: int
) -> tuple[Int64s, Int32s]:
    """The account pair and the object behind each number, equal numbers once."""
    account_bits, object_bits = bits
    distinct = 0
    for row in range(len(sorted_keys)):
        distinct += row == 0 or sorted_keys[row] != sorted_keys[row - 1]
    pairs = np.empty(distinct, np.int64)
    objects = np.empty(distinct, np.int32)
    filled = 0
    for row in range(len(sorted_keys)):
        if row == 0 or sorted_keys[row] != sorted_keys[row - 1]:
            pair = sorted_keys[row] >> object_bits
            low, high = pair >> account_bits, pair & ((1 << account_bits) - 1)
            pairs[filled] = acting[low] * PAIR_BASE + acting[high]
            objects[filled] = first_object + (sorted_keys[row] & ((1 << object_bits) - 1))
            filled += 1
    return pairs, objects


@njit
def _counted(sorted_pairs: Int64s, objects: Int32s, least: int) -> tuple[Int64s, Int64s, Int32s]:
    """Every pair that stands there often enough, how often, and its objects."""
    enough = 0
    entries = 0
    begin = 0
    for row in range(len(sorted_pairs)):
        if row + 1 == len(sorted_pairs) or sorted_pairs[row + 1] != sorted_pairs[row]:
            if row + 1 - begin >= least:
                enough += 1
                entries += row + 1 - begin
            begin = row + 1
    pairs = np.empty(enough, np.int64)
    weights = np.empty(enough, np.int64)
    kept = np.empty(entries, np.int32)
    filled = 0
    entry = 0
    begin = 0
    for row in range(len(sorted_pairs)):
        if row + 1 == len(sorted_pairs) or sorted_pairs[row + 1] != sorted_pairs[row]:
            weight = row + 1 - begin
            if weight >= least:
                pairs[filled] = sorted_pairs[row]
                weights[filled] = weight
                kept[entry : entry + weight] = objects[begin : row + 1]
                filled += 1
                entry += weight
            begin = row + 1
    return pairs, weights, kept
