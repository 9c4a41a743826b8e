"""Small networks whose communities everybody would draw alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.communities import WeightedEdges


def weighted_edges(pairs: list[tuple[int, int, int]], accounts: int) -> WeightedEdges:
    """Edges from (a, b, weight); no two begin at one moment."""
    a, b, weight = (np.array(column, np.int64) for column in zip(*sorted(pairs), strict=True))
    return WeightedEdges(accounts, a, b, weight, 1_000_000 * (7 * a + 13 * b + weight))


def cliques(sizes: tuple[int, ...], bridge: int) -> WeightedEdges:
    """Cliques of weight 5, the last account of each tied to the first of the next by ``bridge``."""
    pairs, start = [], 0
    for size in sizes:
        members = range(start, start + size)
        pairs += [(i, j, 5) for i in members for j in members if i < j]
        start += size
    pairs += [(int(end) - 1, int(end), bridge) for end in np.cumsum(sizes)[:-1]]
    return weighted_edges(pairs, start)


@dataclass(frozen=True)
class Renamed:
    """A network drawn at random, and the same one with its accounts under other numbers.

    Attributes:
        edges: The network.
        other: The same, renamed.
        name: Each account's new number.
        new_edge: Where each edge stands in the other network.
    """

    edges: WeightedEdges
    other: WeightedEdges
    name: npt.NDArray[np.int64]
    new_edge: npt.NDArray[np.int64]


def renamed_network(rng: np.random.Generator) -> Renamed:
    """Forty accounts, up to 160 edges."""
    count = 40
    chosen = np.unique(np.sort(rng.integers(0, count, (160, 2)), axis=1), axis=0)
    chosen = chosen[chosen[:, 0] < chosen[:, 1]]
    weight = rng.integers(1, 5, len(chosen))
    first = rng.integers(0, 10**12, len(chosen))
    edges = WeightedEdges(count, chosen[:, 0], chosen[:, 1], weight, first)
    name = rng.permutation(count)
    ends = np.sort(name[chosen], axis=1)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    other = WeightedEdges(count, ends[order, 0], ends[order, 1], weight[order], first[order])
    return Renamed(edges, other, name, np.argsort(order))
