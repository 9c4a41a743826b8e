"""The interval-jitter null: could this timing have come about without acting together?

H₀(Δ): which block of length Δ each share falls in is *given* (everything slower than Δ: habits,
time zones, a shared audience, the news of the hour); where it falls inside its block is
independent between accounts. For a pair and a common object, from each account's first share,
π is the probability under H₀ that the two lie at most the window apart; N counts the objects
that do, and p is the exact upper tail of the Poisson-binomial law of N.

Positions inside a block follow the object's own density there, leaving the pair out and shrunk
to the whole data's activity in that block (:mod:`assay.detectors.density`), so that a burst of
honest attention and a gap in the collection are expected rather than surprising. Blocks have
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
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.density import Background, Density, active_bins, background, bin_places
from assay.engine.compiled import njit
from assay.errors import UsageError

Floats = npt.NDArray[np.float64]
Cells = npt.NDArray[Any]

PHASE = 0.382
"""Blocks begin this fraction of the narrowest Δ before the round times of the clock, where
scheduled posts lie."""

MOST_BINS = 2**30
"""The data may span so many windows."""


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


CELL = np.dtype([("block", np.int32), ("entry", np.int32), ("company", np.float64)])
"""What the null knows of a run at one Δ, side by side since it is read together.

``block``: of its first share, by number. ``entry``: its row in :attr:`GateArrays.entries`; where
it is the object's only first share in the block, -1 less the block's row in
:attr:`GateArrays.ends`. ``company``: D, what leaves the block's sums with it."""

SUM, SIZE, FIRST, LAST = range(4)
"""Columns of :attr:`GateArrays.entries`."""


class GateArrays(NamedTuple):
    """The null at every Δ as arrays that a kernel can read.

    Runs are one account's shares of one object; a run's first share is what the null moves. An
    *entry* stands for one (object, block) with at least two first shares; the entries of all Δ
    lie one after the other, and so do the blocks.

    Attributes:
        bins: For each run, the bin of its first share, counted from the data's first one.
        cells: (run, Δ): see :data:`CELL`.
        entries: (entry, 4): T; n + κ; n_u + κ g_u of the block's first bin, and of its last.
        ends: (block, 2): g of the first and of the last bin.
        grids: (Δ, 2): K, and how many bins of the first block precede the data's first one.
        half: h, the probability for positions in adjacent bins.
        min_shared: c₀; pairs with fewer co-timed objects have p = 1.
    """

    bins: Int32s
    cells: Cells
    entries: Floats
    ends: Floats
    grids: Int64s
    half: float
    min_shared: int


def prepare_gate(
    first: ShareArrays,
    run_firsts: Int32s,
    grids: tuple[BlockGrid, ...],
    density: Density,
    min_shared: int,
) -> GateArrays:
    """Cut the first shares of one kind by every Δ and summarise the blocks.

    Args:
        first: First shares only, of all accounts: they are the object's own density.
        run_firsts: For each run of the accounts to be tested, its number among the first shares.
        grids: From :func:`block_grids`.
        density: What the object's density is shrunk to; its activity counts these shares too.
        min_shared: c₀.

    Raises:
        UsageError: The data span more than a thousand million windows.
    """
    tick_us, bin_ticks, phase_ticks = grids[0].tick_us, grids[0].bin_ticks, grids[0].phase_ticks
    half = (bin_ticks + 1.0) / (2.0 * bin_ticks)
    active = active_bins(density.activity, bin_ticks, phase_ticks)
    if len(active.numbers) and active.numbers[-1] - active.numbers[0] >= MOST_BINS:
        raise UsageError(
            "the window is too small for the time that the data span",
            fix="use a longer --window, or less of the data",
        )
    lattice = (tick_us, phase_ticks, bin_ticks)
    places = bin_places(first.times_us, lattice, active.numbers, active.places)
    earliest = int(active.numbers[0]) if len(active.numbers) else 0
    numbers = (active.numbers - earliest).astype(np.int32)
    cells = np.empty((len(run_firsts), len(grids)), CELL)
    entries: list[Floats] = []
    ends: list[Floats] = []
    begins = np.zeros(2, np.int64)
    for number, grid in enumerate(grids):
        behind = background(active, grid.bins, half, density)
        constants = (grid.bins, earliest % grid.bins, half, density.shrinkage)
        entry, company, table = _summarise(first.starts, places, numbers, behind, constants)
        block_numbers = (numbers + earliest % grid.bins) // grid.bins
        _gather(cells, number, run_firsts, (places, entry, company), block_numbers, begins)
        entries.append(table)
        ends.append(behind.ends)
        begins += len(table), len(behind.ends)
    return GateArrays(
        bins=numbers[places[run_firsts]],
        cells=cells,
        entries=np.concatenate(entries),
        ends=np.concatenate(ends),
        grids=np.array([(grid.bins, earliest % grid.bins) for grid in grids], np.int64),
        half=half,
        min_shared=int(min_shared),
    )


