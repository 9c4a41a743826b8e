"""The whole data against surrogates, as a stage of a run: how many are affordable, what is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow.dataset as ds

from assay.detectors.base import DetectorContext
from assay.detectors.block_grid import block_grids
from assay.detectors.coaction_parameters import FEWEST_SURROGATES, Coaction
from assay.detectors.density import SHRINKAGE
from assay.detectors.held_out_run import TestedData
from assay.detectors.jitter import Floats
from assay.detectors.whole_data import (
    WholeDataParameters,
    affordable,
    group_test,
    threshold_check,
)

BUDGET_S = 1.0
"""CPU-seconds that surrogates may take unasked where pairs passed."""

BUDGET_NOTHING_S = 4.0
"""The same where no pair passed: then they are all that can be said."""


def run_whole_data(
    data: TestedData, parameters: Coaction, kept: int, context: DetectorContext
) -> dict[str, Any]:
    """Check the gate's threshold where pairs passed; ask for the whole where none did.

    Returns:
        For ``run.json``: ``surrogates`` (how many, and who chose), ``threshold`` and ``whole``,
        one entry per window.
    """
    window_us = round(max(parameters.windows_s) * 1e6)
    budget_s = (BUDGET_S if kept else BUDGET_NOTHING_S) / len(parameters.windows_s)
    count = parameters.surrogates
    if count is None:
        count = affordable(data.kinds, window_us, budget_s)
    told: dict[str, Any] = {
        "surrogates": count,
        "chosen": "by predicted cost" if parameters.surrogates is None else "by the user",
        "threshold": [],
        "whole": [],
    }
    if count < FEWEST_SURROGATES:
        return told
    settings = WholeDataParameters(
        SHRINKAGE if parameters.shrinkage is None else parameters.shrinkage,
        parameters.min_shared,
        parameters.seed,
        count,
        threads=context.threads,
    )
    context.progress.stage("Comparing with surrogates of the whole data", count, "surrogates")
    for window_s in parameters.windows_s:
        (grid,) = block_grids(window_s, parameters.deltas, data.activity.resolution_us)[:1]
        if kept:
            passed = _kept_p(context, window_s)
            if len(passed):
                settled = replace(settings, densities=data.densities_at(window_s))
                checked = threshold_check(data.kinds, grid, passed, settled)
                told["threshold"].append({"window_s": window_s, **checked})
        if not kept or parameters.surrogates is not None:
            told["whole"].append(
                {"window_s": window_s, "delta_s": grid.delta_s}
                | group_test(data.kinds, grid, settings)
            )
    return told


def _kept_p(context: DetectorContext, window_s: float) -> Floats:
    """P of the pairs that passed at a window, at the gate's Δ."""
    table = ds.dataset(context.run.edges).to_table(
        columns=["p_value"], filter=ds.field("kept") & (ds.field("window_s") == window_s)
    )
    p_values: Floats = np.asarray(table["p_value"].to_numpy())
    return p_values
