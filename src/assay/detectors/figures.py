"""The figures of each community that its finding speaks of, each with one definition."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.affiliations import Affiliation, read_affiliations
from assay.detectors.coincidences import Coincidences, find_common
from assay.detectors.crowd import measure_crowd
from assay.detectors.gate_tests import GateTests, read_gate_tests
from assay.detectors.network_result import NetworkResult
from assay.model.dataset import Dataset, RunFolder

MIN_SHARED_STEPS = (2, 3, 5, 10)
FDR_STEPS = (0.05, 0.01, 1e-3, 1e-6)


@dataclass(frozen=True)
class CommunityFigures:
    """One community in figures; a coincidence is a pair of accounts and an object of theirs.

    Attributes:
        community: Its number.
        accounts: Account ids, sorted.
        pairs: Kept pairs of accounts inside it.
        objects_by_kind: Distinct objects co-timed by a kept pair inside it.
        windows_s: Each pair's and kind's largest kept window, distinct, sorted.
        deltas_s: The Δ of the gate at these windows, distinct, sorted.
        coincidences: Co-timed objects, summed over its kept pairs.
        not_co_timed: Objects that a kept pair shared, but not within the window, summed.
        tested_coincidences: What the gate counted in the same rows, by first shares.
        expected_coincidences: What the gate expected in the same rows.
        median_objects_per_pair: Median over its kept pairs.
        median_accounts_per_object: Median over its co-timed objects.
        median_gap_s: Median over coincidences of the closest pair of shares.
        largest_q: Over all kept rows inside it: the smallest threshold that admits them all.
        smallest_q: Over the same rows.
        first_us: The first co-timed share.
        last_us: The last co-timed share.
        stability: 0 to 1; None if it was not measured.
        objects_with_others: See :class:`assay.detectors.crowd.Crowd`.
        shares_at_moment: See there.
        shares_elsewhen: See there.
        affiliation: The commonest open declaration.
        sensitivity: Pairs left at other windows, Δ, counts and thresholds.
    """

    community: int
    accounts: tuple[str, ...]
    pairs: int
    objects_by_kind: dict[str, int]
    windows_s: tuple[float, ...]
    deltas_s: tuple[float, ...]
    coincidences: int
    not_co_timed: int
    tested_coincidences: int
    expected_coincidences: float
    median_objects_per_pair: float
    median_accounts_per_object: float
    median_gap_s: float
    largest_q: float
    smallest_q: float
    first_us: int
    last_us: int
    stability: float | None
    objects_with_others: int
    shares_at_moment: int
    shares_elsewhen: int
    affiliation: Affiliation
    sensitivity: dict[str, list[dict[str, float]]]

    @property
    def objects(self) -> int:
        """Distinct co-timed objects of all kinds."""
        return sum(self.objects_by_kind.values())


@dataclass(frozen=True)
class _Inside:
    """What lies inside communities, as rows and the community of each."""

    pairs: np.ndarray
    kind_pairs: np.ndarray
    edge_rows: np.ndarray
    of_pair: np.ndarray
    of_kind_pair: np.ndarray
    of_edge_row: np.ndarray


def community_figures(
    run: RunFolder, dataset: Dataset, network: NetworkResult, fdr: float
) -> list[CommunityFigures]:
    """The figures of every community, in the order of their numbers.

    Raises:
        CheckFailed: A kept edge has no test at its Δ.
    """
    if not network.communities:
        return []
    edges, inside = network.edges, _inside(network)
    tests = read_gate_tests(run, edges)
    gate = tests.at_gate(edges)
    co_timed = _co_timed_inside(network, inside)
    group = inside.of_pair[edges.pair_of[co_timed.pair]]
    crowd = measure_crowd(network, co_timed, group)
    affiliations = read_affiliations(dataset.accounts, edges.accounts, network.community)
    count = network.communities
    last = edges.last_row[inside.kind_pairs]
    own = inside.of_kind_pair[inside.kind_pairs]

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(own, weights=values, minlength=count)

    tested, expected = summed(tests.co_timed[gate[last]]), summed(tests.expected[gate[last]])
    coincidences = summed(network.co_timed[inside.kind_pairs])
    common = summed(network.common[inside.kind_pairs])
    q = edges.table["q_value"].to_numpy()[inside.edge_rows]
    row_group = inside.of_edge_row[inside.edge_rows]
    largest_q, smallest_q = np.zeros(count), np.ones(count)
    np.maximum.at(largest_q, row_group, q)
    np.minimum.at(smallest_q, row_group, q)
    pair_group = inside.of_pair[inside.pairs]
    first, last_us = np.full(count, 2**62), np.full(count, -(2**62))
    np.minimum.at(first, pair_group, edges.first_us[inside.pairs])
    np.maximum.at(last_us, pair_group, edges.last_us[inside.pairs])
    pair_counts = np.bincount(pair_group, minlength=count)
    objects_per_pair = _medians(pair_group, network.weight[inside.pairs], count)
    accounts_per_object = _accounts_per_object(network, co_timed, group)
    gaps = _medians(group, co_timed.gap_us / 1e6, count)
    kinds = _objects_by_kind(network, co_timed, group)
    names = edges.accounts.to_pylist()
    members = np.split(
        np.argsort(network.community, kind="stable"),
        np.cumsum(np.bincount(network.community, minlength=count))[:-1],
    )
    windows = _distinct(own, edges.table["window_s"].to_numpy()[last], count)
    deltas = _distinct(own, edges.table["delta_s"].to_numpy()[last], count)
    sensitivity = _sensitivity(network, inside, tests, fdr)
    return [
        CommunityFigures(
            community=number,
            accounts=tuple(names[account] for account in members[number]),
            pairs=int(pair_counts[number]),
            objects_by_kind=kinds[number],
            windows_s=windows[number],
            deltas_s=deltas[number],
            coincidences=int(coincidences[number]),
            not_co_timed=int(common[number] - coincidences[number]),
            tested_coincidences=int(tested[number]),
            expected_coincidences=float(expected[number]),
            median_objects_per_pair=float(objects_per_pair[number]),
            median_accounts_per_object=float(accounts_per_object[number]),
            median_gap_s=float(gaps[number]),
            largest_q=float(largest_q[number]),
            smallest_q=float(smallest_q[number]),
            first_us=int(first[number]),
            last_us=int(last_us[number]),
            stability=None if network.stability is None else float(network.stability[number]),
            objects_with_others=int(crowd.objects_with_others[number]),
            shares_at_moment=int(crowd.shares_at_moment[number]),
            shares_elsewhen=int(crowd.shares_elsewhen[number]),
            affiliation=affiliations[number],
            sensitivity=sensitivity[number],
        )
        for number in range(count)
    ]


def _inside(network: NetworkResult) -> _Inside:
    edges = network.edges
    of_pair = np.where(
        network.community[edges.pair_a] == network.community[edges.pair_b],
        network.community[edges.pair_a],
        -1,
    )
    of_kind_pair = of_pair[edges.pair_of]
    of_edge_row = of_pair[edges.pair_of_row]
    return _Inside(
        pairs=np.flatnonzero(of_pair >= 0),
        kind_pairs=np.flatnonzero(of_kind_pair >= 0),
        edge_rows=np.flatnonzero(of_edge_row >= 0),
        of_pair=of_pair,
        of_kind_pair=of_kind_pair,
        of_edge_row=of_edge_row,
    )


def _co_timed_inside(network: NetworkResult, inside: _Inside) -> Coincidences:
    """Co-timed coincidences of pairs inside communities; ``pair`` numbers all pair rows."""
    rows = inside.kind_pairs
    found = find_common(
        network.shares.rows,
        type(network.pairs)(*(column[rows] for column in network.pairs)),
        network.co_timed[rows],
        co_timed_only=True,
    )
    return found._replace(pair=rows[found.pair])


def _medians(group: np.ndarray, values: np.ndarray, groups: int) -> np.ndarray:
    """The median of each group's values; every group has at least one."""
    ordered = values[np.lexsort((values, group))]
    sizes = np.bincount(group, minlength=groups)
    start = np.cumsum(sizes) - sizes
    return np.asarray((ordered[start + (sizes - 1) // 2] + ordered[start + sizes // 2]) / 2)


def _accounts_per_object(
    network: NetworkResult, co_timed: Coincidences, group: np.ndarray
) -> np.ndarray:
    """For each community, the median over its objects of the accounts in a coincidence."""
    pairs = network.pairs
    accounts = np.concatenate([pairs.account_a[co_timed.pair], pairs.account_b[co_timed.pair]])
    columns = (np.tile(group, 2), np.tile(co_timed.object, 2), accounts)
    order = np.lexsort(columns[::-1])
    group_of, object_of, account_of = (column[order] for column in columns)
    new_object = np.ones(len(order), dtype=bool)
    new_object[1:] = (group_of[1:] != group_of[:-1]) | (object_of[1:] != object_of[:-1])
    new_account = new_object.copy()
    new_account[1:] |= account_of[1:] != account_of[:-1]
    sharers = np.bincount((np.cumsum(new_object) - 1)[new_account])
    return _medians(group_of[new_object], sharers, network.communities)


def _objects_by_kind(
    network: NetworkResult, co_timed: Coincidences, group: np.ndarray
) -> list[dict[str, int]]:
    distinct = np.unique(np.stack([group, co_timed.object]), axis=1)
    counts: list[dict[str, int]] = [{} for _ in range(network.communities)]
    for kind in network.edges.kinds:
        low, high = network.shares.kind_objects.get(kind, (0, 0))
        own = distinct[0][(distinct[1] >= low) & (distinct[1] < high)]
        for community, objects in zip(*np.unique(own, return_counts=True), strict=True):
            counts[community][kind] = int(objects)
    return counts


def _distinct(group: np.ndarray, values: np.ndarray, groups: int) -> list[tuple[float, ...]]:
    found: list[list[float]] = [[] for _ in range(groups)]
    for community, value in sorted(set(zip(group.tolist(), values.tolist(), strict=True))):
        found[community].append(value)
    return [tuple(values) for values in found]


def _sensitivity(
    network: NetworkResult, inside: _Inside, tests: GateTests, fdr: float
) -> list[dict[str, list[dict[str, float]]]]:
    """Kept pairs of each community that would be left under other choices."""
    edges, count = network.edges, network.communities
    result: list[dict[str, list[dict[str, float]]]] = [
        {"window_and_delta": [], "min_shared": [], "fdr": []} for _ in range(count)
    ]

    def add(name: str, setting: dict[str, float], pairs: np.ndarray) -> None:
        distinct = np.unique(pairs)
        groups = inside.of_pair[distinct]
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
