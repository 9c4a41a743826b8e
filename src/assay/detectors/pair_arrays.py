"""What the walk over common objects reads and writes: arrays side by side, handed over as one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Bools, Int32s, Int64s
from assay.detectors.by_account import AccountShares
from assay.detectors.jitter import GateArrays
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]
Uint64s = npt.NDArray[np.uint64]

SEVERAL, CROWDED, BIN_SHIFT = 1, 2, 2
"""Flags below the bin in :attr:`Runs.bins`."""

TRACE_SHIFT = 2
"""Bins to a bit of a trace, as a power of two: shares within the window lie in one or beside."""


class Runs(NamedTuple):
    """:class:`assay.detectors.by_account.AccountShares` for the kernel.

    Attributes:
        starts: First run of each account.
        objects: Object of each run.
        bins: Four times the bin of its first share; plus :data:`CROWDED` where another run of the
            account begins at the same moment, plus :data:`SEVERAL` where it has several shares.
        traces: When its shares lie: a bit for every four bins, over and over again.
        first_us: Time of its first share.
        run_starts: First entry of each run in ``times_us``.
        times_us: All shares.
    """

    starts: Int64s
    objects: Int32s
    bins: Int32s
    traces: Uint64s
    first_us: Int64s
    run_starts: Int64s
    times_us: Int64s


class Met(NamedTuple):
    """The objects that pairs were co-timed on.

    Attributes:
        starts: First entry of each pair, and where the last one's end; empty where the objects
            are not known and have to be looked for.
        objects: Objects, ascending in each pair.
    """

    starts: Int64s
    objects: Int32s

    @classmethod
    def of(cls, counts: Int64s, objects: Int32s) -> Met:
        """From the number of objects of each pair."""
        return cls(np.concatenate(([0], np.cumsum(counts))).astype(np.int64), objects)

    @classmethod
    def unknown(cls) -> Met:
        """Nothing is known."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int32))

    def of_pairs(self, begin: int, end: int) -> Met:
        """Those of some of the pairs."""
        return Met(self.starts[begin : end + 1], self.objects)


class Tallies(NamedTuple):
    """Where the kernel writes: a row for each figure, a column for each pair.

    Attributes:
        whole: common objects, shared objects, co-shares, co-timed first shares, earliest time,
            latest time.
        real: median gap, λ of the shuffle null, Σ of same-day chances.
        tested: (Δ, pair): objects in the test.
        co_timed: (Δ, pair): those that are co-timed.
        expected: (Δ, pair): Σ π.
        p_values: (Δ, pair).
    """

    whole: Int64s
    real: Floats
    tested: Int64s
    co_timed: Int64s
    expected: Floats
    p_values: Floats


class Room(NamedTuple):
    """What a thread needs for one pair after the other.

    Attributes:
        bits: A bit for each object: whether the busier account shared it.
        match: For each such object, that account's run.
        found: Runs of the partner whose objects are common; then, those within reach.
        close: Those of them that may have been co-timed.
        partners: The busier account's runs of those within reach.
        apart: How many bins lie between the two.
        reached: Places of those within reach of one Δ.
        chances: π of each tested object.
        state: For the Poisson-binomial tail.
        gaps: The smallest gap of each shared object.
        moments: Open-addressed table of moments that a test has used already.
        stamps: For each slot, the test that wrote it: a new one forgets them all.
    """

    bits: Uint64s
    match: Int32s
    found: Int32s
    close: Int32s
    partners: Int32s
    apart: Int32s
    reached: Int32s
    chances: Floats
    state: Floats
    gaps: Floats
    moments: Int64s
    stamps: Int64s


def run_bins(shares: AccountShares, gate: GateArrays) -> tuple[Int32s, Uint64s]:
    """:attr:`Runs.bins` and :attr:`Runs.traces`."""
    return _run_bins(gate.bins, shares.alone, shares.run_starts, shares.times_us, gate.lattice)


@njit
def _run_bins(
    first_bins: Int32s,
    alone: Bools,
    run_starts: Int64s,
    times_us: Int64s,
    lattice: tuple[int, int, int, int],
) -> tuple[Int32s, Uint64s]:
    tick_us, phase_ticks, bin_ticks, earliest = lattice
    bins = np.empty(len(first_bins), np.int32)
    traces = np.empty(len(first_bins), np.uint64)
    for run in range(len(first_bins)):
        bins[run] = (first_bins[run] << BIN_SHIFT) + (0 if alone[run] else CROWDED)
        traces[run] = np.uint64(1) << np.uint64((first_bins[run] >> TRACE_SHIFT) & 63)
        if run_starts[run + 1] - run_starts[run] > 1:
            bins[run] += SEVERAL
            for row in range(run_starts[run] + 1, run_starts[run + 1]):
                place = (times_us[row] // tick_us + phase_ticks) // bin_ticks - earliest
                traces[run] |= np.uint64(1) << np.uint64((place >> TRACE_SHIFT) & 63)
    return bins, traces


@njit
def room_for(objects: int, most: int) -> Room:
    """Room for pairs of accounts with at most so many objects each."""
    slots = 16
    while slots < 4 * most:
        slots *= 2
    return Room(
        np.zeros((objects + 63) // 64, np.uint64),
        np.empty(objects, np.int32),
        np.empty(most + 1, np.int32),
        np.empty(most + 1, np.int32),
        np.empty(most + 1, np.int32),
        np.empty(most + 1, np.int32),
        np.empty(most + 1, np.int32),
        np.empty(most + 1, np.float64),
        np.empty(most + 1, np.float64),
        np.empty(most, np.float64),
        np.empty(slots, np.int64),
        np.full(slots, -1, np.int64),
    )
