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

from assay.detectors.arrays import Int32s, Int64s
from assay.detectors.by_account import AccountShares
from assay.detectors.chance import hypergeometric_tail, poisson_tail
from assay.detectors.jitter import GateArrays
from assay.detectors.pair_arrays import Met, Runs, Tallies, run_bins
from assay.detectors.pair_walk import walk
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]
Pairs = tuple[Int32s, Int32s]


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
    met: Met | None = None,
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
        met: The objects that each pair was co-timed on, where they are known already; looked for
            otherwise.
    """
    count = len(pairs[0])
    sizes = np.diff(shares.starts)
    i_is_busier = sizes[pairs[0]] >= sizes[pairs[1]]
    busier = np.where(i_is_busier, pairs[0], pairs[1])
    other = np.where(i_is_busier, pairs[1], pairs[0])
    order = np.argsort(busier, kind="stable")
    deltas = len(gate.bin_counts)
    tallies = Tallies(
        whole=np.empty((6, count), np.int64),
        real=np.zeros((3, count), np.float64),
        tested=np.empty((deltas, count), np.int64),
        co_timed=np.empty((deltas, count), np.int64),
        expected=np.empty((deltas, count), np.float64),
        p_values=np.ones((deltas, count), np.float64),
    )
    runs = Runs(
        shares.starts,
        shares.objects,
        *run_bins(shares, gate),
        shares.first_us,
        shares.run_starts,
        shares.times_us,
    )

    known = Met.unknown() if met is None else met

    def part(begin: int, end: int) -> None:
        sides = (busier, other)
        walk(order[begin:end], sides, runs, gate, weights, window_us, tallies, known)

    _in_parts(part, count, threads)
    common, shared, co_shares, co_timed_first, first_us, last_us = tallies.whole
    median_gap_us, shuffle_rate, day_weight = tallies.real
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
        tested_objects=tallies.tested,
        co_timed_tested=tallies.co_timed,
        expected=tallies.expected,
        p_values=tallies.p_values,
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
    if count < 1000 or threads <= 1:  # done before a thread has started
        work(0, count)
        return
    size = math.ceil(count / (threads * 16))
    bounds = [(begin, min(begin + size, count)) for begin in range(0, count, size)]
    with ThreadPoolExecutor(threads) as pool:
        try:
            for done in [pool.submit(work, begin, end) for begin, end in bounds]:
                done.result()
        except KeyboardInterrupt:
            # Parts under way end by themselves; the others need not begin.
            pool.shutdown(wait=False, cancel_futures=True)
            raise


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
