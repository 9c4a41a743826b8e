"""A seeded, realistic run folder made by the schemas: what `assay scan` would leave behind."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from tests.report.made_dataset import write_dataset, write_run_json
from tests.report.made_edges import add_edge, add_rejected_candidates
from tests.report.made_evidence import write_evidence
from tests.report.made_findings import community_row, declared, finding_of
from tests.report.made_groups import USUAL, Plan, group_pairs, make_groups

from assay.engine.write import write_json, write_table
from assay.model.dataset import RunFolder
from assay.model.tables import (
    COMMUNITIES,
    EDGE_TESTS,
    EDGES,
    NETWORK,
    NETWORK_ACCOUNTS,
)


def make_run(folder: Path, plan: Plan = USUAL) -> RunFolder:
    """Write every file of a run with findings."""
    run = RunFolder(folder)
    rng = np.random.default_rng(plan.seed)
    groups = make_groups(plan, rng)
    names = [f"example:{1000 + i}" for i in range(sum(plan.groups))]
    pairs = [group_pairs(group, rng, _share(plan, len(group.members))) for group in groups]
    tables: dict[str, list[dict[str, Any]]] = {"edges": [], "tests": [], "network": []}
    findings = []
    communities = []
    degree = np.zeros(len(names), dtype=np.int64)
    strength = np.zeros(len(names), dtype=np.int64)
    for number, (group, found) in enumerate(zip(groups, pairs, strict=True)):
        for a, b, counts in found:
            add_edge(tables, (names[a], names[b]), counts, rng)
            degree[[a, b]] += 1
            strength[[a, b]] += counts["near"]
        finding = finding_of(number, [names[i] for i in group.members], found)
        if number in plan.affiliated:
            finding = declared(finding)
        communities.append(community_row(number, group, len(found)))
        findings.append(
            dataclasses.replace(
                finding, evidence=write_evidence(run, finding.id, group, found, names, plan)
            )
        )
    add_rejected_candidates(tables, rng)
    _write_network(run, tables, communities)
    write_table(
        run.network_accounts,
        pa.Table.from_pylist(
            [
                {
                    "account_id": names[i],
                    "community": number,
                    "degree": int(degree[i]),
                    "strength": int(strength[i]),
                    "shares": int((group.times_us[k] >= 0).sum()) + 3,
                    "coordinated_shares": int((group.times_us[k] >= 0).sum()),
                    "p_value": float(1e-6 * (1 + k)),
                    "q_value": float(2e-6 * (1 + k)),
                }
                for number, group in enumerate(groups)
                for k, i in enumerate(group.members)
            ],
            schema=NETWORK_ACCOUNTS,
        ),
        NETWORK_ACCOUNTS,
    )
    write_json(run.findings, {"schema": 1, "findings": [dataclasses.asdict(f) for f in findings]})
    write_dataset(run, groups, names, plan)
    write_run_json(run, len(names), len(tables["network"]), len(groups))
    return run


def make_empty_run(folder: Path) -> RunFolder:
    """Write a run in which candidates were tested and none passed."""
    run = RunFolder(folder)
    rng = np.random.default_rng(3)
    tables: dict[str, list[dict[str, Any]]] = {"edges": [], "tests": [], "network": []}
    add_rejected_candidates(tables, rng)
    _write_network(run, tables, [])
    write_table(run.network_accounts, NETWORK_ACCOUNTS.empty_table(), NETWORK_ACCOUNTS)
    write_json(run.findings, {"schema": 1, "findings": []})
    write_run_json(run, 0, 0, 0)
    return run


def _share(plan: Plan, size: int) -> int | None:
    if plan.edges_wanted is None:
        return None
    possible = [n * (n - 1) / 2 for n in plan.groups]
    return max(1, round(plan.edges_wanted * size * (size - 1) / 2 / sum(possible)))


def _write_network(
    run: RunFolder, tables: dict[str, list[dict[str, Any]]], communities: list[dict[str, Any]]
) -> None:
    for path, rows, schema in (
        (run.edges, tables["edges"], EDGES),
        (run.edge_tests, tables["tests"], EDGE_TESTS),
        (run.network, tables["network"], NETWORK),
        (run.communities, communities, COMMUNITIES),
    ):
        write_table(path, pa.Table.from_pylist(rows, schema=schema), schema)
