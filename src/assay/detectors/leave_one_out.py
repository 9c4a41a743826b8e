"""What a finding hangs on: its pairs without each object, and without each account.

Without an object, each of its pairs is tested on its other common objects; without an account, the
objects' densities are counted without that account's shares. Both are worked out by the gate's
own kernels. The run's threshold stands still: the largest p that it kept. The data's activity as a
whole, which the gate leans on as a background, is left as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.detectors.network_result import NetworkResult
from assay.detectors.pair_records import PairRecords
from assay.detectors.record_tests import GateSettings, ask, p_without_each, row_p_values
from assay.detectors.sensitivity_grid import TOLERANCE
from assay.errors import CheckFailed

SAME_P = 1e-6
"""Relative difference of two p that count as the same; tables are rounded."""


@dataclass(frozen=True)
class LeftOut:
    """Findings with one thing left out, as columns; one row for each thing.

    Attributes:
        community: Whose finding.
        thing: The object's or the account's number in the network.
        pairs: Its pairs that do not contain the account; all of them for an object.
        pairs_left: Those of them that still pass.
        accounts: Its accounts, the one left out not counted.
        accounts_left: Those of them in a pair that still passes.
        largest_p: The largest p among the pairs left; 0 where none is.
    """

    community: np.ndarray
    thing: np.ndarray
    pairs: np.ndarray
    pairs_left: np.ndarray
    accounts: np.ndarray
    accounts_left: np.ndarray
    largest_p: np.ndarray


@dataclass(frozen=True)
class KeptRows:
    """The kept rows inside communities, by pair row of the network (pair of accounts and kind).

    Attributes:
        windows_s: The run's windows that have kept rows, ascending.
        kept: (window, pair row): whether the row was kept at that window.
        p_value: (window, pair row): its p in the run's table; infinite where it was not kept.
        p_threshold: The largest p that the run kept.
    """

    windows_s: tuple[float, ...]
    kept: np.ndarray
    p_value: np.ndarray
    p_threshold: float

    @property
    def limit(self) -> float:
        """The threshold with room for the rounding of the table."""
        return self.p_threshold * (1 + TOLERANCE)


def kept_rows(network: NetworkResult) -> KeptRows:
    """Sort the kept edges by window and pair row."""
    edges = network.edges
    window_s = edges.table["window_s"].to_numpy()
    p_value = edges.table["p_value"].to_numpy()
    windows = np.unique(window_s)
    # A pair row's edges end with its last one.
    pair_row = np.searchsorted(edges.last_row, np.arange(len(window_s)))
    place = np.searchsorted(windows, window_s)
    p_values = np.full((len(windows), len(edges.last_row)), np.inf)
    p_values[place, pair_row] = p_value
    return KeptRows(
        tuple(windows.tolist()), np.isfinite(p_values), p_values, float(p_value.max(initial=0.0))
    )


def without_each_object(
    network: NetworkResult,
    records: Sequence[PairRecords],
    rows: KeptRows,
    settings: GateSettings,
    communities: np.ndarray,
) -> LeftOut:
    """Communities without each object that one of their pairs was co-timed on.

    Args:
        network: The network.
        records: Records of every kind.
        rows: The kept rows.
        settings: How the run was made.
        communities: A flag for each community: whether it is wanted.

    Raises:
        CheckFailed: The shares do not give the p of a kept row again.
    """
    parts = [_records_without(network, kind, rows, settings, communities) for kind in records]
    if not parts:
        return nothing_left_out()
    pair, thing, matters, p_value = (np.concatenate(column) for column in zip(*parts, strict=True))
    community = network.community[network.edges.pair_a[pair]]
    # An object counts if it was co-timed for some pair of the community.
    key = community * (int(thing.max(initial=0)) + 1) + thing
    asked = np.isin(key, key[matters]) & communities[community]
    pair, thing, community, p_value = (c[asked] for c in (pair, thing, community, p_value))
    return left_without(network, rows, (community, thing, pair, p_value), accounts=False)


def _records_without(
    network: NetworkResult,
    kind: PairRecords,
    rows: KeptRows,
    settings: GateSettings,
    communities: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """For each record: pair, object, whether it is co-timed, the pair's p without the object.

    p is the smallest over kinds and windows that still pass, or infinite where none does.
    """
    edges = network.edges
    row_of = kind.row_of
    best = _best_elsewhere(network, kind, rows)[row_of]
    matters = np.zeros(len(kind), np.bool_)
    for place, window_s in enumerate(rows.windows_s):
        kept = rows.kept[place, kind.rows]
        asked = kept & communities[kind.community]
        if not kept.any():
            continue
        tests = ask(kind.kind, kind.shares, kind.sharers, window_s, settings)
        again, shared = row_p_values(kind, tests, 0, settings)
        _check(again[kept], rows.p_value[place, kind.rows[kept]])
        matters |= tests.shared & asked[row_of]
        p_values = p_without_each(kind, tests, asked, settings)
        passes = asked[row_of] & (p_values <= rows.limit)
        passes &= shared[row_of] - tests.shared >= settings.min_shared
        best = np.where(passes, np.minimum(best, p_values), best)
    return edges.pair_of[kind.rows][row_of], kind.objects, matters, best


def _check(again: np.ndarray, said: np.ndarray) -> None:
    wrong = np.abs(again - said) > SAME_P * said
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise CheckFailed(
            f"{int(wrong.sum())} of {len(said)} kept pairs have another p when the gate is asked "
            f"again: the first has {again[first]:.6g}, the table says {said[first]:.6g}",
            fix="run the detector again on this dataset; if it recurs, please report it",
        )


def _best_elsewhere(network: NetworkResult, kind: PairRecords, rows: KeptRows) -> np.ndarray:
    """For each row of the records, the smallest kept p of its pair in other kinds."""
    pair_of = network.edges.pair_of
    best = rows.p_value.min(axis=0)
    own = np.zeros(len(pair_of), np.bool_)
    own[kind.rows] = True
    elsewhere = np.full(len(network.edges.pair_a), np.inf)
    np.minimum.at(elsewhere, pair_of[~own], best[~own])
    return np.asarray(elsewhere[pair_of[kind.rows]])


def best_p(network: NetworkResult, rows: KeptRows) -> np.ndarray:
    """The smallest kept p of each pair of accounts."""
    best = np.full(len(network.edges.pair_a), np.inf)
    np.minimum.at(best, network.edges.pair_of, rows.p_value.min(axis=0))
    return best


def nothing_left_out() -> LeftOut:
    """No rows."""
    whole = np.empty(0, np.int64)
    return LeftOut(whole, whole, whole, whole, whole, whole, np.empty(0))


def left_without(
    network: NetworkResult,
    rows: KeptRows,
    changed: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    *,
    accounts: bool,
) -> LeftOut:
    """Count what is left of each community without each thing.

    Args:
        network: The network.
        rows: The kept rows.
        changed: Community, thing, pair and the pair's new p, one row for each pair that the thing
            touches; its p is infinite where it no longer passes. A thing that touches no pair
            has one row with the pair -1. Pairs of an account left out need no row.
        accounts: Whether the things are accounts.
    """
    edges = network.edges
    inside = np.flatnonzero(network.community[edges.pair_a] == network.community[edges.pair_b])
    group = network.community[edges.pair_a[inside]]
    # A stable order: inside a community, pairs stay in the order of their numbers.
    order = np.argsort(group, kind="stable")
    inside = inside[order]
    base_p = best_p(network, rows)[inside]
    bounds = np.searchsorted(group[order], np.arange(network.communities + 1))
    sizes = np.bincount(network.community, minlength=network.communities)
    members = np.argsort(network.community, kind="stable")
    member_bounds = np.concatenate([[0], np.cumsum(sizes)])
    community, thing, pair, p_value = changed
    width = int(thing.max(initial=0)) + 1
    key = community * width + thing
    keys, begin = np.unique(key, return_index=True)
    by_key = np.argsort(key, kind="stable")
    begins = np.append(np.searchsorted(key[by_key], keys), len(by_key))
    found = np.zeros((len(keys), 6), np.int64)
    # Accounts seen in a pair that is left carry the number of the thing left out.
    seen = np.full(len(network.community), -1, np.int64)
    largest = np.zeros(len(keys))
    for place, first in enumerate(begin.tolist()):
        number, out = int(community[first]), int(thing[first])
        own = inside[bounds[number] : bounds[number + 1]]
        own_p = base_p[bounds[number] : bounds[number + 1]].copy()
        if accounts:
            there = (edges.pair_a[own] != out) & (edges.pair_b[own] != out)
            own, own_p = own[there], own_p[there]
        touched = by_key[begins[place] : begins[place + 1]]
        touched = touched[pair[touched] >= 0]
        own_p[np.searchsorted(own, pair[touched])] = p_value[touched]
        passes = np.isfinite(own_p)
        left = own[passes]
        seen[edges.pair_a[left]] = place
        seen[edges.pair_b[left]] = place
        own_members = members[member_bounds[number] : member_bounds[number + 1]]
        found[place] = (
            number,
            out,
            len(own),
            len(left),
            sizes[number] - accounts,
            int((seen[own_members] == place).sum()),
        )
        largest[place] = own_p[passes].max(initial=0.0)
    numbers, things, pairs, pairs_left, others, accounts_left = found.T
    return LeftOut(numbers, things, pairs, pairs_left, others, accounts_left, largest)
