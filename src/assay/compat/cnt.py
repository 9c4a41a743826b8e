"""The networks of coordination-network-toolkit 1.5.2 (CNT), under its own rules.

The rules are listed in ``docs/reference/compat.md``, its defects among them: they are kept here,
because the figures are to be the same, and named there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.compat.cnt_edges import (
    DirectedEdges,
    MessageRows,
    edges_from_accounts,
    new_counters,
)
from assay.compat.tables import SYNONYMS, Codes, PeerTable, alphabetical, encode, read_table
from assay.compat.windows import account_blocks, group_by_account, neighbours_by_bounds
from assay.errors import InputError, UsageError
from assay.model.progress import Progress, Silent

Network = Literal["co_link", "co_retweet", "co_tweet", "co_reply", "co_post"]

KEY_FIELDS: Mapping[Network, str | None] = {
    "co_link": "urls",
    "co_retweet": "repost_id",
    "co_tweet": "message",
    "co_reply": "reply_id",
    "co_post": None,
}
"""What two messages must have in common; a table of shares has it in ``object_id``."""

CNT_EDGES = pa.schema(
    [
        pa.field("user_1", pa.string(), nullable=False),
        pa.field("user_2", pa.string(), nullable=False),
        pa.field("weight", pa.int64(), nullable=False),
    ]
)
"""One row per ordered pair of accounts, loops included, sorted by both."""

# Python's \s and str.split() also take U+001C to U+001F for blanks; CNT's pattern does not.
_MENTION = re.compile("@[^\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*")


@dataclass(frozen=True)
class CntRules:
    """CNT's parameters.

    Attributes:
        network: Which of its networks.
        window_s: Two messages at most this many seconds apart match.
        min_edge_weight: Messages that an edge needs.
    """

    network: Network
    window_s: float = 60.0
    min_edge_weight: int = 1

    def __post_init__(self) -> None:
        if not self.window_s >= 0:
            raise UsageError("the window is negative", fix="give 0s or more")


@dataclass(frozen=True)
class CntNetwork:
    """The edges, and the figures that a person compares with CNT's.

    Attributes:
        edges: A table of :data:`CNT_EDGES`.
        rows: Rows of the input.
        messages: Messages left after repeated ids were dropped.
        matched_rows: Rows that can match, after reposts and rows without a key are left out.
    """

    edges: pa.Table
    rows: int
    messages: int
    matched_rows: int


class _Keyed(NamedTuple):
    """The rows that can match: a key's code, and the row of the input."""

    key: np.ndarray
    row: np.ndarray


def as_network(name: str) -> Network:
    """The name as one of the networks.

    Raises:
        UsageError: There is no such network.
    """
    for network in KEY_FIELDS:
        if network == name:
            return network
    raise UsageError(f"{name!r} is no network", fix=f"choose {', '.join(KEY_FIELDS)}")


def read_posts(path: Path, network: Network) -> PeerTable:
    """Read what a network needs: from CNT's own columns, or from a table of shares.

    Raises:
        InputError: The file cannot be read, or has neither the network's column nor an object.
    """
    key_field = KEY_FIELDS[network]
    wanted = [] if key_field is None else [key_field]
    table = read_table(
        path,
        ("account_id", "content_id", "timestamp_share"),
        (*wanted, "object_id", "repost_id"),
    )
    if key_field and key_field not in table.columns and "object_id" not in table.columns:
        raise InputError(
            f"the file lacks a column that {network} compares",
            file=path,
            column=key_field,
            fix=f"name a column {' or '.join(SYNONYMS[key_field])}, or object_id",
        )
    return table


def cnt_network(table: PeerTable, rules: CntRules, progress: Progress | None = None) -> CntNetwork:
    """Match messages within the window and count them for each ordered pair of accounts.

    Args:
        table: As :func:`read_posts` gives it.
        rules: Network, window and smallest weight.
        progress: Told about row pairs looked at.

    Raises:
        InputError: A cell cannot be used; the error names its row.
    """
    progress = progress or Silent()
    messages = table.codes("content_id", required=True)
    accounts = alphabetical(table.codes("account_id", required=True))
    time_s = table.seconds()
    if rules.network == "co_link":
        keyed = _first_of_each_link(_links(table), messages.code)
    else:
        keyed = _keyed_messages(table, rules.network, _first_rows(messages.code))
    order = np.lexsort((time_s[keyed.row], keyed.key))
    row = keyed.row[order]
    rows = MessageRows(keyed.key[order], accounts.code[row], messages.code[row], time_s[row])
    edges = _all_edges(rows, len(accounts.values), rules, progress)
    columns = {
        "user_1": accounts.values.take(pa.array(edges.account_1)),
        "user_2": accounts.values.take(pa.array(edges.account_2)),
        "weight": edges.weight,
    }
    return CntNetwork(
        edges=pa.table(columns).cast(CNT_EDGES),
        rows=len(table),
        messages=len(messages.values),
        matched_rows=len(row),
    )


