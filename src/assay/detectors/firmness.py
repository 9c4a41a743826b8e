"""How firm each finding is: the grid of settings, and what it hangs on, within a bounded effort.

Worked out when findings are written, from the shares, for kept pairs inside communities only. A run
without a finding pays nothing for it. Communities whose pairs have more common objects than the
limits allow are passed over, smallest first served; their findings and ``run.json`` say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from assay.detectors.activity import activity_of
from assay.detectors.burstiness import Densities
from assay.detectors.leave_account_out import copied_rows, without_each_account
from assay.detectors.leave_one_out import (
    LeftOut,
    kept_rows,
    nothing_left_out,
    without_each_object,
)
from assay.detectors.network_result import NetworkResult
from assay.detectors.pair_records import PairRecords, pair_records
from assay.detectors.record_tests import GateSettings
from assay.detectors.sensitivity_grid import Grid, sensitivity_grids
from assay.detectors.share_reader import read_coded_shares
from assay.model.dataset import Dataset
from assay.model.finding import Finding


@dataclass(frozen=True)
class FirmnessLimits:
    """How much work may go into it; what is beyond is left out and said.

    Attributes:
        records: Common objects of kept pairs over all communities together, of which the grid
            and everything else is made.
        steps: Steps of exact tails without each object, over all communities together.
        copied_rows: Shares and records copied to leave accounts out, likewise.
    """

    records: int = 2_000_000
    steps: float = 2e9
    copied_rows: int = 10_000_000


@dataclass(frozen=True)
class GateOfRun:
    """What the run asked its gate with, from its record.

    Attributes:
        kinds: Every kind that was looked at: together they are the data's activity.
        deltas: Each Δ as a multiple of the window.
        shrinkage: κ of the gate's density; None where it was learnt.
        min_shared: Fewest distinct co-timed objects of a kept pair.
        resolution_us: The data's time resolution in µs.
        densities: What the run says of the densities that it went by.
        threads: Worker threads.
    """

    kinds: tuple[str, ...]
    deltas: tuple[float, ...]
    shrinkage: float | None
    min_shared: int
    resolution_us: int
    densities: tuple[Mapping[str, Any], ...] = ()
    threads: int = 2

    @classmethod
    def from_record(cls, record: Mapping[str, Any], threads: int = 2) -> GateOfRun:
        """Read it from what ``run.json`` holds."""
        parameters = record["parameters"]
        return cls(
            kinds=tuple(parameters["kinds"]),
            deltas=tuple(sorted(parameters["deltas"])),
            shrinkage=parameters["shrinkage"],
            min_shared=parameters["min_shared"],
            resolution_us=round(record["data"]["time_resolution_s"] * 1e6),
            densities=tuple(record.get("density", ())),
            threads=threads,
        )


@dataclass(frozen=True)
class Firmness:
    """What was worked out for the communities of a run.

    Attributes:
        p_threshold: The largest p that the run kept; every setting is held against it.
        grids: By community.
        objects: Communities without each object.
        accounts: Communities without each account.
        objects_asked: For each community, whether its objects were left out one by one.
        accounts_asked: For each account of the network, whether it was left out.
    """

    p_threshold: float
    grids: dict[int, Grid] = field(default_factory=dict)
    objects: LeftOut = field(default_factory=nothing_left_out)
    accounts: LeftOut = field(default_factory=nothing_left_out)
    objects_asked: np.ndarray = field(default_factory=lambda: np.empty(0, np.bool_))
    accounts_asked: np.ndarray = field(default_factory=lambda: np.empty(0, np.bool_))


def measure_firmness(
    network: NetworkResult,
    dataset: Dataset,
    gate: GateOfRun,
    limits: FirmnessLimits = FirmnessLimits(),
) -> Firmness:
    """Put the gate's question again to the kept pairs of every community that is not too large.

    Raises:
        CheckFailed: The shares do not give the p of a kept pair again.
    """
    rows = kept_rows(network)
    measured = _within(_by_community(network, network.common), limits.records)
    if not measured.any():
        return Firmness(
            rows.p_threshold,
            objects_asked=np.zeros(network.communities, np.bool_),
            accounts_asked=np.zeros(len(network.edges.accounts), np.bool_),
        )
    coded = read_coded_shares(dataset.shares, gate.kinds)
    activity = activity_of(coded.kinds.values(), gate.resolution_us)
    records = pair_records(network, coded, measured)
    densities = Densities(coded.kinds, activity, gate.shrinkage, gate.densities)
    settings = GateSettings(gate.deltas, gate.min_shared, densities, gate.threads)
    grids = sensitivity_grids(
        network, records, _own_windows(network, measured), rows.p_threshold, settings
    )
    steps = network.common.astype(np.float64) ** 2 * (1 + network.co_timed)
    objects_asked = measured & _within(_by_community(network, steps), limits.steps)
    objects = without_each_object(network, records, rows, settings, objects_asked)
    accounts_asked = _accounts_asked(network, records, limits.copied_rows)
    accounts = without_each_account(network, records, rows, settings, accounts_asked)
    return Firmness(rows.p_threshold, grids, objects, accounts, objects_asked, accounts_asked)


def firmness_told(findings: Sequence[Finding]) -> dict[str, Any]:
    """For ``run.json``: the limits, and exactly what was passed over because of them.

    Args:
        findings: Those of communities have ``grid``, ``hangs_objects`` and ``hangs_accounts``.

    Returns:
        ``limits``, and under ``skipped`` one entry for each finding that something was passed over
        of: its ``finding``, whether the ``grid`` of other settings was, and of ``objects`` and
        ``accounts`` how many were ``tried`` of how many (``of``).
    """
    skipped = []
    for finding in findings:
        told = finding.statistic
        if "grid" not in told or "hangs_objects" not in told:
            continue
        counts = {
            what: {"tried": told[f"hangs_{what}"]["tried"], "of": told[f"hangs_{what}"]["of"]}
            for what in ("objects", "accounts")
        }
        # Without one of two accounts nothing is left to be tested.
        pair = len(finding.subjects) == 2
        short = [what for what, one in counts.items() if one["tried"] < one["of"]]
        if told["grid"] is None or [what for what in short if not (pair and what == "accounts")]:
            skipped.append({"finding": finding.id, "grid": told["grid"] is None, **counts})
    return {"limits": asdict(FirmnessLimits()), "skipped": skipped}


def _by_community(network: NetworkResult, values: np.ndarray) -> np.ndarray:
    """A figure of each pair row, summed over the rows inside each community."""
    of_a = network.community[network.pairs.account_a]
    inside = of_a == network.community[network.pairs.account_b]
    summed = np.zeros(network.communities)
    np.add.at(summed, of_a[inside], values[inside])
    return summed


def _within(cost: np.ndarray, limit: float) -> np.ndarray:
    """Which of them fit, the cheapest first served; equally cheap ones fit together or not."""
    order = np.argsort(cost, kind="stable")
    running = np.empty(len(cost))
    running[order] = np.cumsum(cost[order])
    _, same = np.unique(cost, return_inverse=True)
    highest = np.zeros(len(cost))
    np.maximum.at(highest, same, running)
    return np.asarray(highest[same] <= limit)


def _own_windows(network: NetworkResult, communities: np.ndarray) -> dict[int, float]:
    """The largest kept window of each community wanted."""
    of_a = network.community[network.pairs.account_a]
    inside = of_a == network.community[network.pairs.account_b]
    largest_us = np.zeros(network.communities, np.int64)
    np.maximum.at(largest_us, of_a[inside], network.pairs.window_us[inside])
    return {int(k): float(largest_us[k]) / 1e6 for k in np.flatnonzero(communities)}


def _accounts_asked(
    network: NetworkResult, records: list[PairRecords], most_rows: int
) -> np.ndarray:
    """Accounts to be left out: of groups of three or more, the cheapest groups first served.

    Of groups that do not fit, the accounts with the most pairs are tried, as many as fit: what a
    finding hangs on is looked for there first.
    """
    sizes = np.bincount(network.community, minlength=network.communities)
    rows = copied_rows(network, records)
    wanted = (rows > 0) & (sizes[network.community] > 2)
    cost = np.bincount(
        network.community[wanted], weights=rows[wanted], minlength=network.communities
    )
    whole = _within(cost, most_rows)
    asked: np.ndarray = wanted & whole[network.community]
    ends = np.concatenate([network.edges.pair_a, network.edges.pair_b])
    degree = np.bincount(ends, minlength=len(rows))
    rest = np.flatnonzero(wanted & ~asked)
    rest = rest[np.argsort(-degree[rest], kind="stable")]
    room = most_rows - rows[asked].sum()
    asked[rest[np.cumsum(rows[rest]) <= room]] = True
    return asked
