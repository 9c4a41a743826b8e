"""Where two accounts met: the share pairs within the window, object by object."""

from __future__ import annotations

import numpy as np

from assay.detectors.arrays import Int64s
from assay.detectors.pair_arrays import SEVERAL, Floats, Met, Room, Runs, Tallies
from assay.engine.compiled import njit

NEVER_US = 2**62

FEW_TIMES = 64
"""Up to so many comparisons cost less than one wrong guess at where to go on in a list."""


@njit(counted=False)
def close_by_traces(runs: Runs, room: Room, count: int) -> int:
    """Which common objects may have been co-timed, by their traces; how many."""
    objects, traces, found, match, nearby = (
        runs.objects,
        runs.traces,
        room.found,
        room.match,
        room.close,
    )
    close = 0
    for place in range(count):
        run = found[place]
        theirs = traces[match[objects[run]]]
        beside = (theirs << np.uint64(1)) | (theirs >> np.uint64(63))
        beside |= (theirs >> np.uint64(1)) | (theirs << np.uint64(63))
        nearby[close] = run
        close += (traces[run] & (theirs | beside)) != 0
    return close


@njit(counted=False)
def close_if_known(runs: Runs, room: Room, bounds: tuple[int, int], met: Met, pair: int) -> int:
    """The partner's runs of the objects that the pair is known to have been co-timed on."""
    objects, wanted, nearby = runs.objects, met.objects, room.close
    low = bounds[0]
    close = 0
    for entry in range(met.starts[pair], met.starts[pair + 1]):
        high = bounds[1]
        while low < high:
            middle = (low + high) >> 1
            if objects[middle] < wanted[entry]:
                low = middle + 1
            else:
                high = middle
        nearby[close] = low
        code = wanted[entry]
        common = (room.bits[code >> 6] >> np.uint64(code & 63)) & np.uint64(1)
        close += low < bounds[1] and objects[low] == code and common != 0
    return close


@njit(counted=False)
def meetings(
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
            of_mine = (run_starts[run], run_starts[run + 1])
            of_yours = (run_starts[other], run_starts[other + 1])
            if not _may_meet(times_us, of_mine, of_yours, window_us):
                continue
            smallest, pairs, first, last = _meet(times_us, of_mine, of_yours, window_us)
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
        tallies.real[0, pair] = _median(room.gaps, shared)


@njit
def _median(gaps: Floats, count: int) -> float:
    """Of the first so many; it makes an array, and its callers do not."""
    return float(np.median(gaps[:count]))


@njit(inline=True, counted=False)
def _may_meet(
    times_us: Int64s, mine: tuple[int, int], yours: tuple[int, int], window_us: int
) -> bool:
    """Whether any two times are within the window, or the lists are too long to compare all."""
    if (mine[1] - mine[0]) * (yours[1] - yours[0]) > FEW_TIMES:
        return True
    met = 0
    for row in range(mine[0], mine[1]):
        for other in range(yours[0], yours[1]):
            met += abs(times_us[row] - times_us[other]) <= window_us
    return met > 0


@njit(inline=True, counted=False)
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
