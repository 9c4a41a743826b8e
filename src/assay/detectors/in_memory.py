"""The detector over shares that lie in memory: the same tests as ``assay detect``, no engine.

A calibration runs the detector thousands of times on small worlds, where starting an engine would
take longer than the work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.activity import activity_of
from assay.detectors.arrays import Int64s, ShareArrays, active_flags, first_flags, taken
from assay.detectors.chance import benjamini_hochberg
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.density import Density
from assay.detectors.family import common_family, family_of_all
from assay.detectors.pair_counts import counted_pairs
from assay.detectors.window_run import TestedKind, tested_kind, tested_network

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
    shares: ShareArrays, windows_s: Sequence[float], resolution_us: int, parameters: Coaction
) -> Iterator[TestedPairs]:
    """Test every candidate pair of one kind, at one window after the other.

    Args:
        shares: One kind's shares.
        windows_s: The windows in seconds.
        resolution_us: The data's time resolution in µs.
        parameters: As for ``assay detect``; its windows and kinds are not read.

    Raises:
        UsageError: A window is below twice the resolution.
    """
    activity = activity_of([shares], resolution_us)
    common = common_family(taken(shares, first_flags(shares)), parameters.min_shared)
    for window_s in windows_s:
        task = tested_kind(shares, window_s, parameters, activity)
        yield _tested(task, common.pairs)


def _tested(task: TestedKind, common_pairs: int) -> TestedPairs:
    active = taken(task.shares, active_flags(task.shares, task.window_us, task.min_shared))
    network = counted_pairs(active, task.window_us, task.min_shared, MEMORY_BYTES)
    parts = list(tested_network(network, task, MEMORY_BYTES, threads=1))
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    at_risk = family_of_all(task.first, task.grids, task.min_shared).pairs
    p_values = np.array([columns[f"p_{number}"] for number in range(len(task.grids))])
    q_values = benjamini_hochberg(p_values.ravel(), at_risk * len(task.grids))
    return TestedPairs(
        deltas_s=tuple(grid.delta_s for grid in task.grids),
        family=at_risk,
        common_family=common_pairs,
        account_i=columns["account_i"].astype(np.int64),
        account_j=columns["account_j"].astype(np.int64),
        shared_objects=columns["shared_objects"],
        co_shares=columns["co_shares"],
        p_values=p_values,
        q_values=q_values.reshape(p_values.shape),
        p_shuffle=columns["p_shuffle"],
        p_rate=columns["p_rate"],
        p_hypergeometric=columns["p_hypergeometric"],
        density=task.densities[0],
    )
