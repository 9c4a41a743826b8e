"""What a calibration leaves behind: tables, ``calibration.json``, the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import __version__
from assay.engine.write import rounded, write_exact, write_json, write_table
from assay.laboratory.calibrate import Calibration
from assay.laboratory.calibrate_run import Outcome
from assay.laboratory.calibrate_tables import (
    P_VALUES,
    POWER,
    RATES,
    p_value_table,
    power_table,
    rates_table,
)
from assay.laboratory.calibrate_targets import Target, most_runs_with_false, targets


@dataclass(frozen=True)
class Calibrated:
    """A finished calibration.

    Attributes:
        calibration: What was asked for.
        rates: Table ``RATES``.
        power: Table ``POWER``.
        p_values: Table ``P_VALUES``.
        targets: Every target with its verdict.
    """

    calibration: Calibration
    rates: pa.Table
    power: pa.Table
    p_values: pa.Table
    targets: Sequence[Target]


def summarise(calibration: Calibration, outcomes: Sequence[Outcome]) -> Calibrated:
    """Tables and targets of all runs."""
    rates, power = rates_table(outcomes), power_table(outcomes)
    return Calibrated(
        calibration,
        rates,
        power,
        p_value_table(outcomes),
        targets(rates, power, calibration.judging.fdr),
    )


def write_calibration(calibrated: Calibrated, folder: Path) -> list[Path]:
    """Write the tables as Parquet and CSV, and ``calibration.json``; return the files."""
    written = []
    for name, table, schema in (
        ("rates", calibrated.rates, RATES),
        ("power", calibrated.power, POWER),
        ("p_values", calibrated.p_values, P_VALUES),
    ):
        final = write_table(folder / f"{name}.parquet", table, schema)
        write_exact(folder / f"{name}.csv", final)
        written += [folder / f"{name}.parquet", folder / f"{name}.csv"]
    write_json(folder / "calibration.json", as_json(calibrated))
    return [*written, folder / "calibration.json"]


def as_json(calibrated: Calibrated) -> dict[str, Any]:
    """Everything but the p-values, which have a table of their own."""
    calibration = calibrated.calibration
    told: dict[str, Any] = rounded(
        {
            "version": __version__,
            "parameters": {
                "worlds": [world.name for world in calibration.simulated()],
                "runs": calibration.runs,
                "shrinkages": list(calibration.shrinkages),
                **asdict(calibration.judging),
                # Where the data lie is nobody's business and no part of the result.
                "dataset": calibration.judging.dataset is not None,
            },
            "most_runs_with_false": most_runs_with_false(calibration.runs),
            "targets": [asdict(target) for target in calibrated.targets],
            "rates": calibrated.rates.to_pylist(),
            "power": calibrated.power.to_pylist(),
        }
    )
    return told
