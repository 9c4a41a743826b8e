"""How time is cut: ticks of the data's lattice, bins of one window, blocks of Δ.

The gate (:mod:`assay.detectors.jitter`) holds the block of every share fixed and moves shares
inside it; the family and the surrogates count by the same blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Int32s, Int64s
from assay.engine.compiled import njit
from assay.errors import UsageError

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
