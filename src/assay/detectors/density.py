"""The density of an object inside a block: its other sharers, shrunk to the data's activity.

In the notation of :mod:`assay.detectors.jitter` the density of bin u of a block is unknown; what
others did and the data's activity say that it is

    f_u = m_u / M             m_u = n_u + κ g_u      n_u  first shares of the object, pair left out
                              M   = n + κ
    g_u = (a_u + κ_a / K) / (A + κ_a)                a_u  distinct (account, moment) of all the data

on average, and how far it may be from that average is part of the null: E f_u² = m_u (m_u + 1) /
M (M + 1), E f_u f_v = m_u m_v / M (M + 1), the moments of a Dirichlet law. A plug-in of the
average would call the unknown burst of a handful of sharers a surprise.

Leaving the pair out changes a block's sums by a term of each run, so that a pair costs a handful
of operations:

    Σ m_u² + 2h Σ m_u m_{u+1} = T - D_i - D_j + 2 [same bin] + 2h [adjacent bins]
    T = Σ n_u² + 2h Σ n_u n_{u+1} + κ Σ n_u G_u + κ² (Σ g_u² + 2h Σ g_u g_{u+1})
    D = 2 own - 1 + 2h beside + κ G_u       G_u = 2 (g_u + h (g_{u-1} + g_{u+1}))

where n in T counts everybody, and ``own`` and ``beside`` are first shares of the object in the
run's bin, its own included, and in the two bins next to it. κ is one figure for blocks where few
others shared the object, and one for those where many did (:mod:`assay.detectors.burstiness`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assay.detectors.activity import ROOMY, Activity
from assay.detectors.arrays import Int32s, Int64s
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]

SHRINKAGE = 5.0
"""κ where the data are too few to learn it from, and on held-out objects."""

FEW = 5
"""Up to so many other sharers of an object in a block are few."""

ACTIVITY_SHRINKAGE = 20.0
"""κ_a: pseudo-moments of a uniform density that stand beside a block's activity.

