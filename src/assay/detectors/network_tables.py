"""Writes the network, its accounts and its communities as the contract's tables."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from assay.detectors.coincidences import mark_coordinated
from assay.detectors.communities import ObjectVotes
from assay.detectors.network_result import NetworkResult
from assay.engine.write import write_table
from assay.model.dataset import RunFolder
from assay.model.tables import COMMUNITIES, NETWORK, NETWORK_ACCOUNTS, UTC_US


def write_network_tables(run: RunFolder, result: NetworkResult, votes: ObjectVotes) -> None:
    """Write ``network``, ``network_accounts`` and ``communities``.

    Args:
        run: Where to.
        result: The network.
        votes: Co-timed objects of each pair of accounts.
    """
    _write_network(run, result)
    _write_accounts(run, result)
    _write_communities(run, result, votes)


def _write_network(run: RunFolder, result: NetworkResult) -> None:
    edges = result.edges
    kind = edges.table["kind"].combine_chunks()
    window = edges.table["window_s"].combine_chunks()
    row_pair, pairs = edges.pair_of_row, len(edges.pair_a)
    table = pa.table(
        {
            "account_a": edges.accounts.take(pa.array(edges.pair_a)),
            "account_b": edges.accounts.take(pa.array(edges.pair_b)),
            "weight": result.weight,
            "kinds": _distinct_lists(row_pair, kind, pairs),
            "windows_s": _distinct_lists(row_pair, window, pairs),
            "q_value": edges.fold(np.minimum, edges.table["q_value"].to_numpy()),
            "first_at": _times(edges.first_us),
            "last_at": _times(edges.last_us),
        }
    )
    write_table(run.network, table, NETWORK, ("account_a", "account_b"))


def _distinct_lists(group: np.ndarray, values: pa.Array, groups: int) -> pa.Array:
    """For each group its distinct values, sorted, as a list column."""
    table = pa.table({"group": group, "value": values})
    table = table.group_by(["group", "value"]).aggregate([])
    table = table.sort_by([("group", "ascending"), ("value", "ascending")])
    sizes = np.bincount(table["group"].to_numpy(), minlength=groups)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), table["value"].combine_chunks())


def _times(microseconds: np.ndarray) -> pa.Array:
    return pa.array(microseconds, pa.int64()).cast(UTC_US)


def _write_accounts(run: RunFolder, result: NetworkResult) -> None:
    edges, shares = result.edges, result.shares
    accounts = len(edges.accounts)
    ends = np.concatenate([edges.pair_a, edges.pair_b])
    weights = np.concatenate([result.weight, result.weight])
    marked = mark_coordinated(shares.rows, result.pairs)
    owner = np.repeat(np.arange(accounts), np.diff(shares.rows.start))
    table = pa.table(
        {
            "account_id": edges.accounts,
            "community": result.community,
            "degree": np.bincount(ends, minlength=accounts),
            "strength": np.bincount(ends, weights=weights, minlength=accounts).astype(np.int64),
            "shares": np.diff(shares.rows.start),
            "coordinated_shares": np.bincount(owner[marked], minlength=accounts),
            "p_value": _tested(result.held_out.account_p),
            "q_value": _tested(result.held_out.account_q),
        }
    )
    write_table(run.network_accounts, table, NETWORK_ACCOUNTS, ("community", "account_id"))


def _tested(values: np.ndarray) -> pa.Array:
    """A column with a null where nothing was tested."""
    return pa.array(values, pa.float64(), mask=np.isnan(values))


def _write_communities(run: RunFolder, result: NetworkResult, votes: ObjectVotes) -> None:
    edges, count = result.edges, result.communities
    inside = result.community[edges.pair_a] == result.community[edges.pair_b]
    of_pair = result.community[edges.pair_a]
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, of_pair[inside], edges.first_us[inside])
    last = np.full(count, np.iinfo(np.int64).min)
    np.maximum.at(last, of_pair[inside], edges.last_us[inside])
    within = inside[votes.edge]
    objects = len(result.shares.object_start)
    group_objects = np.unique(of_pair[votes.edge[within]] * objects + votes.object[within])
    kind = edges.table["kind"].combine_chunks().take(pa.array(edges.last_row))
    kind_inside = inside[edges.pair_of]
    table = pa.table(
        {
            "community": np.arange(count),
            "size": np.bincount(result.community, minlength=count),
            "edges": np.bincount(of_pair[inside], minlength=count),
            "kinds": _distinct_lists(
                of_pair[edges.pair_of][kind_inside], kind.filter(pa.array(kind_inside)), count
            ),
            "objects": np.bincount(group_objects // objects, minlength=count),
            "first_at": _times(first),
            "last_at": _times(last),
            "stability": pa.nulls(count, pa.float64())
            if result.stability is None
            else result.stability,
            "q_value": _tested(result.held_out.community_q),
        }
    )
    write_table(run.communities, table, COMMUNITIES, ("community",))