def plain_text(text: str) -> str:
    """CNT's form of a text: lower case, @mentions dropped, blanks collapsed."""
    return " ".join(_MENTION.sub("", text.lower()).split())


def _first_rows(message: np.ndarray) -> np.ndarray:
    """The first row of each message id: CNT ignores the others."""
    return np.unique(message, return_index=True)[1]


def _keyed_messages(table: PeerTable, network: Network, first_rows: np.ndarray) -> _Keyed:
    """One row per message, with the code of what it must have in common with others."""
    if network == "co_post":
        return _Keyed(np.zeros(len(first_rows), np.int32), first_rows)
    field = KEY_FIELDS[network] or ""
    field = field if field in table.columns else "object_id"
    if network == "co_tweet":
        key = _same_texts(table.texts(field)).code
    else:
        key = _without_empty(table.codes(field))
    usable = key >= 0
    if network != "co_retweet":
        usable &= ~_is_repost(table)
    rows = first_rows[usable[first_rows]]
    return _Keyed(key[rows], rows)


def _is_repost(table: PeerTable) -> np.ndarray:
    if "repost_id" not in table.columns:
        return np.zeros(len(table), np.bool_)
    return _without_empty(table.codes("repost_id")) >= 0


def _without_empty(codes: Codes) -> np.ndarray:
    """The codes, with the empty text counted as no value."""
    empty = pc.index(codes.values, pa.scalar("", pa.large_string())).as_py()
    return np.where(codes.code == empty, -1, codes.code) if empty >= 0 else codes.code


def _same_texts(texts: pa.ChunkedArray) -> Codes:
    """Code each text by its plain form; each distinct text is worked on once."""
    raw = encode(pc.fill_null(texts, ""))
    plain = pa.array((plain_text(text) for text in raw.values.to_pylist()), pa.large_string())
    by_raw = encode(pa.chunked_array([plain]))
    return Codes(by_raw.code[raw.code], by_raw.values)


def _links(table: PeerTable) -> _Keyed:
    """Every link of every row that is no repost, in order.

    In CNT's column of links, a text cut at each blank, no link at all is one empty link: this
    is what ties posts without links to each other there. A list without entries has none.
    """
    if "urls" not in table.columns:
        keys = encode(pc.fill_null(table.texts("object_id"), "")).code
        keyed = _Keyed(keys, np.arange(len(table)))
    else:
        column = table.columns["urls"]
        if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
            column = pc.split_pattern(pc.fill_null(table.texts("urls"), ""), " ")
        keys = encode(_flattened(column)).code
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy()
        keyed = _Keyed(keys, np.repeat(np.arange(len(table)), lengths))
    usable = (keyed.key >= 0) & ~_is_repost(table)[keyed.row]
    return _Keyed(keyed.key[usable], keyed.row[usable])


def _flattened(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.list_flatten(column).cast(pa.large_string())


def _first_of_each_link(links: _Keyed, message: np.ndarray) -> _Keyed:
    """One row per message and link, the first; account and time are that row's."""
    pair = message[links.row].astype(np.int64) << 32 | links.key.astype(np.int64)
    first = np.sort(np.unique(pair, return_index=True)[1])
    return _Keyed(links.key[first], links.row[first])


def _all_edges(
    rows: MessageRows, n_accounts: int, rules: CntRules, progress: Progress
) -> DirectedEdges:
    near = neighbours_by_bounds(rows.key, rows.time_s, rules.window_s)
    by_account = group_by_account(rows.account, n_accounts, rows.message)
    counters = new_counters(n_accounts)
    blocks = account_blocks(by_account, near)
    progress.stage("matches", total=sum(pairs for _, _, pairs in blocks), unit="row pairs")
    parts = []
    for begin, end, pairs in blocks:
        span = (begin, end, rules.min_edge_weight)
        parts.append(edges_from_accounts(rows, near, by_account, counters, span))
        progress.advance(pairs)
    return DirectedEdges(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
