"""What the gate has to keep to in every world, and whether it did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.laboratory.calibrate_held_out import ACCOUNTS, GROUPS
from assay.laboratory.calibrate_rules import GATE
from assay.laboratory.intervals import binomial_at_least, most_at_level
from assay.laboratory.kappa import kappa
from assay.laboratory.worlds import WORLDS
from assay.model.units import format_duration

Row = dict[str, Any]

REFERENCE_RUNS, REFERENCE_MOST = 200, 16
"""With nothing planted at most 16 of 200 runs may report a false edge."""

KEEPS = {GATE: "edges", GROUPS: "groups", ACCOUNTS: "accounts"}
"""What each rule with a target keeps."""

MET, NOT_MET, UNDECIDED = "met", "not met", "undecided"

POWER_SIZE = 6
POWER_TARGETS = ((20.0, 0.9), (200.0, 0.8))
"""Jitter in seconds, and the share of the accounts of a group of six to be found."""


@dataclass(frozen=True)
class Target:
    """One target in one world.

    Attributes:
        name: Which target.
        world: Where.
        asked: What is asked, in a few words.
        figure: What was measured, in a few words.
        verdict: ``met``, ``not met``, or ``undecided`` where the runs are too few to tell.
    """

    name: str
    world: str
    asked: str
    figure: str
    verdict: str


def most_runs_with_false(runs: int) -> int:
    """How many of so many runs may report a false edge, as 16 of 200 may.

    With a chance of 5 % a run, more than 16 of 200 come up once in so many times; the bound for
    another number of runs is the smallest that is exceeded no more often.
    """
    tail = binomial_at_least(REFERENCE_MOST + 1, REFERENCE_RUNS, 0.05)
    return most_at_level(runs, 0.05, tail)


def targets(rates: pa.Table, power: pa.Table, fdr: float) -> list[Target]:
    """Every target in every world, at each κ."""
    rate_rows = rates.to_pylist()
    power_rows = [row for row in power.to_pylist() if row["size"] == POWER_SIZE]
    in_seconds = {world.name for world in WORLDS if world.in_seconds}
    found: list[Target] = []
    for name, own in _by_world(rate_rows).items():
        by_edges = [row for row in own if row["rule"] == GATE]
        found += [_fdr_target(name, own, rule, fdr) for rule in KEEPS]
        found.append(_silence_target(name, by_edges))
        world, shrinkage = own[0]["world"], own[0]["shrinkage"]
        if world not in in_seconds:
            continue
        mine = [row for row in power_rows if (row["world"], row["shrinkage"]) == (world, shrinkage)]
        for rule in (GATE, ACCOUNTS):
            broken = {
                row["window_s"] for row in own if row["rule"] == rule and row["fdr_low"] > fdr
            }
            found += [
                _power_target(
                    name,
                    [row for row in mine if (row["jitter_s"], row["rule"]) == (jitter_s, rule)],
                    broken,
                )
                for jitter_s, _ in POWER_TARGETS
                if any(row["jitter_s"] == jitter_s for row in mine)
            ]
    return found


def _by_world(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by world, and by κ where several were tried."""
    several = len({row["shrinkage"] for row in rows}) > 1
    worlds: dict[str, list[Row]] = {}
    for row in rows:
        name = f"{row['world']} ({kappa(row['shrinkage'])})" if several else row["world"]
        worlds.setdefault(name, []).append(row)
    return worlds


def _fdr_target(world: str, rows: Sequence[Row], rule: str, fdr: float) -> Target:
    rows = [row for row in rows if row["rule"] == rule]
    worst = max(rows, key=lambda row: (float(row["fdr_low"]) > fdr, float(row["fdr"])))
    planted = "nothing planted" if worst["jitter_s"] is None else f"{worst['jitter_s']:g} s planted"
    verdict = MET if worst["fdr"] <= fdr else UNDECIDED
    broken = {row["window_s"] for row in rows if row["fdr_low"] > fdr}
    held = sorted({row["window_s"] for row in rows} - broken)
    elsewhere = f"; held at {', '.join(map(format_duration, held))}" if broken and held else ""
    return Target(
        f"false {KEEPS[rule]}",
        world,
        f"FDR of {KEEPS[rule]} at most {fdr:g}",
        f"{worst['fdr']:.3f} at worst ({worst['window_s']:g} s, {planted}; "
        f"{worst['fdr_low']:.3f}-{worst['fdr_high']:.3f}){elsewhere}",
        NOT_MET if worst["fdr_low"] > fdr else verdict,
    )


def _silence_target(world: str, rows: Sequence[Row]) -> Target:
    quiet = [row for row in rows if row["jitter_s"] is None]
    worst = max(quiet, key=lambda row: int(row["runs_with_false"]))
    most = most_runs_with_false(worst["runs"])
    return Target(
        "silence",
        world,
        f"with nothing planted at most {most} of {worst['runs']} runs with a false edge",
        f"{worst['runs_with_false']} of {worst['runs']} at worst ({worst['window_s']:g} s, "
        f"{worst['false']:.3g} false edges a run)",
        MET if worst["runs_with_false"] <= most else NOT_MET,
    )


def _power_target(world: str, rows: Sequence[Row], broken: set[float]) -> Target:
    jitter_s = rows[0]["jitter_s"]
    share = dict(POWER_TARGETS)[jitter_s]
    by = "tied by edges" if rows[0]["rule"] == GATE else "named by their own test"
    name = f"accounts {by}, {jitter_s:g} s"
    asked = (
        f"{share:.0%} of the accounts of groups of {POWER_SIZE} {by}, jitter {jitter_s:g} s, at "
        "the best window"
    )
    usable = [row for row in rows if row["window_s"] not in broken]
    if not usable:
        return Target(name, world, asked, "no window holds the FDR here", NOT_MET)
    best = max(usable, key=lambda row: float(row["accounts"]))
    return Target(
        name,
        world,
        asked,
        f"{best['accounts']:.0%} ({best['accounts_low']:.0%}-{best['accounts_high']:.0%}) "
        f"at {best['window_s']:g} s",
        MET if best["accounts"] >= share else NOT_MET,
    )
