"""Where each account stands in the drawing: seeded, deterministic, computed before the page.

Each connected part is laid out by itself with springs along the pairs and repulsion between all
accounts (the forces of ForceAtlas2, Jacomy et al. 2014, with Barnes and Hut's quadtree); then the
parts are packed beside each other as discs, the largest in the middle.
"""

from __future__ import annotations

import numpy as np

from assay.engine.compiled import njit

GOLDEN_ANGLE = 2.399963229728653
FROM_THE_MIDDLE = 300
"""So many parts are placed by a search from the middle; later ones go on where the last was."""
THETA = 1.1
"""A cell counts as one body when it is smaller than this share of its distance."""


def lay_out(
    node_count: int, a: np.ndarray, b: np.ndarray, weight: np.ndarray, *, seed: int = 0
) -> np.ndarray:
    """Positions for a weighted, undirected network.

    Args:
        node_count: Number of nodes.
        a: One end of each edge.
        b: The other end.
        weight: Of each edge; positive.
        seed: Changes where the nodes start.

    Returns:
        An array of ``node_count`` × 2 in a square of ±1, rounded to four decimals.
    """
    if node_count == 0:
        return np.zeros((0, 2))
    ends = (np.asarray(a, dtype=np.int64), np.asarray(b, dtype=np.int64))
    # Weights differ by orders of magnitude; a heavy pair comes nearer and still stays two dots.
    pull = 1.0 + np.log(np.maximum(np.asarray(weight, dtype=np.float64), 1.0)) / 4
    part = _parts(node_count, *ends)
    order = np.argsort(part, kind="stable")
    sizes = np.bincount(part)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    place = np.empty(node_count, dtype=np.int64)
    place[order] = np.arange(node_count)
    edge_part = part[ends[0]] if len(ends[0]) else np.zeros(0, dtype=np.int64)
    edge_order = np.argsort(edge_part, kind="stable")
    edge_starts = np.searchsorted(edge_part[edge_order], np.arange(len(sizes) + 1))
    positions = np.zeros((node_count, 2))
    radii = np.zeros(len(sizes))
    for number, size in enumerate(sizes.tolist()):
        mine = edge_order[edge_starts[number] : edge_starts[number + 1]]
        left, right = (place[end[mine]] - starts[number] for end in ends)
        spots = _lay_out_part(size, left, right, pull[mine], seed)
        reach = float(np.sqrt((spots**2).sum(axis=1)).max())
        radii[number] = (reach + 0.08) * np.sqrt(size) + 0.5
        positions[starts[number] : starts[number + 1]] = spots * np.sqrt(size)
    centres = _pack(radii)
    positions += np.repeat(centres, sizes, axis=0)
    positions -= (positions.max(axis=0) + positions.min(axis=0)) / 2
    positions /= max(float(np.abs(positions).max()), 1e-9)
    result: np.ndarray = np.round(positions[place], 4) + 0.0
    return result


def _lay_out_part(
    size: int, left: np.ndarray, right: np.ndarray, pull: np.ndarray, seed: int
) -> np.ndarray:
    """One connected part in a disc of radius 1."""
    if size == 1:
        return np.zeros((1, 2))
    turn = (np.arange(size) + seed) * GOLDEN_ANGLE
    radius = np.sqrt((np.arange(size) + 0.5) * size)
    # Rounded, so that the last bit of another machine's sine cannot change the picture.
    start = np.round(np.column_stack([radius * np.cos(turn), radius * np.sin(turn)]), 6)
    if size == 2:
        spots = start
    else:
        degree = np.bincount(left, minlength=size) + np.bincount(right, minlength=size)
        mass = 1.0 + degree.astype(np.float64)
        rounds = 400 if size < 2000 else 250 if size < 20_000 else 120
        spots = _settle(start, mass, left, right, pull, rounds)
    spots = spots - (spots.max(axis=0) + spots.min(axis=0)) / 2
    reach = np.sqrt((spots**2).sum(axis=1))
    # The far-flung few must not squeeze everyone else into a dot.
    limit = max(float(np.quantile(reach, 0.95)) * 1.3, 1e-9)
    outside = np.maximum(reach / limit, 1.0)
    return np.asarray(spots / limit / outside[:, None])


