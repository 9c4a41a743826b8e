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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
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


def positions(times_us: Int64s, grid: BlockGrid) -> tuple[Int64s, Int32s]:
    """Block and bin of each time."""
    ticks = times_us // grid.tick_us + grid.phase_ticks
    blocks = ticks // grid.block_ticks
    bins = (ticks - blocks * grid.block_ticks) // grid.bin_ticks
    return blocks, bins.astype(np.int32)


class GateArrays(NamedTuple):
    """The null at every Δ as arrays that a kernel can read; one row or offset for each Δ.

    An *entry* stands for one (object, block) with at least two first shares. Entries of all Δ
    lie one after the other, each Δ's ordered by object and block.

    Attributes:
        blocks: (Δ, first share): block number.
        bins: (Δ, first share): bin inside the block.
        bin_counts: K of each Δ.
        entry_starts: (Δ, object): first entry of the object, and the end in the last column.
        entry_blocks: Block of each entry.
        entry_rows: Number of the block's first share among the first shares.
        entry_sizes: First shares in the block, n.
        squares: Σ_u n_u² over its bins.
        neighbours: Σ_u n_u n_{u+1}.
        half: h, the probability for positions in adjacent bins.
        shrinkage: Pseudo-shares of the uniform density.
        reach_us: Two shares further apart lie in adjacent blocks of no Δ.
        min_shared: c₀; pairs with fewer co-timed objects have p = 1.
    """

    blocks: Int64s
    bins: Int32s
    bin_counts: Int64s
    entry_starts: Int64s
    entry_blocks: Int64s
    entry_rows: Int64s
    entry_sizes: Int64s
    squares: Floats
    neighbours: Floats
    half: float
    shrinkage: float
    reach_us: int
    min_shared: int


@dataclass(frozen=True)
class Gate:
    """The interval-jitter null for one kind and window at every Δ, ready for a kernel."""

    grids: tuple[BlockGrid, ...]
    arrays: GateArrays

    @property
    def count(self) -> int:
        """Number of Δ."""
        return len(self.grids)


def prepare_gate(
    first: ShareArrays, grids: tuple[BlockGrid, ...], shrinkage: float, min_shared: int
) -> Gate:
    """Cut the first shares of one kind by every Δ and summarise the blocks.

    Args:
        first: First shares only.
        grids: From :func:`block_grids`.
        shrinkage: Pseudo-shares of a uniform density.
        min_shared: c₀.
    """
    cut = [positions(first.times_us, grid) for grid in grids]
    summaries = [_summarise(first.starts, blocks, bins) for blocks, bins in cut]
    offsets = np.cumsum([0] + [len(summary[1]) for summary in summaries])[:-1]
    bin_ticks = grids[0].bin_ticks
    widest = grids[-1]
    arrays = GateArrays(
        blocks=np.stack([blocks for blocks, _ in cut]),
        bins=np.stack([bins for _, bins in cut]),
        bin_counts=np.array([grid.bins for grid in grids], np.int64),
        entry_starts=np.stack(
            [summary[0] + offset for summary, offset in zip(summaries, offsets, strict=True)]
        ),
        entry_blocks=np.concatenate([summary[1] for summary in summaries]),
        entry_rows=np.concatenate([summary[2] for summary in summaries]),
        entry_sizes=np.concatenate([summary[3] for summary in summaries]),
        squares=np.concatenate([summary[4] for summary in summaries]),
        neighbours=np.concatenate([summary[5] for summary in summaries]),
        half=(bin_ticks + 1.0) / (2.0 * bin_ticks),
        shrinkage=float(shrinkage),
        reach_us=int(2 * widest.block_ticks * widest.tick_us),
        min_shared=int(min_shared),
    )
    return Gate(grids, arrays)


