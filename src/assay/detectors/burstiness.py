"""How bursty honest attention is, learnt from the data: the κ of the gate's density.

Under the null the places of an object's shares inside a block are drawn from a density that is
itself drawn around the data's activity g, a Dirichlet law of concentration κ. What the others did
tells that density as well as N + κ draws would, so that two shares are co-timed with probability

    π = (Σ m_u² + M + 2h Σ m_u m_{u+1}) / (M (M + 1))       m_u = n_u + κ g_u,  M = N + κ

κ large: shares fall anywhere, whatever others did. κ small: stories come in bursts, and who is
there is there at the same time. Nobody knows κ beforehand, and the data tell it: it is chosen so
that *ordinary pairs are co-timed exactly as often as the null expects*. Each pair of accounts has
one vote, however many objects it shares, so that a few groups that act together hardly weigh;
one standard error is taken off on the side of caution. Objects of few sharers in a block and of
many have a κ each. κ_a of the activity g itself is learnt in the same way from shares of different
objects by different accounts: gaps in the collection and scheduled posting make it small.

Dirichlet-multinomial: Mosimann 1962 (Biometrika 49:65). Empirical Bayes: Efron & Morris 1973
(JASA 68:117).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.detectors.activity import Activity
from assay.detectors.arrays import Int64s, ShareArrays, first_flags, taken
from assay.detectors.block_grid import BlockGrid
from assay.detectors.burst_records import (
    QUIET,
    activity_pairs,
    count_records,
    mean_chance,
    sums_of_moments,
    sums_of_records,
    votes_of,
    walk_records,
)
from assay.detectors.density import (
    FEW,
    ActiveBins,
    Density,
    active_bins,
    bin_places,
)
from assay.detectors.spread import Uint64s, divisor

Floats = npt.NDArray[np.float64]

LOWEST, HIGHEST = 5.0, 200.0
"""κ stays between these: below, everybody of a block is at one place; above, nobody can tell."""

LEAST = 30
"""From fewer records nothing is learnt, and κ stays as it is set by hand."""

MOST_WALKED = 5_000_000
"""Above so many records the objects are sampled."""

MOST_WEIGHED = 100_000
"""Above so many records the pairs are sampled."""


@dataclass(frozen=True)
class _Records:
    """Two shares each, of one block, with what lies between them and π.

    Attributes:
        constant: Σ n² + 2h Σ n n₊₁ over the others.
        linear: The factor of κ in Σ m² + 2h Σ m m₊₁.
        square: The factor of κ².
        others: N.
        together: Whether the two are co-timed.
        weight: One vote for each pair of accounts.
    """

    constant: Floats
    linear: Floats
    square: Floats
    others: Floats
    together: Floats
    weight: Floats

    def only(self, flags: npt.NDArray[np.bool_]) -> _Records:
        """Some of them."""
        return _Records(*(getattr(self, name)[flags] for name in self.__dataclass_fields__))

    def expected(self, shrinkage: float) -> float:
        """The mean of π."""
        return float(
            mean_chance(
                (self.constant, self.linear, self.square), self.others, self.weight, shrinkage
            )
        )

    def observed(self) -> float:
        """The share of co-timed ones, a standard error up."""
        whole = self.weight.sum()
        share = float((self.weight * self.together).sum() / whole)
        effective = whole * whole / (self.weight**2).sum()
        return share + math.sqrt(max(share * (1.0 - share), 0.05) / effective)


def _learnt(first: ShareArrays, cut: _Cut, activity: Activity) -> Density:
    density = Density(activity)
    learnt = _solved(_activity_records(first, cut))
    if learnt is not None:
        density = replace(density, activity_shrinkage=learnt)
    records = _records(first, cut, density.activity_shrinkage)
    few = _solved(records.only(records.others <= FEW))
    many = _solved(records.only(records.others > FEW))
    own = few or many
    if own is None:
        return density
    return replace(density, shrinkage=own, shrinkage_of_many=many or own)


def densities_of(
    first: ShareArrays, grids: Sequence[BlockGrid], activity: Activity, shrinkage: float | None
) -> tuple[Density, ...]:
    """The density at every Δ: learnt, or with the κ that a user insists on.

    Args:
        first: First shares of the kind.
        grids: How time is cut at every Δ.
        activity: Of the whole data, these shares included.
        shrinkage: κ; None learns it.
    """
    if shrinkage is not None:
        return (Density(activity, shrinkage),) * len(grids)
    if not len(first):
        return (Density(activity),) * len(grids)
    # Every Δ is made of the same bins.
    cut = _Cut.of(first, grids[0], activity)
    return tuple(_learnt(first, cut.at(grid), activity) for grid in grids)


class Densities:
    """The densities of every kind of a data set, each learnt when it is first asked for.

    Args:
        kinds: All shares by kind.
        activity: Of all of them.
        shrinkage: κ; None learns it.
        known: What ``run.json`` says of densities that a run has learnt: they are not learnt
            again, for the run may have looked at a part of the objects only.
    """

    def __init__(
        self,
        kinds: Mapping[str, ShareArrays],
        activity: Activity,
        shrinkage: float | None,
        known: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self._kinds = kinds
        self._shrinkage = shrinkage
        self._learnt: dict[tuple[str, int, int], Density] = {
            _key(one["kind"], one["window_s"], one["delta_s"]): Density(
                activity, one["shrinkage"], one["activity_shrinkage"], one["shrinkage_of_many"]
            )
            for one in known
        }
        self.activity = activity

    def of(self, kind: str, grids: tuple[BlockGrid, ...]) -> tuple[Density, ...]:
        """The density of a kind at every Δ."""
        return tuple(self._of(kind, grid) for grid in grids)

    def _of(self, kind: str, grid: BlockGrid) -> Density:
        key = _key(kind, grid.bin_ticks * grid.tick_us / 1e6, grid.delta_s)
        if key not in self._learnt:
            shares = self._kinds[kind]
            first = taken(shares, first_flags(shares))
            (density,) = densities_of(first, (grid,), self.activity, self._shrinkage)
            self._learnt[key] = density
        return self._learnt[key]


def _key(kind: str, window_s: float, delta_s: float) -> tuple[str, int, int]:
    return kind, round(window_s * 1e6), round(delta_s * 1e6)


def _solved(records: _Records) -> float | None:
    """κ at which ordinary pairs are co-timed as often as expected; None if too few tell."""
    if len(records.weight) < LEAST:
        return None
    target = records.observed()
    return _root(lambda shrinkage: records.expected(shrinkage) - target)


def _root(excess: Callable[[float], float]) -> float:
    """Where a falling function crosses zero, or the bound that it crosses beyond."""
    low, high = math.log(LOWEST), math.log(HIGHEST)
    if excess(HIGHEST) >= 0:
        return HIGHEST
    if excess(LOWEST) <= 0:
        return LOWEST
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (middle, high) if excess(math.exp(middle)) > 0 else (low, middle)
    # A learnt figure has no more than these digits, and is the same on every machine.
    return float(f"{math.exp((low + high) / 2):.4g}")


@dataclass(frozen=True)
class _Cut:
    """First shares and activity, cut into bins and blocks.

    Attributes:
        window_us: One bin.
        half: h.
        bin_count: K.
        earliest: Number of the data's first bin.
        numbers: Bin of each share, counted from the data's first one.
        active: Number and activity of every active bin.
        signs: Of objects and of accounts, by which is sampled.
        every: All shares in the order of :func:`_in_time`, where none is left aside.
    """

    window_us: int
    half: float
    bin_count: int
    earliest: int
    numbers: Int64s
    active: ActiveBins
    signs: tuple[Uint64s, Uint64s]
    every: Int64s | None

    @classmethod
    def of(cls, first: ShareArrays, grid: BlockGrid, activity: Activity) -> _Cut:
        active = active_bins(activity, grid.bin_ticks, grid.phase_ticks)
        lattice = (grid.tick_us, grid.phase_ticks, grid.bin_ticks)
        places = bin_places(first.times_us, lattice, active.numbers, active.places)
        earliest = int(active.numbers[0])
        numbers = active.numbers - earliest
        signs = _signs(first)
        return cls(
            window_us=grid.bin_ticks * grid.tick_us,
            half=(grid.bin_ticks + 1.0) / (2.0 * grid.bin_ticks),
            bin_count=grid.bins,
            earliest=earliest,
            numbers=numbers[places],
            active=active._replace(numbers=numbers),
            signs=signs,
            every=_in_time(first, signs) if _activity_modulus(first) == 1 else None,
        )

    def at(self, grid: BlockGrid) -> _Cut:
        """The same bins in the blocks of another Δ."""
        return replace(self, bin_count=grid.bins)

    @property
    def offset(self) -> int:
        """Added to a bin's number before dividing by K."""
        return self.earliest % self.bin_count

    @property
    def blocks(self) -> Int64s:
        """Block of each share."""
        return (self.numbers + self.offset) // self.bin_count


