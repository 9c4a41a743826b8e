"""The figures of each community that its finding speaks of, each with one definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.detectors.affiliations import Affiliation, read_affiliations
from assay.detectors.circumstances import Together, circumstances, group_medians
from assay.detectors.coincidences import Coincidences, find_common
from assay.detectors.crowd import measure_crowd, object_shares
from assay.detectors.firmness import Firmness, GateOfRun, measure_firmness
from assay.detectors.gate_tests import GateTests, read_gate_tests
from assay.detectors.hanging import Hanging, hanging
from assay.detectors.kept_edges import KeptEdges
from assay.detectors.network_result import NetworkResult
from assay.detectors.sensitivity import sensitivity
from assay.detectors.sensitivity_grid import Grid
from assay.model.dataset import Dataset, RunFolder


@dataclass(frozen=True)
class CommunityFigures:
    """One community in figures; a coincidence is a pair of accounts and an object of theirs.

    Attributes:
        community: Its number.
        accounts: Account ids, sorted.
        pairs: Kept pairs of accounts inside it.
        objects_by_kind: Distinct objects co-timed by a kept pair inside it.
        windows_by_kind: Of each kind, its pairs' largest kept windows, distinct, sorted.
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
        stability: Over redrawn objects, 0 to 1; None if it was not measured.
        stability_seeds: Over other seeds, likewise.
        least_stable_account: The smallest share of redrawn networks in which an account is found
            with its group; None if it was not measured.
        objects_with_others: See :class:`assay.detectors.crowd.Crowd`.
        shares_at_moment: See there.
        shares_elsewhen: See there.
        affiliation: The commonest open declaration.
        co_timed_shares: See :class:`assay.detectors.circumstances.Circumstances`.
        on_the_minute: See there.
        with_client: See there.
        same_client: See there.
        objects_after_publisher: See there.
        median_overlap: See there.
        median_hours: See there.
        sensitivity: Pairs left at the windows, Δ, counts and thresholds of the run itself.
        grid: Pairs and accounts left over a grid of windows, Δ and counts; None if not measured.
        hangs_objects: What it hangs on among its objects; None if not measured.
        hangs_accounts: What it hangs on among its accounts; None if not measured.
        held_out_p: Of the group on objects held out from finding it; None if it was not tested.
        held_out_q: Over all groups tested likewise.
        accounts_tested: Accounts tested against the rest of their group on held-out objects.
        accounts_passed: Those of them whose q is at most the run's threshold.
    """

    community: int
    accounts: tuple[str, ...]
    pairs: int
    objects_by_kind: dict[str, int]
    windows_by_kind: dict[str, tuple[float, ...]]
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
    stability_seeds: float | None
    least_stable_account: float | None
    objects_with_others: int
    shares_at_moment: int
    shares_elsewhen: int
    affiliation: Affiliation
    co_timed_shares: int
    on_the_minute: int | None
    with_client: int
    same_client: int
    objects_after_publisher: int
    median_overlap: float
    median_hours: float
    sensitivity: dict[str, list[dict[str, float]]]
    grid: Grid | None
    hangs_objects: Hanging | None
    hangs_accounts: Hanging | None
    held_out_p: float | None
    held_out_q: float | None
    accounts_tested: int
    accounts_passed: int

    @property
    def objects(self) -> int:
        """Distinct co-timed objects of all kinds."""
        return sum(self.objects_by_kind.values())

    @property
    def rests_on(self) -> tuple[tuple[str, float], ...]:
        """Each kind and window that its pairs passed at, together."""
        return tuple((kind, one) for kind, every in self.windows_by_kind.items() for one in every)

    @property
    def windows_s(self) -> tuple[float, ...]:
        """These windows over all kinds, distinct, sorted."""
        return tuple(sorted({one for _, one in self.rests_on}))


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
    run: RunFolder,
    dataset: Dataset,
    network: NetworkResult,
    fdr: float,
    gate: GateOfRun | None = None,
) -> list[CommunityFigures]:
    """The figures of every community, in the order of their numbers.

    Writes ``leave_one_out.parquet`` by the way, whose names the figures quote.

    Args:
        run: Edges, tests, and where to write.
        dataset: Shares, posts and accounts.
        network: The network.
        fdr: The run's threshold on q.
        gate: What the gate was asked with; None leaves out how firm the findings are.

    Raises:
        CheckFailed: A kept edge has no test at its Δ.
    """
    if not network.communities:
        hanging(run, network, Firmness(0.0), np.empty(0, np.int64))
        return []
    inside = _inside(network)
    tests = read_gate_tests(run, network.edges)
    co_timed = _co_timed_inside(network, inside)
    group = inside.of_pair[network.edges.pair_of[co_timed.pair]]
    columns: dict[str, Sequence[Any]] = {
        "community": range(network.communities),
        "accounts": _members(network),
        "affiliation": read_affiliations(
            dataset.accounts, network.edges.accounts, network.community
        ),
        "sensitivity": sensitivity(network, inside.of_pair, tests, fdr),
        **_pair_columns(network, inside),
        **_test_columns(network, inside, tests),
        **_object_columns(network, co_timed, group),
        **_crowd_columns(network, dataset, co_timed, group, gate),
        **_held_out_columns(network, fdr),
    }
    objects = np.array([sum(kinds.values()) for kinds in columns["objects_by_kind"]])
    columns |= _firmness_columns(run, network, dataset, objects, gate)
    rows = zip(*columns.values(), strict=True)
    return [CommunityFigures(**dict(zip(columns, row, strict=True))) for row in rows]


def _members(network: NetworkResult) -> list[tuple[str, ...]]:
    members: list[list[str]] = [[] for _ in range(network.communities)]
    for name, community in zip(
        network.edges.accounts.to_pylist(), network.community.tolist(), strict=True
    ):
        members[community].append(name)
    return [tuple(names) for names in members]


def _pair_columns(network: NetworkResult, inside: _Inside) -> dict[str, Sequence[Any]]:
    """Figures that come from kept pairs and their rows."""
    edges, count = network.edges, network.communities
    group = inside.of_pair[inside.pairs]
    first_us, last_us = np.full(count, 2**62), np.full(count, -(2**62))
    np.minimum.at(first_us, group, edges.first_us[inside.pairs])
    np.maximum.at(last_us, group, edges.last_us[inside.pairs])
    q = edges.table["q_value"].to_numpy()[inside.edge_rows]
    row_group = inside.of_edge_row[inside.edge_rows]
    largest_q, smallest_q = np.zeros(count), np.ones(count)
    np.maximum.at(largest_q, row_group, q)
    np.minimum.at(smallest_q, row_group, q)
    return {
        "pairs": np.bincount(group, minlength=count).tolist(),
        "median_objects_per_pair": group_medians(group, network.weight[inside.pairs], count),
        "first_us": first_us.tolist(),
        "last_us": last_us.tolist(),
        "largest_q": largest_q.tolist(),
        "smallest_q": smallest_q.tolist(),
        **_stability_columns(network),
    }


def _test_columns(
    network: NetworkResult, inside: _Inside, tests: GateTests
) -> dict[str, Sequence[Any]]:
    """Figures summed over each pair's and kind's row with the largest kept window."""
    edges, count = network.edges, network.communities
    row = edges.last_row[inside.kind_pairs]
    gate = tests.at_gate(edges)[row]
    group = inside.of_kind_pair[inside.kind_pairs]

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(group, weights=values, minlength=count)

    coincidences = summed(network.co_timed[inside.kind_pairs]).astype(np.int64)
    common = summed(network.common[inside.kind_pairs]).astype(np.int64)
    return {
        "windows_by_kind": _windows_by_kind(edges, row, group, count),
        "deltas_s": _distinct(group, edges.table["delta_s"].to_numpy()[row], count),
        "coincidences": coincidences.tolist(),
        "not_co_timed": (common - coincidences).tolist(),
        "tested_coincidences": summed(tests.co_timed[gate]).astype(np.int64).tolist(),
        "expected_coincidences": summed(tests.expected[gate]).tolist(),
    }


def _object_columns(
    network: NetworkResult, co_timed: Coincidences, group: np.ndarray
) -> dict[str, Sequence[Any]]:
    """Figures that come from single coincidences."""
    return {
        "objects_by_kind": _objects_by_kind(network, co_timed, group),
        "median_accounts_per_object": _accounts_per_object(network, co_timed, group),
        "median_gap_s": group_medians(group, co_timed.gap_us / 1e6, network.communities),
    }


def _stability_columns(network: NetworkResult) -> dict[str, Sequence[Any]]:
    again, names = network.found_again, ("stability", "stability_seeds", "least_stable_account")
    if again is None:
        return {name: [None] * network.communities for name in names}
    least = np.ones(network.communities)
    np.minimum.at(least, network.community, again.account_objects)
    columns = (again.objects, again.seeds, least)
    return {name: column.tolist() for name, column in zip(names, columns, strict=True)}


def _held_out_columns(network: NetworkResult, fdr: float) -> dict[str, Sequence[Any]]:
    """Tests on held-out objects; nan stands for untested there, None here."""
    held_out, count = network.held_out, network.communities

    def known(values: np.ndarray) -> list[float | None]:
        return [None if np.isnan(value) else float(value) for value in values]

    tested = ~np.isnan(held_out.account_q)
    passed = tested & (held_out.account_q <= fdr)
    return {
        "held_out_p": known(held_out.community_p),
        "held_out_q": known(held_out.community_q),
        "accounts_tested": np.bincount(network.community[tested], minlength=count).tolist(),
        "accounts_passed": np.bincount(network.community[passed], minlength=count).tolist(),
    }


def _crowd_columns(
    network: NetworkResult,
    dataset: Dataset,
    co_timed: Coincidences,
    group: np.ndarray,
    gate: GateOfRun | None,
) -> dict[str, Sequence[Any]]:
    """What others did, and what else was there."""
    shares = object_shares(network, np.unique(co_timed.object))
    crowd = measure_crowd(network, co_timed, group, shares)
    reach_us = round(float(network.edges.table["delta_s"].to_numpy().max()) * 1e6)
    beside = circumstances(
        network,
        dataset,
        Together(co_timed, group, shares, reach_us),
        None if gate is None else gate.resolution_us,
    )
    return {
        "objects_with_others": crowd.objects_with_others.tolist(),
        "shares_at_moment": crowd.shares_at_moment.tolist(),
        "shares_elsewhen": crowd.shares_elsewhen.tolist(),
        **vars(beside),
    }


def _firmness_columns(
    run: RunFolder,
    network: NetworkResult,
    dataset: Dataset,
    objects: np.ndarray,
    gate: GateOfRun | None,
) -> dict[str, Sequence[Any]]:
    """How firm each finding is; None where it was not worked out."""
    count = network.communities
    firmness = Firmness(0.0) if gate is None else measure_firmness(network, dataset, gate)
    hangs = hanging(run, network, firmness, objects)
    measured = gate is not None
    return {
        "grid": [firmness.grids.get(number) for number in range(count)],
        "hangs_objects": [of_objects if measured else None for of_objects, _ in hangs],
        "hangs_accounts": [of_accounts if measured else None for _, of_accounts in hangs],
    }


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


def _accounts_per_object(
    network: NetworkResult, co_timed: Coincidences, group: np.ndarray
) -> list[float]:
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
    return group_medians(group_of[new_object], sharers, network.communities)


def _objects_by_kind(
    network: NetworkResult, co_timed: Coincidences, group: np.ndarray
) -> list[dict[str, int]]:
    objects = len(network.shares.object_start)
    community_of, object_of = np.divmod(
        np.unique(group.astype(np.int64) * objects + co_timed.object), objects
    )
    counts: list[dict[str, int]] = [{} for _ in range(network.communities)]
    for kind in network.edges.kinds:
        low, high = network.shares.kind_objects.get(kind, (0, 0))
        own = community_of[(object_of >= low) & (object_of < high)]
        for community, objects in zip(*np.unique(own, return_counts=True), strict=True):
            counts[community][kind] = int(objects)
    return counts


def _windows_by_kind(
    edges: KeptEdges, row: np.ndarray, group: np.ndarray, groups: int
) -> list[dict[str, tuple[float, ...]]]:
    """The windows of these rows of the edges, apart for each group and kind."""
    columns = (edges.table[name].take(row).to_pylist() for name in ("kind", "window_s"))
    found: list[dict[str, tuple[float, ...]]] = [{} for _ in range(groups)]
    for community, kind, window_s in sorted(set(zip(group.tolist(), *columns, strict=True))):
        found[community][kind] = (*found[community].get(kind, ()), window_s)
    return found


def _distinct(group: np.ndarray, values: np.ndarray, groups: int) -> list[tuple[float, ...]]:
    found: list[list[float]] = [[] for _ in range(groups)]
    for community, value in sorted(set(zip(group.tolist(), values.tolist(), strict=True))):
        found[community].append(value)
    return [tuple(values) for values in found]
