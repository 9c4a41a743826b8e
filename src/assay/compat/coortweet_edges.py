"""Add share pairs up to CooRTweet's edges, one account at a time, without keeping the pairs.

Memory grows with rows and edges, never with share pairs: for the account at hand, one counter
per other account, and stamps that say "already counted for this edge". The stamps are exact
because a content belongs to one account; the contents that do not are counted by sorting.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assay.compat.coortweet_store import (
    Edges,
    Noted,
    cut_to,
    no_edges,
    room_for_key,
    room_for_object,
    with_room_for,
)
from assay.compat.windows import Grouping, Neighbours
from assay.engine.compiled import njit


class ShareRows(NamedTuple):
    """Rows sorted by (object, time, CooRTweet's row order); of two, the lower is the older.

    Attributes:
        object: Code, numbered by first appearance in CooRTweet's row order.
        account: Code, numbered alphabetically.
        content: Code.
        time_s: Seconds since 1970.
        live: The content lets its pairs survive the filter by participation.
        content_use: Of the row's content: 0 in one row, 1 in several rows of one account, 2 in
            rows of several accounts.
    """

    object: np.ndarray
    account: np.ndarray
    content: np.ndarray
    time_s: np.ndarray
    live: np.ndarray
    content_use: np.ndarray


class Tallies(NamedTuple):
    """Counters of the account at hand, per other account, and stamps; all reused."""

    weight: np.ndarray
    gap_s: np.ndarray
    older: np.ndarray
    newer: np.ndarray
    objects: np.ndarray
    object_stamp: np.ndarray
    own_older_stamp: np.ndarray
    own_newer_stamp: np.ndarray
    other_older_stamp: np.ndarray
    other_newer_stamp: np.ndarray
    touched: np.ndarray


def new_tallies(n_accounts: int, n_contents: int) -> Tallies:
    """Counters at zero and stamps that match nothing."""
    zeros = [np.zeros(n_accounts, np.int64) for _ in range(4)]
    stamps = [np.full(n_accounts, -1, np.int64) for _ in range(3)]
    seen = [np.full(n_contents, -1, np.int64) for _ in range(2)]
    return Tallies(
        zeros[0],
        np.zeros(n_accounts),
        zeros[1],
        zeros[2],
        zeros[3],
        stamps[0],
        stamps[1],
        stamps[2],
        seen[0],
        seen[1],
        np.empty(n_accounts, np.int32),
    )


@njit
def contents_in_pairs(rows: ShareRows, near: Neighbours, n_contents: int) -> np.ndarray:
    """Which contents stand in a share pair of two accounts and two contents."""
    n = len(rows.object)
    # The next row of another account: a flood by one account is stepped over, not walked.
    next_account, previous_account = np.empty(n, np.int64), np.empty(n, np.int64)
    for p in range(n - 1, -1, -1):
        same = p + 1 < n and rows.account[p + 1] == rows.account[p]
        next_account[p] = next_account[p + 1] if same else p + 1
    for p in range(n):
        same = p > 0 and rows.account[p - 1] == rows.account[p]
        previous_account[p] = previous_account[p - 1] if same else p - 1
    found = np.zeros(n_contents, np.bool_)
    for p in range(n):
        q = next_account[p]
        while not found[rows.content[p]] and q < near.after_last[p]:
            if rows.account[q] == rows.account[p]:
                q = next_account[q]
            elif rows.content[q] == rows.content[p]:
                q += 1
            else:
                found[rows.content[p]] = True
        q = previous_account[p]
        while not found[rows.content[p]] and q >= near.first[p]:
            if rows.account[q] == rows.account[p]:
                q = previous_account[q]
            elif rows.content[q] == rows.content[p]:
                q -= 1
            else:
                found[rows.content[p]] = True
    return found


@njit
def edges_of_accounts(
    rows: ShareRows,
    near: Neighbours,
    by_account: Grouping,
    tallies: Tallies,
    block: tuple[int, int],
) -> Edges:
    """The edges from the accounts of a block to the accounts after each, in order."""
    edges, n_edges, n_objects = no_edges(), 0, 0
    noted = Noted(np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty(1024, np.int64))
    for a in range(block[0], block[1]):
        noted, n_touched, n_noted, n_keys = _count_pairs(
            rows,
            near,
            by_account.row[by_account.start[a] : by_account.start[a + 1]],
            tallies,
            noted,
        )
        if n_touched == 0:
            continue
        _count_repeated(
            rows, near, by_account.row[by_account.start[a] : by_account.start[a + 1]], tallies
        )
        _count_shared(noted.key[:n_keys], tallies)
        edges = with_room_for(edges, n_edges + n_touched, n_objects + n_noted)
        touched = np.sort(tallies.touched[:n_touched])
        _append(edges, (n_edges, n_objects), a, touched, tallies)
        _place_objects(edges, noted, n_noted, tallies)
        tallies.objects[touched] = 0
        n_edges += n_touched
        n_objects += n_noted
    return cut_to(edges, n_edges, n_objects)


@njit
def _count_pairs(
    rows: ShareRows, near: Neighbours, own: np.ndarray, tallies: Tallies, noted: Noted
) -> tuple[Noted, int, int, int]:
    """Tally the pairs of one account's rows with later accounts; note what must be kept.

    Returns:
        The notes, then how many other accounts, objects and content keys there are.
    """
    n_touched = n_noted = n_keys = 0
    for p in own:
        a, content, use = rows.account[p], rows.content[p], rows.content_use[p]
        object_stamp = np.int64(a) * 2147483648 + rows.object[p]
        for q in range(near.first[p], near.after_last[p]):
            b, other = rows.account[q], rows.content[q]
            if b <= a or other == content or not (rows.live[p] or rows.live[q]):
                continue
            if tallies.weight[b] == 0:
                tallies.touched[n_touched] = b
                n_touched += 1
            tallies.weight[b] += 1
            tallies.gap_s[b] += abs(rows.time_s[q] - rows.time_s[p])
            if tallies.object_stamp[b] != object_stamp:
                tallies.object_stamp[b] = object_stamp
                tallies.objects[b] += 1
                noted = room_for_object(noted, n_noted)
                noted.account[n_noted], noted.object[n_noted] = b, rows.object[p]
                n_noted += 1
            newer = 1 if q < p else 0
            if use == 0:
                _count_own(tallies, b, np.int64(p), q < p)
            elif use == 2:
                noted, n_keys = room_for_key(noted, n_keys)
                noted.key[n_keys] = b * 4294967296 + content * 2 + newer
                n_keys += 1
            if rows.content_use[q] == 2:
                noted, n_keys = room_for_key(noted, n_keys)
                noted.key[n_keys] = b * 4294967296 + other * 2 + 1 - newer
                n_keys += 1
            elif q < p and tallies.other_older_stamp[other] != a:
                tallies.other_older_stamp[other] = a
                tallies.older[b] += 1
            elif q > p and tallies.other_newer_stamp[other] != a:
                tallies.other_newer_stamp[other] = a
                tallies.newer[b] += 1
    return noted, n_touched, n_noted, n_keys


@njit(counted=False)
def _count_own(tallies: Tallies, b: int, stamp: np.int64, is_newer: bool) -> None:
    """Count a content of the account at hand once for the edge to b, as older or as newer."""
    if is_newer and tallies.own_newer_stamp[b] != stamp:
        tallies.own_newer_stamp[b] = stamp
        tallies.newer[b] += 1
    elif not is_newer and tallies.own_older_stamp[b] != stamp:
        tallies.own_older_stamp[b] = stamp
        tallies.older[b] += 1


@njit
def _count_repeated(rows: ShareRows, near: Neighbours, own: np.ndarray, tallies: Tallies) -> None:
    """Count the account's contents that stand in several of its rows, content by content."""
    repeated = own[rows.content_use[own] == 1]
    for p in repeated[np.argsort(rows.content[repeated], kind="mergesort")]:
        a, content = rows.account[p], rows.content[p]
        for q in range(near.first[p], near.after_last[p]):
            b = rows.account[q]
            if b > a and rows.content[q] != content and (rows.live[p] or rows.live[q]):
                # Rows have the stamps below; a content's stamp is never a row's.
                _count_own(tallies, b, len(rows.object) + np.int64(content), q < p)


@njit
def _count_shared(keys: np.ndarray, tallies: Tallies) -> None:
    """Count each (other account, content, side) once: contents that have several accounts."""
    for key in np.unique(keys):
        if key & 1:
            tallies.newer[key >> 32] += 1
        else:
            tallies.older[key >> 32] += 1


@njit
def _append(
    edges: Edges, end: tuple[int, int], a: int, touched: np.ndarray, tallies: Tallies
) -> None:
    """Write the tallies of one account as edges and set them back to zero.

    Its tally of objects becomes the place in the list where the edge's next object goes.
    """
    n_edges, n_objects = end
    for edge, b in enumerate(touched, n_edges):
        edges.account_a[edge], edges.account_b[edge] = a, b
        edges.weight[edge], edges.gap_s[edge] = tallies.weight[b], tallies.gap_s[b]
        edges.older[edge], edges.newer[edge] = tallies.older[b], tallies.newer[b]
        edges.n_objects[edge] = tallies.objects[b]
        tallies.weight[b] = tallies.older[b] = tallies.newer[b] = 0
        tallies.gap_s[b] = 0.0
        tallies.objects[b] = n_objects
        n_objects += edges.n_objects[edge]


@njit
def _place_objects(edges: Edges, noted: Noted, n_noted: int, tallies: Tallies) -> None:
    """Sort the noted objects to their edges, keeping their order."""
    for note in range(n_noted):
        b = noted.account[note]
        edges.object[tallies.objects[b]] = noted.object[note]
        tallies.objects[b] += 1
