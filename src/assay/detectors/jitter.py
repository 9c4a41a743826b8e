"""The interval-jitter null: could this timing have come about without acting together?

H₀(Δ): which block of length Δ each share falls in is *given* (everything slower than Δ: habits,
time zones, a shared audience, the news of the hour); where it falls inside its block is
independent between accounts. For a pair and a common object, from each account's first share,
π is the probability under H₀ that the two lie at most the window apart; N counts the objects
that do, and p is the exact upper tail of the Poisson-binomial law of N.

Positions inside a block follow the object's own density there, leaving the pair out and shrunk
to the whole data's activity in that block (:mod:`assay.detectors.density`), so that a burst of
honest attention and a gap in the collection are expected rather than surprising; how much is
learnt from the data (:mod:`assay.detectors.burstiness`). Blocks have K = Δ/w bins; on a lattice
of W ticks to the bin two independent positions with bin probabilities f lie within the window
with probability

    same block       Σ_u f_u² + 2h Σ_u f_u f_{u+1}
    adjacent blocks  h · f_last · f'_first          h = (W + 1) / 2W

which is 2r - r² and r²/2 (r = w/Δ) for a uniform density and a fine lattice.

Interval jitter: Amarasingham et al. 2012 (J. Neurophysiol. 107:517), Platkiewicz et al. 2017
(Neural Computation 29:783).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.block_grid import BlockGrid
from assay.detectors.density import (
    FEW,
    Background,
    Density,
    active_bins,
    background,
    bin_places,
)
from assay.engine.compiled import njit
from assay.errors import UsageError

Floats = npt.NDArray[np.float64]
Cells = npt.NDArray[Any]

MOST_BINS = 2**29
"""The data may span so many windows."""


CELL = np.dtype(
    [
        ("block", np.int32),
        ("sharers", np.int32),
        ("part", np.float64),
        ("first", np.float64),
        ("last", np.float64),
    ]
)
"""What the null knows of a run at one Δ, side by side since it is read together.

