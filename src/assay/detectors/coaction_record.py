"""What ``run.json`` says of a detection: parameters, data, densities, family, counts, notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from assay.detectors.coaction_parameters import Coaction
from assay.detectors.coaction_tables import Written
from assay.detectors.interval import CoordinationInterval
from assay.detectors.reactions import reactions_told
from assay.detectors.window_run import WindowRun
from assay.detectors.wording import counted
from assay.model.units import format_duration

FEW_OBJECTS = 50
"""An interval estimated from fewer fast objects than this is a guess, and the notes say so."""

LONG_BLOCK_S = 7200.0
"""In blocks longer than this, habits of the hour are no longer held fixed."""


@dataclass(frozen=True)
class SharesRead:
    """The data of a detection.

    Attributes:
        shares: By kind.
        objects: By kind.
        resolution_us: Of the times.
        interval: The window as it was estimated; None where it was not.
        caps: What ``max_sharers`` left out, in sentences.
    """

    shares: dict[str, int]
    objects: dict[str, int]
    resolution_us: int
    interval: CoordinationInterval | None
    caps: list[str]


def record_of(
    settled: Coaction, runs: list[WindowRun], written: Written, read: SharesRead
) -> dict[str, Any]:
    """The record of the stage.

    Args:
        settled: Parameters, with the kinds and windows that were examined.
        runs: One for each kind and window.
        written: What the tables hold.
        read: The data.
    """
    interval = read.interval
    least_s = 2 * read.resolution_us / 1e6
    reactions = reactions_told([run.reactions for run in runs], least_s)
    return {
        "parameters": asdict(settled),
        "data": {
            "shares_by_kind": read.shares,
            "objects_by_kind": read.objects,
            "time_resolution_s": read.resolution_us / 1e6,
        },
        "density": _density_told(settled, runs),
        "reactions": reactions,
        "prediction": [
            {"kind": run.kind, "window_s": run.window_s, "share_pairs": run.share_pairs}
            for run in runs
        ],
        "family": {
            "tests": written.family_tests,
            "how": written.family_how,
            "c0": settled.min_shared,
            "members": [_member_told(run) for run in runs],
        },
        "results": {
            "candidates": written.candidates,
            "kept": written.kept,
            "kept_by_delta": written.kept_by_delta,
        },
        "window_auto": None if interval is None else asdict(interval),
        "caps": read.caps,
        "notes": [*read.caps, *reactions["says"], *_notes(runs, written, interval, least_s)],
    }


def _notes(
    runs: list[WindowRun],
    written: Written,
    interval: CoordinationInterval | None,
    least_s: float,
) -> Iterator[str]:
    """What a reader of the figures should know first."""
    if interval is not None:
        few = " So few objects say little: choose a window yourself."
        yield (
            f"The window of {format_duration(interval.window_s)} was estimated on half of the "
            f"objects, from the {interval.objects:,} of them that spread fastest; only the other "
            f"half was tested.{few if interval.objects < FEW_OBJECTS else ''}"
        )
    long = sorted({run.window_s for run in runs if run.deltas_s[0] > LONG_BLOCK_S})
    if long:
        yield (
            f"Windows of {', '.join(format_duration(window_s) for window_s in long)} make the "
            f"gate's blocks up to {format_duration(max(run.deltas_s[0] for run in runs))} long: "
            "habits of the hour are no longer held fixed, and accounts that merely keep the same "
            f"hours can pass. {_shorter(runs, long, least_s)}"
        )
    if written.family_tests < 1000:
        tests = counted(written.family_tests, "test")
        yield (
            f"Only {tests} {'was' if written.family_tests == 1 else 'were'} possible: this data "
            "set is too thin to say that nothing is there."
            if written.family_tests
            else "No test was possible: this data set is too thin to say that nothing is there."
        )


def _shorter(runs: list[WindowRun], long_s: list[float], least_s: float) -> str:
    """Which window to rely on instead."""
    if any(run.window_s < long_s[0] for run in runs):
        return "Rely on the shorter windows."
    if least_s < long_s[0]:
        return "Test a shorter window as well."
    return "The data's times are too coarse for a shorter one."


def _density_told(settled: Coaction, runs: list[WindowRun]) -> list[dict[str, Any]]:
    """κ of each kind, window and Δ."""
    return [
        {
            "kind": run.kind,
            "window_s": run.window_s,
            "delta_s": delta_s,
            "shrinkage": density.shrinkages[0],
            "shrinkage_of_many": density.shrinkages[1],
            "activity_shrinkage": density.activity_shrinkage,
            "how": "learnt from the data" if settled.shrinkage is None else "set",
        }
        for run in runs
        for delta_s, density in zip(run.deltas_s, run.densities, strict=True)
    ]


def _member_told(run: WindowRun) -> dict[str, Any]:
    """What one kind and window adds to the family of tests."""
    return {
        "kind": run.kind,
        "window_s": run.window_s,
        "deltas_s": list(run.deltas_s),
        "pairs_at_risk": run.at_risk.pairs,
        "how": run.at_risk.how,
        "estimate": run.at_risk.estimate,
        "pairs_with_common_objects": run.common.pairs,
        "pairs_with_common_objects_how": run.common.how,
    }
