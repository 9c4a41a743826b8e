"""The kernel that visits every common object of every candidate pair.

Most of what two busy accounts have in common they shared at quite different times. So a pair is
walked in passes, each over what the one before has left, and the first two without branches that a
processor could guess wrongly: which of the partner's objects are common (a bit each), which of
those were shared close enough to matter (two numbers each), and only then what is to be said of
them. Inside loops over objects arrays are handed over one by one: a tuple of them costs a count of
references for each, at every call, which takes longer than the arithmetic.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Bools, Int32s, Int64s
from assay.detectors.by_account import AccountShares
from assay.detectors.chance import poisson_binomial_tail
from assay.detectors.jitter import GateArrays, chance_of_cells
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]
Uint64s = npt.NDArray[np.uint64]

NEVER_US = 2**62

SEVERAL, CROWDED, BIN_SHIFT = 1, 2, 2
"""Flags below the bin in :attr:`Runs.bins`."""

MET_BINS = 2
"""Shares within the window lie at most so many bins apart, whatever the lattice."""

TRACE_SHIFT = 2
"""Bins to a bit of a trace, as a power of two: shares within the window lie in one or beside."""


class Runs(NamedTuple):
    """:class:`assay.detectors.by_account.AccountShares` for the kernel.

    Attributes:
        starts: First run of each account.
        objects: Object of each run.
        bins: Four times the bin of its first share; plus :data:`CROWDED` where another run of the
            account begins at the same moment, plus :data:`SEVERAL` where it has several shares.
        traces: When its shares lie: a bit for every four bins, over and over again.
        first_us: Time of its first share.
        run_starts: First entry of each run in ``times_us``.
        times_us: All shares.
    """

    starts: Int64s
    objects: Int32s
    bins: Int32s
    traces: Uint64s
    first_us: Int64s
    run_starts: Int64s
    times_us: Int64s


class Tallies(NamedTuple):
    """Where the kernel writes: a row for each figure, a column for each pair.

    Attributes:
        whole: common objects, shared objects, co-shares, co-timed first shares, earliest time,
            latest time.
        real: median gap, λ of the shuffle null, Σ of same-day chances.
        tested: (Δ, pair): objects in the test.
        co_timed: (Δ, pair): those that are co-timed.
        expected: (Δ, pair): Σ π.
        p_values: (Δ, pair).
    """

    whole: Int64s
    real: Floats
    tested: Int64s
    co_timed: Int64s
    expected: Floats
    p_values: Floats


class Room(NamedTuple):
    """What a thread needs for one pair after the other.

    Attributes:
        bits: A bit for each object: whether the busier account shared it.
        match: For each such object, that account's run.
        found: Runs of the partner whose objects are common; then, those within reach.
        close: Those of them that may have been co-timed.
        chances: π of each tested object.
        state: For the Poisson-binomial tail.
        gaps: The smallest gap of each shared object.
        moments: Open-addressed table of moments that a test has used already.
        stamps: For each slot, the test that wrote it: a new one forgets them all.
    """

    bits: Uint64s
    match: Int32s
    found: Int32s
    close: Int32s
    chances: Floats
    state: Floats
    gaps: Floats
    moments: Int64s
    stamps: Int64s


def run_bins(shares: AccountShares, gate: GateArrays) -> tuple[Int32s, Uint64s]:
    """:attr:`Runs.bins` and :attr:`Runs.traces`."""
    return _run_bins(gate.bins, shares.alone, shares.run_starts, shares.times_us, gate.lattice)


@njit
def _run_bins(
    first_bins: Int32s,
    alone: Bools,
    run_starts: Int64s,
    times_us: Int64s,
    lattice: tuple[int, int, int, int],
) -> tuple[Int32s, Uint64s]:
    tick_us, phase_ticks, bin_ticks, earliest = lattice
    bins = np.empty(len(first_bins), np.int32)
    traces = np.empty(len(first_bins), np.uint64)
    for run in range(len(first_bins)):
        bins[run] = (first_bins[run] << BIN_SHIFT) + (0 if alone[run] else CROWDED)
        traces[run] = np.uint64(1) << np.uint64((first_bins[run] >> TRACE_SHIFT) & 63)
        if run_starts[run + 1] - run_starts[run] > 1:
            bins[run] += SEVERAL
            for row in range(run_starts[run] + 1, run_starts[run + 1]):
                place = (times_us[row] // tick_us + phase_ticks) // bin_ticks - earliest
                traces[run] |= np.uint64(1) << np.uint64((place >> TRACE_SHIFT) & 63)
    return bins, traces


def walk(
    order: Int64s,
    sides: tuple[Int32s, Int32s],
    runs: Runs,
    gate: GateArrays,
    weights: Floats,
    window_us: int,
    tallies: Tallies,
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
    """
    _walk(order, sides, runs, gate, weights, window_us, tallies)


