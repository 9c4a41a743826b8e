"""Communities of a weighted network: Leiden, numbered so that names and row order do not matter.

Leiden's answer depends on the order in which the accounts enter it. They enter in an order made
from the network's own shape (weights and times), not from their ids, so that renaming every
account changes nothing but names. Leiden: Traag, Waltman, van Eck 2019, arXiv:1810.08473; the
implementation is graspologic-native.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from assay.detectors.spread import mixed_all

_POISSON_1 = np.cumsum(np.exp(-1.0) / np.cumprod([1.0, *range(1, 18)]))
_REFINEMENTS = 4


@dataclass(frozen=True)
class LeidenParameters:
    """How communities are found.

    Attributes:
        resolution: Of the modularity; higher gives more and smaller communities.
        seed: Of the random choices.
        iterations: Full Leiden cycles, each starting from the last one's result.
        replicates: Bootstrap replicates behind the stability; 0 leaves stability out.
        seeds: Other seeds that the network is cut with, for the stability over seeds.
    """

    resolution: float = 1.0
    seed: int = 1
    iterations: int = 2
    replicates: int = 20
    seeds: int = 10


class WeightedEdges(NamedTuple):
    """An undirected network: account numbers from 0, each pair once.

    Attributes:
        accounts: How many accounts there are.
        a: First account of each edge.
        b: Second account of each edge.
        weight: Positive.
        first_us: When the edge was first seen, microseconds since 1970.
    """

    accounts: int
    a: np.ndarray
    b: np.ndarray
    weight: np.ndarray
    first_us: np.ndarray


class ObjectVotes(NamedTuple):
    """One row per edge and co-timed object, for the bootstrap.

    Attributes:
        edge: Row of :class:`WeightedEdges`.
        object: Object number, whatever it counts from.
        time_us: Of the earlier of the two shares.
    """

    edge: np.ndarray
    object: np.ndarray
    time_us: np.ndarray


def find_communities(
    edges: WeightedEdges, parameters: LeidenParameters
) -> tuple[np.ndarray, float]:
    """The community of each account, numbered from 0 by size falling, then by smallest account.

    Returns:
        Community of each account, and the modularity that Leiden reports.
    """
    labels, quality = partition(edges, structural_order(edges), parameters, parameters.seed)
    return canonical_numbers(labels), quality


def canonical_numbers(labels: np.ndarray) -> np.ndarray:
    """Renumber communities by size, largest first, and by smallest account among equals."""
    _, first, codes, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(first), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(first))
    return rank[codes]


def structural_order(edges: WeightedEdges) -> np.ndarray:
    """Account numbers in an order that the network's shape decides, and ids only between equals.

    Colour refinement: each account starts from its earliest edge, and takes in its neighbours'
    colours and weights a few times over.
    """
    first = np.full(edges.accounts, np.iinfo(np.int64).max)
    np.minimum.at(first, edges.a, edges.first_us)
    np.minimum.at(first, edges.b, edges.first_us)
    colour = mixed_all(first.view(np.uint64))
    weight = mixed_all(edges.weight.astype(np.float64).view(np.uint64))
    for _ in range(_REFINEMENTS):
        heard = np.zeros(edges.accounts, np.uint64)
        np.add.at(heard, edges.a, mixed_all(colour[edges.b] + weight))
        np.add.at(heard, edges.b, mixed_all(colour[edges.a] + weight))
        colour = mixed_all(colour + heard)
    return np.lexsort((np.arange(edges.accounts), colour))


def partition(
    edges: WeightedEdges, order: np.ndarray, parameters: LeidenParameters, seed: int
) -> tuple[np.ndarray, float]:
    """Labels of each account; accounts without an edge stay alone."""
    import graspologic_native

    place = np.empty(edges.accounts, np.int64)
    place[order] = np.arange(edges.accounts)
    source = np.concatenate([place[edges.a], place[edges.b]])
    target = np.concatenate([place[edges.b], place[edges.a]])
    sorted_rows = np.lexsort((target, source))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=edges.accounts))])
    quality, found = graspologic_native.leiden_csr(
        indptr.astype(np.int64),
        target[sorted_rows].astype(np.int32),
        np.concatenate([edges.weight, edges.weight])[sorted_rows].astype(np.float64),
        edges.accounts,
        resolution=parameters.resolution,
        iterations=parameters.iterations,
        seed=seed,
    )
    labels = np.arange(edges.accounts) + edges.accounts
    labels[order[np.fromiter(found.keys(), np.int64)]] = np.fromiter(found.values(), np.int64)
    return labels, float(quality)


def object_keys(edges: WeightedEdges, votes: ObjectVotes) -> tuple[np.ndarray, np.ndarray]:
    """A key per object from who shared it and when, without its name, and each vote's object."""
    colour = np.empty(edges.accounts, np.uint64)
    colour[structural_order(edges)] = np.arange(edges.accounts, dtype=np.uint64)
    pair = mixed_all(mixed_all(colour[edges.a]) + mixed_all(colour[edges.b]))
    _, codes = np.unique(votes.object, return_inverse=True)
    objects = int(codes.max()) + 1 if len(codes) else 0
    key = np.zeros(objects, np.uint64)
    np.add.at(key, codes, pair[votes.edge])
    first = np.full(objects, np.iinfo(np.int64).max)
    np.minimum.at(first, codes, votes.time_us)
    return mixed_all(key + mixed_all(first.view(np.uint64))), codes


def poisson_votes(keys: np.ndarray, seed: int, replicate: int) -> np.ndarray:
    """Poisson(1) draws that depend on key, seed and replicate alone, on any numpy version."""
    stream = mixed_all(np.array([seed, replicate], np.uint64))
    uniform = (mixed_all(keys + stream[0] + mixed_all(stream[1:])) >> np.uint64(11)) * 2.0**-53
    return np.searchsorted(_POISSON_1, uniform, side="right").astype(np.float64)
