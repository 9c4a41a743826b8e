"""How well communities come out again: over objects drawn again, over other seeds, and by account.

Two questions are kept apart. *Redrawn objects* (a bootstrap): would other objects have led to the
same group? *Other seeds*: does the algorithm, on the very same network, answer the same when its
random choices fall otherwise? A group whose edges are certain can still be cut out of a larger
whole by a toss of the coin; a group that every seed finds can still hang on one object.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.detectors.communities import (
    LeidenParameters,
    ObjectVotes,
    WeightedEdges,
    object_keys,
    partition,
    poisson_votes,
    structural_order,
)


@dataclass(frozen=True)
class Stability:
    """Shares from 0 to 1, each a mean over the replicates.

    A community's match in a replicate is the group with the largest Jaccard similarity (Hennig
    2007).

    Attributes:
        objects: Of each community, its similarity with its match when objects are drawn again.
        seeds: The same on the network as it is, with other seeds.
        account_objects: Of each account, how often it is in its community's match when objects
            are drawn again.
        account_seeds: The same with other seeds.
    """

    objects: np.ndarray
    seeds: np.ndarray
    account_objects: np.ndarray
    account_seeds: np.ndarray


def measure_stability(
    edges: WeightedEdges,
    votes: ObjectVotes,
    communities: np.ndarray,
    parameters: LeidenParameters,
) -> Stability | None:
    """Find the communities again and again, and compare.

    Each replicate over objects gives every object a Poisson(1) number of votes, weighs the edges by
    the votes and runs Leiden with another seed. Objects that the same accounts shared at the same
    moment are drawn together: they are one act.

    Returns:
        The means; None without replicates.
    """
    if parameters.replicates == 0:
        return None
    if not len(edges.a):
        nothing = np.empty(0)
        return Stability(nothing, nothing, nothing, nothing)
    order = structural_order(edges)
    keys, object_codes = object_keys(edges, votes)

    def redrawn(replicate: int) -> np.ndarray:
        drawn = poisson_votes(keys, parameters.seed, replicate)[object_codes]
        weight = np.bincount(votes.edge, weights=drawn, minlength=len(edges.a))
        alive = weight > 0
        if not alive.any():
            return np.arange(edges.accounts)
        sample = edges._replace(
            a=edges.a[alive],
            b=edges.b[alive],
            weight=weight[alive],
            first_us=edges.first_us[alive],
        )
        return partition(sample, order, parameters, parameters.seed + replicate)[0]

    def reseeded(replicate: int) -> np.ndarray:
        # Seeds that no replicate over objects uses.
        seed = parameters.seed + parameters.replicates + replicate
        return partition(edges, order, parameters, seed)[0]

    over_objects = [redrawn(number + 1) for number in range(parameters.replicates)]
    over_seeds = [reseeded(number + 1) for number in range(parameters.seeds)]
    objects, account_objects = _means(communities, over_objects, order)
    seeds, account_seeds = _means(communities, over_seeds, order)
    return Stability(objects, seeds, account_objects, account_seeds)


def best_match(
    communities: np.ndarray, labels: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Each community's match: the largest Jaccard similarity, and which accounts are in the match.

    Args:
        communities: Community of each account, from 0.
        labels: Any other grouping of the accounts.
        order: Account numbers in the order of the network's shape: among equally similar groups
            with equally many of the community's accounts the one that begins first counts.

    Returns:
        Similarity of each community; for each account whether it is in its community's match.
    """
    _, codes = np.unique(labels, return_inverse=True)
    first = np.unique(codes[order], return_index=True)[1]
    # Numbered in that order, so that neither ids nor the labels' own numbers mean anything.
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    codes = rank[codes]
    sizes, label_sizes = np.bincount(communities), np.bincount(codes)
    both, overlap = np.unique(
        communities.astype(np.int64) * len(label_sizes) + codes, return_counts=True
    )
    community, label = np.divmod(both, len(label_sizes))
    similarity = overlap / (sizes[community] + label_sizes[label] - overlap)
    best = np.lexsort((label, -overlap, -similarity, community))
    top = best[np.searchsorted(community[best], np.arange(len(sizes)))]
    return similarity[top], codes == label[top][communities]


def _means(
    communities: np.ndarray, replicates: list[np.ndarray], order: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    count = int(communities.max()) + 1 if len(communities) else 0
    similar, stays = np.zeros(count), np.zeros(len(communities))
    for labels in replicates:
        if count:
            similarity, inside = best_match(communities, labels, order)
            similar += similarity
            stays += inside
    runs = max(len(replicates), 1)
    return similar / runs, stays / runs