def _records(first: ShareArrays, cut: _Cut, activity_shrinkage: float) -> _Records:
    """Pairs of first shares of one object in one block, or a sample of them."""
    blocks = cut.blocks
    walked = int(count_records(first.starts, blocks))
    object_modulus = max(1, math.ceil(walked / MOST_WALKED))
    pair_modulus = 1
    room = walked // object_modulus + 1
    if room > MOST_WEIGHED:
        pair_modulus = math.ceil(room / MOST_WEIGHED)
        room = 4 * MOST_WEIGHED
    keys = np.empty(room, np.uint64)
    rows = np.empty((room, 2), np.int64)
    filled = walk_records(
        (first.starts, first.accounts, blocks),
        cut.signs,
        (divisor(object_modulus), divisor(pair_modulus)),
        keys,
        rows,
    )
    keys, rows = keys[:filled], rows[:filled]
    same = blocks[rows[:, 0]] == blocks[rows[:, 1]]
    rows, votes = rows[same], votes_of(keys)[same]
    objects = first.objects.astype(np.int64)
    sums = np.empty((len(rows), 4))
    sums_of_records(
        first.starts,
        objects,
        cut.numbers,
        rows,
        (cut.active.numbers, cut.active.counts),
        (cut.bin_count, cut.offset, cut.half, activity_shrinkage),
        sums,
    )
    gaps = np.abs(first.times_us[rows[:, 0]] - first.times_us[rows[:, 1]])
    together = (gaps <= cut.window_us).astype(np.float64)
    return _Records(sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3], together, votes)


