"""What two accounts did together: facts and tests of candidate pairs, one kernel each.

For a pair the kernels walk both accounts' shares in object order at once, Σ(d_i + d_j) steps
over all pairs. Pairs are cut into parts for the threads; each writes its own rows, so figures
do not depend on the number of threads.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Bools, Int32s, Int64s, ShareArrays
from assay.detectors.chance import hypergeometric_tail, poisson_binomial_tail, poisson_tail
from assay.detectors.jitter import (
    BlockDensity,
    BlockGrid,
    edge_bin_share,
    find_entry,
    same_block_probability,
)
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class AccountShares:
    """Shares grouped by account, for the accounts of candidate pairs only.

    Attributes:
        starts: First entry of each account, by account number; empty accounts take no room.
        rows: Row in the share arrays, ordered by account, object and time.
    """

    starts: Int64s
    rows: Int64s


@dataclass(frozen=True)
class PairFacts:
    """What each candidate pair did, as columns of equal length.

    Attributes:
        common_objects: Objects that both shared at any time.
        shared_objects: Objects with some share pair within the window.
        co_shares: Share pairs within the window.
        co_timed_first: Objects whose two *first* shares lie within the window (N of the gate).
        first_us: Earliest time of a share in such a pair.
        last_us: Latest time of one.
        median_gap_us: Median over the shared objects of the smallest gap.
        shuffle_rate: λ of the shuffle null.
        day_weight: Σ over common objects of the chance that two of its shares fall on one day.
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


@dataclass(frozen=True)
class PairTests:
    """The gate's test of each candidate pair at one Δ.

    Attributes:
        tested_objects: Common objects that H₀(Δ) leaves free to be co-timed.
        expected: Σ π over them.
        p_values: The exact tail.
    """

    tested_objects: Int64s
    expected: Floats
    p_values: Floats


def account_shares(shares: ShareArrays, wanted: Bools) -> AccountShares:
    """Group the shares of the wanted accounts (a flag for each account number)."""
    return AccountShares(*_group_by_account(shares.accounts, wanted))


def pair_facts(
    pairs: tuple[Int32s, Int32s],
    shares: ShareArrays,
    by_account: AccountShares,
    window_us: int,
    object_weights: tuple[Floats, Floats],
    threads: int,
) -> PairFacts:
    """Collect the facts of candidate pairs.

    Args:
        pairs: Account numbers (i, j), i < j.
        shares: All shares of the kind.
        by_account: The same shares by account.
        window_us: The window in µs.
        object_weights: For each object, q_o of the shuffle null and the same-day chance.
        threads: Worker threads.
    """
    count = len(pairs[0])
    whole = np.zeros((6, count), np.int64)
    real = np.zeros((3, count), np.float64)
    longest = _longest(by_account)

    def part(begin: int, end: int) -> None:
        _facts(
            pairs[0],
            pairs[1],
            shares.objects,
            shares.times_us,
            by_account.starts,
            by_account.rows,
            window_us,
            object_weights[0],
            object_weights[1],
            begin,
            end,
            whole,
            real,
            np.empty(longest, np.float64),
        )

    in_parts(part, count, threads)
    return PairFacts(*whole, *real)


def pair_tests(
    pairs: tuple[Int32s, Int32s],
    shares: ShareArrays,
    by_account: AccountShares,
    gate: tuple[BlockGrid, Int64s, Int64s, BlockDensity, float],
    first_rows: Int64s,
    co_timed_first: Int64s,
    min_shared: int,
    threads: int,
) -> PairTests:
    """Test candidate pairs against the interval-jitter null at one Δ.

    Args:
        pairs: Account numbers (i, j), i < j.
        shares: All shares of the kind.
        by_account: The same shares by account.
        gate: Grid, block and bin of every first share, the blocks' density, the shrinkage.
        first_rows: For each share row, its number among the first shares, or -1.
        co_timed_first: N of each pair.
        min_shared: c₀; below it p is 1.
        threads: Worker threads.
    """
    grid, blocks, bins, density, shrinkage = gate
    count = len(pairs[0])
    tested = np.zeros(count, np.int64)
    expected = np.zeros(count, np.float64)
    p_values = np.ones(count, np.float64)
    longest = _longest(by_account)

    def part(begin: int, end: int) -> None:
        _tests(
            pairs[0],
            pairs[1],
            shares.objects,
            by_account.starts,
            by_account.rows,
            first_rows,
            blocks,
            bins,
            density.object_starts,
            density.blocks,
            density.first_rows,
            density.sizes,
            density.squares,
            density.neighbours,
            grid.bins,
            (grid.bin_ticks + 1.0) / (2.0 * grid.bin_ticks),
            shrinkage,
            co_timed_first,
            min_shared,
            begin,
            end,
            tested,
            expected,
            p_values,
            np.empty(longest, np.float64),
            np.empty(longest + 1, np.float64),
        )

    in_parts(part, count, threads)
    return PairTests(tested, expected, p_values)


