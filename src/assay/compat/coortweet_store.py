"""Arrays that grow while CooRTweet's edges are counted: the edges, and notes of one account."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assay.compat.windows import room_for
from assay.engine.compiled import njit


class Edges(NamedTuple):
    """Edges sorted by the two accounts, and the objects of each.

    ``object`` lists the objects edge after edge, ``n_objects`` says how many belong to each.
    """

    account_a: np.ndarray
    account_b: np.ndarray
    weight: np.ndarray
    gap_s: np.ndarray
    older: np.ndarray
    newer: np.ndarray
    n_objects: np.ndarray
    object: np.ndarray


class Noted(NamedTuple):
    """What the account at hand has to keep until its edges are written; grows as needed.

    Attributes:
        account: Other account, beside ``object``: each object once per edge.
        object: Code.
        key: Other account, content and side in one number, for contents of several accounts.
    """

    account: np.ndarray
    object: np.ndarray
    key: np.ndarray


@njit
def room_for_object(noted: Noted, n_noted: int) -> Noted:
    """The notes with room for one more object."""
    if n_noted < len(noted.account):
        return noted
    return Noted(
        room_for(noted.account, n_noted + 1), room_for(noted.object, n_noted + 1), noted.key
    )


@njit
def room_for_key(noted: Noted, n_keys: int) -> tuple[Noted, int]:
    """Make room for one more key: drop repetitions first, so that memory follows the edges."""
    if n_keys < len(noted.key):
        return noted, n_keys
    distinct = np.unique(noted.key)
    keys = room_for(distinct, 2 * len(distinct))
    return Noted(noted.account, noted.object, keys), len(distinct)


@njit
def no_edges() -> Edges:
    """Room for edges, its content undefined."""
    size = 1024
    return Edges(
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.int64),
        np.empty(size, np.float64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int32),
    )


@njit
def with_room_for(edges: Edges, n_edges: int, n_objects: int) -> Edges:
    """The same edges with room for so many edges and listed objects in all."""
    if n_edges <= len(edges.weight) and n_objects <= len(edges.object):
        return edges
    return Edges(
        room_for(edges.account_a, n_edges),
        room_for(edges.account_b, n_edges),
        room_for(edges.weight, n_edges),
        room_for(edges.gap_s, n_edges),
        room_for(edges.older, n_edges),
        room_for(edges.newer, n_edges),
        room_for(edges.n_objects, n_edges),
        room_for(edges.object, n_objects),
    )


@njit
def cut_to(edges: Edges, n_edges: int, n_objects: int) -> Edges:
    """The edges without the room left over."""
    return Edges(
        edges.account_a[:n_edges],
        edges.account_b[:n_edges],
        edges.weight[:n_edges],
        edges.gap_s[:n_edges],
        edges.older[:n_edges],
        edges.newer[:n_edges],
        edges.n_objects[:n_edges],
        edges.object[:n_objects],
    )
