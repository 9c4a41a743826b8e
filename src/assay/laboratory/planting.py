"""Plant a group of synthetic accounts into real shares, in memory.

The accounts that are there and all their shares stay as they are. The new accounts share some
objects that others share as well and some of their own; a joint act begins at a moment at which
the data have a share, so that the group acts when others act and the null sees the real density.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Bools, Int64s, ShareArrays, group_starts
from assay.laboratory.draws import Draws


@dataclass(frozen=True)
class Group:
    """A group to plant.

    Attributes:
        size: Accounts.
        objects: Objects that all of them share.
        jitter_s: Their shares of one object fall uniformly within so many seconds.
        known: Share of the objects that are taken from the data.
    """

    size: int
    objects: int
    jitter_s: float
    known: float = 0.5


@dataclass(frozen=True)
class Planted:
    """Shares with a group in them.

    Attributes:
        shares: The data's shares and the group's; the group's accounts have the highest numbers.
        is_first: For each share, whether it is its account's first of that object.
        rows: Rows of the group's shares.
    """

    shares: ShareArrays
    is_first: Bools
    rows: Int64s


def plant(
    shares: ShareArrays, is_first: Bools, group: Group, resolution_us: int, draws: Draws
) -> Planted:
    """Add the group's shares at their places.

    Args:
        shares: The data's shares of one kind.
        is_first: Flags of first shares (:func:`assay.detectors.arrays.first_flags`).
        group: What to plant.
        resolution_us: The data's time resolution; the group's times are cut to it as well.
        draws: A stream of this planting's own.
    """
    objects, begin_us = _joint_acts(shares, group, draws)
    jitter_us = draws.uniform(0.0, group.jitter_s * 1e6, (len(objects), group.size))
    times_us = (begin_us[:, None] + jitter_us.astype(np.int64)).ravel()
    times_us = times_us // resolution_us * resolution_us
    accounts = np.tile(np.arange(group.size), len(objects)) + shares.account_count
    codes = np.repeat(objects, group.size)
    order = np.lexsort((accounts, times_us, codes))
    codes, times_us, accounts = codes[order], times_us[order], accounts[order]
    places = _places(shares, codes, times_us)
    all_objects = np.insert(shares.objects, places, codes.astype(np.int32))
    planted = ShareArrays(
        all_objects,
        np.insert(shares.accounts, places, accounts.astype(np.int32)),
        np.insert(shares.times_us, places, times_us),
        group_starts(all_objects),
        shares.account_count + group.size,
    )
    # np.insert keeps the order given at one place, so the k-th new row moves k places on.
    rows = places + np.arange(len(places))
    return Planted(planted, np.insert(is_first, places, True), rows)


def _joint_acts(shares: ShareArrays, group: Group, draws: Draws) -> tuple[Int64s, Int64s]:
    """Object and beginning of each joint act; the group's own objects get new numbers."""
    wanted = round(group.objects * group.known)
    sharers = np.diff(shares.starts)
    several = np.flatnonzero(sharers >= 2)
    known = several[draws.some_of(len(several), min(wanted, len(several)))]
    own = shares.object_count + np.arange(group.objects - len(known))
    # At a known object the group joins while others share it, elsewhere at any busy moment.
    of_known = shares.starts[known] + (draws.random(len(known)) * sharers[known]).astype(np.int64)
    of_own = draws.integers(0, len(shares), len(own))
    return np.concatenate([known, own]), shares.times_us[np.concatenate([of_known, of_own])]


def _places(shares: ShareArrays, codes: Int64s, times_us: Int64s) -> Int64s:
    """Where each new share belongs: after those of the same object and moment."""
    places = np.full(len(codes), len(shares), np.int64)
    for number, (code, at_us) in enumerate(zip(codes.tolist(), times_us.tolist(), strict=True)):
        if code < shares.object_count:
            begin, end = shares.starts[code], shares.starts[code + 1]
            places[number] = begin + np.searchsorted(
                shares.times_us[begin:end], at_us, side="right"
            )
    return places
