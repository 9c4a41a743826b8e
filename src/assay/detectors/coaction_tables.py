"""From tested pairs of every kind and window to the tables of edges, with q over all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.detectors.base import DetectorContext
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.coaction_steps import PAIR_BASE
from assay.detectors.window_run import WindowRun
from assay.engine.write import write_table
from assay.errors import CheckFailed
from assay.model.tables import EDGE_TESTS, EDGES, UTC_US

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Written:
    """What was written, and the family that q stands on.

    Attributes:
        family_tests: m: pairs at risk over all kinds, windows and Δ.
        family_how: ``exact`` or how it is bounded.
        candidates: Rows of the edge table.
        kept: Rows that passed the gate.
        kept_by_delta: For each Δ as a multiple of the window, rows that would pass at it.
    """

    family_tests: int
    family_how: str
    candidates: int
    kept: int
    kept_by_delta: dict[str, int]


def write_edges(
    runs: list[WindowRun], accounts: pa.Array, parameters: Coaction, context: DetectorContext
) -> Written:
    """Join the runs into one family, and write ``edges.parquet`` and ``edge_tests.parquet``.

    Args:
        runs: Every kind and window.
        accounts: Account ids by number, in the order of the ids.
        parameters: The gate's level and minimum.
        context: Where to write.
    """
    # In the order of the tables' key: numbers of accounts follow their ids, and every run's pairs
    # are in the order of the numbers, so that nothing needs sorting by text.
    runs = sorted(runs, key=lambda run: (run.kind, run.window_s))
    tables = [pq.read_table(run.pairs) for run in runs]
    counts = [len(run.deltas_s) for run in runs]
    family = sum(run.at_risk.pairs * count for run, count in zip(runs, counts, strict=True))
    bounded = sorted({run.at_risk.how for run in runs} - {"exact"})
    tests = [
        table[f"p_{number}"].to_numpy()
        for table, count in zip(tables, counts, strict=True)
        for number in range(count)
    ]
    everything = np.concatenate(tests) if tests else np.empty(0)
    q_values = benjamini_hochberg(everything, family)
    pieces = np.split(q_values, np.cumsum([len(test) for test in tests])[:-1])

    edges: list[pa.Table] = []
    side_by_side: list[pa.Table] = []
    kept_by_delta: dict[str, int] = {}
    labels = delta_labels(parameters.deltas)
    for run, table in zip(runs, tables, strict=True):
        mine, pieces = pieces[: len(run.deltas_s)], pieces[len(run.deltas_s) :]
        edges.append(_edges(run, table, accounts, mine[0], parameters))
        side_by_side.append(_tests(run, table, accounts, mine))
        for label, q in zip(labels, mine, strict=True):
            passing = int((q <= parameters.fdr).sum())
            kept_by_delta[label] = kept_by_delta.get(label, 0) + passing
    written = write_table(context.run.edges, pa.concat_tables(edges), EDGES)
    write_table(context.run.edge_tests, pa.concat_tables(side_by_side), EDGE_TESTS)
    return Written(
        family_tests=family,
        family_how=bounded[0] if bounded else "exact",
        candidates=len(written),
        kept=pc.sum(written["kept"]).as_py() or 0,
        kept_by_delta=kept_by_delta,
    )


def delta_labels(deltas: Sequence[float]) -> list[str]:
    """Each Δ as the user said it, such as ``10w``, narrowest first, equal ones once.

    The blocks are whole numbers of windows, and the window a whole number of the data's steps:
    what is tested may be a little wider or narrower than what was said.
    """
    said: dict[int, float] = {}
    for multiple in sorted(deltas):
        said.setdefault(math.ceil(multiple - 1e-9), multiple)
    return [f"{multiple:g}w" for multiple in said.values()]


def _names(run: WindowRun, table: pa.Table, accounts: pa.Array, rows: int) -> dict[str, object]:
    """Kind, window and accounts, each pair in so many rows one after the other.

    Raises:
        CheckFailed: The pairs are not in the order of their accounts.
    """
    mine, yours = table["account_i"].to_numpy(), table["account_j"].to_numpy()
    packed = mine.astype(np.int64) * PAIR_BASE + yours
    if not (np.diff(packed) > 0).all() or not (mine < yours).all():
        raise CheckFailed(
            "the engine handed pairs over in another order than was asked for",
            fix="report this with the engine's version; nothing was written",
        )
    size = len(table) * rows
    return {
        "kind": pa.repeat(pa.scalar(run.kind), size),
        "window_s": pa.repeat(pa.scalar(run.window_s), size),
        # Numbers follow the order of the ids, so i < j says account_a < account_b.
        "account_a": accounts.take(pa.array(np.repeat(mine, rows))),
        "account_b": accounts.take(pa.array(np.repeat(yours, rows))),
    }


def _edges(
    run: WindowRun,
    table: pa.Table,
    accounts: pa.Array,
    q_values: Floats,
    parameters: Coaction,
) -> pa.Table:
    shared = table["shared_objects"].to_numpy()
    same = ("shared_objects", "co_shares", "common_objects")
    return pa.table(
        _names(run, table, accounts, 1)
        | {name: table[name] for name in same}
        | {
            "first_at": table["first_us"].cast(pa.timestamp("us")).cast(UTC_US),
            "last_at": table["last_us"].cast(pa.timestamp("us")).cast(UTC_US),
            "median_gap_s": table["median_gap_us"].to_numpy() / 1e6,
            "delta_s": pa.repeat(pa.scalar(run.deltas_s[0]), len(table)),
            "expected": table["expected_0"],
            "p_value": table["p_0"],
            "q_value": q_values,
            "p_shuffle": table["p_shuffle"],
            "p_rate": table["p_rate"],
            "p_hypergeometric": table["p_hypergeometric"],
            "kept": (q_values <= parameters.fdr) & (shared >= parameters.min_shared),
        }
    )


def _tests(run: WindowRun, table: pa.Table, accounts: pa.Array, q_values: list[Floats]) -> pa.Table:
    """Every Δ of a pair, then the next pair."""
    count = len(run.deltas_s)

    def over_deltas(name: str) -> npt.NDArray[Any]:
        return _interleaved([table[f"{name}_{number}"].to_numpy() for number in range(count)])

    return pa.table(
        _names(run, table, accounts, count)
        | {
            "delta_s": np.tile(np.array(run.deltas_s), len(table)),
            "tested_objects": over_deltas("tested"),
            "co_timed_objects": over_deltas("co_timed"),
            "expected": over_deltas("expected"),
            "p_value": over_deltas("p"),
            "q_value": _interleaved(q_values),
        }
    )


def _interleaved(columns: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """The first of each, then the second of each, and so on."""
    return np.column_stack(columns).ravel()