@njit
def _parts(node_count: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The connected part of each node, numbered by falling size, then by first node."""
    parent = np.arange(node_count)
    for k in range(len(a)):
        x, y = a[k], b[k]
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        while parent[y] != y:
            parent[y] = parent[parent[y]]
            y = parent[y]
        if x < y:
            parent[y] = x
        elif y < x:
            parent[x] = y
    size = np.zeros(node_count, dtype=np.int64)
    for i in range(node_count):
        x = i
        while parent[x] != x:
            x = parent[x]
        parent[i] = x
        size[x] += 1
    roots = np.nonzero(size)[0]
    order = np.argsort(-size[roots], kind="mergesort")
    number = np.zeros(node_count, dtype=np.int64)
    for k in range(len(order)):
        number[roots[order[k]]] = k
    return number[parent]


@njit
def _settle(
    start: np.ndarray,
    mass: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    pull: np.ndarray,
    rounds: int,
) -> np.ndarray:
    """Let the forces act, with steps that shrink from round to round."""
    n = len(start)
    at = start.copy()
    force = np.zeros((n, 2))
    mean_pull = pull.mean()
    reach = np.sqrt(float(n)) * 2.0
    for turn in range(rounds):
        force[:] = 0.0
        _repel(at, mass, force)
        for k in range(len(left)):
            i, j = left[k], right[k]
            for axis in range(2):
                step = (at[j, axis] - at[i, axis]) * pull[k] / mean_pull
                force[i, axis] += step
                force[j, axis] -= step
        cooling = 1.0 - turn / rounds
        longest = reach * 0.1 * cooling * cooling + 0.01
        for i in range(n):
            fx = force[i, 0] - 0.05 * mass[i] * at[i, 0]
            fy = force[i, 1] - 0.05 * mass[i] * at[i, 1]
            fx /= mass[i]
            fy /= mass[i]
            length = np.sqrt(fx * fx + fy * fy)
            if length > longest:
                fx *= longest / length
                fy *= longest / length
            at[i, 0] += fx * 0.5
            at[i, 1] += fy * 0.5
    return at


@njit
def _repel(at: np.ndarray, mass: np.ndarray, force: np.ndarray) -> None:
    """Add the repulsion between all pairs, far cells of the quadtree taken as one body."""
    n = len(at)
    room = 8 * n + 64
    child = np.full((room, 4), -1, dtype=np.int64)
    body = np.full(room, -1, dtype=np.int64)
    weight = np.zeros(room)
    sums = np.zeros((room, 2))
    low = min(at[:, 0].min(), at[:, 1].min())
    width = max(at[:, 0].max(), at[:, 1].max()) - low + 1e-9
    used = 1
    for i in range(n):
        cell, x, y, w = 0, low, low, width
        while True:
            weight[cell] += mass[i]
            sums[cell, 0] += mass[i] * at[i, 0]
            sums[cell, 1] += mass[i] * at[i, 1]
            other = body[cell]
            empty = weight[cell] == mass[i]
            if empty or w < width * 1e-6 or used + 4 > room:
                if empty:
                    body[cell] = i
                break
            half = w / 2
            if other >= 0:
                # The body that lived here moves down one cell.
                body[cell] = -1
                q = (1 if at[other, 0] >= x + half else 0) + (2 if at[other, 1] >= y + half else 0)
                child[cell, q] = used
                body[used] = other
                weight[used] = mass[other]
                sums[used, 0] = mass[other] * at[other, 0]
                sums[used, 1] = mass[other] * at[other, 1]
                used += 1
            q = (1 if at[i, 0] >= x + half else 0) + (2 if at[i, 1] >= y + half else 0)
            if child[cell, q] < 0:
                child[cell, q] = used
                used += 1
            cell = child[cell, q]
            x += half * (q & 1)
            y += half * (q >> 1)
            w = half
    stack = np.empty(512, dtype=np.int64)
    widths = np.empty(512)
    for i in range(n):
        stack[0] = 0
        widths[0] = width
        top = 1
        while top > 0:
            top -= 1
            cell, w = stack[top], widths[top]
            if body[cell] == i and weight[cell] == mass[i]:
                continue
            dx = at[i, 0] - sums[cell, 0] / weight[cell]
            dy = at[i, 1] - sums[cell, 1] / weight[cell]
            squared = dx * dx + dy * dy
            leaf = (child[cell, 0] < 0 and child[cell, 1] < 0 and child[cell, 2] < 0) and child[
                cell, 3
            ] < 0
            if leaf or w * w < THETA * THETA * squared or top > 500:
                push = mass[i] * weight[cell] / (squared + 0.01)
                force[i, 0] += dx * push
                force[i, 1] += dy * push
                continue
            for q in range(4):
                if child[cell, q] >= 0:
                    stack[top] = child[cell, q]
                    widths[top] = w / 2
                    top += 1


@njit
def _pack(radii: np.ndarray) -> np.ndarray:
    """Centres of discs that do not overlap, each as near to the middle as a spiral finds.

    The discs come in falling size. They are kept in a coarse grid, so that a disc is compared
    with its neighbours only.
    """
    n = len(radii)
    centres = np.zeros((n, 2))
    if n < 2:
        return centres
    cell = 2.0 * radii[0] + 1e-9
    span = int(np.ceil(2.0 * np.sqrt((radii**2).sum()) * 2.0 / cell)) + 6
    first = np.full((span, span), -1, dtype=np.int64)
    following = np.full(n, -1, dtype=np.int64)
    turn_began = 0.0
    last_radius = radii[0]
    for k in range(n):
        turn = 0.0 if k == 0 else turn_began
        if k < FROM_THE_MIDDLE or radii[k] < last_radius * 0.8:
            # A smaller disc may fit into gaps further in.
            turn = 0.0
            last_radius = radii[k]
        while True:
            reach = turn * radii[k] * 0.05
            x = reach * np.cos(turn) * 1.15
            y = reach * np.sin(turn)
            column = min(max(int(x / cell + span / 2), 1), span - 2)
            row = min(max(int(y / cell + span / 2), 1), span - 2)
            free = True
            for i in range(row - 1, row + 2):
                for j in range(column - 1, column + 2):
                    other = first[i, j]
                    while other >= 0 and free:
                        gap = radii[k] + radii[other]
                        dx, dy = x - centres[other, 0], y - centres[other, 1]
                        free = dx * dx + dy * dy >= gap * gap
                        other = following[other]
            if free:
                break
            turn += min(0.5, 4.0 / (1.0 + turn))
        centres[k, 0] = x
        centres[k, 1] = y
        following[k] = first[row, column]
        first[row, column] = k
        turn_began = turn
    return centres
