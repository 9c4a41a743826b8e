"""The detector over shares that lie in memory: the same tests as ``assay detect``, no engine.

A calibration runs the detector thousands of times on small worlds, where starting an engine would
take longer than the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from assay.detectors.activity import activity_of
from assay.detectors.arrays import Int64s, ShareArrays
from assay.detectors.base import DetectorContext
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.coaction import Coaction
from assay.detectors.density import Density
from assay.detectors.window_run import run_window
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent

Floats = npt.NDArray[np.float64]

MEMORY_BYTES = 2 << 30
"""Told to the detector; a world of calibration takes a thousandth of it."""


@dataclass(frozen=True)
class TestedPairs:
    """Every candidate pair of one kind and window, tested.

    Attributes:
        deltas_s: Every Δ in seconds, narrowest first.
        family: Pairs at risk at one Δ; m of the gate is ``family`` times the number of Δ.
        common_family: Pairs with c₀ common objects at any time: m of the comparison nulls.
        account_i: Account number of each pair's first account.
        account_j: Of its second.
        shared_objects: Objects co-timed in each pair.
        co_shares: Share pairs within the window.
        p_values: (Δ, pair).
        q_values: (Δ, pair), over all Δ as one family.
        p_shuffle: Of the comparison nulls.
        p_rate: Likewise.
        p_hypergeometric: Likewise.
        density: What the gate leans on at the narrowest Δ.
    """

    deltas_s: tuple[float, ...]
    family: int
    common_family: int
    account_i: Int64s
    account_j: Int64s
    shared_objects: Int64s
    co_shares: Int64s
    p_values: Floats
    q_values: Floats
    p_shuffle: Floats
    p_rate: Floats
    p_hypergeometric: Floats
    density: Density


def detect_in_memory(
    shares: ShareArrays, window_s: float, resolution_us: int, parameters: Coaction, work: Path
) -> TestedPairs:
    """Test every candidate pair of one kind at one window.

    Args:
        shares: One kind's shares.
        window_s: The window in seconds.
        resolution_us: The data's time resolution in µs.
        parameters: As for ``assay detect``; its windows and kinds are not read.
        work: An existing folder for the detector's intermediate table, emptied of it again.

    Raises:
        UsageError: The window is below twice the resolution.
    """
    context = DetectorContext(
        dataset=Dataset(work),
        run=RunFolder(work),
        work=work,
        engine=None,
        memory_bytes=MEMORY_BYTES,
        threads=1,
        progress=Silent(),
    )
    activity = activity_of([shares], resolution_us)
    run = run_window("object", window_s, shares, parameters, activity, context)
    table = pq.read_table(run.pairs)
    run.pairs.unlink()
    p_values = np.array([table[f"p_{number}"].to_numpy() for number in range(len(run.deltas_s))])
    family = run.at_risk.pairs * len(run.deltas_s)
    q_values = benjamini_hochberg(p_values.ravel(), family).reshape(p_values.shape)
    return TestedPairs(
        deltas_s=run.deltas_s,
        family=run.at_risk.pairs,
        common_family=run.common.pairs,
        account_i=table["account_i"].to_numpy().astype(np.int64),
        account_j=table["account_j"].to_numpy().astype(np.int64),
        shared_objects=table["shared_objects"].to_numpy(),
        co_shares=table["co_shares"].to_numpy(),
        p_values=p_values,
        q_values=q_values,
        p_shuffle=table["p_shuffle"].to_numpy(),
        p_rate=table["p_rate"].to_numpy(),
        p_hypergeometric=table["p_hypergeometric"].to_numpy(),
        density=run.densities[0],
    )