def poisson_p_values(rates: Floats, observed: Int64s) -> Floats:
    """Poisson tails, for the shuffle null and the rate null."""
    return _poisson_tails(rates, observed)


def hypergeometric_p_values(
    objects: int, mine: Int64s, yours: Int64s, observed: Int64s
) -> Floats:
    """Hypergeometric tails (statistically validated networks)."""
    return _hypergeometric_tails(objects, mine, yours, observed)


def in_parts(work: Callable[[int, int], None], count: int, threads: int) -> None:
    """Call ``work(begin, end)`` over parts of a range, on threads; kernels release the GIL."""
    size = max(1, min(65_536, math.ceil(count / max(threads, 1))))
    bounds = [(begin, min(begin + size, count)) for begin in range(0, count, size)]
    if len(bounds) <= 1 or threads <= 1:
        for begin, end in bounds:
            work(begin, end)
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, begin, end) for begin, end in bounds]:
            done.result()


def _longest(by_account: AccountShares) -> int:
    return int(np.diff(by_account.starts).max(initial=0)) + 1


@njit
def _group_by_account(accounts: Int32s, wanted: Bools) -> tuple[Int64s, Int64s]:
    starts = np.zeros(len(wanted) + 1, np.int64)
    for row in range(len(accounts)):
        if wanted[accounts[row]]:
            starts[accounts[row] + 1] += 1
    for account in range(len(wanted)):
        starts[account + 1] += starts[account]
    rows = np.empty(starts[len(wanted)], np.int64)
    filled = starts[:-1].copy()
    for row in range(len(accounts)):
        if wanted[accounts[row]]:
            rows[filled[accounts[row]]] = row
            filled[accounts[row]] += 1
    return starts, rows


@njit
def _facts(
    accounts_i: Int32s,
    accounts_j: Int32s,
    objects: Int32s,
    times_us: Int64s,
    starts: Int64s,
    rows: Int64s,
    window_us: int,
    shuffle_weight: Floats,
    day_weight: Floats,
    begin: int,
    end: int,
    whole: Int64s,
    real: Floats,
    gaps: Floats,
) -> None:
    for pair in range(begin, end):
        i = starts[accounts_i[pair]]
        j = starts[accounts_j[pair]]
        last_i = starts[accounts_i[pair] + 1]
        last_j = starts[accounts_j[pair] + 1]
        found = 0
        first_at = np.int64(2**62)
        last_at = np.int64(-(2**62))
        while i < last_i and j < last_j:
            object_i = objects[rows[i]]
            object_j = objects[rows[j]]
            if object_i < object_j:
                i += 1
                continue
            if object_j < object_i:
                j += 1
                continue
            whole[0, pair] += 1
            real[1, pair] += shuffle_weight[object_i]
            real[2, pair] += day_weight[object_i]
            if abs(times_us[rows[i]] - times_us[rows[j]]) <= window_us:
                whole[3, pair] += 1
            stop_i = i
            while stop_i < last_i and objects[rows[stop_i]] == object_i:
                stop_i += 1
            stop_j = j
            while stop_j < last_j and objects[rows[stop_j]] == object_i:
                stop_j += 1
            smallest = np.int64(2**62)
            low = j
            high = j
            for mine in range(i, stop_i):
                at = times_us[rows[mine]]
                while low < stop_j and times_us[rows[low]] < at - window_us:
                    low += 1
                high = max(high, low)
                while high < stop_j and times_us[rows[high]] <= at + window_us:
                    high += 1
                if high > low:
                    whole[2, pair] += high - low
                    first_at = min(first_at, at, times_us[rows[low]])
                    last_at = max(last_at, at, times_us[rows[high - 1]])
                    # The nearest in time stands around the first one not before ``at``.
                    left = low
                    right = high
                    while left < right:
                        middle = (left + right) // 2
                        if times_us[rows[middle]] < at:
                            left = middle + 1
                        else:
                            right = middle
                    if left < high:
                        smallest = min(smallest, times_us[rows[left]] - at)
                    if left > low:
                        smallest = min(smallest, at - times_us[rows[left - 1]])
            if smallest < 2**62:
                whole[1, pair] += 1
                gaps[found] = smallest
                found += 1
            i = stop_i
            j = stop_j
        whole[4, pair] = first_at
        whole[5, pair] = last_at
        if found:
            real[0, pair] = np.median(gaps[:found])


