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


def positions(times_us: Int64s, grid: BlockGrid) -> tuple[Int64s, Int32s]:
    """Block and bin of each time."""
    ticks = times_us // grid.tick_us + grid.phase_ticks
    blocks = ticks // grid.block_ticks
    bins = (ticks - blocks * grid.block_ticks) // grid.bin_ticks
    return blocks, bins.astype(np.int32)


class GateArrays(NamedTuple):
    """The null at every Δ as arrays that a kernel can read.

    Runs are one account's shares of one object; a run's first share is what the null moves. An
    *entry* stands for one (object, block) with at least two first shares; the entries of all Δ
    lie one after the other.

    Attributes:
        blocks: (Δ, run): block of the run's first share, counted from the earliest one.
        bins: (Δ, run): its bin inside the block.
        own: (Δ, run): first shares of the object in that bin, its own included.
        beside: (Δ, run): first shares of the object in the two bins beside it, same block.
        entries: (Δ, run): its entry, or -1 where it is alone in its block.
        bin_counts: K of each Δ.
        sizes: First shares of each entry, n.
        squares: Σ_u n_u² over its bins.
        neighbours: Σ_u n_u n_{u+1}.
        in_first_bin: First shares in its first bin.
        in_last_bin: First shares in its last bin.
        half: h, the probability for positions in adjacent bins.
        shrinkage: Pseudo-shares of the uniform density.
        reach_us: Two shares further apart lie in adjacent blocks of no Δ.
        min_shared: c₀; pairs with fewer co-timed objects have p = 1.
    """

    blocks: Int32s
    bins: Int32s
    own: Int32s
    beside: Int32s
    entries: Int32s
    bin_counts: Int64s
    sizes: Floats
    squares: Floats
    neighbours: Floats
    in_first_bin: Floats
    in_last_bin: Floats
    half: float
    shrinkage: float
    reach_us: int
    min_shared: int


