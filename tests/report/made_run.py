"""A seeded, realistic run folder made by the schemas: what `assay scan` would leave behind."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assay.engine.write import file_sha256, write_json, write_table
from assay.model.dataset import RunFolder
from assay.model.finding import EvidenceReference, Explanation, Finding
from assay.model.tables import (
    ACCOUNTS,
    COMMUNITIES,
    EDGE_TESTS,
    EDGES,
    NETWORK,
    NETWORK_ACCOUNTS,
    PAIR_EVIDENCE,
    POSTS,
    REJECTS,
    SHARES,
)

BEGIN_US = int(datetime(2024, 3, 4, 6, tzinfo=UTC).timestamp()) * 1_000_000
WINDOW_US = 60_000_000
HOSTILE_TEXT = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>"
HOSTILE_HANDLE = '"><script>alert(1)</script>\u202eevil'


@dataclass(frozen=True)
class Plan:
    """How large a run to make."""

    seed: int = 7
    groups: tuple[int, ...] = (14, 9, 6)
    objects_per_group: int = 24
    edges_wanted: int | None = None
    share_table: bool = False
    affiliated: tuple[int, ...] = ()
    """Groups whose accounts declare one publisher."""


@dataclass
class _Group:
    members: np.ndarray
    times_us: np.ndarray  # members x objects; -1 where not shared
    objects: list[str]


def make_run(folder: Path, plan: Plan = Plan()) -> RunFolder:
    """Write every file of a run with findings."""
    run = RunFolder(folder)
    rng = np.random.default_rng(plan.seed)
    groups = _make_groups(plan, rng)
    names = [f"example:{1000 + i}" for i in range(sum(plan.groups))]
    pairs = [_group_pairs(group, rng, _share(plan, len(group.members))) for group in groups]
    tables: dict[str, list[dict[str, Any]]] = {"edges": [], "tests": [], "network": []}
    findings = []
    communities = []
    degree = np.zeros(len(names), dtype=np.int64)
    strength = np.zeros(len(names), dtype=np.int64)
    for number, (group, group_pairs) in enumerate(zip(groups, pairs, strict=True)):
        for a, b, counts in group_pairs:
            _add_edge(tables, (names[a], names[b]), counts, rng)
            degree[[a, b]] += 1
            strength[[a, b]] += counts["near"]
        finding = _finding(number, [names[i] for i in group.members], group_pairs)
        if number in plan.affiliated:
            finding = _declared(finding)
        communities.append(_community(number, group, len(group_pairs)))
        findings.append(
            dataclasses.replace(
                finding, evidence=_write_evidence(run, finding.id, group, group_pairs, names, plan)
            )
        )
    _add_rejected_candidates(tables, rng)
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
    _write_dataset(run, groups, names, plan)
    _write_run_json(run, len(names), len(tables["network"]), len(groups))
    return run


def make_empty_run(folder: Path) -> RunFolder:
    """Write a run in which candidates were tested and none passed."""
    run = RunFolder(folder)
    rng = np.random.default_rng(3)
    tables: dict[str, list[dict[str, Any]]] = {"edges": [], "tests": [], "network": []}
    _add_rejected_candidates(tables, rng)
    _write_network(run, tables, [])
    write_table(run.network_accounts, NETWORK_ACCOUNTS.empty_table(), NETWORK_ACCOUNTS)
    write_json(run.findings, {"schema": 1, "findings": []})
    _write_run_json(run, 0, 0, 0)
    return run


def _share(plan: Plan, size: int) -> int | None:
    if plan.edges_wanted is None:
        return None
    possible = [n * (n - 1) / 2 for n in plan.groups]
    return max(1, round(plan.edges_wanted * size * (size - 1) / 2 / sum(possible)))


def _make_groups(plan: Plan, rng: np.random.Generator) -> list[_Group]:
    groups, first = [], 0
    for number, size in enumerate(plan.groups):
        count = plan.objects_per_group
        began = BEGIN_US + rng.integers(0, 20 * 86_400, count) * 1_000_000
        delay = rng.integers(0, 45, (size, count)) * 1_000_000
        late = rng.random((size, count)) < 0.12
        times = began + delay + late * rng.integers(1800, 30_000, (size, count)) * 1_000_000
        times[rng.random((size, count)) < 0.25] = -1
        objects = [
            f"https://news-{number}.example/story/{k}?ref=<b>&amp;x={k * 7}" for k in range(count)
        ]
        groups.append(_Group(np.arange(first, first + size), times, objects))
        first += size
    return groups


def _group_pairs(
    group: _Group, rng: np.random.Generator, wanted: int | None
) -> list[tuple[int, int, dict[str, Any]]]:
    size = len(group.members)
    left, right = np.triu_indices(size, 1)
    if wanted is not None and wanted < len(left):
        chosen = np.sort(rng.choice(len(left), wanted, replace=False))
        left, right = left[chosen], right[chosen]
    found = []
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        both = (group.times_us[i] >= 0) & (group.times_us[j] >= 0)
        gap = np.abs(group.times_us[i] - group.times_us[j])
        near = both & (gap <= WINDOW_US)
        if near.sum() < 2:
            continue
        counts = {
            "i": i,
            "j": j,
            "both": both,
            "near": int(near.sum()),
            "common": int(both.sum()),
            "near_at": np.nonzero(near)[0],
            "gap_s": float(np.median(gap[near]) / 1e6),
            "first": int(group.times_us[i][near].min()),
            "last": int(group.times_us[i][near].max()),
        }
        found.append((int(group.members[i]), int(group.members[j]), counts))
    return found


def _add_edge(
    tables: dict[str, list[dict[str, Any]]],
    pair: tuple[str, str],
    counts: dict[str, Any],
    rng: np.random.Generator,
) -> None:
    expected = float(counts["common"] * 0.19)
    p_value = float(10.0 ** -(counts["near"] * 0.7))
    edge = {"kind": "link", "window_s": 60.0, "account_a": pair[0], "account_b": pair[1]}
    tables["edges"].append(
        edge
        | {
            "shared_objects": counts["near"],
            "co_shares": counts["near"],
            "common_objects": counts["common"],
            "first_at": counts["first"],
            "last_at": counts["last"],
            "median_gap_s": counts["gap_s"],
            "delta_s": 600.0,
            "expected": expected,
            "p_value": p_value,
            "q_value": p_value * 20,
            "p_shuffle": p_value * 3,
            "p_rate": p_value / 5,
            "p_hypergeometric": float(rng.random() * 1e-4),
            "kept": True,
        }
    )
    for delta_s, factor in ((600.0, 1.0), (1800.0, 1e-2)):
        tables["tests"].append(
            edge
            | {
                "delta_s": delta_s,
                "tested_objects": counts["common"],
                "co_timed_objects": counts["near"],
                "expected": expected * 600 / delta_s,
                "p_value": p_value * factor,
                "q_value": p_value * 20 * factor,
            }
        )
    tables["network"].append(
        {
            "account_a": pair[0],
            "account_b": pair[1],
            "weight": counts["near"],
            "kinds": ["link"],
            "windows_s": [60.0],
            "q_value": p_value * 20,
            "first_at": counts["first"],
            "last_at": counts["last"],
        }
    )


def _add_rejected_candidates(
    tables: dict[str, list[dict[str, Any]]], rng: np.random.Generator
) -> None:
    for number in range(40):
        edge = {
            "kind": "link",
            "window_s": 60.0,
            "account_a": f"example:8{number:03d}",
            "account_b": f"example:9{number:03d}",
        }
        p_value = float(0.05 + 0.9 * rng.random())
        at = BEGIN_US + number * 86_400_000
        tables["edges"].append(
            edge
            | {
                "shared_objects": 2,
                "co_shares": 2,
                "common_objects": 9,
                "first_at": at,
                "last_at": at + 5_000_000,
                "median_gap_s": 31.0,
                "delta_s": 600.0,
                "expected": 1.7,
                "p_value": p_value,
                "q_value": min(1.0, p_value * 4),
                "p_shuffle": p_value,
                "p_rate": p_value,
                "p_hypergeometric": p_value,
                "kept": False,
            }
        )
        for delta_s in (600.0, 1800.0):
            tables["tests"].append(
                edge
                | {
                    "delta_s": delta_s,
                    "tested_objects": 9,
                    "co_timed_objects": 2,
                    "expected": 1.7 * 600 / delta_s,
                    "p_value": p_value,
                    "q_value": min(1.0, p_value * 4),
                }
            )


def _community(number: int, group: _Group, edges: int) -> dict[str, Any]:
    shared = group.times_us[group.times_us >= 0]
    return {
        "community": number,
        "size": len(group.members),
        "edges": edges,
        "kinds": ["link"],
        "objects": len(group.objects),
        "first_at": int(shared.min()),
        "last_at": int(shared.max()),
        "stability": 0.97,
        "q_value": 3e-9,
    }


def _firmness(subjects: list[str], pairs: int) -> dict[str, Any]:
    """What a finding says of how firm it is; the object's name is a hostile one."""
    windows_s, counts = [15.0, 30.0, 60.0, 120.0, 240.0], [2, 3, 5, 10, 20]
    left = [
        [[max(0, pairs - 3 * abs(w - 2) - 2 * d - c * c) for c in range(5)] for d in range(2)]
        for w in range(5)
    ]

    def listed(names: list[str], kind: str | None, others: int) -> list[dict[str, Any]]:
        return [
            {
                "id": name,
                "kind": kind,
                "pairs": pairs,
                "pairs_left": max(0, pairs - 4 + place),
                "accounts": others,
                "accounts_left": max(0, others - 2 + place),
                "largest_p": 0.004,
            }
            for place, name in enumerate(names)
        ]

    size = len(subjects)
    return {
        "stability": 0.97,
        "stability_seeds": 1.0,
        "least_stable_account": 0.85,
        "grid": {
            "own_window_s": 60.0,
            "windows_s": windows_s,
            "deltas": [10.0, 30.0],
            "min_shared": counts,
            "p_threshold": 0.0061,
            "pairs": left,
            "accounts": [[[min(size, 2 * n) for n in row] for row in rows] for rows in left],
        },
        "hangs_objects": {
            "tried": 24,
            "of": 24,
            "dissolving": 0,
            "halving": 0,
            "least_accounts_left": size - 2,
            "least_pairs_left": max(0, pairs - 4),
            "listed": listed([HOSTILE_TEXT, "https://news-0.example/story/1"], "link", size),
        },
        "hangs_accounts": {
            "tried": size,
            "of": size,
            "dissolving": 0,
            "halving": 0,
            "least_accounts_left": size - 3,
            "least_pairs_left": max(0, pairs - 4),
            "listed": listed(subjects[:3], None, size - 1),
        },
    }


