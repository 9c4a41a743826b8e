"""Small networks whose communities everybody would draw alike."""

from __future__ import annotations

import numpy as np

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