def prepare_gate(
    first: ShareArrays,
    run_firsts: Int64s,
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
    per_run: list[tuple[Int32s, ...]] = []
    per_entry: list[tuple[Floats, ...]] = []
    entries_before = 0
    for grid in grids:
        blocks, bins = positions(first.times_us, grid)
        own, beside, entries, *summary = _summarise(first.starts, blocks, bins, grid.bins)
        entries = entries[run_firsts]
        entries = np.where(entries >= 0, entries + entries_before, -1).astype(np.int32)
        from_earliest = (blocks - blocks.min(initial=0)).astype(np.int32)
        per_run.append(
            (from_earliest[run_firsts], bins[run_firsts], own[run_firsts], beside[run_firsts])
            + (entries,)
        )
        per_entry.append(tuple(summary))
        entries_before += len(summary[0])
    runs = [np.stack(columns) for columns in zip(*per_run, strict=True)]
    of_entries = [np.concatenate(columns) for columns in zip(*per_entry, strict=True)]
    bin_ticks = grids[0].bin_ticks
    widest = grids[-1]
    return GateArrays(
        *runs,
        np.array([grid.bins for grid in grids], np.int64),
        *of_entries,
        half=(bin_ticks + 1.0) / (2.0 * bin_ticks),
        shrinkage=float(shrinkage),
        reach_us=int(2 * widest.block_ticks * widest.tick_us),
        min_shared=int(min_shared),
    )


@njit
def co_timed_probability(gate: GateArrays, grid: int, mine: int, yours: int) -> float:
    """π of one object for two accounts' first shares at one Δ; 0 if blocks are not adjacent.

    Args:
        gate: The null.
        grid: Which Δ.
        mine: One account's run of the object.
        yours: The other's.
    """
    apart = gate.blocks[grid, yours] - gate.blocks[grid, mine]
    if apart == 0:
        return _same_block(gate, grid, mine, yours)
    if apart == 1:
        return _adjacent_blocks(gate, grid, mine, yours)
    if apart == -1:
        return _adjacent_blocks(gate, grid, yours, mine)
    return 0.0


@njit
def _same_block(gate: GateArrays, grid: int, mine: int, yours: int) -> float:
    """π for two first shares in one block, by the density of the others there."""
    entry = gate.entries[grid, mine]
    bin_count = gate.bin_counts[grid]
    bin_i = gate.bins[grid, mine]
    bin_j = gate.bins[grid, yours]
    count_j = gate.own[grid, yours]
    beside_j = gate.beside[grid, yours]
    # With i taken out, j may stand alone where it had i for company.
    if bin_i == bin_j:
        count_j -= 1
    elif bin_i - bin_j == 1 or bin_j - bin_i == 1:
        beside_j -= 1
    squares = gate.squares[entry] - 2.0 * (gate.own[grid, mine] + count_j - 1.0)
    neighbours = gate.neighbours[entry] - gate.beside[grid, mine] - beside_j
    ends = gate.in_first_bin[entry] + gate.in_last_bin[entry]
    if bin_i == 0 or bin_i == bin_count - 1:
        ends -= 1.0
    if bin_j == 0 or bin_j == bin_count - 1:
        ends -= 1.0
    others = gate.sizes[entry] - 2.0
    pseudo = gate.shrinkage / bin_count
    sum_squares = squares + 2.0 * pseudo * others + bin_count * pseudo * pseudo
    sum_neighbours = neighbours + pseudo * (2.0 * others - ends)
    sum_neighbours += (bin_count - 1) * pseudo * pseudo
    total = others + gate.shrinkage
    return min(1.0, (sum_squares + 2.0 * gate.half * sum_neighbours) / (total * total))


@njit
def _adjacent_blocks(gate: GateArrays, grid: int, earlier: int, later: int) -> float:
    """π for first shares in two blocks that follow each other: last bin and first bin."""
    bin_count = gate.bin_counts[grid]
    pseudo = gate.shrinkage / bin_count
    chance = gate.half
    entry = gate.entries[grid, earlier]
    count = 0.0
    others = 0.0
    if entry >= 0:
        others = gate.sizes[entry] - 1.0
        count = gate.in_last_bin[entry]
        if gate.bins[grid, earlier] == bin_count - 1:
            count -= 1.0
    chance *= (count + pseudo) / (others + gate.shrinkage)
    entry = gate.entries[grid, later]
    count = 0.0
    others = 0.0
    if entry >= 0:
        others = gate.sizes[entry] - 1.0
        count = gate.in_first_bin[entry]
        if gate.bins[grid, later] == 0:
            count -= 1.0
    return chance * (count + pseudo) / (others + gate.shrinkage)


@njit
def _summarise(
    starts: Int64s, blocks: Int64s, bins: Int32s, bin_count: int
) -> tuple[Int32s, Int32s, Int32s, Floats, Floats, Floats, Floats, Floats]:
    """Counts around every first share, and sums over every (object, block) of two or more."""
    rows = len(blocks)
    own = np.ones(rows, np.int32)
    beside = np.zeros(rows, np.int32)
    entries = np.full(rows, -1, np.int32)
    found = 0
    for row in range(1, rows):
        if blocks[row] == blocks[row - 1]:
            found += 1
    # Fewer entries than rows that follow another in their block, whatever their objects.
    sizes = np.zeros(found, np.float64)
    squares = np.zeros(found, np.float64)
    neighbours = np.zeros(found, np.float64)
    in_first_bin = np.zeros(found, np.float64)
    in_last_bin = np.zeros(found, np.float64)
    entry = 0
    for index in range(len(starts) - 1):
        row = starts[index]
        while row < starts[index + 1]:
            end = row + 1
            while end < starts[index + 1] and blocks[end] == blocks[row]:
                end += 1
            if end - row > 1:
                sizes[entry] = end - row
                before = row
                position = row
                while position < end:
                    stop = position + 1
                    while stop < end and bins[stop] == bins[position]:
                        stop += 1
                    count = stop - position
                    squares[entry] += float(count) * float(count)
                    if position > row and bins[position] == bins[position - 1] + 1:
                        neighbours[entry] += float(count) * float(position - before)
                        for earlier in range(before, position):
                            beside[earlier] += count
                        for later in range(position, stop):
                            beside[later] += position - before
                    for same in range(position, stop):
                        own[same] = count
                        entries[same] = entry
                    if bins[position] == 0:
                        in_first_bin[entry] = count
                    if bins[position] == bin_count - 1:
                        in_last_bin[entry] = count
                    before = position
                    position = stop
                entry += 1
            row = end
    return (
        own,
        beside,
        entries,
        sizes[:entry].copy(),
        squares[:entry].copy(),
        neighbours[:entry].copy(),
        in_first_bin[:entry].copy(),
        in_last_bin[:entry].copy(),
    )
