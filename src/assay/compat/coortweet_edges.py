"""Add share pairs up to CooRTweet's edges, one account at a time, without keeping the pairs.

Memory grows with rows and edges, never with share pairs: for the account at hand, one counter
per other account, and stamps that say "already counted for this edge". The stamps are exact
because a content belongs to one account; the contents that do not are counted by sorting.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assay.compat.windows import Grouping, Neighbours, room_for
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
    size = 1024
    account_a, account_b = np.empty(size, np.int32), np.empty(size, np.int32)
    weight, older, newer = (
        np.empty(size, np.int64),
        np.empty(size, np.int64),
        np.empty(size, np.int64),
    )
    gap_s, n_objects = np.empty(size, np.float64), np.empty(size, np.int64)
    objects = np.empty(size, np.int32)
    pair_b, pair_object = np.empty(size, np.int32), np.empty(size, np.int32)
    shared = np.empty(size, np.int64)
    n_edges = n_listed = 0
    for a in range(block[0], block[1]):
        n_touched = n_pairs = n_shared = 0
        for k in range(by_account.start[a], by_account.start[a + 1]):
            p = by_account.row[k]
            use, content = rows.content_use[p], rows.content[p]
            # A content in several rows of its account is one: stamp the content, not the row.
            own_stamp = np.int64(p) if use == 0 else len(rows.object) + np.int64(content)
            object_stamp = np.int64(a) * 2147483648 + rows.object[p]
            for q in range(near.first[p], near.after_last[p]):
                b = rows.account[q]
                if b <= a or rows.content[q] == content or not (rows.live[p] or rows.live[q]):
                    continue
                if tallies.weight[b] == 0:
                    tallies.touched[n_touched] = b
                    n_touched += 1
                tallies.weight[b] += 1
                tallies.gap_s[b] += abs(rows.time_s[q] - rows.time_s[p])
                if tallies.object_stamp[b] != object_stamp:
                    tallies.object_stamp[b] = object_stamp
                    tallies.objects[b] += 1
                    pair_b = room_for(pair_b, n_pairs + 1)
                    pair_object = room_for(pair_object, n_pairs + 1)
                    pair_b[n_pairs], pair_object[n_pairs] = b, rows.object[p]
                    n_pairs += 1
                own_is_newer = 1 if q < p else 0
                if use == 0:
                    if q < p and tallies.own_newer_stamp[b] != own_stamp:
                        tallies.own_newer_stamp[b] = own_stamp
                        tallies.newer[b] += 1
                    elif q > p and tallies.own_older_stamp[b] != own_stamp:
                        tallies.own_older_stamp[b] = own_stamp
                        tallies.older[b] += 1
                elif use == 2:
                    shared, n_shared = _with_room(shared, n_shared)
                    shared[n_shared] = _key(b, content, own_is_newer)
                    n_shared += 1
                other = rows.content[q]
                if rows.content_use[q] == 2:
                    shared, n_shared = _with_room(shared, n_shared)
                    shared[n_shared] = _key(b, other, 1 - own_is_newer)
                    n_shared += 1
                elif q < p and tallies.other_older_stamp[other] != a:
                    tallies.other_older_stamp[other] = a
                    tallies.older[b] += 1
                elif q > p and tallies.other_newer_stamp[other] != a:
                    tallies.other_newer_stamp[other] = a
                    tallies.newer[b] += 1
        _count_repeated(rows, near, by_account, tallies, a)
        _count_shared(shared[:n_shared], tallies)

        touched = np.sort(tallies.touched[:n_touched])
        account_a, account_b = (
            room_for(account_a, n_edges + n_touched),
            room_for(account_b, n_edges + n_touched),
        )
        weight, gap_s = room_for(weight, n_edges + n_touched), room_for(gap_s, n_edges + n_touched)
        older, newer = room_for(older, n_edges + n_touched), room_for(newer, n_edges + n_touched)
        n_objects = room_for(n_objects, n_edges + n_touched)
        objects = room_for(objects, n_listed + n_pairs)
        for b in touched:
            account_a[n_edges], account_b[n_edges] = a, b
            weight[n_edges], gap_s[n_edges] = tallies.weight[b], tallies.gap_s[b]
            older[n_edges], newer[n_edges] = tallies.older[b], tallies.newer[b]
            n_objects[n_edges] = tallies.objects[b]
            n_edges += 1
            tallies.weight[b] = tallies.older[b] = tallies.newer[b] = 0
            tallies.gap_s[b] = 0.0
            # From here the counter is the place of the edge's next object in the list.
            count = tallies.objects[b]
            tallies.objects[b] = n_listed
            n_listed += count
        for pair in range(n_pairs):
            b = pair_b[pair]
            objects[tallies.objects[b]] = pair_object[pair]
            tallies.objects[b] += 1
        for b in touched:
            tallies.objects[b] = 0
    return Edges(
        account_a[:n_edges],
        account_b[:n_edges],
        weight[:n_edges],
        gap_s[:n_edges],
        older[:n_edges],
        newer[:n_edges],
        n_objects[:n_edges],
        objects[:n_listed],
    )


@njit
def _count_repeated(
    rows: ShareRows, near: Neighbours, by_account: Grouping, tallies: Tallies, a: int
) -> None:
    """Count the account's contents that stand in several of its rows, content by content."""
    begin, end = by_account.start[a], by_account.start[a + 1]
    own = by_account.row[begin:end]
    repeated = own[rows.content_use[own] == 1]
    if len(repeated) == 0:
        return
    for p in repeated[np.argsort(rows.content[repeated], kind="mergesort")]:
        content = rows.content[p]
        own_stamp = len(rows.object) + np.int64(content)
        for q in range(near.first[p], near.after_last[p]):
            b = rows.account[q]
            if b <= a or rows.content[q] == content or not (rows.live[p] or rows.live[q]):
                continue
            if q < p and tallies.own_newer_stamp[b] != own_stamp:
                tallies.own_newer_stamp[b] = own_stamp
                tallies.newer[b] += 1
            elif q > p and tallies.own_older_stamp[b] != own_stamp:
                tallies.own_older_stamp[b] = own_stamp
                tallies.older[b] += 1


@njit
def _key(b: int, content: int, is_newer: int) -> int:
    return b * 4294967296 + content * 2 + is_newer


@njit
def _with_room(keys: np.ndarray, n_keys: int) -> tuple[np.ndarray, int]:
    """Make room for one more key: drop repetitions first, so that memory follows the edges."""
    if n_keys < len(keys):
        return keys, n_keys
    distinct = np.unique(keys)
    return room_for(distinct, 2 * len(distinct)), len(distinct)


@njit
def _count_shared(keys: np.ndarray, tallies: Tallies) -> None:
    """Count each (other account, content, side) once."""
    for key in np.unique(keys):
        if key & 1:
            tallies.newer[key >> 32] += 1
        else:
            tallies.older[key >> 32] += 1
