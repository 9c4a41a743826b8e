"""CooRTweet 2.1.3's network, edge by edge (Righetti & Balluff; MIT), under its own rules.

The rules are listed in ``docs/reference/compat.md``. Nothing here is Assay's judgement of
coordination: a quantile of the weights is no evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.compat.coortweet_edges import (
    ShareRows,
    contents_in_pairs,
    edges_of_accounts,
    new_tallies,
)
from assay.compat.coortweet_store import Edges
from assay.compat.tables import Codes, PeerTable, alphabetical
from assay.compat.windows import Neighbours, account_blocks, group_by_account, neighbours_by_gap
from assay.errors import UsageError
from assay.model.progress import Progress, Silent

FIELDS = ("object_id", "account_id", "content_id", "timestamp_share")

COORTWEET_EDGES = pa.schema(
    [
        pa.field("from", pa.string(), nullable=False),
        pa.field("to", pa.string(), nullable=False),
        pa.field("weight", pa.int64(), nullable=False),
        pa.field("avg_time_delta", pa.float64(), nullable=False),
        pa.field("n_content_id", pa.int64(), nullable=False),
        pa.field("n_content_id_y", pa.int64(), nullable=False),
        pa.field("edge_symmetry_score", pa.float64(), nullable=False),
        pa.field("object_ids", pa.large_string(), nullable=False),
    ]
)
"""One row per unordered pair of accounts (``from`` before ``to``), sorted by both."""


@dataclass(frozen=True)
class CooRTweetRules:
    """CooRTweet's parameters.

    Attributes:
        window_s: Two shares of one object at most this many seconds apart make a share pair.
        min_participation: Rows that an account needs, before and after pairing.
        edge_weight: Keep edges whose weight exceeds this quantile of all weights; None keeps all.
    """

    window_s: float = 10.0
    min_participation: int = 2
    edge_weight: float | None = None

    def __post_init__(self) -> None:
        if not self.window_s >= 0:
            raise UsageError("the window is negative", fix="give 0s or more")
        if self.edge_weight is not None and not 0 <= self.edge_weight <= 1:
            raise UsageError(
                f"the edge weight {self.edge_weight} is no quantile", fix="give 0 to 1"
            )


@dataclass(frozen=True)
class CooRTweetNetwork:
    """The edges, and the figures that a person compares with CooRTweet's.

    Attributes:
        edges: A table of :data:`COORTWEET_EDGES`.
        rows: Rows of the input.
        share_pairs: Pairs of rows behind all edges, kept or not.
        all_edges: Edges before the threshold.
        threshold: The quantile of the weights; None without ``edge_weight`` or without edges.
    """

    edges: pa.Table
    rows: int
    share_pairs: int
    all_edges: int
    threshold: float | None


class _Input(NamedTuple):
    """Coded rows in CooRTweet's order: account by first appearance, inside it as read."""

    object: np.ndarray
    account: np.ndarray
    content: np.ndarray
    time_s: np.ndarray


def coortweet_network(
    table: PeerTable, rules: CooRTweetRules, progress: Progress | None = None
) -> CooRTweetNetwork:
    """Find share pairs within the window, filter them, and add them up to edges.

    Args:
        table: object_id, account_id, content_id, timestamp_share.
        rules: Window and thresholds.
        progress: Told about row pairs looked at.

    Raises:
        InputError: A cell cannot be used; the error names its row.
    """
    progress = progress or Silent()
    objects, contents = table.codes("object_id"), table.codes("content_id", required=True)
    accounts = table.codes("account_id", required=True)
    by_name = alphabetical(accounts)
    coded = _Input(objects.code, by_name.code, contents.code, table.seconds())
    coded = _in_peer_order(coded, accounts.code, rules.min_participation)
    rows, near = _paired_rows(coded, _object_as_content(objects, contents), rules.window_s)
    rows = _mark_live(rows, near, coded, rules.min_participation)
    edges = _all_edges(rows, near, len(by_name.values), progress)
    threshold = None
    if rules.edge_weight is not None and len(edges.weight):
        threshold = quantile_type_7(edges.weight, rules.edge_weight)
    kept = np.ones(len(edges.weight), bool) if threshold is None else edges.weight > threshold
    return CooRTweetNetwork(
        edges=_as_table(edges, kept, by_name.values, objects.values),
        rows=len(table),
        share_pairs=int(edges.weight.sum()),
        all_edges=len(edges.weight),
        threshold=threshold,
    )


def quantile_type_7(values: np.ndarray, probability: float) -> float:
    """R's default quantile, with R's own order of floating-point operations.

    numpy's ``linear`` method is the same formula, but rounds differently in the last bit, and
    an edge whose weight equals the threshold hangs on that bit.
    """
    ordered = np.sort(values).astype(np.float64)
    index = 1 + (len(ordered) - 1) * probability
    low, high = int(np.floor(index)), int(np.ceil(index))
    quantile, above = float(ordered[low - 1]), float(ordered[high - 1])
    if index > low and above != quantile:
        share = index - low
        quantile = (1 - share) * quantile + share * above
    return quantile


def _in_peer_order(coded: _Input, appearance: np.ndarray, min_participation: int) -> _Input:
    """Rules 1: drop accounts with few rows, then order by the account's first appearance."""
    enough = np.bincount(appearance) >= min_participation
    order = np.argsort(appearance, kind="stable")
    order = order[enough[appearance[order]]]
    return _Input(*(column[order] for column in coded))


