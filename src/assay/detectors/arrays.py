"""Shares of one kind as sorted arrays, and the counts that need no join.

A pair of pointers walking over an object's shares in time order *counts* the pairs of shares in
a window without making them: 700 million in milliseconds. So the size of a run is known before
it begins.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.engine.compiled import njit
from assay.errors import CheckFailed

Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

RESOLUTIONS_US = (86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1_000)
"""Steps that sources write times in: days, hours, minutes, seconds, milliseconds."""


@dataclass(frozen=True)
class ShareArrays:
    """Shares of one kind sorted by (object, time, account).

    Attributes:
        objects: Object number of each share, ascending.
        accounts: Account number of each share.
        times_us: Time of each share, µs since 1970.
        starts: First row of each object, and the number of rows at the end.
        account_count: Number of accounts over all kinds; account numbers are below it.
    """

    objects: Int32s
    accounts: Int32s
    times_us: Int64s
    starts: Int64s
    account_count: int

    def __len__(self) -> int:
        """Number of shares."""
        return len(self.objects)

    @property
    def object_count(self) -> int:
        """Number of distinct objects."""
        return len(self.starts) - 1


def share_arrays(table: pa.Table, account_count: int) -> ShareArrays:
    """Take an engine's ordered table into arrays.

    Args:
        table: Columns ``object``, ``account``, ``shared_us``, ordered by object, time, account.
        account_count: Number of accounts over all kinds.

    Raises:
        CheckFailed: The table is not in that order. An engine that loses the order would lose
            pairs silently.
    """
    objects = table["object"].to_numpy().astype(np.int32, copy=False)
    accounts = table["account"].to_numpy().astype(np.int32, copy=False)
    times_us = table["shared_us"].to_numpy().astype(np.int64, copy=False)
    shares = ShareArrays(objects, accounts, times_us, group_starts(objects), account_count)
    if not is_ordered(shares):
        raise CheckFailed(
            "the engine handed the shares over in another order than was asked for",
            fix="report this with the engine's version; nothing was written",
        )
    return shares


def is_ordered(shares: ShareArrays) -> bool:
    """Whether shares are sorted by object, time and account."""
    return bool(_is_ordered(shares.objects, shares.times_us, shares.accounts))


def group_starts(sorted_codes: Int32s) -> Int64s:
    """First position of each run of equal codes, and the length at the end."""
    if not len(sorted_codes):
        return np.zeros(1, np.int64)
    changes = np.flatnonzero(np.diff(sorted_codes)) + 1
    return np.concatenate(([0], changes, [len(sorted_codes)])).astype(np.int64)


def only_objects(shares: ShareArrays, keep: Bools) -> ShareArrays:
    """The same shares without the objects whose flag is false; object numbers are kept dense."""
    if keep.all():
        return shares
    rows = np.repeat(keep, np.diff(shares.starts))
    objects = shares.objects[rows]
    dense = np.cumsum(np.concatenate(([0], np.diff(objects) != 0)), dtype=np.int32)
    dense = dense if len(objects) else objects
    return ShareArrays(
        dense,
        shares.accounts[rows],
        shares.times_us[rows],
        group_starts(dense),
        shares.account_count,
    )


def first_flags(shares: ShareArrays) -> Bools:
    """For each share, whether it is its account's first share of that object."""
    return _first_flags(shares.objects, shares.accounts, shares.account_count)


def taken(shares: ShareArrays, rows: Bools | Int64s) -> ShareArrays:
    """Some of the shares, in the same order and with the same object numbers.

    ``starts`` keeps an entry for every object, so that object numbers stay valid indices.
    """
    objects = shares.objects[rows]
    starts = np.searchsorted(objects, np.arange(shares.object_count + 1)).astype(np.int64)
    return ShareArrays(
        objects, shares.accounts[rows], shares.times_us[rows], starts, shares.account_count
    )


def detect_resolution_us(times_us: Int64s, total: int) -> int:
    """The coarsest usual step that all times are whole multiples of; 1 µs if none.

    Args:
        times_us: Some of the times.
        total: How many times there are in all. A step coarser than a second is claimed only
            from 50 up: a few times can be round by chance.
    """
    for step_us in RESOLUTIONS_US:
        if step_us > 1_000_000 and total < 50:
            continue
        if not (times_us % step_us).any():
            return step_us
    return 1


