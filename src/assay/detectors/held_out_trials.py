"""One trial for each held-out share of a group's member: how many other members did it meet?

Given everything that the others did and the block that an account's share falls in, H₀ leaves
only its place inside the block, drawn from the object's density there. So the number of other
members within the window has a law that can be written down: the density's mass where none is
near, where one is, and so on, exact on the data's lattice. The whole group is left out of the
density: the group was found on other objects, so that its own burst explains nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.density import ACTIVITY_SHRINKAGE, SHRINKAGE
from assay.detectors.jitter import BlockGrid, Floats
from assay.detectors.moments import Moments
from assay.engine.compiled import njit

LEVELS = 12
"""A trial with more members in reach is scored in so many parts, which bounds the work."""


@dataclass(frozen=True)
class TrialNull:
    """From what the null draws a place inside a block.

    Attributes:
        shrinkage: κ, pseudo-shares beside the others' shares of the object in the block.
        activity_shrinkage: κ_a, pseudo-moments beside the whole data's in the block, towards
            whose density the object's is shrunk.
        leave_group_out: Whether everything that the group did is left out, or only the account's
            own share.
    """

    shrinkage: float = SHRINKAGE
    activity_shrinkage: float = ACTIVITY_SHRINKAGE
    leave_group_out: bool = True


@dataclass(frozen=True)
class MomentOrder:
    """All moments of the data in the order of time.

    Attributes:
        ticks: When, in ticks with the grid's phase added.
        accounts: Whose.
    """

    ticks: Int64s
    accounts: Int32s


def order_moments(moments: Moments, grid: BlockGrid) -> MomentOrder:
    """Sort moments by time."""
    ticks = moments.times_us // grid.tick_us + grid.phase_ticks
    order = np.argsort(ticks, kind="stable")
    return MomentOrder(ticks[order], moments.accounts[order])


@dataclass(frozen=True)
class Trials:
    """Held-out shares of group members that H₀ leaves free to meet another member.

    Attributes:
        accounts: Whose share.
        groups: Of the account.
        objects: Object number over all kinds.
        ticks: When, in ticks with the grid's phase added.
        reach: Other members' shares of the object that can be met somewhere in the block.
        met: How many of them lie within the window.
        score: ``met``, in whole parts of at most :data:`LEVELS`: what the test sums up.
        law: (trial, LEVELS + 1): probability of each score under H₀.
        density: (trial, K): what the null draws the bin from.
    """

    accounts: Int32s
    groups: Int32s
    objects: Int64s
    ticks: Int64s
    reach: Int32s
    met: Int32s
    score: Int32s
    law: npt.NDArray[np.float32]
    density: npt.NDArray[np.float32]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.accounts)

    def taken(self, rows: Int64s) -> Trials:
        """Some of them, in the given order."""
        return Trials(*(getattr(self, column.name)[rows] for column in fields(self)))


def trials_on(
    half: Mapping[str, ShareArrays],
    groups: Int32s,
    grid: BlockGrid,
    moments: MomentOrder,
    null: TrialNull,
) -> Trials:
    """Every trial on a half, all kinds together.

    Args:
        half: First shares of each kind on the half.
        groups: Group of each account, -1 for none.
        grid: How time is cut.
        moments: All moments of the data.
        null: From what a place is drawn.
    """
    parts: list[Trials] = []
    offset = 0
    active_groups = groups[moments.accounts]
    for shares in half.values():
        ticks = shares.times_us // grid.tick_us + grid.phase_ticks
        group_of = groups[shares.accounts]
        members = np.flatnonzero(group_of >= 0)
        # Rows ascend in time inside an object; a stable sort keeps that inside a group.
        members = members[np.lexsort((group_of[members], shares.objects[members]))]
        trials = Trials(
            shares.accounts[members],
            group_of[members],
            shares.objects[members].astype(np.int64) + offset,
            ticks[members],
            np.zeros(len(members), np.int32),
            np.zeros(len(members), np.int32),
            np.zeros(len(members), np.int32),
            np.zeros((len(members), LEVELS + 1), np.float32),
            np.zeros((len(members), grid.bins), np.float32),
        )
        _try(
            (members, trials.groups, shares.objects[members]),
            (shares.starts, ticks, group_of),
            (moments.ticks, active_groups),
            (grid.bins, grid.bin_ticks),
            (null.shrinkage, null.activity_shrinkage, null.leave_group_out),
            (trials.reach, trials.met, trials.score),
            (trials.law, trials.density),
        )
        parts.append(trials.taken(np.flatnonzero(trials.reach > 0)))
        offset += shares.object_count
    return Trials(
        *(
            np.concatenate([getattr(part, column.name) for part in parts])
            for column in fields(Trials)
        )
    )


def one_for_each_block(trials: Trials, grid: BlockGrid) -> Trials:
    """At most one trial for each account and block: the one with most members in reach.

    What an account does within one block hangs together (a session, a post with three hashtags),
    so that several meetings there are one. The choice hangs on blocks and on the others alone.
    """
    blocks = trials.ticks // grid.block_ticks
    order = np.lexsort((trials.objects, -trials.reach, blocks, trials.accounts))
    first = np.ones(len(order), np.bool_)
    first[1:] = (np.diff(trials.accounts[order]) != 0) | (np.diff(blocks[order]) != 0)
    return trials.taken(order[first])


@njit
def _try(
    who: tuple[Int64s, Int32s, Int32s],
    shares: tuple[Int64s, Int64s, Int32s],
    active: tuple[Int64s, Int32s],
    size: tuple[int, int],
    pseudo: tuple[float, float, bool],
    counts: tuple[Int32s, Int32s, Int32s],
    out: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]],
) -> None:
    """Fill the trials of one kind, one for each member's share, by object, group and time."""
    members, groups, objects = who
    starts, ticks, group_of = shares
    reach, met, score = counts
    law, density = out
    bins, bin_ticks = size
    block_ticks = bins * bin_ticks
    of_object = np.empty(bins, np.float64)
    background = np.empty(bins, np.float64)
    begin = 0
    while begin < len(members):
        end = begin
        while (
            end < len(members) and objects[end] == objects[begin] and groups[end] == groups[begin]
        ):
            end += 1
        rows = (starts[objects[begin]], starts[objects[begin] + 1])
        last_block = np.int64(-1)
        low = high = begin
        for place in range(begin, end):
            row = members[place]
            block = ticks[row] // block_ticks
            # Members that can be met somewhere in the block.
            while ticks[members[low]] < block * block_ticks - bin_ticks:
                low += 1
            while high < end and ticks[members[high]] < (block + 1) * block_ticks + bin_ticks:
                high += 1
            reach[place] = high - low - 1
            if reach[place] == 0:
                continue
            for other in range(low, high):
                if other != place and abs(ticks[members[other]] - ticks[row]) <= bin_ticks:
                    met[place] += 1
            score[place] = _scored(met[place], reach[place])
            if block != last_block or not pseudo[2]:
                _background(active, groups[place], block * block_ticks, size, pseudo, background)
                _object_density(
                    rows, ticks, group_of, row, block, size, pseudo, background, of_object
                )
                last_block = block
            for at in range(bins):
                density[place, at] = of_object[at]
            _sweep(
                members,
                (low, high, place),
                ticks,
                block * block_ticks,
                size,
                of_object,
                law[place],
            )
        begin = end


