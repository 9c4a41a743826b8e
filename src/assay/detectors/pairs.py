"""What two accounts did together: facts and tests of every candidate pair, in one walk.

Pairs are taken in groups with the same busier account. Its objects are marked once; then each
partner's objects are looked up among the marks, so that a pair costs the *smaller* number of
objects of the two. Parts go to threads; each pair writes its own row in object order, so figures
do not depend on the number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Bools, Int32s, Int64s
from assay.detectors.by_account import AccountShares
from assay.detectors.chance import hypergeometric_tail, poisson_binomial_tail, poisson_tail
from assay.detectors.jitter import Cells, GateArrays, chance_of_cells
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]
Pairs = tuple[Int32s, Int32s]

NEVER_US = 2**62


@dataclass(frozen=True)
class PairFacts:
    """What each candidate pair did, as columns of equal length; one row of tests for each Δ.

    Attributes:
        common_objects: Objects that both shared at any time.
        shared_objects: Objects with some share pair within the window.
        co_shares: Share pairs within the window.
        co_timed_first: Objects whose two *first* shares lie within the window.
        first_us: Earliest time of a share in such a pair.
        last_us: Latest time of one.
        median_gap_us: Median over the shared objects of the smallest gap.
        shuffle_rate: λ of the shuffle null.
        day_weight: Σ over common objects of the chance that two of its shares fall on one day.
        tested_objects: (Δ, pair): common objects that H₀(Δ) leaves free to be co-timed, at most
            one for each moment of either account.
        co_timed_tested: (Δ, pair): N of the gate: those of them that are co-timed.
        expected: (Δ, pair): Σ π over them.
        p_values: (Δ, pair): the gate's exact tail; 1 where N is below c₀.
    """

    common_objects: Int64s
    shared_objects: Int64s
    co_shares: Int64s
    co_timed_first: Int64s
    first_us: Int64s
    last_us: Int64s
    median_gap_us: Floats
    shuffle_rate: Floats
    day_weight: Floats
    tested_objects: Int64s
    co_timed_tested: Int64s
    expected: Floats
    p_values: Floats


def pair_facts(
    pairs: Pairs,
    shares: AccountShares,
    gate: GateArrays,
    weights: Floats,
    window_us: int,
    threads: int,
) -> PairFacts:
    """Collect facts and tests of candidate pairs.

    What moves under the null is a moment, not a share: three hashtags of one post move together,
    and two accounts that both used the three once have met once, not three times. So each moment
    of either account enters a test at most once, with the first of its objects by number; which
    one that is does not depend on where in its block a share falls.

    Args:
        pairs: Account numbers (i, j).
        shares: Shares of their accounts.
        gate: The interval-jitter null at every Δ.
        weights: (object, 2): q_o of the shuffle null, and the chance that two of the object's
            shares fall on one day; side by side, since they are read together.
        window_us: The window in µs.
        threads: Worker threads.
    """
    count = len(pairs[0])
    sizes = np.diff(shares.starts)
    i_is_busier = sizes[pairs[0]] >= sizes[pairs[1]]
    busier = np.where(i_is_busier, pairs[0], pairs[1])
    other = np.where(i_is_busier, pairs[1], pairs[0])
    order = np.argsort(busier, kind="stable")
    whole = np.zeros((6, count), np.int64)
    real = np.zeros((3, count), np.float64)
    tested = np.zeros((len(gate.grids), count), np.int64)
    co_timed_tested = np.zeros_like(tested)
    expected = np.zeros((len(gate.grids), count), np.float64)
    p_values = np.ones((len(gate.grids), count), np.float64)

    def part(begin: int, end: int) -> None:
        _walk(
            order[begin:end],
            busier,
            other,
            shares.starts,
            shares.objects,
            shares.first_us,
            shares.alone,
            shares.run_starts,
            shares.times_us,
            window_us,
            weights,
            gate.bins,
            gate.cells,
            gate.entries,
            gate.ends,
            gate.grids,
            (gate.half, gate.min_shared),
            whole,
            real,
            tested,
            co_timed_tested,
            expected,
            p_values,
            shares.most_objects + 1,
        )

    _in_parts(part, count, threads)
    common, shared, co_shares, co_timed_first, first_us, last_us = whole
    median_gap_us, shuffle_rate, day_weight = real
    return PairFacts(
        common_objects=common,
        shared_objects=shared,
        co_shares=co_shares,
        co_timed_first=co_timed_first,
        first_us=first_us,
        last_us=last_us,
        median_gap_us=median_gap_us,
        shuffle_rate=shuffle_rate,
        day_weight=day_weight,
        tested_objects=tested,
        co_timed_tested=co_timed_tested,
        expected=expected,
        p_values=p_values,
    )


def side_by_side(facts: list[PairFacts]) -> PairFacts:
    """Facts of the same pairs at one Δ each, as facts at every Δ."""
    return replace(
        facts[0],
        tested_objects=np.concatenate([one.tested_objects for one in facts]),
        co_timed_tested=np.concatenate([one.co_timed_tested for one in facts]),
        expected=np.concatenate([one.expected for one in facts]),
        p_values=np.concatenate([one.p_values for one in facts]),
    )


def poisson_p_values(rates: Floats, observed: Int64s) -> Floats:
    """Poisson tails, for the shuffle null and the rate null."""
    return _poisson_tails(rates, observed)


def hypergeometric_p_values(objects: int, mine: Int64s, yours: Int64s, observed: Int64s) -> Floats:
    """Hypergeometric tails (statistically validated networks)."""
    return _hypergeometric_tails(objects, mine, yours, observed)


def _in_parts(work: Callable[[int, int], None], count: int, threads: int) -> None:
    """Call ``work(begin, end)`` over parts of a range, on threads; kernels release the GIL."""
    size = max(1, math.ceil(count / max(threads * 16, 1)))
    bounds = [(begin, min(begin + size, count)) for begin in range(0, count, size)]
    if count < 1000 or threads <= 1:
        bounds = [(0, count)]
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        try:
            for done in [pool.submit(work, begin, end) for begin, end in bounds]:
                done.result()
        except KeyboardInterrupt:
            # Parts under way end by themselves; the others need not begin.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@njit
def _walk(
    order: Int64s,
    busier: Int32s,
    other: Int32s,
    starts: Int64s,
    objects: Int32s,
    first_us: Int64s,
    alone: Bools,
    run_starts: Int64s,
    times_us: Int64s,
    window_us: int,
    weights: Floats,
    bins: Int32s,
    cells: Cells,
    entries: Floats,
    ends: Floats,
    grids: Int64s,
    half_and_minimum: tuple[float, int],
    whole: Int64s,
    real: Floats,
    tested: Int64s,
    co_timed_tested: Int64s,
    expected: Floats,
    p_values: Floats,
    most_objects: int,
) -> None:
    marks = np.full(len(weights), -1, np.int32)
    grid_count = len(grids)
    half, min_shared = half_and_minimum
    # Further apart, two shares lie in adjacent blocks of no Δ.
    reach = 2 * grids[grid_count - 1, 0]
    chances = np.empty((grid_count, most_objects), np.float64)
    state = np.empty(most_objects + 1, np.float64)
    gaps = np.empty(most_objects, np.float64)
    # Moments that a test has used already, as (time, whose), forgotten by a new stamp.
    slots = 16
    while slots < 4 * most_objects:
        slots *= 2
    moments = np.empty(grid_count * slots, np.int64)
    stamps = np.full(grid_count * slots, -1, np.int64)
    marked = -1
    for position in range(len(order)):
        pair = order[position]
        if busier[pair] != marked:
            if marked >= 0:
                for run in range(starts[marked], starts[marked + 1]):
                    marks[objects[run]] = -1
            marked = busier[pair]
            for run in range(starts[marked], starts[marked + 1]):
                marks[objects[run]] = run
        common = 0
        co_timed = 0
        found = 0
        shuffle_rate = 0.0
        day_weight = 0.0
        whole[4, pair] = NEVER_US
        whole[5, pair] = -NEVER_US
        for run in range(starts[other[pair]], starts[other[pair] + 1]):
            match = marks[objects[run]]
            if match < 0:
                continue
            common += 1
            shuffle_rate += weights[objects[run], 0]
            day_weight += weights[objects[run], 1]
            first_gap = abs(first_us[run] - first_us[match])
            if first_gap <= window_us:
                co_timed += 1
            if abs(bins[run] - bins[match]) < reach:
                for grid in range(grid_count):
                    chance = chance_of_cells(
                        cells[run, grid],
                        cells[match, grid],
                        (bins[run], bins[match]),
                        entries,
                        ends,
                        (grids[grid, 0], grids[grid, 1]),
                        half,
                    )
                    if chance <= 0.0:
                        continue
                    # Moments that stand alone cannot have been used by another object.
                    if not (alone[run] and alone[match]) and not _taken_now(
                        moments,
                        stamps,
                        (grid * slots, slots - 1),
                        position,
                        2 * first_us[run],
                        2 * first_us[match] + 1,
                    ):
                        continue
                    chances[grid, tested[grid, pair]] = chance
                    tested[grid, pair] += 1
                    expected[grid, pair] += chance
                    if first_gap <= window_us:
                        co_timed_tested[grid, pair] += 1
            once = (
                run_starts[run + 1] - run_starts[run] == 1
                and run_starts[match + 1] - run_starts[match] == 1
            )
            if once and first_gap > window_us:
                continue
            smallest = _meet(
                times_us,
                run_starts[run],
                run_starts[run + 1],
                run_starts[match],
                run_starts[match + 1],
                window_us,
                whole,
                pair,
            )
            if smallest < NEVER_US:
                gaps[found] = smallest
                found += 1
        whole[0, pair] = common
        whole[1, pair] = found
        whole[3, pair] = co_timed
        real[1, pair] = shuffle_rate
        real[2, pair] = day_weight
        if found:
            real[0, pair] = np.median(gaps[:found])
        for grid in range(grid_count):
            if co_timed_tested[grid, pair] >= min_shared:
                p_values[grid, pair] = poisson_binomial_tail(
                    chances[grid], tested[grid, pair], co_timed_tested[grid, pair], state
                )


@njit
def _taken_now(
    moments: Int64s,
    stamps: Int64s,
    table: tuple[int, int],
    stamp: int,
    mine: int,
    yours: int,
) -> bool:
    """Take two moments for a test, unless one of them is taken already."""
    slot = _slot(moments, stamps, table, stamp, mine)
    if stamps[slot] == stamp:
        return False
    other = _slot(moments, stamps, table, stamp, yours)
    if stamps[other] == stamp:
        return False
    moments[slot] = mine
    stamps[slot] = stamp
    # Looked up again: the slot that was free may just have been taken.
    other = _slot(moments, stamps, table, stamp, yours)
    moments[other] = yours
    stamps[other] = stamp
    return True


@njit
def _slot(moments: Int64s, stamps: Int64s, table: tuple[int, int], stamp: int, moment: int) -> int:
    """Where one Δ's table keeps a moment under this stamp, or the free slot where it belongs."""
    begin, mask = table
    # Fibonacci hashing (Knuth 6.4): times are multiples of their resolution.
    slot = ((moment * 0x9E3779B97F4A7C1) >> 20) & mask
    while stamps[begin + slot] == stamp and moments[begin + slot] != moment:
        slot = (slot + 1) & mask
    return begin + slot


