"""When the data set as a whole was active: the background that the gate's density leans on.

Collections have gaps, posts are scheduled at round minutes, servers fail and come back. All of
that draws honest accounts to the same moments, and all of it shows in how many accounts were
active then, whatever they shared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.engine.compiled import njit

ROOMY = 4_000_000
"""A table over all time from first to last bin may have so many entries, however few are used."""


@dataclass(frozen=True)
class Activity:
    """How many accounts were active at each moment, over all kinds of object in the run.

    Attributes:
        times_us: Moments, ascending, each once; µs since 1970, whole multiples of the resolution.
        accounts: How many distinct accounts acted then.
        resolution_us: The data's time resolution in µs.
    """

    times_us: Int64s
    accounts: Int32s
    resolution_us: int


def activity_of(kinds: Iterable[ShareArrays], resolution_us: int) -> Activity:
    """Count the distinct accounts of every moment, whatever and however much they shared then.

    Args:
        kinds: Shares of every kind; account numbers mean the same in all of them.
        resolution_us: The data's time resolution in µs.
    """
    parts = [part for part in kinds if len(part)]
    if not parts:
        return Activity(np.empty(0, np.int64), np.empty(0, np.int32), resolution_us)
    earliest = min(int(part.times_us.min()) for part in parts) // resolution_us
    latest = max(int(part.times_us.max()) for part in parts) // resolution_us
    accounts = max(part.account_count for part in parts)
    if (latest - earliest + 1) * accounts < 2**63:
        ticks, counts = _counted(parts, resolution_us, earliest, accounts)
    else:
        ticks, counts = _counted_by_pairs(parts, resolution_us)
    return Activity(ticks * resolution_us, counts, resolution_us)


def _counted(
    parts: list[ShareArrays], resolution_us: int, earliest: int, accounts: int
) -> tuple[Int64s, Int32s]:
    """Moments in ticks and their accounts; both fit into one number, which sorts fast."""
    keys = np.empty(sum(len(part) for part in parts), np.int64)
    filled = 0
    for part in parts:
        end = filled + len(part)
        _pack(part.times_us, part.accounts, resolution_us, (earliest, accounts), keys[filled:end])
        filled = end
    keys.sort()
    ticks, counts = _distinct(keys, accounts)
    return ticks + earliest, counts


def _counted_by_pairs(parts: list[ShareArrays], resolution_us: int) -> tuple[Int64s, Int32s]:
    """The same for microseconds over many years, where they do not fit."""
    ticks = np.concatenate([part.times_us // resolution_us for part in parts])
    accounts = np.concatenate([part.accounts for part in parts])
    order = np.lexsort((accounts, ticks))
    ticks, accounts = ticks[order], accounts[order]
    new = np.ones(len(ticks), np.bool_)
    new[1:] = (np.diff(ticks) != 0) | (np.diff(accounts) != 0)
    distinct, counts = np.unique(ticks[new], return_counts=True)
    return distinct, counts.astype(np.int32)


@njit
def _pack(
    times_us: Int64s,
    accounts: Int32s,
    resolution_us: int,
    base: tuple[int, int],
    keys: Int64s,
) -> None:
    earliest, account_count = base
    for row in range(len(times_us)):
        tick = times_us[row] // resolution_us - earliest
        keys[row] = tick * account_count + accounts[row]


@njit
def _distinct(sorted_keys: Int64s, account_count: int) -> tuple[Int64s, Int32s]:
    """Ticks that occur, and how many different keys each has."""
    found = 0
    until = np.int64(-1)
    for row in range(len(sorted_keys)):
        if sorted_keys[row] >= until:
            found += 1
            until = (sorted_keys[row] // account_count + 1) * account_count
    ticks = np.empty(found, np.int64)
    counts = np.zeros(found, np.int32)
    place = -1
    until = np.int64(-1)
    for row in range(len(sorted_keys)):
        if sorted_keys[row] >= until:
            place += 1
            ticks[place] = sorted_keys[row] // account_count
            until = (ticks[place] + 1) * account_count
            counts[place] = 1
        elif sorted_keys[row] != sorted_keys[row - 1]:
            counts[place] += 1
    return ticks, counts
