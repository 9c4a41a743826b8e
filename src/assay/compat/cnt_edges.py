"""Count, for each ordered pair of accounts, the messages of one that the other matches."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from assay.compat.windows import Grouping, Neighbours, room_for
from assay.engine.compiled import njit


class MessageRows(NamedTuple):
    """Rows sorted by (key, time); a key is a link, a reposted post, a text or a replied-to post.

    Attributes:
        key: Code.
        account: Code, numbered alphabetically.
        message: Code.
        time_s: Seconds since 1970.
    """

    key: np.ndarray
    account: np.ndarray
    message: np.ndarray
    time_s: np.ndarray


class DirectedEdges(NamedTuple):
    """Edges sorted by the two accounts."""

    account_1: np.ndarray
    account_2: np.ndarray
    weight: np.ndarray


class Counters(NamedTuple):
    """Per other account: messages counted, and the last message counted; both reused."""

    weight: np.ndarray
    message_stamp: np.ndarray
    touched: np.ndarray


def new_counters(n_accounts: int) -> Counters:
    """Counters at zero and stamps that match nothing."""
    return Counters(
        np.zeros(n_accounts, np.int64),
        np.full(n_accounts, -1, np.int64),
        np.empty(n_accounts, np.int32),
    )


@njit
def edges_from_accounts(
    rows: MessageRows,
    near: Neighbours,
    by_account: Grouping,
    counters: Counters,
    span: tuple[int, int, int],
) -> DirectedEdges:
    """Edges from a block of accounts to all, themselves included, of at least some weight.

    Args:
        rows: The rows.
        near: The rows in the window of each, itself included.
        by_account: Rows by account, a message's rows next to each other.
        counters: Reused from block to block.
        span: First account, the one after the last, smallest weight kept.
    """
    begin, end, min_edge_weight = span
    account_1, account_2 = np.empty(1024, np.int32), np.empty(1024, np.int32)
    weight = np.empty(1024, np.int64)
    n_edges = 0
    group = np.int64(-1)
    for a in range(begin, end):
        n_touched = 0
        for k in range(by_account.start[a], by_account.start[a + 1]):
            p = by_account.row[k]
            # One number for all rows of this message of this account, never used twice.
            same = k > by_account.start[a] and (
                rows.message[p] == rows.message[by_account.row[k - 1]]
            )
            group = group if same else np.int64(k)
            for q in range(near.first[p], near.after_last[p]):
                b = rows.account[q]
                if counters.message_stamp[b] == group:
                    continue
                counters.message_stamp[b] = group
                if counters.weight[b] == 0:
                    counters.touched[n_touched] = b
                    n_touched += 1
                counters.weight[b] += 1
        touched = np.sort(counters.touched[:n_touched])
        account_1 = room_for(account_1, n_edges + n_touched)
        account_2 = room_for(account_2, n_edges + n_touched)
        weight = room_for(weight, n_edges + n_touched)
        for b in touched:
            if counters.weight[b] >= min_edge_weight:
                account_1[n_edges], account_2[n_edges] = a, b
                weight[n_edges] = counters.weight[b]
                n_edges += 1
            counters.weight[b] = 0
    return DirectedEdges(account_1[:n_edges], account_2[:n_edges], weight[:n_edges])