@njit
def _meet(
    times_us: Int64s,
    mine: int,
    mine_end: int,
    yours: int,
    yours_end: int,
    window_us: int,
    whole: Int64s,
    pair: int,
) -> int:
    """Add the share pairs of one object within the window; return the smallest gap."""
    smallest = np.int64(NEVER_US)
    low = yours
    high = yours
    for row in range(mine, mine_end):
        at = times_us[row]
        while low < yours_end and times_us[low] < at - window_us:
            low += 1
        high = max(high, low)
        while high < yours_end and times_us[high] <= at + window_us:
            high += 1
        if high == low:
            continue
        whole[2, pair] += high - low
        whole[4, pair] = min(whole[4, pair], at, times_us[low])
        whole[5, pair] = max(whole[5, pair], at, times_us[high - 1])
        # The nearest in time stands around the first one not before ``at``.
        left = low + np.searchsorted(times_us[low:high], at)
        if left < high:
            smallest = min(smallest, times_us[left] - at)
        if left > low:
            smallest = min(smallest, at - times_us[left - 1])
    return int(smallest)


@njit
def _poisson_tails(rates: Floats, observed: Int64s) -> Floats:
    tails = np.empty(len(rates), np.float64)
    for index in range(len(rates)):
        tails[index] = poisson_tail(rates[index], observed[index])
    return tails


@njit
def _hypergeometric_tails(objects: int, mine: Int64s, yours: Int64s, observed: Int64s) -> Floats:
    tails = np.empty(len(observed), np.float64)
    for index in range(len(observed)):
        tails[index] = hypergeometric_tail(objects, mine[index], yours[index], observed[index])
    return tails