def _finding(
    number: int, subjects: list[str], pairs: list[tuple[int, int, dict[str, Any]]]
) -> Finding:
    return Finding(
        id=f"coaction-community-{number:04d}",
        kind="coaction.community",
        claim="synchronous",
        subjects=tuple(sorted(subjects)),
        statement=(
            f"{len(subjects)} accounts shared the same 24 links within 60 s of each other, though "
            "each was free to share them at any moment of the same ten minutes; 0.4 such "
            "coincidences would be expected (q = 3·10⁻⁹)."
        ),
        statistic={
            "community": number,
            "accounts": len(subjects),
            "pairs": len(pairs),
            "possible_pairs": len(subjects) * (len(subjects) - 1) // 2,
            "objects_by_kind": {"link": 24},
            "coincidences": 212,
            "expected_coincidences": 0.4,
            "median_gap_s": 14.0,
            "largest_q": 3e-9,
            **_firmness(subjects, len(pairs)),
            "sensitivity": {
                "window_and_delta": [{"window_s": 60.0, "delta_s": 600.0, "pairs": len(pairs)}],
                "min_shared": [{"min_shared": 5, "pairs": len(pairs) // 2}],
                "fdr": [{"fdr": 0.01, "pairs": len(pairs)}],
            },
        },
        p_value=None,
        q_value=3e-9,
        reason=(
            "The accounts hit the same minute far more often than their own habits, spread "
            "freely within the same ten minutes, would bring about."
        ),
        limits=(
            "Synchronous; nothing here says who they are or that they are fake.",
            "A common stimulus faster than ten minutes would look the same.",
        ),
        explanations=(
            Explanation("Chance", "Busy accounts coincide now and then.", "q is 3·10⁻⁹."),
            Explanation("A common feed", "All posts carry links.", "The client names differ."),
            Explanation("Acting together", "The timing is tighter than the null allows.", "None."),
        ),
        strength="strong",
        method={"name": "coaction", "version": "0.1.0", "window_s": 60.0, "delta_s": 600.0},
    )


def _declared(finding: Finding) -> Finding:
    """The same finding about accounts that declare one publisher."""
    return dataclasses.replace(
        finding,
        id=finding.id.replace("community", "affiliated"),
        kind="coaction.affiliated",
        statement=finding.statement + " Synchronous, openly affiliated.",
    )


def _post(name: str, handle: int, at_us: int, link: str, text: str) -> dict[str, Any]:
    return {
        "post_id": f"{name}:{at_us // 1_000_000}",
        "account_id": name,
        "platform": "example",
        "created_at": at_us,
        "time_resolution_s": 1.0,
        "kind": "post",
        "text": text,
        "language": "en",
        "url": f"https://social.example/{handle}/status/{at_us}",
        "source": "posts.csv",
        "row": handle,
    }


def _text(number: int, link: str) -> str:
    openings = (
        "They do not want you to read this:",
        "Everyone should see what happened at the harbour today.",
        "Прочитайте это, пока не удалили —",
        "اقرأ هذا الآن",
        HOSTILE_TEXT,
    )
    return f"{openings[number % len(openings)]} {link} #story{number % 9} 🚢"


def _write_evidence(
    run: RunFolder,
    finding_id: str,
    group: _Group,
    pairs: list[tuple[int, int, dict[str, Any]]],
    names: list[str],
    plan: Plan,
) -> tuple[EvidenceReference, ...]:
    posts, pair_rows = [], []
    for k, account in enumerate(group.members.tolist()):
        for o in np.nonzero(group.times_us[k] >= 0)[0].tolist():
            link = group.objects[o]
            post = _post(
                names[account], account, int(group.times_us[k, o]), link, _text(account + o, link)
            )
            if plan.share_table:
                post = {
                    "account_id": post["account_id"],
                    "kind": "object",
                    "object_id": link,
                    "post_id": post["post_id"],
                    "shared_at": post["created_at"],
                }
            posts.append(post)
    for a, b, counts in pairs:
        near = set(counts["near_at"].tolist())
        for o in np.nonzero(counts["both"])[0].tolist():
            at_a = int(group.times_us[counts["i"], o])
            at_b = int(group.times_us[counts["j"], o])
            pair_rows.append(
                {
                    "kind": "object" if plan.share_table else "link",
                    "object_id": group.objects[o],
                    "account_a": names[a],
                    "account_b": names[b],
                    "post_a": f"{names[a]}:{at_a // 1_000_000}",
                    "post_b": f"{names[b]}:{at_b // 1_000_000}",
                    "shared_at_a": at_a,
                    "shared_at_b": at_b,
                    "gap_s": abs(at_a - at_b) / 1e6,
                    "co_timed": o in near,
                }
            )
    folder = run.evidence / finding_id
    schema = SHARES if plan.share_table else POSTS
    write_table(folder / "posts.parquet", pa.Table.from_pylist(posts, schema=schema), schema)
    write_table(
        folder / "pairs.parquet",
        pa.Table.from_pylist(pair_rows, schema=PAIR_EVIDENCE),
        PAIR_EVIDENCE,
    )
    return tuple(
        EvidenceReference(
            path=f"evidence/{finding_id}/{file}",
            sha256=file_sha256(folder / file),
            rows=rows,
            holds=holds,
        )
        for file, rows, holds in (
            ("posts.parquet", len(posts), "the posts"),
            ("pairs.parquet", len(pair_rows), "the pairs of posts"),
        )
    )


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


def _write_dataset(run: RunFolder, groups: list[_Group], names: list[str], plan: Plan) -> None:
    accounts = [
        {
            "account_id": name,
            "platform": "example",
            "handle": HOSTILE_HANDLE if i == 2 else None if i == 5 else f"reader_{i}",
            "display_name": f"Reader {i}",
            "status": "active",
            "followers": 100 + i,
            "created_at": BEGIN_US - (i + 1) * 86_400_000_000,
        }
        for i, name in enumerate(names)
    ]
    shares = [
        {
            "account_id": names[account],
            "kind": "link",
            "object_id": group.objects[o],
            "post_id": f"{names[account]}:{int(group.times_us[k, o]) // 1_000_000}",
            "shared_at": int(group.times_us[k, o]),
        }
        for group in groups
        for k, account in enumerate(group.members.tolist())
        for o in np.nonzero(group.times_us[k] >= 0)[0].tolist()
    ]
    rejects = [
        {"source": "posts.csv", "row": 14 + i, "column": "created_at", "reason": "no time"}
        for i in range(5)
    ] + [{"source": "posts.csv", "row": 99, "column": None, "reason": "unclosed quote", "raw": "<"}]
    dataset = run.dataset
    for path, rows, schema in (
        (dataset.accounts, accounts, ACCOUNTS),
        (dataset.shares, shares, SHARES),
        (dataset.rejects, rejects, REJECTS),
    ):
        write_table(path, pa.Table.from_pylist(rows, schema=schema), schema)
    write_json(
        dataset.manifest,
        {
            "assay_version": "0.1.0",
            "inputs": [
                {
                    "source": "posts.csv",
                    "sha256": "ab" * 32,
                    "format": "posts",
                    "mapping": {"created_at": "time", "text": "body"},
                    "read": 298_118,
                    "kept": 298_112,
                    "rejected": 6,
                    "shares": 412_345,
                    "time_resolution_s": 1.0,
                    "timezone": None,
                    "notes": ["the column 'extra' was not used"],
                }
            ],
            "skipped": {"README.md": "no data"},
            "rows": {"read": 298_118, "kept": 298_112, "rejected": 6},
            "posts": 298_112,
            "accounts": 12_034,
            "shares": {"link": 412_345},
            "time_resolution_s": 1.0,
        },
    )


def _write_run_json(run: RunFolder, accounts: int, kept: int, communities: int) -> None:
    write_json(
        run.run,
        {
            "version": "0.1.0",
            "command": ["assay", "scan", "posts of May.csv", "--window", "60s", "-o", "out"],
            "parameters": {
                "windows_s": [60.0],
                "auto_window": False,
                "min_shared": 2,
                "fdr": 0.05,
                "kinds": ["link", "hashtag"],
                "deltas": [10.0, 30.0],
                "max_sharers": None,
                "shrinkage": 2.0,
            },
            "data": {
                "shares_by_kind": {"link": 412_345},
                "objects_by_kind": {"link": 53_021},
                "accounts": 12_034,
                "time_resolution_s": 1.0,
                "first_at": "2024-03-04T06:00:00Z",
                "last_at": "2024-03-24T05:59:00Z",
            },
            "prediction": [{"kind": "link", "window_s": 60.0, "share_pairs": 81_234}],
            "family": {
                "tests": 14_714,
                "how": "exact",
                "c0": 2,
                "members": [
                    {
                        "kind": "link",
                        "window_s": 60.0,
                        "deltas_s": [600.0, 1800.0],
                        "pairs_at_risk": 7_357,
                        "how": "exact",
                        "estimate": 7_357,
                        "pairs_with_common_objects": 91_002,
                        "pairs_with_common_objects_how": "exact",
                    }
                ],
            },
            "results": {
                "candidates": kept + 40,
                "kept": kept,
                "accounts": accounts,
                "communities": communities,
            },
            "notes": ["The times are whole seconds; the null uses that lattice."],
        },
    )
