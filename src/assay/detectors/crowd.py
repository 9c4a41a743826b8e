"""What everybody else did with a community's objects at the same moments.

Where others shared an object in the very moments in which a community did, something reached all
of them at once: news, a feed, a push message. Where nobody else did, that explanation has less to
stand on. Both are counted for every finding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from assay.detectors.coincidences import Coincidences
from assay.detectors.kept_edges import codes_of
from assay.detectors.network_result import NetworkResult
from assay.engine.compiled import njit
from assay.engine.parquet_rows import take_rows


class Crowd(NamedTuple):
    """Figures of each community.

    Attributes:
        objects: Distinct co-timed objects.
        objects_with_others: Of these, shared by somebody outside the community within the window
            of a co-timed share.
        shares_at_moment: Shares of these objects by others within the window of a co-timed share.
        shares_elsewhen: Shares of these objects by others at other times.
    """

    objects: np.ndarray
    objects_with_others: np.ndarray
    shares_at_moment: np.ndarray
    shares_elsewhen: np.ndarray


class _Moments(NamedTuple):
    """Stretches of time around co-timed shares, sorted by community, object and beginning."""

    community: np.ndarray
    object: np.ndarray
    begin_us: np.ndarray
    end_us: np.ndarray


class ObjectShares(NamedTuple):
    """All shares of some objects in the order of the table of shares.

    Attributes:
        object: Object numbers, ascending.
        start: Where each object's shares begin; one more entry than objects.
        time_us: When each share was.
        community: The sharer's community; -1 outside all.
        account: The sharer, by its place in ``accounts``.
        accounts: The ids of all sharers.
    """

    object: np.ndarray
    start: np.ndarray
    time_us: np.ndarray
    community: np.ndarray
    account: np.ndarray
    accounts: pa.Array


def measure_crowd(
    network: NetworkResult,
    co_timed: Coincidences,
    community: np.ndarray,
    shares: ObjectShares,
) -> Crowd:
    """Count what others did with each community's co-timed objects.

    Args:
        network: The network.
        co_timed: Co-timed coincidences inside communities.
        community: The community of each of them.
        shares: Of the objects in them.
    """
    moments = _moments(network, co_timed, community)
    crowd = Crowd(*(np.zeros(network.communities, np.int64) for _ in Crowd._fields))
    own = (shares.object, shares.start, shares.time_us, shares.community)
    _count_crowd(moments, *own, crowd)
    return crowd


def _moments(network: NetworkResult, co_timed: Coincidences, community: np.ndarray) -> _Moments:
    window = network.pairs.window_us[co_timed.pair]
    times = network.shares.rows.time_us
    at = np.concatenate([times[co_timed.place_a], times[co_timed.place_b]])
    reach = np.concatenate([window, window])
    groups = np.concatenate([community, community])
    objects = np.concatenate([co_timed.object, co_timed.object])
    order = np.lexsort((at - reach, objects, groups))
    return _Moments(groups[order], objects[order], (at - reach)[order], (at + reach)[order])


def object_shares(network: NetworkResult, objects: np.ndarray) -> ObjectShares:
    """Read every share of some objects.

    Args:
        network: The network.
        objects: Object numbers, ascending and distinct.
    """
    first = network.shares.object_start[objects]
    sizes = network.shares.object_start[objects + 1] - first
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    rows = np.arange(start[-1]) + np.repeat(first - start[:-1], sizes)
    time_us = np.empty(len(rows), np.int64)
    names = []
    at = 0
    for _, batch in take_rows(network.shares.path, rows, ["account_id", "shared_at"]):
        time_us[at : at + batch.num_rows] = batch["shared_at"].cast(pa.int64()).to_numpy()
        names.append(batch["account_id"].dictionary_encode())
        at += batch.num_rows
    coded = pa.chunked_array(names, pa.dictionary(pa.int32(), pa.string())).unify_dictionaries()
    account = np.concatenate(
        [np.empty(0, np.int32), *(chunk.indices.to_numpy() for chunk in coded.chunks)]
    )
    accounts = coded.chunk(0).dictionary if coded.num_chunks else pa.array([], pa.string())
    number = codes_of(accounts, network.edges.accounts)
    community = np.append(network.community, -1)[number][account].astype(np.int32)
    return ObjectShares(objects, start, time_us, community, account, accounts)


@njit
def _count_crowd(
    moments: _Moments,
    objects: np.ndarray,
    start: np.ndarray,
    time_us: np.ndarray,
    community: np.ndarray,
    crowd: Crowd,
) -> None:
    begin = 0
    total = len(moments.community)
    while begin < total:
        group, number = moments.community[begin], moments.object[begin]
        end = begin
        while end < total and moments.community[end] == group and moments.object[end] == number:
            end += 1
        place = np.searchsorted(objects, number)
        crowd.objects[group] += 1
        next_moment = begin
        reach = np.int64(-(2**62))
        near = 0
        for row in range(start[place], start[place + 1]):
            at_us = time_us[row]
            while next_moment < end and moments.begin_us[next_moment] <= at_us:
                reach = max(reach, moments.end_us[next_moment])
                next_moment += 1
            if community[row] == group:
                continue
            if at_us <= reach:
                near += 1
            else:
                crowd.shares_elsewhen[group] += 1
        crowd.shares_at_moment[group] += near
        if near > 0:
            crowd.objects_with_others[group] += 1
        begin = end
