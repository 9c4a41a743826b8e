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

SHRINKAGE = 5.0
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
    bin_ticks = round(window_s * 1e6) // resolution_us
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


def positions(times_us: Int64s, grid: BlockGrid) -> tuple[Int32s, Int32s]:
    """Block of each time, counted from the earliest one's, and bin inside the block.

    Raises:
        UsageError: The times span more than two thousand million blocks.
    """
    if not len(times_us):
        return np.empty(0, np.int32), np.empty(0, np.int32)
    earliest, latest = (
        (int(at_us) // grid.tick_us + grid.phase_ticks) // grid.block_ticks
        for at_us in (times_us.min(), times_us.max())
    )
    if latest - earliest > np.iinfo(np.int32).max:
        raise UsageError(
            "the window is too small for the time that the data span",
            fix="use a longer --window, or less of the data",
        )
    return _cut(
        times_us, grid.tick_us, grid.phase_ticks, grid.block_ticks, grid.bin_ticks, earliest
    )


@njit
def _cut(
    times_us: Int64s,
    tick_us: int,
    phase_ticks: int,
    block_ticks: int,
    bin_ticks: int,
    earliest: int,
) -> tuple[Int32s, Int32s]:
    blocks = np.empty(len(times_us), np.int32)
    bins = np.empty(len(times_us), np.int32)
    for row in range(len(times_us)):
        ticks = times_us[row] // tick_us + phase_ticks
        block = ticks // block_ticks
        blocks[row] = block - earliest
        bins[row] = (ticks - block * block_ticks) // bin_ticks
    return blocks, bins


BLOCK, BIN, OWN, BESIDE, ENTRY = range(5)
"""Columns of :attr:`GateArrays.runs`."""

SIZE, SQUARES, NEIGHBOURS, IN_FIRST_BIN, IN_LAST_BIN = range(5)
"""Columns of :attr:`GateArrays.entries`."""


class GateArrays(NamedTuple):
    """The null at every Δ as arrays that a kernel can read.

    Runs are one account's shares of one object; a run's first share is what the null moves. An
    *entry* stands for one (object, block) with at least two first shares; the entries of all Δ
    lie one after the other. What is read together lies side by side.

    Attributes:
        runs: (run, Δ, 5): block of the run's first share, counted from the earliest one; its bin
            inside the block; first shares of the object in that bin, its own included; first
            shares in the two bins beside it, same block; its entry, or -1 where it is alone.
        entries: (entry, 5): first shares n; Σ_u n_u² over the bins; Σ_u n_u n_{u+1}; n of the
            first bin; n of the last bin.
        bin_counts: K of each Δ.
        half: h, the probability for positions in adjacent bins.
        shrinkage: Pseudo-shares of the uniform density.
        reach_us: Two shares further apart lie in adjacent blocks of no Δ.
        min_shared: c₀; pairs with fewer co-timed objects have p = 1.
    """

    runs: Int32s
    entries: Floats
    bin_counts: Int64s
    half: float
    shrinkage: float
    reach_us: int
    min_shared: int


def prepare_gate(
    first: ShareArrays,
    run_firsts: Int32s,
    grids: tuple[BlockGrid, ...],
    shrinkage: float,
    min_shared: int,
) -> GateArrays:
    """Cut the first shares of one kind by every Δ and summarise the blocks.

    Args:
        first: First shares only, of all accounts: they are the density.
        run_firsts: For each run of the accounts to be tested, its number among the first shares.
        grids: From :func:`block_grids`.
        shrinkage: Pseudo-shares of a uniform density.
        min_shared: c₀.
    """
    runs = np.empty((len(run_firsts), len(grids), 5), np.int32)
    entries: list[Floats] = []
    before = 0
    for number, grid in enumerate(grids):
        blocks, bins = positions(first.times_us, grid)
        own, beside, entry, summary = _summarise(first.starts, blocks, bins, grid.bins)
        _gather(runs, number, run_firsts, (blocks, bins, own, beside, entry), before)
        entries.append(summary)
        before += len(summary)
    bin_ticks = grids[0].bin_ticks
    widest = grids[-1]
    return GateArrays(
        runs=runs,
        entries=np.concatenate(entries),
        bin_counts=np.array([grid.bins for grid in grids], np.int64),
        half=(bin_ticks + 1.0) / (2.0 * bin_ticks),
        shrinkage=float(shrinkage),
        reach_us=int(2 * widest.block_ticks * widest.tick_us),
        min_shared=int(min_shared),
    )


@njit
def _gather(
    runs: Int32s,
    number: int,
    run_firsts: Int32s,
    columns: tuple[Int32s, Int32s, Int32s, Int32s, Int32s],
    before: int,
) -> None:
    """Copy what is known of first shares to the runs that begin with them."""
    blocks, bins, own, beside, entry = columns
    for run in range(len(run_firsts)):
        first = run_firsts[run]
        runs[run, number, BLOCK] = blocks[first]
        runs[run, number, BIN] = bins[first]
        runs[run, number, OWN] = own[first]
        runs[run, number, BESIDE] = beside[first]
        runs[run, number, ENTRY] = entry[first] + before if entry[first] >= 0 else -1


def co_timed_probability(gate: GateArrays, grid: int, mine: int, yours: int) -> float:
    """π of one object for two accounts' first shares at one Δ; 0 if blocks are not adjacent.

    Args:
        gate: The null.
        grid: Which Δ.
        mine: One account's run of the object.
        yours: The other's.
    """
    return float(
        chance_of_runs(
            gate.runs,
            gate.entries,
            grid,
            mine,
            yours,
            gate.bin_counts[grid],
            gate.half,
            gate.shrinkage,
        )
    )


@njit
def chance_of_runs(
    runs: Int32s,
    entries: Floats,
    grid: int,
    mine: int,
    yours: int,
    bin_count: int,
    half: float,
    shrinkage: float,
) -> float:
    """:func:`co_timed_probability` for kernels: the gate's parts one by one.

    A kernel that is handed the whole tuple counts references to each of its arrays at every
    call, which takes longer than the arithmetic.
    """
    apart = runs[yours, grid, BLOCK] - runs[mine, grid, BLOCK]
    if apart == 0:
        return _same_block(runs, entries, grid, mine, yours, bin_count, half, shrinkage)
    if apart in (1, -1):
        earlier = mine if apart == 1 else yours
        later = yours if apart == 1 else mine
        last = _end_bin_share(
            runs, entries, grid, earlier, bin_count - 1, IN_LAST_BIN, bin_count, shrinkage
        )
        return (
            half
            * last
            * _end_bin_share(runs, entries, grid, later, 0, IN_FIRST_BIN, bin_count, shrinkage)
        )
    return 0.0


@njit
def _same_block(
    runs: Int32s,
    entries: Floats,
    grid: int,
    mine: int,
    yours: int,
    bin_count: int,
    half: float,
    shrinkage: float,
) -> float:
    """π for two first shares in one block, by the density of the others there."""
    entry = runs[mine, grid, ENTRY]
    bin_i = runs[mine, grid, BIN]
    bin_j = runs[yours, grid, BIN]
    count_j = runs[yours, grid, OWN]
    beside_j = runs[yours, grid, BESIDE]
    # With i taken out, j has one fewer for company where i was near.
    if bin_i == bin_j:
        count_j -= 1
    elif bin_i - bin_j == 1 or bin_j - bin_i == 1:
        beside_j -= 1
    squares = entries[entry, SQUARES] - 2.0 * (runs[mine, grid, OWN] + count_j - 1.0)
    neighbours = entries[entry, NEIGHBOURS] - runs[mine, grid, BESIDE] - beside_j
    ends = entries[entry, IN_FIRST_BIN] + entries[entry, IN_LAST_BIN]
    if bin_i == 0 or bin_i == bin_count - 1:
        ends -= 1.0
    if bin_j == 0 or bin_j == bin_count - 1:
        ends -= 1.0
    others = entries[entry, SIZE] - 2.0
    pseudo = shrinkage / bin_count
    sum_squares = squares + 2.0 * pseudo * others + bin_count * pseudo * pseudo
    sum_neighbours = neighbours + pseudo * (2.0 * others - ends)
    sum_neighbours += (bin_count - 1) * pseudo * pseudo
    total = others + shrinkage
    return float(min(1.0, (sum_squares + 2.0 * half * sum_neighbours) / (total * total)))


@njit
def _end_bin_share(
    runs: Int32s,
    entries: Floats,
    grid: int,
    run: int,
    end_bin: int,
    column: int,
    bin_count: int,
    shrinkage: float,
) -> float:
    """Density of a block's first or last bin, leaving the run's own share out."""
    entry = runs[run, grid, ENTRY]
    count = 0.0
    others = 0.0
    if entry >= 0:
        others = entries[entry, SIZE] - 1.0
        count = entries[entry, column]
        if runs[run, grid, BIN] == end_bin:
            count -= 1.0
    return (count + shrinkage / bin_count) / (others + shrinkage)


@njit
def _summarise(
    starts: Int64s, blocks: Int32s, bins: Int32s, bin_count: int
) -> tuple[Int32s, Int32s, Int32s, Floats]:
    """Counts around every first share, and sums over every (object, block) of two or more."""
    rows = len(blocks)
    own = np.ones(rows, np.int32)
    beside = np.zeros(rows, np.int32)
    entries = np.full(rows, -1, np.int32)
    found = 0
    for index in range(len(starts) - 1):
        for row in range(starts[index] + 1, starts[index + 1]):
            follows = blocks[row] == blocks[row - 1]
            # Counted at the second share of its block.
            second = row == starts[index] + 1 or blocks[row - 2] != blocks[row]
            if follows and second:
                found += 1
    summary = np.zeros((found, 5), np.float64)
    entry = 0
    for index in range(len(starts) - 1):
        row = starts[index]
        while row < starts[index + 1]:
            end = row + 1
            while end < starts[index + 1] and blocks[end] == blocks[row]:
                end += 1
            if end - row > 1:
                summary[entry, SIZE] = end - row
                before = row
                position = row
                while position < end:
                    stop = position + 1
                    while stop < end and bins[stop] == bins[position]:
                        stop += 1
                    count = stop - position
                    summary[entry, SQUARES] += float(count) * float(count)
                    if position > row and bins[position] == bins[position - 1] + 1:
                        summary[entry, NEIGHBOURS] += float(count) * float(position - before)
                        for earlier in range(before, position):
                            beside[earlier] += count
                        for later in range(position, stop):
                            beside[later] += position - before
                    for same in range(position, stop):
                        own[same] = count
                        entries[same] = entry
                    if bins[position] == 0:
                        summary[entry, IN_FIRST_BIN] = count
                    if bins[position] == bin_count - 1:
                        summary[entry, IN_LAST_BIN] = count
                    before = position
                    position = stop
                entry += 1
            row = end
    return own, beside, entries, summary
