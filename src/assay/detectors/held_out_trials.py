"""One trial for each held-out share of a group's member: how many of its partners did it meet?

Given everything that the others did and the block that an account's share falls in, H₀ leaves
only its place inside the block, drawn from the object's density there. So the number of other
members within the window has a law that can be written down: the density's mass where none is
near, where one is, and so on, exact on the data's lattice.

An account is tested against its *partners*: the members of its group with which its own pair
counted on the finding half. All that they did is left out of the density, so that a group's own
burst does not explain it; what anybody else did stays in, so that a common burst does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.density import ACTIVITY_SHRINKAGE, SHRINKAGE
from assay.detectors.held_out_groups import FoundGroups
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
        leave_partners_out: Whether all that the partners did is left out, or only what the account
            itself did.
    """

    shrinkage: float = SHRINKAGE
    activity_shrinkage: float = ACTIVITY_SHRINKAGE
    leave_partners_out: bool = True


@dataclass(frozen=True)
class MomentOrder:
    """All moments of the data, in ticks with the grid's phase added.

    Attributes:
        ticks: In the order of time.
        own_ticks: By account, in the order of time.
        starts: Where each account's begin in ``own_ticks``; one more entry than accounts.
    """

    ticks: Int64s
    own_ticks: Int64s
    starts: Int64s


def order_moments(moments: Moments, grid: BlockGrid) -> MomentOrder:
    """Sort moments by time, and by account and time."""
    own_ticks = moments.times_us // grid.tick_us + grid.phase_ticks
    counts = np.bincount(moments.accounts, minlength=len(moments.account_keys))
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return MomentOrder(np.sort(own_ticks), own_ticks, starts)


@dataclass(frozen=True)
class Trials:
    """Held-out shares of group members that H₀ leaves free to meet another member.

    Attributes:
        accounts: Whose share.
        groups: Of the account.
        objects: Object number over all kinds.
        ticks: When, in ticks with the grid's phase added.
        reach: Partners' shares of the object that can be met somewhere in the block.
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
    found: FoundGroups,
    grid: BlockGrid,
    moments: MomentOrder,
    null: TrialNull,
) -> Trials:
    """Every trial on a half, all kinds together.

    Args:
        half: First shares of each kind on the half.
        found: Groups and partners, from the other half.
        grid: How time is cut.
        moments: All moments of the data.
        null: From what a place is drawn.
    """
    parts: list[Trials] = []
    offset = 0
    for shares in half.values():
        ticks = shares.times_us // grid.tick_us + grid.phase_ticks
        group_of = found.groups[shares.accounts]
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
            (members, trials.groups, trials.accounts, shares.objects[members]),
            (shares.starts, ticks),
            (found.starts, found.partners),
            (moments.ticks, moments.own_ticks, moments.starts),
            (grid.bins, grid.bin_ticks),
            (null.shrinkage, null.activity_shrinkage, null.leave_partners_out),
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
    who: tuple[Int64s, Int32s, Int32s, Int32s],
    shares: tuple[Int64s, Int64s],
    partners: tuple[Int64s, Int32s],
    moments: tuple[Int64s, Int64s, Int64s],
    size: tuple[int, int],
    pseudo: tuple[float, float, bool],
    counts: tuple[Int32s, Int32s, Int32s],
    out: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]],
) -> None:
    """Fill the trials of one kind, one for each member's share, by object, group and time."""
    members, groups, accounts, objects = who
    starts, ticks = shares
    reach, met, score = counts
    law, density = out
    bins, bin_ticks = size
    block_ticks = bins * bin_ticks
    of_object = np.empty(bins, np.float64)
    background = np.empty(bins, np.float64)
    near = np.empty(len(members), np.int64)
    begin = 0
    while begin < len(members):
        end = begin
        while (
            end < len(members) and objects[end] == objects[begin] and groups[end] == groups[begin]
        ):
            end += 1
        rows = (starts[objects[begin]], starts[objects[begin] + 1])
        low = high = begin
        for place in range(begin, end):
            own = ticks[members[place]]
            block_begin = own // block_ticks * block_ticks
            # Members that can be met somewhere in the block; among them the partners.
            while ticks[members[low]] < block_begin - bin_ticks:
                low += 1
            while high < end and ticks[members[high]] < block_begin + block_ticks + bin_ticks:
                high += 1
            for other in range(low, high):
                if other != place and among(partners, accounts[place], accounts[other]):
                    near[reach[place]] = ticks[members[other]]
                    reach[place] += 1
                    met[place] += abs(near[reach[place] - 1] - own) <= bin_ticks
            if reach[place] == 0:
                continue
            score[place] = _scored(met[place], reach[place])
            _background(moments, partners, accounts[place], block_begin, size, pseudo, background)
            _object_density(
                ticks[rows[0] : rows[1]],
                own,
                near[: reach[place]] if pseudo[2] else near[:0],
                size,
                pseudo[0],
                background,
                of_object,
            )
            for at in range(bins):
                density[place, at] = of_object[at]
            _sweep(near[: reach[place]], block_begin, size, of_object, law[place])
        begin = end


