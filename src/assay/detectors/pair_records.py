"""The common objects of kept pairs inside communities, laid out so that the gate can be asked anew.

How firm a finding is shows when the gate's question is put again: at other windows, without an
object, without an account. That takes the chance of each single common object. Here each *sharer*
(one account on one object) stands as an account of its own, so that one walk of
:func:`assay.detectors.pairs.pair_facts` answers for every object by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Int32s, Int64s, ShareArrays, only_objects
from assay.detectors.coincidences import PairTable, find_common
from assay.detectors.kept_edges import codes_of
from assay.detectors.network_result import NetworkResult
from assay.detectors.share_reader import CodedShares


@dataclass(frozen=True)
class PairRecords:
    """Records of one kind: one row per pair of accounts and common object, in that order.

    Attributes:
        kind: Kind of object.
        rows: The rows of the network's pair table that have records here, ascending.
        starts: First record of each of them; one more entry than rows.
        community: Community of each of these rows.
        objects: Object of each record, by the network's number.
        places: Object of each record, by its number in ``shares``.
        sharers: (2, record): sharer of the first and the second account.
        moments: (2, record): number of the moment (account and time of its first share); two
            objects that an account shared at one time have the same.
        shares: All shares of these objects; an account there is a sharer.
        sharer_account: The network's number of each sharer's account; -1 outside the network.
        sharer_starts: First sharer of each object in ``shares``; one more entry than objects.
    """

    kind: str
    rows: Int64s
    starts: Int64s
    community: Int64s
    objects: Int64s
    places: Int64s
    sharers: tuple[Int64s, Int64s]
    moments: tuple[Int64s, Int64s]
    shares: ShareArrays
    sharer_account: Int32s
    sharer_starts: Int64s

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.objects)

    @property
    def row_of(self) -> Int64s:
        """For each record, the position of its row in ``rows``."""
        return np.repeat(np.arange(len(self.rows)), np.diff(self.starts))


def pair_records(
    network: NetworkResult, coded: CodedShares, communities: np.ndarray
) -> list[PairRecords]:
    """The records of every kind for the pairs inside some communities.

    Args:
        network: The network.
        coded: The dataset's shares; the network's kinds must be among them.
        communities: A flag for each community: whether its pairs are wanted.
    """
    pairs, edges = network.pairs, network.edges
    of_a, of_b = network.community[pairs.account_a], network.community[pairs.account_b]
    wanted = (of_a == of_b) & communities[of_a]
    number = codes_of(coded.account_ids, edges.accounts).astype(np.int32)
    found = []
    for kind in edges.kinds:
        low, high = network.shares.kind_objects.get(kind, (0, 0))
        rows = np.flatnonzero(wanted & (pairs.object_low == low) & (pairs.object_high == high))
        if len(rows):
            found.append(_of_kind(kind, network, rows, coded.kinds[kind], number))
    return found


def _of_kind(
    kind: str, network: NetworkResult, rows: np.ndarray, shares: ShareArrays, number: Int32s
) -> PairRecords:
    low, _ = network.shares.kind_objects[kind]
    some = PairTable(*(column[rows] for column in network.pairs))
    common = find_common(network.shares.rows, some, network.common[rows], co_timed_only=False)
    keep = np.zeros(shares.object_count, np.bool_)
    keep[common.object - low] = True
    own, sharer_account, sharer_starts = _by_sharer(only_objects(shares, keep), number)
    places = (np.cumsum(keep) - 1)[common.object - low].astype(np.int64)
    # A sharer's number follows from object and account: both sides find theirs by it.
    key = _sharer_keys(sharer_account, sharer_starts, len(network.edges.accounts))
    width = len(network.edges.accounts) + 1
    order = np.argsort(key, kind="stable")
    sharers = tuple(
        order[np.searchsorted(key, places * width + 1 + account[common.pair], sorter=order)]
        for account in (some.account_a, some.account_b)
    )
    first_us = _first_times(own, len(sharer_account))
    moment_of = _moments(sharer_account, first_us)
    starts = np.searchsorted(common.pair, np.arange(len(rows) + 1)).astype(np.int64)
    return PairRecords(
        kind=kind,
        rows=rows,
        starts=starts,
        community=network.community[some.account_a].astype(np.int64),
        objects=common.object.astype(np.int64),
        places=places,
        sharers=(sharers[0], sharers[1]),
        moments=(moment_of[sharers[0]], moment_of[sharers[1]]),
        shares=own,
        sharer_account=sharer_account,
        sharer_starts=sharer_starts,
    )


def _by_sharer(shares: ShareArrays, number: Int32s) -> tuple[ShareArrays, Int32s, Int64s]:
    """The same shares with sharers for accounts, each sharer's account, each object's first."""
    width = max(shares.account_count, 1)
    keys, sharer = np.unique(
        shares.objects.astype(np.int64) * width + shares.accounts, return_inverse=True
    )
    # Ascending with object and account, so that the order of rows at one time stays as it was.
    own = ShareArrays(
        shares.objects, sharer.astype(np.int32), shares.times_us, shares.starts, len(keys)
    )
    starts = np.searchsorted(keys // width, np.arange(shares.object_count + 1)).astype(np.int64)
    return own, number[keys % width], starts


def _sharer_keys(sharer_account: Int32s, sharer_starts: Int64s, accounts: int) -> Int64s:
    places = np.repeat(np.arange(len(sharer_starts) - 1), np.diff(sharer_starts))
    return np.asarray(places * (accounts + 1) + 1 + sharer_account, np.int64)


def _first_times(shares: ShareArrays, sharers: int) -> Int64s:
    first_us = np.full(sharers, np.iinfo(np.int64).max)
    np.minimum.at(first_us, shares.accounts, shares.times_us)
    return first_us


def _moments(sharer_account: Int32s, first_us: Int64s) -> Int64s:
    """A number for each distinct account and time of a first share."""
    order = np.lexsort((first_us, sharer_account))
    account, at_us = sharer_account[order], first_us[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (account[1:] != account[:-1]) | (at_us[1:] != at_us[:-1])
    moment = np.empty(len(order), np.int64)
    moment[order] = np.cumsum(new) - 1
    return moment
