"""From tested edges to one network with communities, accounts and their figures.

Kept edges of all kinds and windows are joined. An edge's weight is the number of distinct objects
that its two accounts shared close in time, over all kept kinds; an object co-timed in several
windows counts once. The objects are counted again from the shares, and the count must agree with
the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from assay.detectors.coincidences import (
    PairTable,
    count_common,
    find_common,
)
from assay.detectors.communities import (
    LeidenParameters,
    ObjectVotes,
    WeightedEdges,
    find_communities,
)
from assay.detectors.held_out_network import read_held_out
from assay.detectors.kept_edges import KeptEdges, read_kept_edges
from assay.detectors.kept_shares import KeptShares, only_tested, read_kept_shares
from assay.detectors.network_result import NetworkResult
from assay.detectors.network_tables import write_network_tables
from assay.detectors.stability import measure_stability
from assay.errors import CheckFailed
from assay.model.dataset import Dataset, RunFolder


@dataclass(frozen=True)
class NetworkParameters:
    """How kept edges become a network.

    Attributes:
        leiden: How communities are found.
        max_sharers: The detector's cap on popular objects, if the user chose one.
        tested_half: The detector chose its window on half of the objects (``--window auto``) and
            tested the others.
    """

    leiden: LeidenParameters = field(default_factory=LeidenParameters)
    max_sharers: int | None = None
    tested_half: bool = False


def build_network(run: RunFolder, dataset: Dataset, parameters: NetworkParameters) -> NetworkResult:
    """Join kept edges, find communities, and write the network, its accounts and communities.

    ``p_value`` and ``q_value`` of accounts and communities come from the run's tests on held-out
    objects; they stay empty where none was possible.

    Raises:
        CheckFailed: The shares do not bear out an edge, or are not sorted.
    """
    edges = read_kept_edges(run)
    shares = only_tested(
        read_kept_shares(dataset.shares, edges.accounts, edges.kinds),
        parameters.max_sharers,
        tested_half=parameters.tested_half,
    )
    pairs = _pair_table(edges, shares)
    common, co_timed = count_common(shares.rows, pairs)
    _check_recount(edges, co_timed)
    weight = np.bincount(edges.pair_of, weights=co_timed, minlength=len(edges.pair_a))
    weight = weight.astype(np.int64)
    votes = find_common(shares.rows, pairs, co_timed, co_timed_only=True)
    earlier = np.minimum(shares.rows.time_us[votes.place_a], shares.rows.time_us[votes.place_b])
    network = WeightedEdges(len(edges.accounts), edges.pair_a, edges.pair_b, weight, edges.first_us)
    if len(edges.accounts):
        community, modularity = find_communities(network, parameters.leiden)
    else:
        community, modularity = np.empty(0, np.int64), 0.0
    ballot = ObjectVotes(edges.pair_of[votes.pair], votes.object, earlier)
    inside = community[edges.pair_a] == community[edges.pair_b]
    result = NetworkResult(
        edges=edges,
        shares=shares,
        pairs=pairs,
        common=common,
        co_timed=co_timed,
        weight=weight,
        community=community,
        found_again=measure_stability(network, ballot, community, parameters.leiden),
        modularity=modularity,
        between=int((~inside).sum()),
        parameters=parameters.leiden,
        max_sharers=parameters.max_sharers,
        tested_half=parameters.tested_half,
        held_out=read_held_out(run, edges.accounts, community),
    )
    write_network_tables(run, result, ballot)
    return result


def _pair_table(edges: KeptEdges, shares: KeptShares) -> PairTable:
    last = edges.table.take(pa.array(edges.last_row))
    nothing = (0, 0)
    ranges = [shares.kind_objects.get(kind, nothing) for kind in last["kind"].to_pylist()]
    bounds = np.array(ranges, np.int64).reshape(-1, 2)
    return PairTable(
        account_a=edges.pair_a[edges.pair_of],
        account_b=edges.pair_b[edges.pair_of],
        object_low=bounds[:, 0],
        object_high=bounds[:, 1],
        window_us=np.rint(last["window_s"].to_numpy() * 1e6).astype(np.int64),
    )


def _check_recount(edges: KeptEdges, co_timed: np.ndarray) -> None:
    said = edges.table["shared_objects"].to_numpy()[edges.last_row]
    wrong = np.flatnonzero(said != co_timed)
    if len(wrong):
        row = edges.table.slice(int(edges.last_row[wrong[0]]), 1).to_pylist()[0]
        raise CheckFailed(
            f"{len(wrong)} edges are not borne out by the shares: {row['account_a']} and "
            f"{row['account_b']} are said to have {row['shared_objects']} co-timed objects of the "
            f"kind {row['kind']}, the shares show {co_timed[wrong[0]]}",
            fix="run the detector again on this dataset; if it recurs, please report it",
        )