@njit
def _walk(
    order: Int64s,
    sides: tuple[Int32s, Int32s],
    runs: Runs,
    gate: GateArrays,
    weights: Floats,
    window_us: int,
    tallies: Tallies,
) -> None:
    busier, other = sides
    most = 0
    for position in range(len(order)):
        account = busier[order[position]]
        most = max(most, runs.starts[account + 1] - runs.starts[account])
    room = _room(len(weights), most)
    marked = -1
    for position in range(len(order)):
        pair = order[position]
        if busier[pair] != marked:
            _mark(runs, room, marked, busier[pair])
            marked = busier[pair]
        begin = runs.starts[other[pair]]
        count = _common(runs.objects, begin, runs.starts[other[pair] + 1], room.bits, room.found)
        tallies.whole[0, pair] = count
        near, close = _narrow(
            runs, room, count, weights, 2 * gate.bin_counts[-1], tallies.real[1:, pair]
        )
        _meetings(runs, room, close, window_us, pair, tallies)
        for grid in range(len(gate.bin_counts)):
            stamp = position * len(gate.bin_counts) + grid
            _test(runs, room, gate, grid, near, window_us, stamp, pair, tallies)


@njit
def _room(objects: int, most: int) -> Room:
    slots = 16
    while slots < 4 * most:
        slots *= 2
    return Room(
        np.zeros((objects + 63) // 64, np.uint64),
        np.empty(objects, np.int32),
        np.empty(most + 1, np.int32),
        np.empty(most + 1, np.int32),
        np.empty(most, np.float64),
        np.empty(most + 1, np.float64),
        np.empty(most, np.float64),
        np.empty(slots, np.int64),
        np.full(slots, -1, np.int64),
    )


@njit
def _mark(runs: Runs, room: Room, before: int, account: int) -> None:
    """Mark the objects of the next busier account in place of the last one's."""
    if before >= 0:
        for run in range(runs.starts[before], runs.starts[before + 1]):
            room.bits[runs.objects[run] >> 6] = 0
    for run in range(runs.starts[account], runs.starts[account + 1]):
        code = runs.objects[run]
        room.bits[code >> 6] |= np.uint64(1) << np.uint64(code & 63)
        room.match[code] = run


@njit
def _common(objects: Int32s, begin: int, end: int, bits: Uint64s, found: Int32s) -> int:
    """Runs of the partner whose object is marked."""
    count = 0
    for run in range(begin, end):
        code = objects[run]
        found[count] = run
        count += int((bits[code >> 6] >> np.uint64(code & 63)) & np.uint64(1))
    return count


@njit
def _narrow(
    runs: Runs, room: Room, count: int, weights: Floats, reach: int, sums: Floats
) -> tuple[int, int]:
    """Add up the comparison nulls' weights; how many objects lie within reach, and close."""
    objects, bins, traces = runs.objects, runs.bins, runs.traces
    found, nearby, match = room.found, room.close, room.match
    shuffle_rate = 0.0
    day_weight = 0.0
    near = 0
    close = 0
    for place in range(count):
        run = found[place]
        code = objects[run]
        other = match[code]
        shuffle_rate += weights[code, 0]
        day_weight += weights[code, 1]
        mine = bins[run] >> BIN_SHIFT
        yours = bins[other] >> BIN_SHIFT
        nearby[close] = run
        theirs = traces[other]
        beside = (theirs << np.uint64(1)) | (theirs >> np.uint64(63))
        beside |= (theirs >> np.uint64(1)) | (theirs << np.uint64(63))
        close += (traces[run] & (theirs | beside)) != 0
        found[near] = run
        near += abs(mine - yours) < reach
    sums[0] = shuffle_rate
    sums[1] = day_weight
    return near, close


@njit
def _meetings(
    runs: Runs, room: Room, close: int, window_us: int, pair: int, tallies: Tallies
) -> None:
    """Share pairs within the window, object by object."""
    bins, first_us, run_starts, times_us = (
        runs.bins,
        runs.first_us,
        runs.run_starts,
        runs.times_us,
    )
    whole = tallies.whole
    earliest = NEVER_US
    latest = -NEVER_US
    co_timed = 0
    met = 0
    shared = 0
    for place in range(close):
        run = room.close[place]
        other = room.match[runs.objects[run]]
        mine = first_us[run]
        yours = first_us[other]
        gap = abs(mine - yours)
        co_timed += gap <= window_us
        if (bins[run] | bins[other]) & SEVERAL:
            smallest, pairs, first, last = _meet(
                times_us,
                (run_starts[run], run_starts[run + 1]),
                (run_starts[other], run_starts[other + 1]),
                window_us,
            )
            if pairs:
                met += pairs
                earliest = min(earliest, first)
                latest = max(latest, last)
                room.gaps[shared] = smallest
                shared += 1
        elif gap <= window_us:
            met += 1
            earliest = min(earliest, mine, yours)
            latest = max(latest, mine, yours)
            room.gaps[shared] = gap
            shared += 1
    whole[1, pair] = shared
    whole[2, pair] = met
    whole[3, pair] = co_timed
    whole[4, pair] = earliest
    whole[5, pair] = latest
    if shared:
        tallies.real[0, pair] = np.median(room.gaps[:shared])


@njit(inline=True)
def _meet(
    times_us: Int64s, mine: tuple[int, int], yours: tuple[int, int], window_us: int
) -> tuple[int, int, int, int]:
    """Smallest gap, share pairs within the window, the first and the last of their times."""
    smallest = NEVER_US
    first = NEVER_US
    last = -NEVER_US
    pairs = 0
    # Of the other's times: the first in the window, the first not before, the first beyond.
    low, left, high = yours[0], yours[0], yours[0]
    for row in range(mine[0], mine[1]):
        at = times_us[row]
        while low < yours[1] and times_us[low] < at - window_us:
            low += 1
        if low == yours[1]:
            break
        left = max(left, low)
        while left < yours[1] and times_us[left] < at:
            left += 1
        high = max(high, left)
        while high < yours[1] and times_us[high] <= at + window_us:
            high += 1
        if high == low:
            continue
        pairs += high - low
        first = min(first, at, times_us[low])
        last = max(last, at, times_us[high - 1])
        # The nearest in time stands around the first one not before.
        if left < high:
            smallest = min(smallest, times_us[left] - at)
        if left > low:
            smallest = min(smallest, at - times_us[left - 1])
    return smallest, pairs, first, last


@njit
def _test(
    runs: Runs,
    room: Room,
    gate: GateArrays,
    grid: int,
    near: int,
    window_us: int,
    stamp: int,
    pair: int,
    tallies: Tallies,
) -> None:
    """The gate at one Δ, over the objects within reach."""
    objects, bins, first_us = runs.objects, runs.bins, runs.first_us
    found, match, chances = room.found, room.match, room.chances
    cells, half, shrinkages = gate.cells, gate.half, gate.shrinkages[grid]
    tested = 0
    observed = 0
    expected = 0.0
    for place in range(near):
        run = found[place]
        other = match[objects[run]]
        one, two = cells[run, grid], cells[other, grid]
        if abs(one.block - two.block) > 1:
            continue
        bins_apart = (bins[other] >> BIN_SHIFT) - (bins[run] >> BIN_SHIFT)
        chance = chance_of_cells(one, two, bins_apart, half, shrinkages)
        # Moments that stand alone cannot have been used by another object.
        if (bins[run] | bins[other]) & CROWDED and not _taken_now(
            room.moments, room.stamps, stamp, 2 * first_us[run], 2 * first_us[other] + 1
        ):
            continue
        chances[tested] = chance
        tested += 1
        expected += chance
        if abs(bins_apart) <= MET_BINS:
            observed += abs(first_us[run] - first_us[other]) <= window_us
    tallies.tested[grid, pair] = tested
    tallies.co_timed[grid, pair] = observed
    tallies.expected[grid, pair] = expected
    if observed >= gate.min_shared:
        tallies.p_values[grid, pair] = poisson_binomial_tail(
            room.chances, tested, observed, room.state
        )


@njit
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


@njit
def _slot(moments: Int64s, stamps: Int64s, stamp: int, moment: int) -> int:
    """Where the table keeps a moment under this stamp, or the free slot where it belongs."""
    # Fibonacci hashing (Knuth 6.4): times are multiples of their resolution.
    slot = ((moment * 0x9E3779B97F4A7C1) >> 20) & (len(moments) - 1)
    while stamps[slot] == stamp and moments[slot] != moment:
        slot = (slot + 1) & (len(moments) - 1)
    return int(slot)