@njit
def co_timed_probability(gate: GateArrays, grid: int, index: int, mine: int, yours: int) -> float:
    """π of one object for two first shares at one Δ; 0 if their blocks are not adjacent.

    Args:
        gate: The null.
        grid: Which Δ.
        index: The object.
        mine: Number of one account's first share.
        yours: Number of the other's.
    """
    blocks = gate.blocks[grid]
    bins = gate.bins[grid]
    bin_count = gate.bin_counts[grid]
    if blocks[mine] > blocks[yours]:
        mine, yours = yours, mine
    apart = blocks[yours] - blocks[mine]
    if apart > 1:
        return 0.0
    if apart == 0:
        entry = _find_entry(gate.entry_starts[grid], gate.entry_blocks, index, blocks[mine])
        return _same_block(gate, entry, bins, bins[mine], bins[yours], bin_count)
    chance = gate.half
    for row, wanted in ((mine, bin_count - 1), (yours, 0)):
        entry = _find_entry(gate.entry_starts[grid], gate.entry_blocks, index, blocks[row])
        count = 0.0
        others = 0.0
        if entry >= 0:
            begin = gate.entry_rows[entry]
            size = gate.entry_sizes[entry]
            count = _count_in_bin(bins, begin, begin + size, wanted)
            others = size - 1.0
            if bins[row] == wanted:
                count -= 1.0
        chance *= (count + gate.shrinkage / bin_count) / (others + gate.shrinkage)
    return chance


@njit
def _summarise(
    starts: Int64s, blocks: Int64s, bins: Int32s
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
def _find_entry(starts: Int64s, blocks: Int64s, index: int, block: int) -> int:
    """The entry of one (object, block), or -1."""
    low = starts[index]
    high = starts[index + 1]
    while low < high:
        middle = (low + high) // 2
        if blocks[middle] < block:
            low = middle + 1
        else:
            high = middle
    if low < starts[index + 1] and blocks[low] == block:
        return int(low)
    return -1


@njit
def _count_in_bin(bins: Int32s, begin: int, end: int, wanted: int) -> float:
    """First shares of one bin among the sorted rows of one block."""
    if end - begin <= 32:
        count = 0
        for row in range(begin, end):
            if bins[row] == wanted:
                count += 1
        return float(count)
    block = bins[begin:end]
    return float(
        np.searchsorted(block, wanted, side="right") - np.searchsorted(block, wanted, side="left")
    )


@njit
def _same_block(
    gate: GateArrays, entry: int, bins: Int32s, bin_i: int, bin_j: int, bin_count: int
) -> float:
    """π for two first shares in one block, by the density of the others there."""
    begin = gate.entry_rows[entry]
    end = begin + gate.entry_sizes[entry]
    others = gate.entry_sizes[entry] - 2.0
    pseudo = gate.shrinkage / bin_count
    # Take i out of the block's sums, then j out of what is left.
    count_i = _count_in_bin(bins, begin, end, bin_i)
    squares = gate.squares[entry] - (2.0 * count_i - 1.0)
    neighbours = gate.neighbours[entry]
    neighbours -= _count_in_bin(bins, begin, end, bin_i - 1)
    neighbours -= _count_in_bin(bins, begin, end, bin_i + 1)
    count_j = _count_in_bin(bins, begin, end, bin_j)
    beside_j = _count_in_bin(bins, begin, end, bin_j - 1)
    beside_j += _count_in_bin(bins, begin, end, bin_j + 1)
    if bin_i == bin_j:
        count_j -= 1.0
    elif abs(bin_i - bin_j) == 1:
        beside_j -= 1.0
    squares -= 2.0 * count_j - 1.0
    neighbours -= beside_j
    ends = _count_in_bin(bins, begin, end, 0) + _count_in_bin(bins, begin, end, bin_count - 1)
    for own in (bin_i, bin_j):
        if own == 0 or own == bin_count - 1:
            ends -= 1.0
    sum_squares = squares + 2.0 * pseudo * others + bin_count * pseudo * pseudo
    sum_neighbours = neighbours + pseudo * (2.0 * others - ends)
    sum_neighbours += (bin_count - 1) * pseudo * pseudo
    total = others + gate.shrinkage
    return float(min(1.0, (sum_squares + 2.0 * gate.half * sum_neighbours) / (total * total)))
