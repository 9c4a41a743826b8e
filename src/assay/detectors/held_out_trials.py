"""One trial for each held-out share of a group's member: was another member there, by what chance?

Given everything that the others did and the block that an account's share falls in, H₀ leaves
only its place inside the block, drawn from the object's density there. π is the mass of that
density within the window of some other member's share, exact on the data's lattice. The whole
group is left out of the density: the group was found on other objects, so that its own burst
explains nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Bools, Int32s, Int64s, ShareArrays
from assay.detectors.density import ACTIVITY_SHRINKAGE, SHRINKAGE
from assay.detectors.jitter import BlockGrid, Floats
from assay.detectors.moments import Moments
from assay.engine.compiled import njit


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
        chance: π.
        met: Whether another member's share lies within the window.
        reach: Other members with a share of the object in the same or an adjacent block.
        density: (trial, K): what the null draws the bin from.
    """

    accounts: Int32s
    groups: Int32s
    objects: Int64s
    ticks: Int64s
    chance: Floats
    met: Bools
    reach: Int32s
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
            np.zeros(len(members)),
            np.zeros(len(members), np.bool_),
            np.zeros(len(members), np.int32),
            np.zeros((len(members), grid.bins), np.float32),
        )
        _try(
            (members, trials.groups, shares.objects[members]),
            (shares.starts, ticks, group_of),
            (moments.ticks, active_groups),
            (grid.bins, grid.bin_ticks),
            (null.shrinkage, null.activity_shrinkage, null.leave_group_out),
            (trials.chance, trials.met, trials.reach, trials.density),
        )
        parts.append(trials.taken(np.flatnonzero(trials.chance > 0.0)))
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
    out: tuple[Floats, Bools, Int32s, npt.NDArray[np.float32]],
) -> None:
    """Fill the trials of one kind, one for each member's share, by object, group and time."""
    members, groups, objects = who
    starts, ticks, group_of = shares
    chance, met, reach, density = out
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
            # Members in the same or in an adjacent block.
            while ticks[members[low]] // block_ticks < block - 1:
                low += 1
            while high < end and ticks[members[high]] // block_ticks <= block + 1:
                high += 1
            reach[place] = high - low - 1
            if reach[place] == 0:
                continue
            if place > low and ticks[row] - ticks[members[place - 1]] <= bin_ticks:
                met[place] = True
            if place + 1 < high and ticks[members[place + 1]] - ticks[row] <= bin_ticks:
                met[place] = True
            if block != last_block or not pseudo[2]:
                _background(active, groups[place], block * block_ticks, size, pseudo, background)
                _object_density(
                    rows, ticks, group_of, row, block, size, pseudo, background, of_object
                )
                last_block = block
            for at in range(bins):
                density[place, at] = of_object[at]
            chance[place] = _mass_near(
                members, (low, high, place), ticks, block * block_ticks, size, of_object
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
def _mass_near(
    members: Int64s,
    places: tuple[int, int, int],
    ticks: Int64s,
    block_begin: int,
    size: tuple[int, int],
    density: Floats,
) -> float:
    """The density's mass within the window of some other member; members ascend in time."""
    bins, bin_ticks = size
    low_place, high_place, own = places
    mass = 0.0
    reached = block_begin
    block_end = block_begin + bins * bin_ticks
    for other in range(low_place, high_place):
        if other == own:
            continue
        low = max(reached, ticks[members[other]] - bin_ticks)
        high = min(block_end, ticks[members[other]] + bin_ticks + 1)
        while low < high:
            at = (low - block_begin) // bin_ticks
            stop = min(high, block_begin + (at + 1) * bin_ticks)
            mass += density[at] * (stop - low) / bin_ticks
            low = stop
        reached = max(reached, high)
    return min(mass, 1.0)