@njit
def _summarise(
    starts: Int64s,
    places: Int32s,
    numbers: Int32s,
    behind: Background,
    constants: tuple[int, int, float, float],
) -> tuple[Int32s, Floats, Floats]:
    """Entry and D of every first share, and the sums of every (object, block) of two or more.

    A share alone in its block has -1 less the block's place for an entry.
    """
    bin_count, offset, half, shrinkage = constants
    entries = np.empty(len(places), np.int32)
    company = np.zeros(len(places), np.float64)
    found = 0
    for index in range(len(starts) - 1):
        row = starts[index]
        while row < starts[index + 1]:
            block = behind.blocks[places[row]]
            end = row + 1
            while end < starts[index + 1] and behind.blocks[places[end]] == block:
                end += 1
            found += end - row > 1
            row = end
    table = np.empty((found, 4), np.float64)
    entry = 0
    for index in range(len(starts) - 1):
        row = starts[index]
        while row < starts[index + 1]:
            block = behind.blocks[places[row]]
            end = row + 1
            while end < starts[index + 1] and behind.blocks[places[end]] == block:
                end += 1
            if end - row == 1:
                entries[row] = -1 - block
            else:
                entries[row:end] = entry
                table[entry, SIZE] = end - row + shrinkage
                for side in range(2):
                    table[entry, FIRST + side] = shrinkage * behind.ends[block, side]
                table[entry, SUM] = behind.sums[block] + _own_sums(
                    row, end, places, numbers, behind.company, company, half
                )
                for share in range(row, end):
                    inside = (numbers[places[share]] + offset) % bin_count
                    if inside == 0:
                        table[entry, FIRST] += 1.0
                    elif inside == bin_count - 1:
                        table[entry, LAST] += 1.0
                entry += 1
            row = end
    return entries, company, table


@njit
def _own_sums(
    begin: int,
    end: int,
    places: Int32s,
    numbers: Int32s,
    background_company: Floats,
    company: Floats,
    half: float,
) -> float:
    """Σ n² + 2h Σ n n₊₁ + Σ n G over one object's shares in one block; fills in their D."""
    total = 0.0
    before = begin
    position = begin
    while position < end:
        place = places[position]
        stop = position + 1
        while stop < end and places[stop] == place:
            stop += 1
        count = float(stop - position)
        alone = background_company[place]
        total += count * (count + alone)
        company[position:stop] = 2.0 * count - 1.0 + alone
        if position > begin and numbers[place] == numbers[places[position - 1]] + 1:
            earlier = float(position - before)
            total += 2.0 * half * count * earlier
            company[before:position] += 2.0 * half * count
            company[position:stop] += 2.0 * half * earlier
        before = position
        position = stop
    return total


@njit
def _gather(
    cells: Cells,
    number: int,
    run_firsts: Int32s,
    columns: tuple[Int32s, Int32s, Floats],
    block_numbers: Int32s,
    begins: Int64s,
) -> None:
    """Copy what is known of first shares to the runs that begin with them."""
    places, entries, company = columns
    for run in range(len(run_firsts)):
        first = run_firsts[run]
        cell = cells[run, number]
        cell["block"] = block_numbers[places[first]]
        entry = entries[first]
        cell["entry"] = entry + begins[0] if entry >= 0 else entry - begins[1]
        cell["company"] = company[first]


def co_timed_probability(gate: GateArrays, grid: int, mine: int, yours: int) -> float:
    """π of one object for two accounts' first shares at one Δ; 0 if blocks are not adjacent.

    Args:
        gate: The null.
        grid: Which Δ.
        mine: One account's run of the object.
        yours: The other's.
    """
    return float(
        chance_of_cells(
            gate.cells[mine, grid],
            gate.cells[yours, grid],
            (int(gate.bins[mine]), int(gate.bins[yours])),
            gate.entries,
            gate.ends,
            tuple(gate.grids[grid]),
            gate.half,
        )
    )


@njit
def chance_of_cells(
    mine: Any,
    yours: Any,
    bins: tuple[int, int],
    entries: Floats,
    ends: Floats,
    grid: tuple[int, int],
    half: float,
) -> float:
    """:func:`co_timed_probability` for kernels: the gate's parts one by one.

    A kernel that is handed the whole tuple counts references to each of its arrays at every
    call, which takes longer than the arithmetic.
    """
    apart = yours.block - mine.block
    if apart == 0:
        # Two first shares of one object in one block: both have that block's entry.
        near = bins[1] - bins[0]
        # Summed first, so that it does not matter who is named first.
        total = entries[mine.entry, SUM] - (mine.company + yours.company)
        # With i taken out, j has one fewer for company where i was near.
        if near == 0:
            total += 2.0
        elif abs(near) == 1:
            total += 2.0 * half
        size = entries[mine.entry, SIZE] - 2.0
        return float(min(1.0, total / (size * size)))
    if apart == 1:
        last = _end_bin_share(mine, bins[0], entries, ends, grid, 1)
        return half * last * _end_bin_share(yours, bins[1], entries, ends, grid, 0)
    if apart == -1:
        last = _end_bin_share(yours, bins[1], entries, ends, grid, 1)
        return half * last * _end_bin_share(mine, bins[0], entries, ends, grid, 0)
    return 0.0


@njit
def _end_bin_share(
    cell: Any, bin_number: int, entries: Floats, ends: Floats, grid: tuple[int, int], side: int
) -> float:
    """Density of a block's first (0) or last (1) bin, leaving the run's own share out."""
    if cell.entry < 0:
        return float(ends[-1 - cell.entry, side])
    bin_count, offset = grid
    count = entries[cell.entry, FIRST + side]
    inside = bin_number + offset - cell.block * bin_count
    if inside == side * (bin_count - 1):
        count -= 1.0
    return float(count / (entries[cell.entry, SIZE] - 1.0))