@njit
def _tests(
    accounts_i: Int32s,
    accounts_j: Int32s,
    objects: Int32s,
    starts: Int64s,
    rows: Int64s,
    first_rows: Int64s,
    blocks: Int64s,
    bins: Int64s,
    entry_starts: Int64s,
    entry_blocks: Int64s,
    entry_rows: Int64s,
    entry_sizes: Int64s,
    entry_squares: Floats,
    entry_neighbours: Floats,
    bin_count: int,
    half: float,
    shrinkage: float,
    observed: Int64s,
    min_shared: int,
    begin: int,
    end: int,
    tested: Int64s,
    expected: Floats,
    p_values: Floats,
    chances: Floats,
    state: Floats,
) -> None:
    for pair in range(begin, end):
        i = starts[accounts_i[pair]]
        j = starts[accounts_j[pair]]
        last_i = starts[accounts_i[pair] + 1]
        last_j = starts[accounts_j[pair] + 1]
        count = 0
        total = 0.0
        while i < last_i and j < last_j:
            index = objects[rows[i]]
            other = objects[rows[j]]
            if index != other:
                if index < other:
                    i += 1
                else:
                    j += 1
                continue
            # Rows of one object are in time order: the first one is the account's first share.
            mine = first_rows[rows[i]]
            yours = first_rows[rows[j]]
            chance = 0.0
            if blocks[mine] == blocks[yours]:
                entry = find_entry(entry_starts, entry_blocks, index, blocks[mine])
                chance = same_block_probability(
                    bins,
                    entry_rows[entry],
                    entry_sizes[entry],
                    entry_squares[entry],
                    entry_neighbours[entry],
                    bins[mine],
                    bins[yours],
                    bin_count,
                    half,
                    shrinkage,
                )
            elif abs(blocks[mine] - blocks[yours]) == 1:
                earlier = mine if blocks[mine] < blocks[yours] else yours
                later = yours if blocks[mine] < blocks[yours] else mine
                chance = half
                for row, wanted in ((earlier, bin_count - 1), (later, 0)):
                    entry = find_entry(entry_starts, entry_blocks, index, blocks[row])
                    if entry < 0:
                        chance /= bin_count
                    else:
                        chance *= edge_bin_share(
                            bins,
                            entry_rows[entry],
                            entry_sizes[entry],
                            bins[row],
                            wanted,
                            bin_count,
                            shrinkage,
                        )
            if chance > 0.0:
                chances[count] = chance
                count += 1
                total += chance
            while i < last_i and objects[rows[i]] == index:
                i += 1
            while j < last_j and objects[rows[j]] == index:
                j += 1
        tested[pair] = count
        expected[pair] = total
        if observed[pair] >= min_shared:
            p_values[pair] = poisson_binomial_tail(chances, count, observed[pair], state)


@njit
def _poisson_tails(rates: Floats, observed: Int64s) -> Floats:
    tails = np.empty(len(rates), np.float64)
    for index in range(len(rates)):
        tails[index] = poisson_tail(rates[index], observed[index])
    return tails


@njit
def _hypergeometric_tails(
    objects: int, mine: Int64s, yours: Int64s, observed: Int64s
) -> Floats:
    tails = np.empty(len(observed), np.float64)
    for index in range(len(observed)):
        tails[index] = hypergeometric_tail(objects, mine[index], yours[index], observed[index])
    return tails
