"""Rows of edges and their tests as the schemas want them."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.report.made_groups import BEGIN_US


def add_edge(
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


def add_rejected_candidates(
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
