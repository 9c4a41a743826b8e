"""Where a finding disappears: its pairs and accounts at other windows, Δ and minimum counts.

The gate's question is put again to the pairs of each finding, at windows from a quarter to four
times the finding's own, at every Δ of the run and at higher minimum counts. A pair counts as left
where its p is at most the largest p that the run kept and it has the minimum of co-timed objects.
That threshold stands still over the grid, so that settings can be compared; it is not a new run at
each setting, whose threshold would depend on everything else that was found there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.network_result import NetworkResult
from assay.detectors.pair_records import PairRecords
from assay.detectors.record_tests import GateSettings, ask, row_p_values

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Windows of the grid as multiples of the finding's largest window."""

COUNTS = (2, 3, 5, 10, 20)
"""Minimum counts above the run's own."""

TOLERANCE = 1e-9
"""Relative room for the rounding of p in the tables."""


@dataclass(frozen=True)
class Grid:
    """One finding at every setting.

    Attributes:
        own_window_s: The finding's largest window; what the others are multiples of.
        windows_s: The windows, ascending; those below twice the data's resolution are left out.
        deltas: Δ as multiples of the window, narrowest first.
        min_shared: Minimum counts, the run's own first.
        p_threshold: The largest p that the run kept.
        pairs: Pairs left: for each window, for each Δ, for each minimum count.
        accounts: Accounts in such pairs, in the same order.
    """

    own_window_s: float
    windows_s: tuple[float, ...]
    deltas: tuple[float, ...]
    min_shared: tuple[int, ...]
    p_threshold: float
    pairs: tuple[tuple[tuple[int, ...], ...], ...]
    accounts: tuple[tuple[tuple[int, ...], ...], ...]


def sensitivity_grids(
    network: NetworkResult,
    records: list[PairRecords],
    own_window_s: dict[int, float],
    p_threshold: float,
    settings: GateSettings,
) -> dict[int, Grid]:
    """The grid of each finding.

    Args:
        network: The network.
        records: Records of the findings' pairs, of every kind.
        own_window_s: For each community wanted, its largest window.
        p_threshold: The largest p that the run kept.
        settings: How the run was made.
    """
    least_s = 2 * settings.resolution_us / 1e6
    windows_of = {
        base: tuple(w for w in (base * factor for factor in FACTORS) if w >= least_s)
        for base in set(own_window_s.values())
    }
    counts = (settings.min_shared, *(c for c in COUNTS if c > settings.min_shared))
    left = {
        window_s: _left(network, records, window_s, counts, p_threshold, settings)
        for window_s in sorted({w for windows in windows_of.values() for w in windows})
    }
    grids = {}
    for community, base in own_window_s.items():
        pairs, accounts = (
            tuple(
                tuple(tuple(row) for row in left[w][which][:, :, community].tolist())
                for w in windows_of[base]
            )
            for which in (0, 1)
        )
        grids[community] = Grid(
            base, windows_of[base], settings.deltas, counts, p_threshold, pairs, accounts
        )
    return grids


def _left(
    network: NetworkResult,
    records: list[PairRecords],
    window_s: float,
    counts: tuple[int, ...],
    p_threshold: float,
    settings: GateSettings,
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs and accounts left at one window: (Δ, minimum count, community)."""
    edges = network.edges
    passes = np.zeros((len(settings.deltas), len(counts), len(edges.pair_a)), np.bool_)
    for kind in records:
        tests = ask(kind.kind, kind.shares, kind.sharers, window_s, settings)
        pair = edges.pair_of[kind.rows]
        for delta in range(len(settings.deltas)):
            p_values, shared = row_p_values(kind, tests, delta, settings)
            low = p_values <= p_threshold * (1 + TOLERANCE)
            for place, least in enumerate(counts):
                passes[delta, place, pair[low & (shared >= least)]] = True
    pairs = np.zeros((len(settings.deltas), len(counts), network.communities), np.int64)
    accounts = np.zeros_like(pairs)
    for delta in range(len(settings.deltas)):
        for place in range(len(counts)):
            kept = np.flatnonzero(passes[delta, place])
            pairs[delta, place] = np.bincount(
                network.community[edges.pair_a[kept]], minlength=network.communities
            )
            ends = np.unique(np.concatenate([edges.pair_a[kept], edges.pair_b[kept]]))
            accounts[delta, place] = np.bincount(
                network.community[ends], minlength=network.communities
            )
    return pairs, accounts