@njit
def _background(
    active: tuple[Int64s, Int32s],
    group: int,
    block_begin: int,
    size: tuple[int, int],
    pseudo: tuple[float, float, bool],
    background: Floats,
) -> None:
    """The whole data's density in a block, without the group's moments."""
    bins, bin_ticks = size
    active_ticks, active_groups = active
    background[:] = pseudo[1] / bins
    total = pseudo[1]
    row = np.searchsorted(active_ticks, block_begin)
    while row < len(active_ticks) and active_ticks[row] < block_begin + bins * bin_ticks:
        if not pseudo[2] or active_groups[row] != group:
            background[(active_ticks[row] - block_begin) // bin_ticks] += 1.0
            total += 1.0
        row += 1
    for at in range(bins):
        background[at] /= total


@njit
def _object_density(
    rows: tuple[int, int],
    ticks: Int64s,
    group_of: Int32s,
    own: int,
    block: int,
    size: tuple[int, int],
    pseudo: tuple[float, float, bool],
    background: Floats,
    out: Floats,
) -> None:
    """An object's density in a block, without the group's shares or without this one alone."""
    bins, bin_ticks = size
    block_begin = block * bins * bin_ticks
    for at in range(bins):
        out[at] = pseudo[0] * background[at]
    total = pseudo[0]
    begin, end = rows
    row = begin + np.searchsorted(ticks[begin:end], block_begin)
    while row < end and ticks[row] < block_begin + bins * bin_ticks:
        left_out = group_of[row] == group_of[own] if pseudo[2] else row == own
        if not left_out:
            out[(ticks[row] - block_begin) // bin_ticks] += 1.0
            total += 1.0
        row += 1
    for at in range(bins):
        out[at] /= total


@njit
def _scored(met: int, reach: int) -> int:
    """Members met, in whole parts of at most :data:`LEVELS`."""
    return met if reach <= LEVELS else LEVELS * met // reach


@njit
def _sweep(
    members: Int64s,
    places: tuple[int, int, int],
    ticks: Int64s,
    block_begin: int,
    size: tuple[int, int],
    density: Floats,
    law: npt.NDArray[np.float32],
) -> None:
    """The density's mass at each score, from the block's first tick to its last."""
    bins, bin_ticks = size
    low, high, own = places
    at = block_begin
    block_end = block_begin + bins * bin_ticks
    arrived = left = low
    near = 0
    while at < block_end:
        while arrived < high and ticks[members[arrived]] - bin_ticks <= at:
            near += arrived != own
            arrived += 1
        while left < high and ticks[members[left]] + bin_ticks < at:
            near -= left != own
            left += 1
        # Up to here nothing changes: another member comes near, one is left, or the bin ends.
        stop = min(block_end, at - (at - block_begin) % bin_ticks + bin_ticks)
        if arrived < high:
            stop = min(stop, ticks[members[arrived]] - bin_ticks)
        if left < high:
            stop = min(stop, ticks[members[left]] + bin_ticks + 1)
        mass = density[(at - block_begin) // bin_ticks] * (stop - at) / bin_ticks
        law[_scored(near, high - low - 1)] += mass
        at = stop
