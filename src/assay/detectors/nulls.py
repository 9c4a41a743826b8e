"""The comparison nulls, reported beside the gate and never in its place.

*shuffle*: the times of an object are dealt out anew among its sharers. It assumes that any
sharer could hold any sharer's time, and so takes habitually fast readers for colluders.
*rate*: every account shares by its own hours of the day. *hypergeometric*: objects are picked at
random, times ignored. docs/explanation/chance.md shows where each one fails.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays, pairs_per_object
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]

SHUFFLE_PRIOR_PAIRS = 500.0
"""Pairs of the popularity bin that stand beside an object's own."""

RATE_PRIOR_SHARES = 8.0
"""Pseudo-shares of the overall daily rhythm that stand beside an account's own."""

_HOUR_US = 3_600_000_000
_DAY_US = 24 * _HOUR_US


def shuffle_weights(first: ShareArrays, window_us: int) -> Floats:
    """q_o: the chance that two of an object's sharers, times dealt out anew, are co-timed.

    q_o = (p_o + 500 q_bin) / (P_o + 500) with p_o the co-timed pairs of first shares, P_o all
    pairs of sharers, and q_bin their ratio over all objects of similar popularity.
    """
    sharers = np.diff(first.starts).astype(np.float64)
    all_pairs = sharers * (sharers - 1) / 2
    co_timed = pairs_per_object(first, window_us).astype(np.float64)
    popularity = np.floor(np.log2(np.maximum(sharers, 1))).astype(np.int64)
    pooled_all = np.bincount(popularity, all_pairs, minlength=1)
    pooled_co = np.bincount(popularity, co_timed, minlength=1)
    nothing = np.zeros(len(pooled_co))
    pooled = np.divide(pooled_co, pooled_all, out=nothing, where=pooled_all > 0)
    weights: Floats = (co_timed + SHUFFLE_PRIOR_PAIRS * pooled[popularity]) / (
        all_pairs + SHUFFLE_PRIOR_PAIRS
    )
    return weights


def same_day_weights(first: ShareArrays) -> Floats:
    """For each object, the chance that two shares drawn from its days fall on the same day."""
    return _same_day(first.starts, first.times_us // _DAY_US)


def hour_profiles(shares: ShareArrays, wanted: Int32s) -> Floats:
    """Share of an account's activity in each hour of the day, shrunk to everybody's.

    Args:
        shares: All shares of the kind.
        wanted: For each account number its row in the result, or -1.

    Returns:
        One row of 24 shares summing to 1 for each wanted account.
    """
    hours = (shares.times_us % _DAY_US) // _HOUR_US
    everybody = np.bincount(hours, minlength=24) / max(len(hours), 1)
    counts = _hour_counts(shares.accounts, hours, wanted, int(wanted.max(initial=-1)) + 1)
    total = counts.sum(axis=1, keepdims=True)
    profiles: Floats = (counts + RATE_PRIOR_SHARES * everybody) / (total + RATE_PRIOR_SHARES)
    return profiles


def rate_of_pairs(
    profiles: Floats, rows: tuple[Int64s, Int64s], day_weight: Floats, window_us: int
) -> Floats:
    """λ of the rate null: same day by the object's days, same hour by both accounts' habits.

    Args:
        profiles: From :func:`hour_profiles`.
        rows: Rows of the pair's accounts in the profiles.
        day_weight: Σ of :func:`same_day_weights` over the pair's common objects.
        window_us: The window in µs; within an hour two times are co-timed with 2w/3600 s.
    """
    within_hour = min(1.0, 2.0 * window_us / _HOUR_US)
    return _profile_products(profiles, rows[0], rows[1]) * day_weight * within_hour


@njit
def _same_day(starts: Int64s, days: Int64s) -> Floats:
    weights = np.zeros(len(starts) - 1, np.float64)
    for index in range(len(starts) - 1):
        row = starts[index]
        size = float(starts[index + 1] - row)
        while row < starts[index + 1]:
            stop = row + 1
            while stop < starts[index + 1] and days[stop] == days[row]:
                stop += 1
            weights[index] += ((stop - row) / size) ** 2
            row = stop
    return weights


@njit
def _hour_counts(accounts: Int32s, hours: Int64s, wanted: Int32s, count: int) -> Floats:
    counts = np.zeros((count, 24), np.float64)
    for row in range(len(accounts)):
        if wanted[accounts[row]] >= 0:
            counts[wanted[accounts[row]], hours[row]] += 1.0
    return counts


@njit
def _profile_products(profiles: Floats, rows_i: Int64s, rows_j: Int64s) -> Floats:
    products = np.zeros(len(rows_i), np.float64)
    for pair in range(len(rows_i)):
        for hour in range(24):
            products[pair] += profiles[rows_i[pair], hour] * profiles[rows_j[pair], hour]
    return products
