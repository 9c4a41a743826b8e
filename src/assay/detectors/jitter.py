"""The interval-jitter null: could this timing have come about without acting together?

H₀(Δ): which block of length Δ each share falls in is *given* (everything slower than Δ: habits,
time zones, a shared audience, the news of the hour); where it falls inside its block is
independent between accounts. For a pair and a common object, from each account's first share,
π is the probability under H₀ that the two lie at most the window apart; N counts the objects
that do, and p is the exact upper tail of the Poisson-binomial law of N.

Positions inside a block follow the object's own density there, leaving the pair out and shrunk
to uniform, so that a burst of honest attention is expected rather than surprising. Blocks have
K = Δ/w bins; on a lattice of W ticks to the bin two independent positions with bin
probabilities f lie within the window with probability

    same block       Σ_u f_u² + 2h Σ_u f_u f_{u+1}
    adjacent blocks  h · f_last · f'_first          h = (W + 1) / 2W

which is 2r - r² and r²/2 (r = w/Δ) for a uniform density and a fine lattice.

Interval jitter: Amarasingham et al. 2012 (J. Neurophysiol. 107:517), Platkiewicz et al. 2017
(Neural Computation 29:783).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int64s, ShareArrays
from assay.engine.compiled import njit
from assay.errors import UsageError

Floats = npt.NDArray[np.float64]

SHRINKAGE = 20.0
"""Pseudo-shares of a uniform density that stand beside the other sharers of a block."""

PHASE = 0.382
"""Blocks begin this fraction of the narrowest Δ before the round times of the clock, where
scheduled posts lie."""


@dataclass(frozen=True)
class BlockGrid:
    """How time is cut: ticks of the data's lattice, bins of one window, blocks of Δ.

    Attributes:
        tick_us: The data's time resolution in µs.
        bin_ticks: W, ticks in a bin; the window in whole ticks.
        bins: K, bins in a block; Δ = K · W ticks.
        phase_ticks: Added to every tick before cutting.
    """

    tick_us: int
    bin_ticks: int
    bins: int
    phase_ticks: int

    @property
    def block_ticks(self) -> int:
        """Δ in ticks."""
        return self.bin_ticks * self.bins

    @property
    def delta_s(self) -> float:
        """Δ in seconds."""
        return self.block_ticks * self.tick_us / 1e6


def block_grids(
    window_s: float, deltas: tuple[float, ...], resolution_us: int
) -> tuple[BlockGrid, ...]:
    """Cut time for one window and every Δ.

    Args:
        window_s: The window in seconds.
        deltas: Each Δ as a multiple of the window, such as 10 for 10w; rounded up to whole bins.
        resolution_us: The data's time resolution in µs.

    Raises:
        UsageError: The window is below twice the resolution, or a Δ below twice the window.
    """
    bin_ticks = int(window_s * 1e6) // resolution_us
    if bin_ticks < 2:
        least_s = 2 * resolution_us / 1e6
        raise UsageError(
            f"a window of {window_s:g} s is below twice the data's time resolution "
            f"of {resolution_us / 1e6:g} s",
            fix=f"use --window {least_s:g}s or more",
        )
    counts = sorted({int(np.ceil(multiple - 1e-9)) for multiple in deltas})
    if counts[0] < 2:
        raise UsageError(
            "Δ must be at least twice the window", fix="use --delta 10w, or leave it out"
        )
    phase_ticks = int(PHASE * counts[0] * bin_ticks)
    return tuple(BlockGrid(resolution_us, bin_ticks, count, phase_ticks) for count in counts)


def positions(times_us: Int64s, grid: BlockGrid) -> tuple[Int64s, Int64s]:
    """Block and bin of each time."""
    ticks = times_us // grid.tick_us + grid.phase_ticks
    blocks = ticks // grid.block_ticks
    return blocks, (ticks - blocks * grid.block_ticks) // grid.bin_ticks


@dataclass(frozen=True)
class BlockDensity:
    """What the first shares of each object do inside each block, for O(1) leave-two-out.

    One entry for each (object, block) with at least two first shares, in that order.

    Attributes:
        object_starts: First entry of each object, and the number of entries at the end.
        blocks: Block number.
        first_rows: Row of the block's first share.
        sizes: Number of first shares n.
        squares: Σ_u n_u² over the bins.
        neighbours: Σ_u n_u n_{u+1}.
    """

    object_starts: Int64s
    blocks: Int64s
    first_rows: Int64s
    sizes: Int64s
    squares: Floats
    neighbours: Floats


def block_density(first: ShareArrays, blocks: Int64s, bins: Int64s) -> BlockDensity:
    """Summarise every (object, block) of the first shares in one walk."""
    return BlockDensity(*_summarise(first.starts, blocks, bins))


@njit
def _summarise(
    starts: Int64s, blocks: Int64s, bins: Int64s
) -> tuple[Int64s, Int64s, Int64s, Int64s, Floats, Floats]:
    entries = 0
    for index in range(len(starts) - 1):
        row = starts[index]
        while row < starts[index + 1]:
            end = row + 1
            while end < starts[index + 1] and blocks[end] == blocks[row]:
                end += 1
            if end - row > 1:
                entries += 1
            row = end
    object_starts = np.zeros(len(starts), np.int64)
    block_of = np.empty(entries, np.int64)
    first_rows = np.empty(entries, np.int64)
    sizes = np.empty(entries, np.int64)
    squares = np.zeros(entries, np.float64)
    neighbours = np.zeros(entries, np.float64)
    entry = 0
    for index in range(len(starts) - 1):
        row = starts[index]
        object_starts[index] = entry
        while row < starts[index + 1]:
            end = row + 1
            while end < starts[index + 1] and blocks[end] == blocks[row]:
                end += 1
            if end - row > 1:
                block_of[entry] = blocks[row]
                first_rows[entry] = row
                sizes[entry] = end - row
                previous_bin = -2
                previous_count = 0.0
                position = row
                while position < end:
                    stop = position + 1
                    while stop < end and bins[stop] == bins[position]:
                        stop += 1
                    count = float(stop - position)
                    squares[entry] += count * count
                    if bins[position] == previous_bin + 1:
                        neighbours[entry] += count * previous_count
                    previous_bin = bins[position]
                    previous_count = count
                    position = stop
                entry += 1
            row = end
    object_starts[len(starts) - 1] = entry
    return object_starts, block_of, first_rows, sizes, squares, neighbours


@njit
def find_entry(object_starts: Int64s, blocks: Int64s, index: int, block: int) -> int:
    """The entry of one (object, block), or -1."""
    low = object_starts[index]
    high = object_starts[index + 1]
    while low < high:
        middle = (low + high) // 2
        if blocks[middle] < block:
            low = middle + 1
        else:
            high = middle
    if low < object_starts[index + 1] and blocks[low] == block:
        return int(low)
    return -1


@njit
def count_in_bin(bins: Int64s, begin: int, end: int, wanted: int) -> float:
    """First shares of one bin among the sorted rows of one block."""
    if wanted < 0:
        return 0.0
    low = begin
    high = end
    while low < high:
        middle = (low + high) // 2
        if bins[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    left = low
    high = end
    while low < high:
        middle = (low + high) // 2
        if bins[middle] <= wanted:
            low = middle + 1
        else:
            high = middle
    return float(low - left)


@njit
def same_block_probability(
    bins: Int64s,
    begin: int,
    size: int,
    squares: float,
    neighbours: float,
    bin_i: int,
    bin_j: int,
    bin_count: int,
    half: float,
    shrinkage: float,
) -> float:
    """π for two first shares in one block, by the density of the others there.

    Args:
        bins: Bin of every first share; those of this block are sorted.
        begin: Row of the block's first share.
        size: Number of first shares in the block, the pair's two included.
        squares: Σ_u n_u² of the block, the pair included.
        neighbours: Σ_u n_u n_{u+1} of the block, the pair included.
        bin_i: Bin of one of the two.
        bin_j: Bin of the other.
        bin_count: K.
        half: h, the probability for positions in adjacent bins.
        shrinkage: Pseudo-shares of the uniform density.
    """
    end = begin + size
    count_i = count_in_bin(bins, begin, end, bin_i)
    squares -= 2.0 * count_i - 1.0
    neighbours -= count_in_bin(bins, begin, end, bin_i - 1) + count_in_bin(
        bins, begin, end, bin_i + 1
    )
    count_j = count_in_bin(bins, begin, end, bin_j)
    beside_j = count_in_bin(bins, begin, end, bin_j - 1) + count_in_bin(
        bins, begin, end, bin_j + 1
    )
    if bin_i == bin_j:
        count_j -= 1.0
    elif bin_i == bin_j - 1 or bin_i == bin_j + 1:
        beside_j -= 1.0
    squares -= 2.0 * count_j - 1.0
    neighbours -= beside_j
    others = size - 2.0
    ends = count_in_bin(bins, begin, end, 0) + count_in_bin(bins, begin, end, bin_count - 1)
    for own in (bin_i, bin_j):
        if own == 0:
            ends -= 1.0
        if own == bin_count - 1:
            ends -= 1.0
    pseudo = shrinkage / bin_count
    sum_squares = squares + 2.0 * pseudo * others + bin_count * pseudo * pseudo
    sum_neighbours = (
        neighbours + pseudo * (2.0 * others - ends) + (bin_count - 1) * pseudo * pseudo
    )
    total = others + shrinkage
    return min(1.0, (sum_squares + 2.0 * half * sum_neighbours) / (total * total))


@njit
def edge_bin_share(
    bins: Int64s, begin: int, size: int, own_bin: int, wanted: int, bin_count: int, shrinkage: float
) -> float:
    """Share of the density in a block's first or last bin, leaving one account out."""
    count = count_in_bin(bins, begin, begin + size, wanted)
    if own_bin == wanted:
        count -= 1.0
    return (count + shrinkage / bin_count) / (size - 1.0 + shrinkage)
