"""One kind of object, one window: predict, find the pairs, test every candidate pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from assay.detectors.activity import Activity
from assay.detectors.arrays import (
    Bools,
    Int32s,
    Int64s,
    ShareArrays,
    active_flags,
    count_share_pairs,
    first_flags,
    taken,
)
from assay.detectors.base import DetectorContext
from assay.detectors.block_grid import BlockGrid, block_grids
from assay.detectors.burstiness import densities_of
from assay.detectors.by_account import shares_by_account
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.coaction_steps import PAIR_BASE
from assay.detectors.density import Density
from assay.detectors.family import Family, common_family, family_of_all
from assay.detectors.jitter import Floats, GateArrays, prepare_gate
from assay.detectors.joined_pairs import joined_pairs
from assay.detectors.nulls import hour_profiles, rate_of_pairs, same_day_weights, shuffle_weights
from assay.detectors.pair_arrays import Met
from assay.detectors.pair_counts import CoTimed, counted_pairs, turns_needed
from assay.detectors.pairs import (
    PairFacts,
    hypergeometric_p_values,
    pair_facts,
    poisson_p_values,
    side_by_side,
)
from assay.detectors.reactions import CandidateTests, Reactions, reactions_of
from assay.errors import CheckFailed

BYTES_PER_RUN = 32
"""What the gate holds for one account's shares of one object, at one Δ."""

PAIRS_AT_A_TIME = 1_000_000
"""So many candidate pairs are tested before their figures are written."""

PAIRS_AT_ONE_DELTA = 4_000_000
"""The same where every Δ needs a walk of its own, whose arrays are made anew each time."""


@dataclass(frozen=True)
class WindowRun:
    """The outcome for one kind and window.

    Attributes:
        kind: Kind of object.
        window_s: The window.
        deltas_s: Every Δ in seconds, narrowest first.
        share_pairs: Pairs of shares in the window, predicted before the run.
        at_risk: The tested family of one Δ.
        common: Pairs with c₀ common objects at any time, for the record.
        densities: Of every Δ.
        reactions: How fast people react, against the window.
        pairs: Parquet with one row per candidate pair: accounts by number, facts, comparison
            nulls, and ``tested_K``, ``co_timed_K``, ``expected_K``, ``p_K`` for the K-th Δ.
    """

    kind: str
    window_s: float
    deltas_s: tuple[float, ...]
    share_pairs: int
    at_risk: Family
    common: Family
    densities: tuple[Density, ...]
    reactions: Reactions
    pairs: Path


def run_window(
    kind: str,
    window_s: float,
    shares: ShareArrays,
    parameters: Coaction,
    activity: Activity,
    context: DetectorContext,
) -> WindowRun:
    """Run one kind and window, or take what an interrupted run has left of it.

    Args:
        kind: Of object.
        window_s: The window.
        shares: Of that kind.
        parameters: What to look for.
        activity: Of the whole data, these shares included; its resolution is the data's.
        context: Where to run.
    """
    task = tested_kind(shares, window_s, parameters, activity)
    window_us, grids, first = task.window_us, task.grids, task.first
    share_pairs = count_share_pairs(shares, window_us)
    context.progress.stage(f"{kind}, {window_s:g} s: {share_pairs:,} share pairs ahead")
    at_risk = family_of_all(first, grids, parameters.min_shared)
    common = common_family(first, parameters.min_shared)
    path = context.work / f"pairs-{kind}-{window_us}.parquet"
    if not path.exists():
        network = _network(shares, window_us, parameters.min_shared, context)
        unfinished = path.with_suffix(".part")
        _write(tested_network(network, task, context.memory_bytes, context.threads), unfinished)
        unfinished.replace(path)
    deltas_s = tuple(grid.delta_s for grid in grids)
    tested = pq.read_table(path, columns=["account_i", "account_j", "p_0"])
    mine, yours, p_values = (column.to_numpy() for column in tested.columns)
    small = CandidateTests(mine, yours, p_values, at_risk.estimate, parameters.min_shared)
    reactions = reactions_of(kind, window_s, first, grids[0], small)
    return WindowRun(
        kind, window_s, deltas_s, share_pairs, at_risk, common, task.densities, reactions, path
    )


