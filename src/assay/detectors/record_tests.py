"""The gate's question put again: chances of single common objects, and p of a pair from some.

The chances come from the gate's own kernels; a pair's p is the same exact Poisson-binomial tail
over the same objects, at most one for each moment of either account, so that leaving nothing out
gives the run's own p again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Bools, Int64s, ShareArrays, first_flags, taken
from assay.detectors.block_grid import block_grids
from assay.detectors.burstiness import Densities
from assay.detectors.by_account import shares_by_account
from assay.detectors.chance import poisson_binomial_tail
from assay.detectors.jitter import prepare_gate
from assay.detectors.pair_records import PairRecords
from assay.detectors.pairs import pair_facts
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GateSettings:
    """What the run's gate was asked with.

    Attributes:
        deltas: Each Δ as a multiple of the window, narrowest first; that one decides.
        min_shared: Fewest distinct co-timed objects of a kept pair.
        densities: What the gate's null leans on, by kind, window and Δ.
        threads: Worker threads.
    """

    deltas: tuple[float, ...]
    min_shared: int
    densities: Densities
    threads: int = 2

    @property
    def resolution_us(self) -> int:
        """The data's time resolution in µs."""
        return self.densities.activity.resolution_us


@dataclass(frozen=True)
class RecordTests:
    """What the gate says of every record by itself, at one window.

    Attributes:
        chance: (Δ, record): π, the chance that the two first shares coincide; 0 where H₀ leaves
            no room for it.
        near: (Δ, record): they do coincide, and π is above 0.
        shared: Some two shares of the two accounts lie within the window.
    """

    chance: Floats
    near: Bools
    shared: Bools


def ask(
    kind: str,
    shares: ShareArrays,
    sharers: tuple[Int64s, Int64s],
    window_s: float,
    settings: GateSettings,
) -> RecordTests:
    """Put the gate's question for each pair of sharers of one object.

    Args:
        kind: Of object.
        shares: Shares with sharers for accounts.
        sharers: The two sharers of every record.
        window_s: The window in seconds.
        settings: How the run was made; every Δ of it is asked.
    """
    grids = block_grids(window_s, settings.deltas, settings.resolution_us)
    is_first = first_flags(shares)
    wanted = np.zeros(shares.account_count, np.bool_)
    wanted[sharers[0]] = True
    wanted[sharers[1]] = True
    by_sharer = shares_by_account(shares, is_first, wanted)
    densities = settings.densities.of(kind, grids)
    gate = prepare_gate(taken(shares, is_first), by_sharer.firsts, grids, densities, min_shared=1)
    facts = pair_facts(
        (sharers[0].astype(np.int32), sharers[1].astype(np.int32)),
        by_sharer,
        gate,
        np.zeros((max(shares.object_count, 1), 2)),
        round(window_s * 1e6),
        settings.threads,
    )
    return RecordTests(facts.expected, facts.co_timed_tested > 0, facts.shared_objects > 0)


def row_p_values(
    records: PairRecords, tests: RecordTests, delta: int, settings: GateSettings
) -> tuple[Floats, Int64s]:
    """P of every row of the records, and its distinct co-timed objects.

    Args:
        records: The records.
        tests: What the gate says of them.
        delta: Which Δ of the tests.
        settings: How the run was made.
    """
    p_values = p_of_rows(
        records.starts, tests.chance[delta], tests.near[delta], records.moments, settings
    )
    shared = np.concatenate(([0], np.cumsum(tests.shared)))
    return p_values, (shared[records.starts[1:]] - shared[records.starts[:-1]]).astype(np.int64)


def p_of_rows(
    starts: Int64s,
    chance: Floats,
    near: Bools,
    moments: tuple[Int64s, Int64s],
    settings: GateSettings,
) -> Floats:
    """P of rows of records; see :class:`PairRecords` and :class:`RecordTests` for the columns."""
    rows = np.arange(len(starts) - 1)
    nothing = np.full(len(rows), -1)
    return _tails(starts, rows, nothing, chance, near, *moments, settings.min_shared)


def p_without_each(
    records: PairRecords, tests: RecordTests, asked: Bools, settings: GateSettings
) -> Floats:
    """For every record, p of its row without that object, at the narrowest Δ; nan if not asked.

    Args:
        records: The records.
        tests: What the gate says of them.
        asked: A flag for each row: whether its records are wanted.
        settings: How the run was made.
    """
    p_values = np.full(len(records), np.nan)
    rows = np.repeat(np.flatnonzero(asked), np.diff(records.starts)[asked])
    left_out = np.flatnonzero(np.repeat(asked, np.diff(records.starts)))
    p_values[left_out] = _tails(
        records.starts, rows, left_out, tests.chance[0], tests.near[0], *records.moments,
        settings.min_shared,
    )  # fmt: skip
    return p_values


@njit
def _tail(
    begin: int,
    end: int,
    left_out: int,
    chance: Floats,
    near: Bools,
    moment_a: Int64s,
    moment_b: Int64s,
    min_shared: int,
    stamps: Int64s,
    stamp: int,
    chances: Floats,
    state: Floats,
) -> float:
    """P over the records from ``begin`` to ``end`` but one, in the order of their objects."""
    tested = 0
    hits = 0
    for record in range(begin, end):
        if record == left_out or chance[record] <= 0.0:
            continue
        if stamps[moment_a[record]] == stamp or stamps[moment_b[record]] == stamp:
            continue
        stamps[moment_a[record]] = stamp
        stamps[moment_b[record]] = stamp
        chances[tested] = chance[record]
        tested += 1
        hits += near[record]
    if hits < min_shared:
        return 1.0
    return poisson_binomial_tail(chances, tested, hits, state)


@njit
def _tails(
    starts: Int64s,
    rows: Int64s,
    left_out: Int64s,
    chance: Floats,
    near: Bools,
    moment_a: Int64s,
    moment_b: Int64s,
    min_shared: int,
) -> Floats:
    """P of each row named in ``rows`` without the record beside it in ``left_out``, -1 for none."""
    p_values = np.empty(len(rows))
    most = 1
    for row in range(len(starts) - 1):
        most = max(most, starts[row + 1] - starts[row])
    chances, state = np.empty(most), np.empty(most + 1)
    stamps = np.full(_numbers(moment_a, moment_b), -1, np.int64)
    for asked in range(len(rows)):
        begin, end = starts[rows[asked]], starts[rows[asked] + 1]
        p_values[asked] = _tail(
            begin, end, left_out[asked], chance, near, moment_a, moment_b, min_shared,
            stamps, asked, chances, state,
        )  # fmt: skip
    return p_values


@njit
def _numbers(moment_a: Int64s, moment_b: Int64s) -> int:
    """One more than the largest number of a moment."""
    largest = -1
    for record in range(len(moment_a)):
        largest = max(largest, moment_a[record], moment_b[record])
    return int(largest + 1)