@njit
def among(partners: tuple[Int64s, Int32s], account: int, other: int) -> bool:
    """Whether the other is one of the account's partners."""
    starts, accounts = partners
    low, high = starts[account], starts[account + 1]
    while low < high:
        middle = (low + high) // 2
        if accounts[middle] < other:
            low = middle + 1
        else:
            high = middle
    return bool(low < starts[account + 1] and accounts[low] == other)


@njit
def _background(
    moments: tuple[Int64s, Int64s, Int64s],
    partners: tuple[Int64s, Int32s],
    account: int,
    block_begin: int,
    size: tuple[int, int],
    pseudo: tuple[float, float, bool],
    background: Floats,
) -> None:
    """The whole data's density in a block, without the account's and its partners' moments."""
    bins = size[0]
    ticks, own_ticks, own_starts = moments
    partner_starts, accounts = partners
    background[:] = pseudo[1] / bins
    _count(ticks, block_begin, size, 1.0, background)
    begin, end = own_starts[account], own_starts[account + 1]
    _count(own_ticks[begin:end], block_begin, size, -1.0, background)
    if pseudo[2]:
        for place in range(partner_starts[account], partner_starts[account + 1]):
            begin, end = own_starts[accounts[place]], own_starts[accounts[place] + 1]
            _count(own_ticks[begin:end], block_begin, size, -1.0, background)
    total = background.sum()
    for at in range(bins):
        background[at] /= total


@njit
def _count(
    ticks: Int64s, block_begin: int, size: tuple[int, int], each: float, counts: Floats
) -> None:
    """Add ``each`` to the bin of every tick inside the block; ticks ascend."""
    bins, bin_ticks = size
    row = np.searchsorted(ticks, block_begin)
    while row < len(ticks) and ticks[row] < block_begin + bins * bin_ticks:
        counts[(ticks[row] - block_begin) // bin_ticks] += each
        row += 1


@njit
def _object_density(
    ticks: Int64s,
    own: int,
    left_out: Int64s,
    size: tuple[int, int],
    shrinkage: float,
    background: Floats,
    out: Floats,
) -> None:
    """An object's density in a block, without this share and those left out."""
    bins, bin_ticks = size
    block_begin = own // (bins * bin_ticks) * bins * bin_ticks
    for at in range(bins):
        out[at] = shrinkage * background[at]
    _count(ticks, block_begin, size, 1.0, out)
    _count(left_out, block_begin, size, -1.0, out)
    out[(own - block_begin) // bin_ticks] -= 1.0
    total = out.sum()
    for at in range(bins):
        # What is taken out again leaves a rounding error below zero where nothing else is.
        out[at] = max(out[at] / total, 0.0)


@njit
def _scored(met: int, reach: int) -> int:
    """Partners met, in whole parts of at most :data:`LEVELS`."""
    return met if reach <= LEVELS else LEVELS * met // reach


@njit
def _sweep(
    near: Int64s,
    block_begin: int,
    size: tuple[int, int],
    density: Floats,
    law: npt.NDArray[np.float32],
) -> None:
    """The density's mass at each score, from the block's first tick to its last."""
    bins, bin_ticks = size
    at = block_begin
    block_end = block_begin + bins * bin_ticks
    arrived = left = 0
    while at < block_end:
        while arrived < len(near) and near[arrived] - bin_ticks <= at:
            arrived += 1
        while left < len(near) and near[left] + bin_ticks < at:
            left += 1
        # Up to here nothing changes: another partner comes near, one is left, or the bin ends.
        stop = min(block_end, at - (at - block_begin) % bin_ticks + bin_ticks)
        if arrived < len(near):
            stop = min(stop, near[arrived] - bin_ticks)
        if left < len(near):
            stop = min(stop, near[left] + bin_ticks + 1)
        mass = density[(at - block_begin) // bin_ticks] * (stop - at) / bin_ticks
        law[_scored(arrived - left, len(near))] += mass
        at = stop
