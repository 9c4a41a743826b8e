"""The kernel that visits every common object of every candidate pair.

Most of what two busy accounts have in common they shared at quite different times. So a pair is
walked in passes, each over what the one before has left, and the first two without branches that a
processor could guess wrongly: which of the partner's objects are common (a bit each), which of
those were shared close enough to matter (two numbers each), and only then what is to be said of
them. None of these kernels makes an array or counts references: room is made once, before them.
"""

from __future__ import annotations

import numpy as np

from assay.detectors.arrays import Int32s, Int64s
from assay.detectors.chance import poisson_binomial_tail
from assay.detectors.jitter import GateArrays, chance_of_cells
from assay.detectors.pair_arrays import (
    BIN_SHIFT,
    CROWDED,
    Floats,
    Met,
    Room,
    Runs,
    Tallies,
    Uint64s,
    room_for,
)
from assay.detectors.pair_meetings import close_by_traces, close_if_known, meetings
from assay.engine.compiled import njit

MET_BINS = 2
"""Shares within the window lie at most so many bins apart, whatever the lattice."""


def walk(
    order: Int64s,
    sides: tuple[Int32s, Int32s],
    runs: Runs,
    gate: GateArrays,
    weights: Floats,
    window_us: int,
    tallies: Tallies,
    met: Met,
) -> None:
    """Visit pairs in the given order, which groups them by the busier account.

    Args:
        order: Pairs to visit.
        sides: The busier account of each pair, and the other one.
        runs: What each account shared.
        gate: The null at every Δ.
        weights: (object, 2): q_o of the shuffle null, and the chance of the same day.
        window_us: The window in µs.
        tallies: Filled in at the pairs' columns.
        met: What is known of co-timed objects, by the pairs' columns.
    """
    busier = sides[0][order]
    most = int((runs.starts[busier + 1] - runs.starts[busier]).max(initial=0))
    room = room_for(len(weights), most)
    _walk(order, sides, runs, gate, weights, window_us, tallies, met, room)


@njit(counted=False)
def _walk(
    order: Int64s,
    sides: tuple[Int32s, Int32s],
    runs: Runs,
    gate: GateArrays,
    weights: Floats,
    window_us: int,
    tallies: Tallies,
    met: Met,
    room: Room,
) -> None:
    busier, other = sides
    marked = -1
    for position in range(len(order)):
        pair = order[position]
        if busier[pair] != marked:
            _mark(runs, room, marked, busier[pair])
            marked = busier[pair]
        begin = runs.starts[other[pair]]
        end = runs.starts[other[pair] + 1]
        count = _common(runs.objects, begin, end, room.bits, room.found)
        tallies.whole[0, pair] = count
        if len(met.starts):
            close = close_if_known(runs, room, (begin, end), met, pair)
        else:
            close = close_by_traces(runs, room, count)
        near, crowded = _narrow(
            runs, room, count, weights, 2 * gate.bin_counts[-1], tallies.real[1:, pair]
        )
        meetings(runs, room, close, window_us, pair, tallies)
        for grid in range(len(gate.bin_counts)):
            stamp = position * len(gate.bin_counts) + grid
            within = _within_reach(room, near, 2 * gate.bin_counts[grid])
            _test(runs, room, gate, grid, (within, crowded), window_us, stamp, pair, tallies)


@njit(counted=False)
def _mark(runs: Runs, room: Room, before: int, account: int) -> None:
    """Mark the objects of the next busier account in place of the last one's."""
    if before >= 0:
        for run in range(runs.starts[before], runs.starts[before + 1]):
            room.bits[runs.objects[run] >> 6] = 0
    for run in range(runs.starts[account], runs.starts[account + 1]):
        code = runs.objects[run]
        room.bits[code >> 6] |= np.uint64(1) << np.uint64(code & 63)
        room.match[code] = run


@njit(counted=False)
def _common(objects: Int32s, begin: int, end: int, bits: Uint64s, found: Int32s) -> int:
    """Runs of the partner whose object is marked."""
    count = 0
    for run in range(begin, end):
        code = objects[run]
        found[count] = run
        count += int((bits[code >> 6] >> np.uint64(code & 63)) & np.uint64(1))
    return count