def tested_kind(
    shares: ShareArrays, window_s: float, parameters: Coaction, activity: Activity
) -> TestedKind:
    """What :func:`tests_of_pairs` needs, for one kind and window."""
    grids = block_grids(window_s, parameters.deltas, activity.resolution_us)
    is_first = first_flags(shares)
    first = taken(shares, is_first)
    densities = densities_of(first, grids, activity, parameters.shrinkage)
    window_us = round(window_s * 1e6)
    return TestedKind(shares, first, is_first, window_us, grids, densities, parameters.min_shared)


@dataclass(frozen=True)
class TestedKind:
    """What the tests of one kind and window need.

    Attributes:
        shares: Of the kind.
        first: The first shares among them.
        is_first: For each share, whether it is one.
        window_us: The window in µs.
        grids: How time is cut at every Δ.
        densities: What the null draws from at every Δ.
        min_shared: c₀.
    """

    shares: ShareArrays
    first: ShareArrays
    is_first: Bools
    window_us: int
    grids: tuple[BlockGrid, ...]
    densities: tuple[Density, ...]
    min_shared: int


def _network(
    shares: ShareArrays, window_us: int, min_shared: int, context: DetectorContext
) -> CoTimed:
    """Pairs with their weights: counted in place, or joined by an engine that lies elsewhere."""
    active = taken(shares, active_flags(shares, window_us, min_shared))
    if context.engine is not None:
        return joined_pairs(context.engine, active, window_us, min_shared, context)
    turns = turns_needed(count_share_pairs(active, window_us), context.memory_bytes)
    if turns > 1:
        context.progress.note(f"The share pairs outgrow --memory: counted in {turns:,} turns.")
    return counted_pairs(active, window_us, min_shared, context.memory_bytes)


