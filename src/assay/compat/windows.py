"""Which rows lie within a window of each row that shares its key: the ground of both peers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assay.engine.compiled import njit

PAIRS_PER_BLOCK = 50_000_000
"""Row pairs looked at between two reports of progress."""


class Neighbours(NamedTuple):
    """For each row, sorted by (key, time), the half-open range of rows within the window.

    The row itself lies in its own range.
    """

    first: np.ndarray
    after_last: np.ndarray


class Grouping(NamedTuple):
    """Rows listed by account: those of account a are ``row[start[a]:start[a + 1]]``."""

    start: np.ndarray
    row: np.ndarray


@njit
def neighbours_by_gap(key: np.ndarray, time_s: np.ndarray, window_s: float) -> Neighbours:
    """Rows q of the same key with abs(t_q - t_p) <= window (CooRTweet's comparison)."""
    n = len(key)
    first, after_last = np.empty(n, np.int64), np.empty(n, np.int64)
    low = high = 0
    for p in range(n):
        while key[low] != key[p] or time_s[p] - time_s[low] > window_s:
            low += 1
        high = max(high, p)
        while high < n and key[high] == key[p] and time_s[high] - time_s[p] <= window_s:
            high += 1
        first[p], after_last[p] = low, high
    return Neighbours(first, after_last)


@njit
def neighbours_by_bounds(key: np.ndarray, time_s: np.ndarray, window_s: float) -> Neighbours:
    """Rows q of the same key with t_p - window <= t_q <= t_p + window (CNT's comparison).

    Not the same as :func:`neighbours_by_gap`: with fractional seconds the sum is rounded, the
    difference is not, and the relation need not be symmetric.
    """
    n = len(key)
    first, after_last = np.empty(n, np.int64), np.empty(n, np.int64)
    low = high = 0
    for p in range(n):
        earliest_s, latest_s = time_s[p] - window_s, time_s[p] + window_s
        while key[low] != key[p] or time_s[low] < earliest_s:
            low += 1
        high = max(high, p)
        while high < n and key[high] == key[p] and time_s[high] <= latest_s:
            high += 1
        first[p], after_last[p] = low, high
    return Neighbours(first, after_last)


def group_by_account(account: np.ndarray, n_accounts: int, *then_by: np.ndarray) -> Grouping:
    """List the rows by account, inside an account by ``then_by``, then by row number."""
    order = np.lexsort((*reversed(then_by), account)) if then_by else _stable(account)
    counts = np.bincount(account, minlength=n_accounts)
    return Grouping(np.concatenate(([0], np.cumsum(counts))).astype(np.int64), order)


def _stable(values: np.ndarray) -> np.ndarray:
    return np.argsort(values, kind="stable")


def account_blocks(
    by_account: Grouping, near: Neighbours, pairs_per_block: int = PAIRS_PER_BLOCK
) -> list[tuple[int, int, int]]:
    """Cut the accounts into blocks of bounded work: (first, after last, row pairs looked at)."""
    pairs_of_row = (near.after_last - near.first)[by_account.row]
    done = np.concatenate(([0], np.cumsum(pairs_of_row)))[by_account.start]
    blocks, begin, n_accounts = [], 0, len(done) - 1
    while begin < n_accounts:
        end = int(np.searchsorted(done, done[begin] + pairs_per_block, side="right")) - 1
        end = min(max(end, begin + 1), n_accounts)
        blocks.append((begin, end, int(done[end] - done[begin])))
        begin = end
    return blocks


@njit
def room_for(values: np.ndarray, needed: int) -> np.ndarray:
    """The array itself if ``needed`` entries fit, else a copy of at least twice its length."""
    if needed <= len(values):
        return values
    larger = np.empty(max(needed, 2 * len(values)), values.dtype)
    larger[: len(values)] = values
    return larger
