"""The gate's tests of kept edges at every Δ, read from the side table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

from assay.detectors.kept_edges import KeptEdges, codes_of
from assay.errors import CheckFailed
from assay.model.dataset import RunFolder


@dataclass(frozen=True)
class GateTests:
    """One row per kept edge row and Δ.

    Attributes:
        edge: Row in the kept edges' table.
        delta_s: Width of the block.
        co_timed: Co-timed objects, by each account's first share of the object.
        expected: How many were expected.
        q_value: The edge's q at this Δ.
    """

    edge: np.ndarray
    delta_s: np.ndarray
    co_timed: np.ndarray
    expected: np.ndarray
    q_value: np.ndarray

    def at_gate(self, edges: KeptEdges) -> np.ndarray:
        """The row of each kept edge's test at the Δ that decided.

        Raises:
            CheckFailed: An edge has no such test.
        """
        gate_s = edges.table["delta_s"].to_numpy()
        rows = np.flatnonzero(self.delta_s == gate_s[self.edge])
        place = np.full(len(gate_s), -1)
        place[self.edge[rows]] = rows
        if (place < 0).any():
            raise CheckFailed(
                f"{int((place < 0).sum())} kept edges have no test at their Δ",
                fix="run the detector again",
            )
        return place


def read_gate_tests(run: RunFolder, edges: KeptEdges) -> GateTests:
    """Read the tests of kept edges; those of other candidates are passed over in the stream."""
    keys = _keys(edges.table, edges)
    order = np.argsort(keys, kind="stable")
    sorted_keys = np.append(keys[order], -2)
    parts: list[tuple[np.ndarray, pa.RecordBatch]] = []
    columns = ["kind", "window_s", "account_a", "account_b", "delta_s", "co_timed_objects",
               "expected", "q_value"]  # fmt: skip
    wanted = ds.field("account_a").isin(edges.accounts) & ds.field("account_b").isin(edges.accounts)
    scanner = ds.dataset(run.edge_tests).scanner(columns=columns, filter=wanted)
    for batch in scanner.to_batches():
        own = _keys(batch, edges)
        place = np.searchsorted(sorted_keys[:-1], own)
        hit = np.flatnonzero((own >= 0) & (sorted_keys[place] == own))
        if len(hit):
            parts.append((order[place[hit]], batch.take(pa.array(hit))))
    edge = np.concatenate([rows for rows, _ in parts] or [np.empty(0, np.int64)])
    table = pa.Table.from_batches([batch for _, batch in parts]) if parts else None

    def column(name: str) -> np.ndarray:
        return np.empty(0) if table is None else np.asarray(table[name].to_numpy())

    return GateTests(
        edge=edge,
        delta_s=column("delta_s"),
        co_timed=column("co_timed_objects").astype(np.int64),
        expected=column("expected"),
        q_value=column("q_value"),
    )


def _keys(table: pa.Table | pa.RecordBatch, edges: KeptEdges) -> np.ndarray:
    """One number per (account_a, account_b, kind, window); -1 where no kept edge has it."""
    windows = np.unique(edges.table["window_s"].to_numpy())
    own = np.asarray(table["window_s"].to_numpy())
    window = np.searchsorted(windows, own)
    kind = codes_of(table["kind"], pa.array(edges.kinds, pa.string()))
    a = codes_of(table["account_a"], edges.accounts)
    b = codes_of(table["account_b"], edges.accounts)
    known = (window < len(windows)) & (kind >= 0) & (a >= 0) & (b >= 0)
    known &= windows[np.minimum(window, len(windows) - 1)] == own if len(windows) else False
    key = ((a * len(edges.accounts) + b) * max(len(edges.kinds), 1) + kind) * len(windows) + window
    return np.where(known, key, -1)
