"""Communities of interest: who tends to share the same objects as whom, as a small table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays
from assay.detectors.communities import LeidenParameters, WeightedEdges, find_communities
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]

MOST_COMMUNITIES = 40
"""The largest are kept; the accounts of all others form one more, without an interest."""

NEIGHBOURS = 12
"""In an object with more sharers each is tied to so many of those that follow it in time."""

MOST_EDGES = 1_500_000
"""Above, ties by a single object are dropped."""


@dataclass(frozen=True)
class Interests:
    """Communities of accounts, and how much each cares for the topics of the others.

    Attributes:
        sizes: Share of the accounts in each community.
        table: (community, topic): shares by members of objects on a topic. The topic of an object
            is the community of most of its *other* sharers, so that nobody makes his own topic.
    """

    sizes: Floats
    table: Floats


def find_interests(kinds: Sequence[ShareArrays], accounts: int) -> tuple[Interests, Int64s]:
    """Find communities by Leiden on the network of common objects.

    Args:
        kinds: First shares of each kind.
        accounts: How many accounts there are.

    Returns:
        The interests, and the community of each account.
    """
    edges = _common_objects(kinds, accounts)
    community = np.zeros(accounts, np.int64)
    if len(edges.a):
        community, _ = find_communities(edges, LeidenParameters(replicates=0, seeds=0))
        tied = np.zeros(accounts, np.bool_)
        tied[edges.a] = tied[edges.b] = True
        community = np.where(tied, np.minimum(community, MOST_COMMUNITIES), MOST_COMMUNITIES)
    labels, community = np.unique(community, return_inverse=True)
    community = community.astype(np.int64)
    table = np.zeros((len(labels), len(labels)))
    for first in kinds:
        mine, topics = _seen_from_outside(first, community, len(labels))
        np.add.at(table, (mine, topics), 1.0)
    sizes = np.bincount(community, minlength=len(labels)) / max(accounts, 1)
    return Interests(sizes, table), community


def object_topics(first: ShareArrays, community: Int64s) -> Int64s:
    """The community of most of each object's sharers."""
    top, _, _, _ = _leaders(first, community, int(community.max(initial=0)) + 1)
    return top


def _seen_from_outside(first: ShareArrays, community: Int64s, labels: int) -> tuple[Int64s, Int64s]:
    """For each share of an object with several sharers: own community, topic by the others."""
    top, second, lead, has_second = _leaders(first, community, labels)
    several = np.diff(first.starts)[first.objects] > 1
    objects = first.objects[several]
    mine = community[first.accounts[several]]
    swings = (mine == top[objects]) & (lead[objects] < 1) & has_second[objects]
    return mine, np.where(swings, second[objects], top[objects])


def _leaders(
    first: ShareArrays, community: Int64s, labels: int
) -> tuple[Int64s, Int64s, Int64s, npt.NDArray[np.bool_]]:
    """Of each object: the first and second community, the lead, and whether there is a second."""
    keys = first.objects.astype(np.int64) * labels + community[first.accounts]
    pairs, counts = np.unique(keys, return_counts=True)
    objects, labelled = np.divmod(pairs, labels)
    order = np.lexsort((labelled, -counts, objects))
    objects, labelled, counts = objects[order], labelled[order], counts[order]
    starts = np.searchsorted(objects, np.arange(first.object_count))
    following = np.minimum(starts + 1, max(len(objects) - 1, 0))
    has_second = (starts + 1 < len(objects)) & (objects[following] == np.arange(first.object_count))
    lead = counts[starts] - np.where(has_second, counts[following], 0)
    return labelled[starts], labelled[following], lead, has_second


def _common_objects(kinds: Sequence[ShareArrays], accounts: int) -> WeightedEdges:
    keys = [np.empty(0, np.int64)]
    first_us = [np.empty(0, np.int64)]
    for first in kinds:
        room = int(_tie(first.starts, first.accounts, first.times_us, accounts, _NONE, _NONE))
        found, seen_us = np.empty(room, np.int64), np.empty(room, np.int64)
        _tie(first.starts, first.accounts, first.times_us, accounts, found, seen_us)
        keys.append(found)
        first_us.append(seen_us)
    every, times_us = np.concatenate(keys), np.concatenate(first_us)
    order = np.lexsort((times_us, every))
    pairs, begins, weight = np.unique(every[order], return_index=True, return_counts=True)
    seen = times_us[order][begins] if len(pairs) else times_us[:0]
    if len(pairs) > MOST_EDGES:
        keep = weight > 1
        pairs, weight, seen = pairs[keep], weight[keep], seen[keep]
    a, b = np.divmod(pairs, accounts)
    return WeightedEdges(accounts, a, b, weight.astype(np.float64), seen)


_NONE = np.empty(0, np.int64)


@njit
def _tie(
    starts: Int64s,
    accounts: Int32s,
    times_us: Int64s,
    account_count: int,
    found: Int64s,
    seen_us: Int64s,
) -> int:
    """Write one number for each tie, if there is room; return how many there are."""
    count = 0
    for index in range(len(starts) - 1):
        for row in range(starts[index], starts[index + 1]):
            last = min(starts[index + 1], row + 1 + NEIGHBOURS)
            for other in range(row + 1, last):
                if len(found):
                    low = min(accounts[row], accounts[other])
                    high = max(accounts[row], accounts[other])
                    found[count] = np.int64(low) * account_count + high
                    seen_us[count] = times_us[row]
                count += 1
    return count