def tested_network(
    network: CoTimed, task: TestedKind, memory_bytes: int, threads: int
) -> Iterator[dict[str, Any]]:
    """Facts, gate and comparison nulls of every candidate pair; checks the network's weights.

    Args:
        network: The candidate pairs.
        task: What to test them on.
        memory_bytes: All that may be used.
        threads: Worker threads.

    Yields:
        As :func:`tests_of_pairs`.

    Raises:
        CheckFailed: The weights are not those that the tests find.
    """
    packed, weights, _ = network
    pairs = ((packed // PAIR_BASE).astype(np.int32), (packed % PAIR_BASE).astype(np.int32))
    del packed
    met = None if network.objects is None else Met.of(network.weights, network.objects)
    begin = 0
    for columns in tests_of_pairs(pairs, task, memory_bytes, threads, met):
        end = begin + len(columns["account_i"])
        if not np.array_equal(columns["shared_objects"], weights[begin:end]):
            raise CheckFailed(
                "the network and the recount of its pairs differ",
                fix="report this with the engine's version; nothing was written",
            )
        yield columns
        begin = end


def _write(tested: Iterator[dict[str, Any]], path: Path) -> None:
    """Write the columns of some pairs after the other."""
    writer: pq.ParquetWriter | None = None
    try:
        for columns in tested:
            table = pa.table(columns)
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, compression="lz4")
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def tests_of_pairs(
    pairs: tuple[Int32s, Int32s],
    task: TestedKind,
    memory_bytes: int,
    threads: int,
    met: Met | None = None,
) -> Iterator[dict[str, Any]]:
    """Facts, gate and comparison nulls of account pairs, as the columns of :attr:`WindowRun.pairs`.

    Args:
        pairs: Account numbers i and j.
        task: What to test them on.
        memory_bytes: All that may be used.
        threads: Worker threads.
        met: The objects that each pair was co-timed on, where they are known.

    Yields:
        The columns of some pairs after the other, in their order; once where there are none.
    """
    shares, first, window_us, grids = task.shares, task.first, task.window_us, task.grids
    wanted = np.zeros(shares.account_count, np.bool_)
    wanted[pairs[0]] = True
    wanted[pairs[1]] = True
    by_account = shares_by_account(shares, task.is_first, wanted)
    weights = np.column_stack((shuffle_weights(first, window_us), same_day_weights(first)))
    comparison = _Comparison.of(shares, first, wanted, window_us)

    def gate_at(some: slice) -> GateArrays:
        return prepare_gate(
            first, by_account.firsts, grids[some], task.densities[some], task.min_shared
        )

    def facts_at(begin: int, end: int, gate: GateArrays) -> PairFacts:
        own = (pairs[0][begin:end], pairs[1][begin:end])
        own_met = None if met is None else met.of_pairs(begin, end)
        return pair_facts(own, by_account, gate, weights, window_us, threads, own_met)

    # Every Δ in one walk, unless their arrays are too large for the memory given.
    gate_bytes = BYTES_PER_RUN * len(by_account.objects) * len(grids)
    together = gate_bytes <= memory_bytes // 4
    gate = gate_at(slice(None)) if together else None
    at_a_time = PAIRS_AT_A_TIME if together else PAIRS_AT_ONE_DELTA
    for begin in range(0, max(len(pairs[0]), 1), at_a_time):
        end = begin + at_a_time
        if gate is None:
            each = [facts_at(begin, end, gate_at(slice(at, at + 1))) for at in range(len(grids))]
            facts = side_by_side(each)
        else:
            facts = facts_at(begin, end, gate)
        yield _columns((pairs[0][begin:end], pairs[1][begin:end]), facts, comparison)


def _columns(
    pairs: tuple[Int32s, Int32s], facts: PairFacts, comparison: _Comparison
) -> dict[str, Any]:
    columns: dict[str, Any] = {"account_i": pairs[0], "account_j": pairs[1]}
    columns |= {name: getattr(facts, name) for name in _FACTS}
    columns |= comparison.columns(pairs, facts)
    for number in range(len(facts.p_values)):
        columns[f"tested_{number}"] = facts.tested_objects[number]
        columns[f"co_timed_{number}"] = facts.co_timed_tested[number]
        columns[f"expected_{number}"] = facts.expected[number]
        columns[f"p_{number}"] = facts.p_values[number]
    return columns


_FACTS = (
    "common_objects",
    "shared_objects",
    "co_shares",
    "co_timed_first",
    "first_us",
    "last_us",
    "median_gap_us",
)


@dataclass(frozen=True)
class _Comparison:
    """What the comparison nulls know of all accounts.

    Attributes:
        profiles: Hours of the day of the accounts asked for.
        rows: Row of each account in them.
        degrees: Objects of each account.
        objects: Objects of the kind.
        window_us: The window.
    """

    profiles: Floats
    rows: Int32s
    degrees: Int64s
    objects: int
    window_us: int

    @classmethod
    def of(
        cls, shares: ShareArrays, first: ShareArrays, wanted: Bools, window_us: int
    ) -> _Comparison:
        rows = np.full(len(wanted), -1, np.int32)
        rows[wanted] = np.arange(int(wanted.sum()), dtype=np.int32)
        degrees = np.bincount(first.accounts, minlength=shares.account_count)
        profiles = hour_profiles(shares, rows)
        return cls(profiles, rows, degrees, first.object_count, window_us)

    def columns(self, pairs: tuple[Int32s, Int32s], facts: PairFacts) -> dict[str, Any]:
        """The three p-values of every pair."""
        mine, yours = (self.rows[side].astype(np.int64) for side in pairs)
        rate = rate_of_pairs(self.profiles, (mine, yours), facts.day_weight, self.window_us)
        return {
            "p_shuffle": poisson_p_values(facts.shuffle_rate, facts.co_timed_first),
            "p_rate": poisson_p_values(rate, facts.co_timed_first),
            "p_hypergeometric": hypergeometric_p_values(
                self.objects,
                self.degrees[pairs[0]],
                self.degrees[pairs[1]],
                facts.common_objects,
            ),
        }
