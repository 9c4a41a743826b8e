"""Where a finding disappears: kept pairs left at other windows, Δ, counts and thresholds."""

from __future__ import annotations

import numpy as np

from assay.detectors.gate_tests import GateTests
from assay.detectors.network_result import NetworkResult

MIN_SHARED_STEPS = (2, 3, 5, 10)
FDR_STEPS = (0.05, 0.01, 1e-3, 1e-6)


def sensitivity(
    network: NetworkResult, of_pair: np.ndarray, tests: GateTests, fdr: float
) -> list[dict[str, list[dict[str, float]]]]:
    """Kept pairs of each community that would be left under other choices.

    Args:
        network: The network.
        of_pair: The community of each pair of accounts; -1 where it joins two.
        tests: The gate's tests of kept edges.
        fdr: The run's threshold.

    Returns:
        For each community ``window_and_delta``, ``min_shared`` and ``fdr``: the settings, each
        with the number of pairs left.
    """
    edges, count = network.edges, network.communities
    result: list[dict[str, list[dict[str, float]]]] = [
        {"window_and_delta": [], "min_shared": [], "fdr": []} for _ in range(count)
    ]

    def add(name: str, setting: dict[str, float], pairs: np.ndarray) -> None:
        distinct = np.unique(pairs)
        groups = of_pair[distinct]
        left = np.bincount(groups[groups >= 0], minlength=count)
        for community in range(count):
            result[community][name].append({**setting, "pairs": int(left[community])})

    pair_of_row = edges.pair_of_row
    window_s = edges.table["window_s"].to_numpy()
    tested_window_s = window_s[tests.edge]
    for window, delta in sorted(
        set(zip(tested_window_s.tolist(), tests.delta_s.tolist(), strict=True))
    ):
        rows = (tested_window_s == window) & (tests.delta_s == delta) & (tests.q_value <= fdr)
        setting = {"window_s": window, "delta_s": delta}
        add("window_and_delta", setting, pair_of_row[tests.edge[rows]])
    for least in MIN_SHARED_STEPS:
        add("min_shared", {"min_shared": least}, np.flatnonzero(network.weight >= least))
    q = edges.table["q_value"].to_numpy()
    for threshold in FDR_STEPS:
        if threshold <= fdr:
            add("fdr", {"fdr": threshold}, pair_of_row[q <= threshold])
    return result
