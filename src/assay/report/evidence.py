"""The rows behind the network: pairs of shares, the posts they point at, the objects shared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.errors import InputError
from assay.model.finding import OF_NAMES
from assay.model.tables import PAIR_EVIDENCE, POSTS
from assay.report.gather import Gathered, micros

LONGEST_TEXT = 1000
"""Characters of a post that the page shows; the whole text stays in ``evidence/``."""


@dataclass(frozen=True)
class Pairs:
    """Pairs of shares, as columns of one length.

    Attributes:
        edge: Position of the pair of accounts in the network; -1 if it is not drawn.
        objects: Position in ``object_table``.
        post_a: Post id of the account that stands first in the edge.
        post_b: Of the other account.
        at_a_us: When the first account shared.
        at_b_us: When the other did.
        co_timed: Within the window.
        object_table: ``kind``, ``object_id`` of each object.
        accounts: Positions of the first and the other account; -1 outside the network.
    """

    edge: np.ndarray
    objects: np.ndarray
    post_a: pa.Array
    post_b: pa.Array
    at_a_us: np.ndarray
    at_b_us: np.ndarray
    co_timed: np.ndarray
    object_table: pa.Table
    accounts: tuple[np.ndarray, np.ndarray]

    def __len__(self) -> int:
        """How many pairs of shares there are."""
        return len(self.edge)


@dataclass(frozen=True)
class Evidence:
    """All frozen rows of a run: pairs, and the posts with text by post id.

    Attributes:
        pairs: The pairs of shares.
        posts: ``post_id``, ``text``, ``url``, ``kind`` of every post with text, each once; empty
            when the input was a share table.
        post_rows: Rows in all evidence files of posts or shares.
        shares: ``account_id`` and time (µs) of every evidence row, for timelines where the run
            keeps no dataset.
    """

    pairs: Pairs
    posts: pa.Table
    post_rows: int
    shares: pa.Table

    @cached_property
    def _by_edge(self) -> tuple[np.ndarray, np.ndarray]:
        order = np.argsort(self.pairs.edge, kind="stable")
        return order, self.pairs.edge[order]

    def rows_of(self, edge: int) -> np.ndarray:
        """The rows of ``pairs`` that belong to one edge, in the order of their objects."""
        order, edges = self._by_edge
        result: np.ndarray = order[np.searchsorted(edges, edge) : np.searchsorted(edges, edge + 1)]
        return result


def read_evidence(gathered: Gathered) -> Evidence:
    """Read the evidence of every finding; each pair and each post counts once.

    Raises:
        InputError: An evidence file that a finding refers to is missing or broken.
    """
    pair_tables, post_tables = [], []
    for path in _evidence_files(gathered):
        table = _read(path)
        if {"post_a", "post_b", "co_timed"} <= set(table.column_names):
            pair_tables.append(table.select(PAIR_EVIDENCE.names))
        elif "post_id" in table.column_names and "account_id" in table.column_names:
            post_tables.append(table)
    pairs = pa.concat_tables(pair_tables) if pair_tables else PAIR_EVIDENCE.empty_table()
    return Evidence(
        pairs=_pairs(gathered, pairs),
        posts=_posts(post_tables),
        post_rows=sum(len(table) for table in post_tables),
        shares=_shares(post_tables),
    )


def object_rows(evidence: Evidence, limit: int) -> tuple[list[dict[str, Any]], int]:
    """Objects by falling number of co-timed pairs, and how many there are in all."""
    pairs = evidence.pairs
    total = len(pairs.object_table)
    near = np.bincount(pairs.objects[pairs.co_timed], minlength=total)
    apart = np.bincount(pairs.objects[~pairs.co_timed], minlength=total)
    ends = pa.concat_tables(
        pa.table({"object": pairs.objects[pairs.co_timed], "account": side[pairs.co_timed]})
        for side in pairs.accounts
    )
    once = ends.group_by(["object", "account"]).aggregate([])
    sharers = np.bincount(once["object"].to_numpy(), minlength=total)
    first = np.full(total, np.iinfo(np.int64).max)
    np.minimum.at(first, pairs.objects, np.minimum(pairs.at_a_us, pairs.at_b_us))
    order = np.lexsort((np.arange(total), -sharers, -near))[:limit]
    kinds = pairs.object_table["kind"].to_pylist()
    names = pairs.object_table["object_id"].to_pylist()
    rows = [
        {
            "kind": kinds[k],
            "object_id": names[k],
            "accounts": int(sharers[k]),
            "co_timed": int(near[k]),
            "apart": int(apart[k]),
            "first_us": int(first[k]),
        }
        for k in order.tolist()
    ]
    return rows, total


def _evidence_files(gathered: Gathered) -> list[Path]:
    folder = gathered.folder.folder
    root = folder.resolve()
    named = []
    for finding in gathered.findings:
        for reference in finding.get("evidence", ()):
            path = folder / str(reference.get("path", ""))
            if not path.resolve().is_relative_to(root):
                raise InputError(
                    f"finding {finding.get('id')} refers to a file outside the run",
                    fix="run the scan again; do not use a run folder from an unknown source",
                    file=path,
                )
            if path.suffix == ".parquet":
                named.append(path)
    if named:
        return list(dict.fromkeys(named))
    found = sorted(gathered.folder.evidence.glob("*/*.parquet"))
    return [path for path in found if not path.parent.name.startswith(OF_NAMES)]


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"the evidence file {path.name} cannot be read: {error}",
            fix="run the scan again",
            file=path,
        ) from error


def _pairs(gathered: Gathered, table: pa.Table) -> Pairs:
    """Drop repetitions and turn every row the way its edge is written."""
    key = ["kind", "object_id", "account_a", "account_b", "post_a", "post_b"]
    table = table.append_column("row", pa.array(np.arange(len(table))))
    rows = table.group_by(key).aggregate([("row", "min")])["row_min"].to_numpy()
    table = table.take(np.sort(rows))
    accounts, edges = gathered.accounts, gathered.edges
    ids = pa.array(accounts.ids, pa.string())
    left, right = (
        pc.index_in(table[name], ids).fill_null(-1).to_numpy().astype(np.int64)
        for name in ("account_a", "account_b")
    )
    edge = edges.find(accounts, table["account_a"], table["account_b"])
    turned = (edge >= 0) & (edges.a[edge] != left) if len(edges) else np.zeros(len(edge), bool)
    swap = pa.array(turned)
    at_a, at_b = micros(table["shared_at_a"]), micros(table["shared_at_b"])
    keys = pc.binary_join_element_wise(table["kind"], table["object_id"], "\0")
    coded = keys.combine_chunks().dictionary_encode()
    split = [text.split("\0", 1) for text in coded.dictionary.to_pylist()]
    return Pairs(
        edge=edge,
        objects=coded.indices.to_numpy().astype(np.int64),
        post_a=pc.if_else(swap, table["post_b"], table["post_a"]).combine_chunks(),
        post_b=pc.if_else(swap, table["post_a"], table["post_b"]).combine_chunks(),
        at_a_us=np.where(turned, at_b, at_a),
        at_b_us=np.where(turned, at_a, at_b),
        co_timed=np.asarray(table["co_timed"].to_numpy(), dtype=bool),
        object_table=pa.table(
            {"kind": [kind for kind, _ in split], "object_id": [name for _, name in split]},
            schema=pa.schema([("kind", pa.string()), ("object_id", pa.string())]),
        ),
        accounts=(np.where(turned, right, left), np.where(turned, left, right)),
    )


def _posts(tables: list[pa.Table]) -> pa.Table:
    """Posts with text, each once, in the order of their ids; texts cut to what the page shows."""
    columns = ["post_id", "text", "url", "kind"]
    schema = pa.schema([POSTS.field(name) for name in columns])
    with_text = [
        table.select(columns).cast(schema) for table in tables if "text" in table.schema.names
    ]
    if not with_text:
        return schema.empty_table()
    table = pa.concat_tables(with_text).sort_by("post_id")
    ids = table["post_id"].combine_chunks()
    new = np.ones(len(ids), dtype=bool)
    if len(ids) > 1:
        new[1:] = pc.not_equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
    table = table.filter(pa.array(new))
    text = table["text"]
    cut = pc.if_else(
        pc.greater(pc.utf8_length(text), LONGEST_TEXT),
        pc.binary_join_element_wise(pc.utf8_slice_codeunits(text, 0, LONGEST_TEXT), "…", ""),
        text,
    )
    return table.set_column(table.schema.get_field_index("text"), "text", cut)


def _shares(tables: list[pa.Table]) -> pa.Table:
    parts = []
    for table in tables:
        time = "created_at" if "created_at" in table.column_names else "shared_at"
        parts.append(
            pa.table({"account_id": table["account_id"], "at_us": pa.array(micros(table[time]))})
        )
    schema = pa.schema([("account_id", pa.string()), ("at_us", pa.int64())])
    return pa.concat_tables(part.cast(schema) for part in parts) if parts else schema.empty_table()