def _activity_records(first: ShareArrays, cut: _Cut) -> _Records:
    """Pairs of shares of different objects by different accounts in one block."""
    blocks = cut.blocks
    rows = cut.every
    if rows is None:
        drawn = np.flatnonzero(blocks % _activity_modulus(first) == 0)
        rows = _in_time(first, cut.signs, drawn)
    own_blocks = blocks[rows]
    if len(rows) > QUIET * 2 * (1 + np.count_nonzero(np.diff(own_blocks))):
        # So busy all the time that every block speaks for itself.
        rows, own_blocks = rows[:0], own_blocks[:0]
    objects = first.objects[rows].astype(np.int64)
    room = 3 * len(rows) + 1
    found = np.empty((room, 5))
    filled = activity_pairs(
        own_blocks,
        cut.numbers[rows],
        first.times_us[rows],
        (first.accounts[rows], objects),
        (cut.active.numbers, cut.active.counts),
        (cut.bin_count, cut.offset, cut.half, cut.window_us),
        found,
    )
    constant, ends, others, together, weight = found[:filled].T
    bins = cut.bin_count
    # The base is uniform: m_u = a_u + κ/K.
    linear = 2.0 * others / bins + 2.0 * cut.half * (2.0 * others - ends) / bins
    square = np.full(filled, (1.0 + 2.0 * cut.half * (bins - 1) / bins) / bins)
    return _Records(constant, linear, square, others, together, weight)


def _activity_modulus(first: ShareArrays) -> int:
    """Of so many blocks one is looked at for κ_a."""
    return max(1, len(first) // MOST_WEIGHED)


def _in_time(
    first: ShareArrays, signs: tuple[Uint64s, Uint64s], rows: Int64s | slice = slice(None)
) -> Int64s:
    """Shares in time; those of one moment by what no name decides."""
    of_objects, of_accounts = signs
    order = np.lexsort(
        (
            of_accounts[first.accounts[rows]],
            of_objects[first.objects[rows]],
            first.times_us[rows],
        )
    )
    in_time: Int64s = order if isinstance(rows, slice) else rows[order]
    return in_time


def _signs(first: ShareArrays) -> tuple[Uint64s, Uint64s]:
    """A number for each object and each account, made of the moments of its shares alone.

    What is sampled is drawn by these: drawn by number, it would change with the names, whose order
    the numbers follow.
    """
    return (
        sums_of_moments(first.objects, first.times_us, len(first.starts) - 1),
        sums_of_moments(first.accounts, first.times_us, first.account_count),
    )
