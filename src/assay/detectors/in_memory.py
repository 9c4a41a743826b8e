"""The detector over shares that lie in memory: the same tests as ``assay detect``, no engine.

A calibration runs the detector thousands of times on small worlds, where starting an engine would
take longer than the work. Only the join is replaced; prediction, family, gate and comparison nulls
are :func:`assay.detectors.window_run.run_window` itself. That both joins give the same pairs is
tested against the real engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from assay.detectors.activity import activity_of
from assay.detectors.arrays import Int64s, ShareArrays, group_starts, pairs_per_object
from assay.detectors.base import DetectorContext
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.coaction import Coaction
from assay.detectors.coaction_steps import PAIR_BASE
from assay.detectors.window_run import run_window
from assay.engine.compiled import njit
from assay.engine.step import Step
from assay.errors import CheckFailed
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent

Floats = npt.NDArray[np.float64]

MEMORY_BYTES = 2 << 30
"""Told to the detector; a world of calibration takes a thousandth of it."""


@dataclass(frozen=True)
class TestedPairs:
    """Every candidate pair of one kind and window, tested.

    Attributes:
        deltas_s: Every Δ in seconds, narrowest first.
        family: Pairs at risk at one Δ; m of the gate is ``family`` times the number of Δ.
        common_family: Pairs with c₀ common objects at any time: m of the comparison nulls.
        account_i: Account number of each pair's first account.
        account_j: Of its second.
        shared_objects: Objects co-timed in each pair.
        co_shares: Share pairs within the window.
        p_values: (Δ, pair).
        q_values: (Δ, pair), over all Δ as one family.
        p_shuffle: Of the comparison nulls.
        p_rate: Likewise.
        p_hypergeometric: Likewise.
    """

    deltas_s: tuple[float, ...]
    family: int
    common_family: int
    account_i: Int64s
    account_j: Int64s
    shared_objects: Int64s
    co_shares: Int64s
    p_values: Floats
    q_values: Floats
    p_shuffle: Floats
    p_rate: Floats
    p_hypergeometric: Floats


def detect_in_memory(
    shares: ShareArrays, window_s: float, resolution_us: int, parameters: Coaction, work: Path
) -> TestedPairs:
    """Test every candidate pair of one kind at one window.

    Args:
        shares: One kind's shares.
        window_s: The window in seconds.
        resolution_us: The data's time resolution in µs.
        parameters: As for ``assay detect``; its windows and kinds are not read.
        work: An existing folder for the detector's intermediate table, emptied of it again.

    Raises:
        UsageError: The window is below twice the resolution.
    """
    engine = MemoryEngine(round(window_s * 1e6), parameters.min_shared)
    context = DetectorContext(
        dataset=Dataset(work),
        run=RunFolder(work),
        work=work,
        engine=engine,
        memory_bytes=MEMORY_BYTES,
        threads=1,
        progress=Silent(),
    )
    activity = activity_of([shares], resolution_us)
    run = run_window("object", window_s, shares, parameters, activity, context)
    table = pq.read_table(run.pairs)
    run.pairs.unlink()
    p_values = np.array([table[f"p_{number}"].to_numpy() for number in range(len(run.deltas_s))])
    family = run.at_risk.pairs * len(run.deltas_s)
    q_values = benjamini_hochberg(p_values.ravel(), family).reshape(p_values.shape)
    return TestedPairs(
        deltas_s=run.deltas_s,
        family=run.at_risk.pairs,
        common_family=run.common.pairs,
        account_i=table["account_i"].to_numpy().astype(np.int64),
        account_j=table["account_j"].to_numpy().astype(np.int64),
        shared_objects=table["shared_objects"].to_numpy(),
        co_shares=table["co_shares"].to_numpy(),
        p_values=p_values,
        q_values=q_values,
        p_shuffle=table["p_shuffle"].to_numpy(),
        p_rate=table["p_rate"].to_numpy(),
        p_hypergeometric=table["p_hypergeometric"].to_numpy(),
    )


class MemoryEngine:
    """Knows the two steps of the co-action network, by two pointers instead of a join.

    Satisfies :class:`assay.engine.base.Engine` as far as the detector calls it; asked for
    anything else it refuses.

    Args:
        window_us: The window of its steps.
        min_shared: Fewest objects of a pair.
    """

    name = "memory"

    def __init__(self, window_us: int, min_shared: int) -> None:
        self._window_us = window_us
        self._min_shared = min_shared
        self._tables: dict[str, pa.Table] = {}

    def add_arrow(self, name: str, table: pa.Table) -> None:
        """Keep a table."""
        self._tables[name] = table

    def run(self, step: Step) -> None:
        """Make one of the two tables.

        Raises:
            CheckFailed: The step is another one.
        """
        if step.name == "co_timed_pairs":
            self._tables[step.name] = co_timed_table(self._tables["active_shares"], self._window_us)
        elif step.name == "coordination_network" and step.reads == ("co_timed_pairs",):
            self._tables[step.name] = network_table(
                self._tables["co_timed_pairs"], self._min_shared
            )
        else:
            raise CheckFailed(f"the engine in memory does not know the step {step.name}")

    def count(self, name: str) -> int:
        """The number of rows of a table."""
        return len(self._tables[name])

    def arrow(self, name: str, order_by: tuple[str, ...] = ()) -> pa.Table:
        """A table, in the given order if one is given."""
        table = self._tables[name]
        return table.sort_by([(column, "ascending") for column in order_by]) if order_by else table

    def drop(self, name: str) -> None:
        """Forget a table."""
        del self._tables[name]

    def add_parquet(self, name: str, path: Path) -> None:
        """Refused: parts are for data that outgrow memory."""
        raise CheckFailed(f"the engine in memory reads no files; {name} came from {path.name}")

    def write_parquet(self, name: str, path: Path) -> None:
        """Refused."""
        raise CheckFailed(f"the engine in memory writes no files; {name} was to be {path.name}")

    def close(self) -> None:
        """Forget everything."""
        self._tables.clear()


def co_timed_table(active: pa.Table, window_us: int) -> pa.Table:
    """What the step ``co_timed_pairs`` makes: ``object, pair``, each once.

    Args:
        active: ``object, account, shared_us``, sorted by object and time.
        window_us: The window.
    """
    objects = active["object"].to_numpy().astype(np.int32, copy=False)
    accounts = active["account"].to_numpy().astype(np.int32, copy=False)
    times_us = active["shared_us"].to_numpy().astype(np.int64, copy=False)
    starts = group_starts(objects)
    shares = ShareArrays(objects, accounts, times_us, starts, int(accounts.max(initial=-1)) + 1)
    room = int(pairs_per_object(shares, window_us).sum())
    found_objects = np.empty(room, np.int32)
    found_pairs = np.empty(room, np.int64)
    filled = _co_timed(starts, shares.accounts, times_us, window_us, found_objects, found_pairs)
    found_objects, found_pairs = found_objects[:filled], found_pairs[:filled]
    order = np.lexsort((found_pairs, found_objects))
    found_objects, found_pairs = found_objects[order], found_pairs[order]
    new = np.ones(filled, np.bool_)
    new[1:] = (np.diff(found_objects) != 0) | (np.diff(found_pairs) != 0)
    return pa.table({"object": found_objects[new], "pair": found_pairs[new]})


def network_table(co_timed: pa.Table, min_shared: int) -> pa.Table:
    """What the step ``coordination_network`` makes: ``pair, shared_objects``."""
    pairs, weights = np.unique(co_timed["pair"].to_numpy(), return_counts=True)
    enough = weights >= min_shared
    return pa.table({"pair": pairs[enough], "shared_objects": weights[enough].astype(np.int64)})


@njit
def _co_timed(
    starts: Int64s,
    accounts: npt.NDArray[np.int32],
    times_us: Int64s,
    window_us: int,
    found_objects: npt.NDArray[np.int32],
    found_pairs: Int64s,
) -> int:
    filled = 0
    for index in range(len(starts) - 1):
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while times_us[row] - times_us[oldest] > window_us:
                oldest += 1
            for earlier in range(oldest, row):
                if accounts[earlier] == accounts[row]:
                    continue
                low = np.int64(min(accounts[earlier], accounts[row]))
                high = np.int64(max(accounts[earlier], accounts[row]))
                found_objects[filled] = index
                found_pairs[filled] = low * PAIR_BASE + high
                filled += 1
    return filled
