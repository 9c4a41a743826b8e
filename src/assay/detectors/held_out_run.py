"""The tests on held-out objects as a stage of a run: from candidate pairs to two tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from assay.detectors.activity import Activity
from assay.detectors.arrays import ShareArrays
from assay.detectors.base import DetectorContext
from assay.detectors.block_grid import block_grids
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.density import Density
from assay.detectors.held_out import (
    FINDING_LEVEL,
    MOST_LOOKUPS,
    Direction,
    HeldOut,
    HeldOutParameters,
    account_q_values,
    held_out_tests,
    lookups,
)
from assay.detectors.held_out_tests import GroupSurrogates
from assay.detectors.jitter import Floats
from assay.detectors.pairs import Pairs
from assay.detectors.window_run import WindowRun
from assay.engine.write import write_table
from assay.model.tables import HELD_OUT_ACCOUNTS, HELD_OUT_GROUPS


@dataclass(frozen=True)
class TestedData:
    """What a run's pair tests leave behind for the tests beyond pairs.

    Attributes:
        kinds: Shares of each kind as they were tested.
        account_ids: Id of each account number.
        activity: Of the whole data.
        runs: Every kind and window.
    """

    kinds: Mapping[str, ShareArrays]
    account_ids: pa.Array
    activity: Activity
    runs: list[WindowRun]

    def pairs_at(self, window_s: float) -> dict[str, Pairs]:
        """Candidate pairs of each kind at a window."""
        found = {}
        for run in self.runs:
            if run.window_s == window_s:
                table = pq.read_table(run.pairs, columns=["account_i", "account_j"])
                found[run.kind] = (
                    table["account_i"].to_numpy().astype(np.int32, copy=False),
                    table["account_j"].to_numpy().astype(np.int32, copy=False),
                )
        return found

    def densities_at(self, window_s: float) -> dict[str, Density]:
        """What the gate leans on at a window and the narrowest Δ, by kind."""
        return {run.kind: run.densities[0] for run in self.runs if run.window_s == window_s}


def run_held_out(
    data: TestedData, parameters: Coaction, context: DetectorContext
) -> dict[str, Any]:
    """Write ``held_out_accounts.parquet`` and ``held_out_groups.parquet``.

    Returns:
        What ``run.json`` says of it; ``done`` is false, with the reason, where the data are too
        large for it.
    """
    told: dict[str, Any] = {"seed": parameters.seed, "finding_level": FINDING_LEVEL}
    windows: dict[float, HeldOut] = {}
    cost = 0
    for window_s in parameters.windows_s:
        pairs = data.pairs_at(window_s)
        cost += lookups(data.kinds, pairs)
        if cost > MOST_LOOKUPS:
            _write(context, {}, data.account_ids)
            return told | {
                "done": False,
                "why": "more than "
                f"{MOST_LOOKUPS:,} objects of candidate pairs would have to be looked up",
            }
        (grid,) = block_grids(window_s, parameters.deltas, data.activity.resolution_us)[:1]
        windows[window_s] = held_out_tests(
            data.kinds,
            pairs,
            grid,
            HeldOutParameters(
                data.activity,
                parameters.min_shared,
                data.densities_at(window_s),
                GroupSurrogates(parameters.seed),
                threads=context.threads,
            ),
        )
    q_values = _write(context, windows, data.account_ids)
    return told | {
        "done": True,
        "surrogates": GroupSurrogates.count,
        "groups_tested": sum(
            int((direction.groups.surrogates > 0).sum())
            for one in windows.values()
            for direction in one.directions
        ),
        "accounts_tested": len(q_values),
        "accounts_passing": int((q_values <= parameters.fdr).sum()),
    }


def _write(
    context: DetectorContext, windows: Mapping[float, HeldOut], account_ids: pa.Array
) -> Floats:
    """Write both tables; returns the q of every account tested."""
    accounts = [HELD_OUT_ACCOUNTS.empty_table()]
    groups = [HELD_OUT_GROUPS.empty_table()]
    q_values = np.empty(0)
    if windows:
        numbers, p_values, q_values = account_q_values(list(windows.values()))
        place = np.full(len(account_ids), -1)
        place[numbers] = np.arange(len(numbers))
    for window_s, one in windows.items():
        for half, direction in enumerate(one.directions, 1):
            tested = direction.accounts.accounts
            columns = {
                "account_id": account_ids.take(pa.array(tested)),
                **_account_columns(direction),
                "account_p_value": p_values[place[tested]],
                "account_q_value": q_values[place[tested]],
            }
            accounts.append(_table(window_s, half, columns).cast(HELD_OUT_ACCOUNTS))
            groups.append(_table(window_s, half, _group_columns(direction)).cast(HELD_OUT_GROUPS))
    whole = pa.concat_tables(accounts)
    order = ("window_s", "found_on", "group")
    write_table(context.run.held_out_accounts, whole, HELD_OUT_ACCOUNTS, (*order, "account_id"))
    write_table(context.run.held_out_groups, pa.concat_tables(groups), HELD_OUT_GROUPS, order)
    return q_values


def _account_columns(direction: Direction) -> dict[str, Any]:
    tests = direction.accounts
    return {
        "group": tests.groups,
        "partners": np.diff(direction.found.starts)[tests.accounts],
        "trials": tests.trials,
        "met": tests.met,
        "score": tests.score,
        "expected": tests.expected,
        "p_value": tests.p_values,
        "p_partners_in": direction.p_partners_in,
    }


def _group_columns(direction: Direction) -> dict[str, Any]:
    tests, found = direction.groups, direction.found
    return {
        "group": np.arange(found.count),
        "size": np.bincount(found.groups[found.groups >= 0], minlength=found.count),
        "objects": tests.objects,
        "coincidences": tests.coincidences,
        "expected": tests.expected,
        "surrogates": tests.surrogates,
        "p_some": tests.p_some,
        "p_most": tests.p_most,
        "p_value": tests.p_values,
    }


def _table(window_s: float, half: int, columns: dict[str, Any]) -> pa.Table:
    size = len(columns["group"])
    return pa.table(
        {"window_s": np.full(size, window_s), "found_on": np.full(size, half, np.int64), **columns}
    )
