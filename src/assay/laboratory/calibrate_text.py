"""A calibration as lines for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assay.laboratory.calibrate_report import Calibrated
from assay.laboratory.calibrate_rules import GATE
from assay.laboratory.calibrate_targets import MET, NOT_MET
from assay.laboratory.kappa import kappa
from assay.model.units import format_duration

LEVELS = (0.05, 0.001)


def rate_lines(calibrated: Calibrated) -> list[str]:
    """False edges and runs that have any, of every rule, where nothing is planted."""
    rows = [row for row in calibrated.rates.to_pylist() if row["jitter_s"] is None]
    rules = list(dict.fromkeys(row["rule"] for row in rows))
    grouped: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault((_world(row, rows), format_duration(row["window_s"])), {})[
            row["rule"]
        ] = row
    body = [
        [world, window, *(_false(own.get(rule)) for rule in rules)]
        for (world, window), own in grouped.items()
    ]
    return [
        "False edges a run where nothing is planted (in brackets: runs with any)",
        *aligned([["world", "window", *rules], *body]),
    ]


def level_lines(calibrated: Calibrated) -> list[str]:
    """How often an honest pair has a small p under the gate's null."""
    rows = [
        row
        for row in calibrated.p_values.to_pylist()
        if row["null"] == GATE and row["jitter_s"] is None and row["nominal"] in LEVELS
    ]
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in sorted(rows, key=lambda row: -row["nominal"]):
        place = (_world(row, rows), format_duration(row["window_s"]))
        grouped.setdefault(place, []).append(f"{row['observed']:.2g}")
    return [
        "Share of honest pairs with a p of the gate at most this small",
        *aligned(
            [
                ["world", "window", *(f"p <= {level:g}" for level in LEVELS)],
                *([*place, *shares] for place, shares in grouped.items()),
            ]
        ),
    ]


def target_lines(calibrated: Calibrated) -> list[str]:
    """Every target with its verdict, and a count of them."""
    body = [
        [target.verdict, target.world, target.asked, target.figure] for target in calibrated.targets
    ]
    met = sum(target.verdict == MET for target in calibrated.targets)
    missed = sum(target.verdict == NOT_MET for target in calibrated.targets)
    return [
        f"Targets: {met} met, {missed} not met, {len(body) - met - missed} undecided",
        *aligned(body),
    ]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with columns of equal width."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _world(row: dict[str, Any], rows: Sequence[dict[str, Any]]) -> str:
    several = any(other["shrinkage"] != row["shrinkage"] for other in rows)
    return f"{row['world']} ({kappa(row['shrinkage'])})" if several else str(row["world"])


def _false(row: dict[str, Any] | None) -> str:
    return "" if row is None else f"{row['false']:.3g} ({row['runs_with_false']})"