@njit(counted=False)
def _narrow(
    runs: Runs, room: Room, count: int, weights: Floats, reach: int, sums: Floats
) -> tuple[int, bool]:
    """Add up the comparison nulls' weights; how many objects lie within reach.

    The second says whether any of those within reach is :data:`CROWDED`.
    """
    objects, bins = runs.objects, runs.bins
    found, match, partners, apart = room.found, room.match, room.partners, room.apart
    shuffle_rate = 0.0
    day_weight = 0.0
    near = 0
    flags = 0
    for place in range(count):
        run = found[place]
        code = objects[run]
        other = match[code]
        shuffle_rate += weights[code, 0]
        day_weight += weights[code, 1]
        bins_apart = (bins[other] >> BIN_SHIFT) - (bins[run] >> BIN_SHIFT)
        reached = abs(bins_apart) < reach
        found[near] = run
        partners[near] = other
        apart[near] = bins_apart
        flags |= (bins[run] | bins[other]) if reached else 0
        near += reached
    sums[0] = shuffle_rate
    sums[1] = day_weight
    return near, (flags & CROWDED) != 0


@njit(counted=False)
def _within_reach(room: Room, near: int, reach: int) -> int:
    """Which of those within reach of the widest Δ are within another's; how many."""
    apart, reached = room.apart, room.reached
    within = 0
    for place in range(near):
        reached[within] = place
        within += abs(apart[place]) < reach
    return within


@njit(counted=False)
def _test(
    runs: Runs,
    room: Room,
    gate: GateArrays,
    grid: int,
    within: tuple[int, bool],
    window_us: int,
    stamp: int,
    pair: int,
    tallies: Tallies,
) -> None:
    """The gate at one Δ, over the objects within its reach; some of them may be crowded."""
    first_us = runs.first_us
    found, partners, apart, reached = room.found, room.partners, room.apart, room.reached
    chances = room.chances
    tested = _chances(gate, room, grid, within[0])
    if within[1]:
        tested = _of_own_moments(runs, room, tested, stamp)
    observed = 0
    expected = 0.0
    for number in range(tested):
        place = reached[number]
        expected += chances[number]
        if abs(apart[place]) <= MET_BINS:
            gap = abs(first_us[found[place]] - first_us[partners[place]])
            observed += gap <= window_us
    tallies.tested[grid, pair] = tested
    tallies.co_timed[grid, pair] = observed
    tallies.expected[grid, pair] = expected
    if observed >= gate.min_shared:
        tallies.p_values[grid, pair] = poisson_binomial_tail(chances, tested, observed, room.state)


@njit(counted=False)
def _chances(gate: GateArrays, room: Room, grid: int, within: int) -> int:
    """π of each object in the same block or in adjacent ones; how many there are."""
    found, partners, apart, reached = room.found, room.partners, room.apart, room.reached
    cells, half, shrinkages = gate.cells, gate.half, gate.shrinkages[grid]
    chances = room.chances
    tested = 0
    for number in range(within):
        place = reached[number]
        one, two = cells[found[place], grid], cells[partners[place], grid]
        chances[tested] = chance_of_cells(one, two, apart[place], half, shrinkages)
        reached[tested] = place
        tested += abs(one.block - two.block) <= 1
    return tested


@njit(counted=False)
def _of_own_moments(runs: Runs, room: Room, tested: int, stamp: int) -> int:
    """Those of the tested objects whose moments no earlier one has used; how many there are."""
    bins, first_us = runs.bins, runs.first_us
    kept = 0
    for number in range(tested):
        place = room.reached[number]
        run, other = room.found[place], room.partners[place]
        # Moments that stand alone cannot have been used by another object.
        if (bins[run] | bins[other]) & CROWDED and not _taken_now(
            room.moments, room.stamps, stamp, 2 * first_us[run], 2 * first_us[other] + 1
        ):
            continue
        room.chances[kept] = room.chances[number]
        room.reached[kept] = place
        kept += 1
    return kept


@njit(counted=False)
def _taken_now(moments: Int64s, stamps: Int64s, stamp: int, mine: int, yours: int) -> bool:
    """Take two moments for a test, unless one of them is taken already."""
    slot = _slot(moments, stamps, stamp, mine)
    if stamps[slot] == stamp:
        return False
    other = _slot(moments, stamps, stamp, yours)
    if stamps[other] == stamp:
        return False
    moments[slot] = mine
    stamps[slot] = stamp
    # Looked up again: the slot that was free may just have been taken.
    other = _slot(moments, stamps, stamp, yours)
    moments[other] = yours
    stamps[other] = stamp
    return True


@njit(counted=False)
def _slot(moments: Int64s, stamps: Int64s, stamp: int, moment: int) -> int:
    """Where the table keeps a moment under this stamp, or the free slot where it belongs."""
    # Fibonacci hashing (Knuth 6.4): times are multiples of their resolution.
    slot = ((moment * 0x9E3779B97F4A7C1) >> 20) & (len(moments) - 1)
    while stamps[slot] == stamp and moments[slot] != moment:
        slot = (slot + 1) & (len(moments) - 1)
    return int(slot)