Where a group of six is all that is there, its own six moments in one bin of ten raise that bin's
g from .1 to .3, not to 1: the group does not explain itself. A gap in a collection of any size
stands out against twenty all the same."""


@dataclass(frozen=True)
class Density:
    """What positions inside a block are drawn from under the null.

    Attributes:
        activity: Of the whole data, all kinds.
        shrinkage: κ where few others shared the object in the block.
        activity_shrinkage: κ_a.
        shrinkage_of_many: κ where many did; None for the same.
    """

    activity: Activity
    shrinkage: float = SHRINKAGE
    activity_shrinkage: float = ACTIVITY_SHRINKAGE
    shrinkage_of_many: float | None = None

    @property
    def shrinkages(self) -> tuple[float, float]:
        """κ of few and of many."""
        many = self.shrinkage_of_many
        return self.shrinkage, self.shrinkage if many is None else many


class ActiveBins(NamedTuple):
    """Bins of one window in which anybody was active; the same for every Δ.

    Attributes:
        numbers: Number of each such bin since 1970 (with the phase), ascending.
        counts: a: distinct (account, moment) in it.
        places: Place of a bin in ``numbers``, by its number less the first one's; empty where
            the bins lie too far apart for such a table, and a search has to do.
    """

    numbers: Int64s
    counts: Floats
    places: Int32s


class Background(NamedTuple):
    """The data's activity at one Δ.

    Attributes:
        blocks: For each active bin, the place of its block among the active blocks.
        company: For each active bin, G_u.
        sums: For each active block, Σ g² + 2h Σ g g₊₁.
        ends: (block, 2): g of the block's first and last bin.
    """

    blocks: Int32s
    company: Floats
    sums: Floats
    ends: Floats


def active_bins(activity: Activity, bin_ticks: int, phase_ticks: int) -> ActiveBins:
    """Cut the data's activity into bins of one window."""
    ticks = activity.times_us // activity.resolution_us + phase_ticks
    numbers, begins = np.unique(ticks // bin_ticks, return_index=True)
    counts = np.zeros(0)
    if len(numbers):
        counts = np.add.reduceat(activity.accounts.astype(np.float64), begins)
    places = np.empty(0, np.int32)
    if len(numbers) and numbers[-1] - numbers[0] < 4 * len(numbers) + ROOMY:
        places = np.full(int(numbers[-1] - numbers[0]) + 1, -1, np.int32)
        places[numbers - numbers[0]] = np.arange(len(numbers), dtype=np.int32)
    return ActiveBins(numbers, counts, places)


def background(bins: ActiveBins, bin_count: int, half: float, density: Density) -> Background:
    """Sum up the activity of every block of ``bin_count`` bins."""
    block_numbers = bins.numbers // bin_count
    new = np.ones(len(block_numbers), np.bool_)
    new[1:] = np.diff(block_numbers) != 0
    blocks = (np.cumsum(new) - 1).astype(np.int32)
    block_count = int(new.sum())
    in_all = np.zeros(block_count)
    np.add.at(in_all, blocks, bins.counts)
    return _background(
        bins.numbers,
        bins.counts,
        blocks,
        in_all,
        (bin_count, half, density.activity_shrinkage),
    )


@njit
def _background(
    numbers: Int64s,
    counts: Floats,
    blocks: Int32s,
    in_all: Floats,
    constants: tuple[int, float, float],
) -> Background:
    bin_count, half, activity_shrinkage = constants
    pseudo = activity_shrinkage / bin_count
    company = np.empty(len(numbers), np.float64)
    squares = np.zeros(len(in_all), np.float64)
    neighbours = np.zeros(len(in_all), np.float64)
    ends = np.zeros((len(in_all), 2), np.float64)
    for place in range(len(numbers)):
        block = blocks[place]
        inside = numbers[place] % bin_count
        beside = 0.0
        if inside > 0:
            beside += pseudo
            if place > 0 and numbers[place - 1] == numbers[place] - 1:
                beside += counts[place - 1]
                neighbours[block] += counts[place] * counts[place - 1]
        else:
            ends[block, 0] = counts[place]
        if inside < bin_count - 1:
            beside += pseudo
            if place + 1 < len(numbers) and numbers[place + 1] == numbers[place] + 1:
                beside += counts[place + 1]
        else:
            ends[block, 1] = counts[place]
        squares[block] += counts[place] * counts[place]
        total = in_all[block] + activity_shrinkage
        company[place] = 2.0 * (counts[place] + pseudo + half * beside) / total
    sums = np.empty(len(in_all), np.float64)
    for block in range(len(in_all)):
        total = in_all[block] + activity_shrinkage
        # Σ (a + c)² and Σ (a + c)(a₊₁ + c), with c pseudo-moments in every bin.
        square = squares[block] + 2.0 * pseudo * in_all[block] + bin_count * pseudo * pseudo
        product = neighbours[block] + (bin_count - 1) * pseudo * pseudo
        product += pseudo * (2.0 * in_all[block] - ends[block, 0] - ends[block, 1])
        sums[block] = (square + 2.0 * half * product) / (total * total)
        for end in range(2):
            ends[block, end] = (ends[block, end] + pseudo) / total
    return Background(blocks, company, sums, ends)


@njit
def bin_places(
    times_us: Int64s,
    lattice: tuple[int, int, int],
    numbers: Int64s,
    places: Int32s,
) -> Int32s:
    """For each share, the place of its bin among the active ones.

    Args:
        times_us: Times of shares that are part of the activity.
        lattice: Ticks in µs, phase in ticks, ticks in a bin.
        numbers: Of :class:`ActiveBins`.
        places: Likewise.
    """
    tick_us, phase_ticks, bin_ticks = lattice
    found = np.empty(len(times_us), np.int32)
    for row in range(len(times_us)):
        number = (times_us[row] // tick_us + phase_ticks) // bin_ticks
        if len(places):
            found[row] = places[number - numbers[0]]
        else:
            found[row] = np.searchsorted(numbers, number)
    return found
