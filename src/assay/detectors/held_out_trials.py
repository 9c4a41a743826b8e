"""One trial for each held-out share of a group's member: how many of its partners did it meet?

Given everything that the others did and the block that an account's share falls in, H₀ leaves
only its place inside the block, drawn from the object's density there. So the number of other
members within the window has a law that can be written down: the density's mass where none is
near, where one is, and so on, exact on the data's lattice.

An account is tested against its *partners*: the members of its group with which its own pair
counted on the finding half. What they did counts in the density as *one* share, spread over them:
with all of it in, a group's own burst would explain it; with all of it out, a burst that few others
were there to show would pass for an agreement. One share is what the gate grants a pair as well:
given the other's share in bin u, its density has (m_u + 1) / (M + 1) there. What anybody else did
stays in, so that a common burst does explain it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.block_grid import BlockGrid
from assay.detectors.density import ACTIVITY_SHRINKAGE, FEW, SHRINKAGE, Density
from assay.detectors.held_out_groups import FoundGroups
from assay.detectors.jitter import Floats
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
        shrinkage_of_many: κ where more than :data:`assay.detectors.density.FEW` others shared the
            object in the block; None for the same.
        leave_partners_out: Whether all that the partners did counts as one share, or in full.
    """

    shrinkage: float = SHRINKAGE
    activity_shrinkage: float = ACTIVITY_SHRINKAGE
    shrinkage_of_many: float | None = None
    leave_partners_out: bool = True

    @classmethod
    def of(cls, density: Density, *, leave_partners_out: bool = True) -> TrialNull:
        """The null that leans on a density as the gate's does."""
        few, many = density.shrinkages
        return cls(few, density.activity_shrinkage, many, leave_partners_out)

    @property
    def constants(self) -> tuple[float, float, float, bool]:
        """κ of few and of many, κ_a, and whether partners count as one."""
        many = self.shrinkage if self.shrinkage_of_many is None else self.shrinkage_of_many
        return self.shrinkage, many, self.activity_shrinkage, self.leave_partners_out


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
        density: (trial, K): what the null draws the bin from, without any partner.
        mass: M, the shares behind that density, κ among them.
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
    mass: npt.NDArray[np.float32]

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
    nulls: Mapping[str, TrialNull],
) -> Trials:
    """Every trial on a half, all kinds together.

    Args:
        half: First shares of each kind on the half.
        found: Groups and partners, from the other half.
        grid: How time is cut.
        moments: All moments of the data.
        nulls: From what a place is drawn, for each kind.
    """
    parts: list[Trials] = []
    offset = 0
    for kind, shares in half.items():
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
            np.zeros(len(members), np.float32),
        )
        _try(
            (members, trials.groups, trials.accounts, shares.objects[members]),
            (shares.starts, ticks),
            (found.starts, found.partners),
            (moments.ticks, moments.own_ticks, moments.starts),
            (grid.bins, grid.bin_ticks),
            nulls[kind].constants,
            (trials.reach, trials.met, trials.score),
            (trials.law, trials.density, trials.mass),
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
    pseudo: tuple[float, float, float, bool],
    counts: tuple[Int32s, Int32s, Int32s],
    out: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32]],
) -> None:
    """Fill the trials of one kind, one for each member's share, by object, group and time."""
    members, groups, accounts, objects = who
    starts, ticks = shares
    reach, met, score = counts
    law, density, masses = out
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
            few, many, spread, partners_as_one = pseudo
            constants = (spread, partners_as_one)
            _background(
                moments, partners, accounts[place], block_begin, size, constants, background
            )
            left_out = near[: reach[place]] if partners_as_one else near[:0]
            mass = _object_density(
                ticks[rows[0] : rows[1]], own, left_out, size, (few, many), background, of_object
            )
            masses[place] = mass
            for at in range(bins):
                density[place, at] = of_object[at]
            if partners_as_one:
                _add_one_share(near[: reach[place]], block_begin, size, mass, of_object)
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
    constants: tuple[float, bool],
    background: Floats,
) -> None:
    """The whole data's density in a block, without the account's and its partners' moments."""
    bins = size[0]
    ticks, own_ticks, own_starts = moments
    partner_starts, accounts = partners
    background[:] = constants[0] / bins
    _count(ticks, block_begin, size, 1.0, background)
    begin, end = own_starts[account], own_starts[account + 1]
    _count(own_ticks[begin:end], block_begin, size, -1.0, background)
    if constants[1]:
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
    shrinkages: tuple[float, float],
    background: Floats,
    out: Floats,
) -> float:
    """An object's density in a block, without this share and those left out; its mass M."""
    bins, bin_ticks = size
    block_begin = own // (bins * bin_ticks) * bins * bin_ticks
    out[:] = 0.0
    _count(ticks, block_begin, size, 1.0, out)
    _count(left_out, block_begin, size, -1.0, out)
    out[(own - block_begin) // bin_ticks] -= 1.0
    others = out.sum()
    shrinkage = shrinkages[0] if others <= FEW else shrinkages[1]
    mass = others + shrinkage
    for at in range(bins):
        out[at] = (out[at] + shrinkage * background[at]) / mass
    return float(mass)


@njit
def _add_one_share(
    near: Int64s, block_begin: int, size: tuple[int, int], mass: float, density: Floats
) -> None:
    """Let the partners inside the block count as one share together, spread over them."""
    bins, bin_ticks = size
    inside = 0
    for tick in near:
        inside += block_begin <= tick < block_begin + bins * bin_ticks
    if inside == 0:
        return
    for at in range(bins):
        density[at] *= mass / (mass + 1.0)
    each = 1.0 / (inside * (mass + 1.0))
    for tick in near:
        if block_begin <= tick < block_begin + bins * bin_ticks:
            density[(tick - block_begin) // bin_ticks] += each


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