def count_share_pairs(shares: ShareArrays, window_us: int) -> int:
    """Pairs of shares of one object at most the window apart, whoever made them."""
    return int(_count_pairs(shares.starts, shares.times_us, window_us))


def pairs_per_object(shares: ShareArrays, window_us: int) -> Int64s:
    """The same count for each object."""
    return _count_pairs_each(shares.starts, shares.times_us, window_us)


def active_flags(shares: ShareArrays, window_us: int, min_shared: int) -> Bools:
    """Shares that can be part of an edge; dropping the others changes no edge.

    A share needs another account within the window, and its account needs ``min_shared``
    objects with such shares. The second rule is applied until hardly anything changes.
    """
    active = _with_neighbour(
        shares.starts, shares.accounts, shares.times_us, np.ones(len(shares), np.bool_), window_us
    )
    remaining = int(active.sum())
    while min_shared > 1 and remaining:
        objects_each = _active_objects(
            shares.objects, shares.accounts, active, shares.account_count
        )
        active &= objects_each[shares.accounts] >= min_shared
        active = _with_neighbour(shares.starts, shares.accounts, shares.times_us, active, window_us)
        before, remaining = remaining, int(active.sum())
        if remaining > 0.9 * before:
            break
    return active


@njit
def _is_ordered(objects: Int32s, times_us: Int64s, accounts: Int32s) -> bool:
    for row in range(1, len(objects)):
        if objects[row] < objects[row - 1]:
            return False
        if objects[row] == objects[row - 1]:
            if times_us[row] < times_us[row - 1]:
                return False
            if times_us[row] == times_us[row - 1] and accounts[row] < accounts[row - 1]:
                return False
    return True


@njit
def _first_flags(objects: Int32s, accounts: Int32s, account_count: int) -> Bools:
    last_object = np.full(account_count, -1, np.int32)
    flags = np.zeros(len(objects), np.bool_)
    for row in range(len(objects)):
        if last_object[accounts[row]] != objects[row]:
            last_object[accounts[row]] = objects[row]
            flags[row] = True
    return flags


@njit
def _count_pairs(starts: Int64s, times_us: Int64s, window_us: int) -> int:
    total = 0
    for index in range(len(starts) - 1):
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while times_us[row] - times_us[oldest] > window_us:
                oldest += 1
            total += row - oldest
    return total


@njit
def _count_pairs_each(starts: Int64s, times_us: Int64s, window_us: int) -> Int64s:
    counts = np.zeros(len(starts) - 1, np.int64)
    for index in range(len(starts) - 1):
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while times_us[row] - times_us[oldest] > window_us:
                oldest += 1
            counts[index] += row - oldest
    return counts


@njit
def _with_neighbour(
    starts: Int64s, accounts: Int32s, times_us: Int64s, usable: Bools, window_us: int
) -> Bools:
    flags = np.zeros(len(accounts), np.bool_)
    for index in range(len(starts) - 1):
        # The last usable share, and the last one by another account than that.
        last = -1
        other = -1
        for row in range(starts[index], starts[index + 1]):
            if not usable[row]:
                continue
            if last >= 0 and accounts[last] != accounts[row]:
                other = last
            if other >= 0 and times_us[row] - times_us[other] <= window_us:
                flags[row] = True
            last = row
        last = -1
        other = -1
        for row in range(starts[index + 1] - 1, starts[index] - 1, -1):
            if not usable[row]:
                continue
            if last >= 0 and accounts[last] != accounts[row]:
                other = last
            if other >= 0 and times_us[other] - times_us[row] <= window_us:
                flags[row] = True
            last = row
    return flags


@njit
def _active_objects(objects: Int32s, accounts: Int32s, active: Bools, account_count: int) -> Int32s:
    counts = np.zeros(account_count, np.int32)
    last_object = np.full(account_count, -1, np.int32)
    for row in range(len(objects)):
        if active[row] and last_object[accounts[row]] != objects[row]:
            last_object[accounts[row]] = objects[row]
            counts[accounts[row]] += 1
    return counts