``block``: of its first share, by number. ``sharers``: n, first shares of the object there, its own
included. ``part``: (T/2 - D + M/2) / M (M + 1), its part of π for two runs of one block,
M = n - 2 + κ. ``first``, ``last``: density of the block's first and last bin, the run's own share
left out."""


class GateArrays(NamedTuple):
    """The null at every Δ as arrays that a kernel can read.

    Runs are one account's shares of one object; a run's first share is what the null moves.

    Attributes:
        bins: For each run, the bin of its first share, counted from the data's first one.
        cells: (run, Δ): see :data:`CELL`.
        bin_counts: K of each Δ.
        lattice: How a time becomes a bin: ticks in µs, phase in ticks, ticks in a bin, and the
            number of the data's first bin.
        half: h, the probability for positions in adjacent bins.
        shrinkages: (Δ, 2): κ of few and of many.
        min_shared: c₀; pairs with fewer co-timed objects have p = 1.
    """

    bins: Int32s
    cells: Cells
    bin_counts: Int64s
    lattice: tuple[int, int, int, int]
    half: float
    shrinkages: Floats
    min_shared: int


def prepare_gate(
    first: ShareArrays,
    run_firsts: Int32s,
    grids: tuple[BlockGrid, ...],
    density: Density | Sequence[Density],
    min_shared: int,
) -> GateArrays:
    """Cut the first shares of one kind by every Δ and say what the null knows of each run.

    Args:
        first: First shares only, of all accounts: they are the object's own density.
        run_firsts: For each run of the accounts to be tested, its number among the first shares.
        grids: From :func:`assay.detectors.block_grid.block_grids`.
        density: What the object's density is shrunk to, one for all Δ or one for each; its
            activity counts these shares too.
        min_shared: c₀.

    Raises:
        UsageError: The data span more than five hundred million windows.
    """
    tick_us, bin_ticks, phase_ticks = grids[0].tick_us, grids[0].bin_ticks, grids[0].phase_ticks
    half = (bin_ticks + 1.0) / (2.0 * bin_ticks)
    densities = [density] * len(grids) if isinstance(density, Density) else density
    active = active_bins(densities[0].activity, bin_ticks, phase_ticks)
    earliest, latest = (int(active.numbers[end]) if len(active.numbers) else 0 for end in (0, -1))
    if latest - earliest >= MOST_BINS:
        raise UsageError(
            "the window is too small for the time that the data span",
            fix="use a longer --window, or less of the data",
        )
    lattice = (tick_us, phase_ticks, bin_ticks)
    places = bin_places(first.times_us, lattice, active.numbers, active.places)
    numbers = (active.numbers - earliest).astype(np.int32)
    run_of = np.full(len(first), -1, np.int32)
    run_of[run_firsts] = np.arange(len(run_firsts), dtype=np.int32)
    cells = np.empty((len(run_firsts), len(grids)), CELL)
    for place, (grid, own) in enumerate(zip(grids, densities, strict=True)):
        behind = background(active, grid.bins, half, own)
        constants = (grid.bins, earliest % grid.bins, half, *own.shrinkages)
        _fill(cells[:, place], run_of, first.starts, places, numbers, behind, constants)
    return GateArrays(
        bins=numbers[places[run_firsts]],
        cells=cells,
        bin_counts=np.array([grid.bins for grid in grids], np.int64),
        lattice=(*lattice, earliest),
        half=half,
        shrinkages=np.array([own.shrinkages for own in densities]),
        min_shared=int(min_shared),
    )


@njit
def _fill(
    cells: Cells,
    run_of: Int32s,
    starts: Int64s,
    places: Int32s,
    numbers: Int32s,
    behind: Background,
    constants: tuple[int, int, float, float, float],
) -> None:
    """Go through the objects block by block; fill in the cells of the runs that begin there."""
    bin_count, offset, half, shrinkage_of_few, shrinkage_of_many = constants
    blocks, company, sums, ends = behind.blocks, behind.company, behind.sums, behind.ends
    most = 0
    for index in range(len(starts) - 1):
        most = max(most, starts[index + 1] - starts[index])
    leaving = np.empty(most, np.float64)
    for index in range(len(starts) - 1):
        row = starts[index]
        while row < starts[index + 1]:
            block = blocks[places[row]]
            wanted = run_of[row] >= 0
            end = row + 1
            while end < starts[index + 1] and blocks[places[end]] == block:
                wanted |= run_of[end] >= 0
                end += 1
            if wanted:
                shrinkage = shrinkage_of_few if end - row - 2 <= FEW else shrinkage_of_many
                total = sums[block] * shrinkage * shrinkage
                constants_here = (half, shrinkage)
                total += _own_sums(row, end, places, numbers, company, leaving, constants_here)
                first_bin = (numbers[places[row]] + offset) // bin_count * bin_count - offset
                _fill_block(
                    row,
                    end,
                    cells,
                    run_of,
                    places,
                    numbers,
                    leaving,
                    (total, ends[block, 0], ends[block, 1]),
                    (first_bin, bin_count, offset),
                    shrinkage,
                )
            row = end


@njit(inline=True)
def _own_sums(
    begin: int,
    end: int,
    places: Int32s,
    numbers: Int32s,
    company: Floats,
    leaving: Floats,
    constants: tuple[float, float],
) -> float:
    """Σ n² + 2h Σ n n₊₁ + κ Σ n G over one object's shares in one block; puts their D down.

    Pasted in, with bounds in place of slices: most blocks hold a share or two, and a slice and a
    call cost more than these.
    """
    half, shrinkage = constants
    total = 0.0
    before = begin
    position = begin
    while position < end:
        place = places[position]
        stop = position + 1
        while stop < end and places[stop] == place:
            stop += 1
        count = float(stop - position)
        total += count * (count + shrinkage * company[place])
        for row in range(position - begin, stop - begin):
            leaving[row] = 2.0 * count - 1.0 + shrinkage * company[place]
        if position > begin and numbers[place] == numbers[places[position - 1]] + 1:
            earlier = float(position - before)
            total += 2.0 * half * count * earlier
            for row in range(before - begin, position - begin):
                leaving[row] += 2.0 * half * count
            for row in range(position - begin, stop - begin):
                leaving[row] += 2.0 * half * earlier
        before = position
        position = stop
    return total


@njit(inline=True)
def _fill_block(
    begin: int,
    end: int,
    cells: Cells,
    run_of: Int32s,
    places: Int32s,
    numbers: Int32s,
    leaving: Floats,
    background_sums: tuple[float, float, float],
    where: tuple[int, int, int],
    shrinkage: float,
) -> None:
    """The cells of one object's runs in one block."""
    total, first_share, last_share = background_sums
    first_bin, bin_count, offset = where
    last_bin = first_bin + bin_count - 1
    block = (first_bin + offset) // bin_count
    sharers = end - begin
    in_first = 0
    while in_first < sharers and numbers[places[begin + in_first]] == first_bin:
        in_first += 1
    in_last = 0
    while in_last < sharers and numbers[places[end - 1 - in_last]] == last_bin:
        in_last += 1
    others = sharers - 1 + shrinkage
    # Nobody is in one block with a run that is alone there.
    mass = max(sharers, 2) - 2 + shrinkage
    square = mass * (mass + 1.0)
    for share in range(sharers):
        run = run_of[begin + share]
        if run < 0:
            continue
        cell = cells[run]
        cell["block"] = block
        cell["sharers"] = sharers
        cell["part"] = (total / 2.0 - leaving[share] + mass / 2.0) / square
        cell["first"] = (in_first - (share < in_first) + shrinkage * first_share) / others
        own_last = share >= sharers - in_last
        cell["last"] = (in_last - own_last + shrinkage * last_share) / others


@njit(counted=False)
def chance_of_cells(
    mine: Any, yours: Any, bins_apart: int, half: float, shrinkages: Floats
) -> float:
    """π of one object for two accounts' first shares at one Δ; 0 if blocks are not adjacent.

    Every case is worked out and one chosen: which it is, a processor would mostly guess wrongly.

    Args:
        mine: One account's cell of the object.
        yours: The other's.
        bins_apart: How many bins the second share lies after the first.
        half: h.
        shrinkages: κ of objects with few others, and of those with many.
    """
    apart = yours.block - mine.block
    # With i taken out, j has one fewer for company where i was near.
    others = max(mine.sharers, 2) - 2
    mass = others + (shrinkages[0] if others <= FEW else shrinkages[1])
    near = 2.0 if bins_apart == 0 else 2.0 * half if abs(bins_apart) == 1 else 0.0
    same = min(1.0, mine.part + yours.part + near / (mass * (mass + 1.0)))
    last = mine.last if apart > 0 else yours.last
    first = yours.first if apart > 0 else mine.first
    beside = half * last * first if abs(apart) == 1 else 0.0
    return float(same if apart == 0 else beside)
