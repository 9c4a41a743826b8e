"""The dataset and the record that a run folder holds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from tests.report.made_groups import BEGIN_US, Group, Plan

from assay.engine.write import write_json, write_table
from assay.model.dataset import RunFolder
from assay.model.tables import (
    ACCOUNTS,
    REJECTS,
    SHARES,
)

HOSTILE_HANDLE = '"><script>alert(1)</script>\u202eevil'


def write_dataset(run: RunFolder, groups: list[Group], names: list[str], plan: Plan) -> None:
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


def write_run_json(run: RunFolder, accounts: int, kept: int, communities: int) -> None:
    write_json(
        run.run,
        {
            "version": "0.1.0",
            "command": "assay scan 'posts of May.csv' --window 60s -o out",
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
