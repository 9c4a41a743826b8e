"""For pairs of accounts: their common objects, and which of these they shared close in time.

This counts again, by another way than the engine's join, what each kept edge claims, and finds
for every common object the closest pair of shares, which becomes the evidence.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assay.detectors.kept_shares import AccountRows
from assay.engine.compiled import njit


class PairTable(NamedTuple):
    """One row per account pair and kind, sorted by (account_a, account_b, kind).

    Attributes:
        account_a: Number of the first account.
        account_b: Number of the second account.
        object_low: First object number of the kind.
        object_high: The number after the kind's last object.
        window_us: The largest kept window.
    """

    account_a: np.ndarray
    account_b: np.ndarray
    object_low: np.ndarray
    object_high: np.ndarray
    window_us: np.ndarray

    def slice(self, low: int, high: int) -> PairTable:
        """The rows from ``low`` up to, not including, ``high``."""
        return PairTable(*(column[low:high] for column in self))


class Coincidences(NamedTuple):
    """Common objects of pairs, one row per pair row and object, in that order.

    Attributes:
        pair: Row of the :class:`PairTable`.
        object: Object number.
        place_a: Position of account a's share in the :class:`AccountRows`; of all pairs of shares
            of the object by the two accounts, the closest, and of equally close ones the first.
        place_b: The same for account b.
        gap_us: Microseconds between them.
    """

    pair: np.ndarray
    object: np.ndarray
    place_a: np.ndarray
    place_b: np.ndarray
    gap_us: np.ndarray


def count_common(rows: AccountRows, pairs: PairTable) -> tuple[np.ndarray, np.ndarray]:
    """Common and co-timed objects of each pair row."""
    common = np.zeros(len(pairs.account_a), np.int64)
    co_timed = np.zeros(len(pairs.account_a), np.int64)
    _count(rows, pairs, common, co_timed)
    return common, co_timed


def find_common(
    rows: AccountRows, pairs: PairTable, counts: np.ndarray, *, co_timed_only: bool
) -> Coincidences:
    """The common objects of each pair row with the closest pair of shares.

    Args:
        rows: Shares grouped by account.
        pairs: The pairs.
        counts: From :func:`count_common`: common objects, or co-timed ones.
        co_timed_only: Leave out objects whose closest shares lie further apart than the window.
    """
    total = int(counts.sum())
    found = Coincidences(
        np.empty(total, np.int32),
        np.empty(total, np.int32),
        np.empty(total, np.int64),
        np.empty(total, np.int64),
        np.empty(total, np.int64),
    )
    _find(rows, pairs, found, co_timed_only)
    return found


def mark_coordinated(rows: AccountRows, pairs: PairTable) -> np.ndarray:
    """Which rows lie within the window of a share of the same object by a kept neighbour."""
    marked = np.zeros(len(rows.object), np.bool_)
    _mark(rows, pairs, marked)
    return marked


@njit
def _account_range(
    rows: AccountRows, account: int, object_low: int, object_high: int
) -> tuple[int, int]:
    """Positions of an account's shares of one kind."""
    start, end = rows.start[account], rows.start[account + 1]
    own = rows.object[start:end]
    return (
        start + np.searchsorted(own, object_low),
        start + np.searchsorted(own, object_high),
    )


@njit
def _run_end(objects: np.ndarray, start: int, end: int) -> int:
    """Where the run of the object at ``start`` ends."""
    position = start + 1
    while position < end and objects[position] == objects[start]:
        position += 1
    return position


@njit
def _closest(time_us: np.ndarray, i: int, i_end: int, j: int, j_end: int) -> tuple[int, int, int]:
    """Of two runs ascending in time: the smallest gap, and the first places that have it."""
    best = abs(time_us[i] - time_us[j])
    best_i, best_j = i, j
    while i < i_end and j < j_end:
        gap = time_us[i] - time_us[j]
        if abs(gap) < best:
            best, best_i, best_j = abs(gap), i, j
        if gap <= 0:
            i += 1
        else:
            j += 1
    return best, best_i, best_j


@njit
def _count(rows: AccountRows, pairs: PairTable, common: np.ndarray, co_timed: np.ndarray) -> None:
    for pair in range(len(pairs.account_a)):
        low, high = pairs.object_low[pair], pairs.object_high[pair]
        i, i_end = _account_range(rows, pairs.account_a[pair], low, high)
        j, j_end = _account_range(rows, pairs.account_b[pair], low, high)
        while i < i_end and j < j_end:
            if rows.object[i] < rows.object[j]:
                i += 1
            elif rows.object[i] > rows.object[j]:
                j += 1
            else:
                i_next = _run_end(rows.object, i, i_end)
                j_next = _run_end(rows.object, j, j_end)
                gap, _, _ = _closest(rows.time_us, i, i_next, j, j_next)
                common[pair] += 1
                if gap <= pairs.window_us[pair]:
                    co_timed[pair] += 1
                i, j = i_next, j_next


@njit
def _find(rows: AccountRows, pairs: PairTable, found: Coincidences, co_timed_only: bool) -> None:
    at = 0
    for pair in range(len(pairs.account_a)):
        low, high = pairs.object_low[pair], pairs.object_high[pair]
        i, i_end = _account_range(rows, pairs.account_a[pair], low, high)
        j, j_end = _account_range(rows, pairs.account_b[pair], low, high)
        while i < i_end and j < j_end:
            if rows.object[i] < rows.object[j]:
                i += 1
            elif rows.object[i] > rows.object[j]:
                j += 1
            else:
                i_next = _run_end(rows.object, i, i_end)
                j_next = _run_end(rows.object, j, j_end)
                gap, place_a, place_b = _closest(rows.time_us, i, i_next, j, j_next)
                if not co_timed_only or gap <= pairs.window_us[pair]:
                    found.pair[at] = pair
                    found.object[at] = rows.object[i]
                    found.place_a[at] = place_a
                    found.place_b[at] = place_b
                    found.gap_us[at] = gap
                    at += 1
                i, j = i_next, j_next


@njit
def _mark(rows: AccountRows, pairs: PairTable, marked: np.ndarray) -> None:
    for pair in range(len(pairs.account_a)):
        low, high = pairs.object_low[pair], pairs.object_high[pair]
        i, i_end = _account_range(rows, pairs.account_a[pair], low, high)
        j, j_end = _account_range(rows, pairs.account_b[pair], low, high)
        while i < i_end and j < j_end:
            if rows.object[i] < rows.object[j]:
                i += 1
            elif rows.object[i] > rows.object[j]:
                j += 1
            else:
                i_next = _run_end(rows.object, i, i_end)
                j_next = _run_end(rows.object, j, j_end)
                window = pairs.window_us[pair]
                _mark_near(rows.time_us, (i, i_next), (j, j_next), window, marked)
                _mark_near(rows.time_us, (j, j_next), (i, i_next), window, marked)
                i, j = i_next, j_next


@njit
def _mark_near(
    time_us: np.ndarray,
    own: tuple[int, int],
    other: tuple[int, int],
    window_us: int,
    marked: np.ndarray,
) -> None:
    """Mark the own shares that have one of the other's within the window."""
    j = other[0]
    for i in range(own[0], own[1]):
        while j < other[1] and time_us[j] < time_us[i] - window_us:
            j += 1
        if j < other[1] and time_us[j] <= time_us[i] + window_us:
            marked[i] = True