def _object_as_content(objects: Codes, contents: Codes) -> np.ndarray:
    """For each object the code of the content of the same name, or -1."""
    found = pc.fill_null(pc.index_in(objects.values, contents.values), -1)
    return np.asarray(found, dtype=np.int64)


def _paired_rows(
    coded: _Input, object_as_content: np.ndarray, window_s: float
) -> tuple[ShareRows, Neighbours]:
    """Rules 2 and 3: rows that can pair, sorted, each with the rows in its window.

    A row without an object, or whose object is its content, is in no pair at all.
    """
    usable = coded.object >= 0
    # An object is numbered by its first row, be that row of use or not.
    appearance = _by_first_appearance(coded.object[usable], len(object_as_content))
    usable[usable] = object_as_content[coded.object[usable]] != coded.content[usable]
    rows = _Input(*(column[usable] for column in coded))
    appearance = appearance[rows.object]
    order = np.lexsort((rows.time_s, appearance))  # stable: equal times keep the peer's order
    rows = _Input(*(column[order] for column in rows))
    near = neighbours_by_gap(rows.object, rows.time_s, window_s)
    use = _content_use(rows)
    return ShareRows(*rows, live=np.zeros(len(order), np.bool_), content_use=use), near


def _by_first_appearance(codes: np.ndarray, n_codes: int) -> np.ndarray:
    first = np.full(n_codes, len(codes), np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def _content_use(rows: _Input) -> np.ndarray:
    """See :attr:`ShareRows.content_use`."""
    if len(rows.content) == 0:
        return np.empty(0, np.int8)
    use = np.minimum(np.bincount(rows.content) - 1, 1).astype(np.int8)
    some_account = np.zeros(len(use), rows.account.dtype)
    some_account[rows.content] = rows.account
    use[rows.content[some_account[rows.content] != rows.account]] = 2
    by_row: np.ndarray = use[rows.content]
    return by_row


def _mark_live(
    rows: ShareRows, near: Neighbours, coded: _Input, min_participation: int
) -> ShareRows:
    """Rule 4: a pair survives if one of its contents belongs to a row of a passing account.

    An account passes if enough of its rows, with whatever object, have a content that is in
    some pair. Where a content has several accounts, one passing account suffices: CooRTweet
    compares contents, not accounts.
    """
    if len(coded.account) == 0:
        return rows
    in_pairs = contents_in_pairs(rows, near, int(coded.content.max()) + 1)
    counted = in_pairs[coded.content]
    passes = np.bincount(coded.account[counted], minlength=int(coded.account.max()) + 1)
    live = np.zeros(len(in_pairs), np.bool_)
    live[coded.content[counted & (passes >= min_participation)[coded.account]]] = True
    return rows._replace(live=live[rows.content])


def _all_edges(rows: ShareRows, near: Neighbours, n_accounts: int, progress: Progress) -> Edges:
    """Rule 5, account by account."""
    n_contents = int(rows.content.max()) + 1 if len(rows.content) else 0
    by_account = group_by_account(rows.account, n_accounts)
    tallies = new_tallies(n_accounts, n_contents)
    blocks = account_blocks(by_account, near)
    progress.stage("share pairs", total=sum(pairs for _, _, pairs in blocks), unit="row pairs")
    parts = []
    for begin, end, pairs in blocks:
        parts.append(edges_of_accounts(rows, near, by_account, tallies, (begin, end)))
        progress.advance(pairs)
    return Edges(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _as_table(edges: Edges, kept: np.ndarray, accounts: pa.Array, objects: pa.Array) -> pa.Table:
    fewer, more = np.minimum(edges.older, edges.newer), np.maximum(edges.older, edges.newer)
    columns = {
        "from": accounts.take(pa.array(edges.account_a[kept])),
        "to": accounts.take(pa.array(edges.account_b[kept])),
        "weight": edges.weight[kept],
        "avg_time_delta": (edges.gap_s / edges.weight)[kept],
        "n_content_id": edges.older[kept],
        "n_content_id_y": edges.newer[kept],
        "edge_symmetry_score": (fewer / more)[kept],
        "object_ids": _joined_objects(edges, kept, objects),
    }
    return pa.table(columns).cast(COORTWEET_EDGES)


def _joined_objects(
    edges: Edges, kept: np.ndarray, objects: pa.Array, edges_per_chunk: int = 500_000
) -> pa.ChunkedArray:
    """The objects of each kept edge, by first appearance, joined with commas as CooRTweet does."""
    offsets = np.concatenate(([0], np.cumsum(edges.n_objects[kept]))).astype(np.int64)
    listed = edges.object[np.repeat(kept, edges.n_objects)]
    chunks = []
    for begin in range(0, len(offsets) - 1, edges_per_chunk):
        here = offsets[begin : begin + edges_per_chunk + 1]
        names = objects.take(pa.array(listed[here[0] : here[-1]]))
        lists = pa.ListArray.from_arrays(pa.array((here - here[0]).astype(np.int32)), names)
        chunks.append(pc.binary_join(lists, pa.scalar(",", pa.large_string())))
    return pa.chunked_array(chunks, type=pa.large_string())
