"""Kept edges in numbers: accounts, pairs of accounts, and pairs by kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from assay.model.dataset import RunFolder
from assay.model.tables import EDGES


@dataclass(frozen=True)
class KeptEdges:
    """Kept edges by number, and how they hang together.

    Attributes:
        table: Kept rows of the edges, schema EDGES, sorted by (account_a, account_b, kind,
            window_s).
        accounts: Sorted account ids; positions are account numbers.
        kinds: Kinds with kept edges, sorted.
        last_row: For each pair of accounts and kind, its last row in ``table``: the one with the
            largest window.
        pair_of: For each pair of accounts and kind, its pair of accounts.
        pair_a: First account number of each pair of accounts; pairs are sorted by (a, b).
        pair_b: Second account number.
        pair_start: First row in ``table`` of each pair of accounts; one more entry than pairs.
    """

    table: pa.Table
    accounts: pa.Array
    kinds: tuple[str, ...]
    last_row: np.ndarray
    pair_of: np.ndarray
    pair_a: np.ndarray
    pair_b: np.ndarray
    pair_start: np.ndarray

    @property
    def pair_of_row(self) -> np.ndarray:
        """The pair of accounts of each row of ``table``."""
        return np.repeat(np.arange(len(self.pair_a)), np.diff(self.pair_start))

    @property
    def first_us(self) -> np.ndarray:
        """The earliest co-timed share of each pair of accounts, microseconds since 1970."""
        return self.fold(np.minimum, self.table["first_at"].cast(pa.int64()).to_numpy())

    @property
    def last_us(self) -> np.ndarray:
        """The latest co-timed share of each pair of accounts, microseconds since 1970."""
        return self.fold(np.maximum, self.table["last_at"].cast(pa.int64()).to_numpy())

    def fold(self, function: np.ufunc, values: np.ndarray) -> np.ndarray:
        """Fold a column of ``table`` over the rows of each pair of accounts."""
        if not len(values):
            return values
        return np.asarray(function.reduceat(values, self.pair_start[:-1]))


def read_kept_edges(run: RunFolder) -> KeptEdges:
    """Read the kept rows of the edges and number accounts, pairs and kinds."""
    table = ds.dataset(run.edges).to_table(filter=ds.field("kept")).cast(EDGES)
    table = table.sort_by(
        [(name, "ascending") for name in ("account_a", "account_b", "kind", "window_s")]
    )
    ends = pa.chunked_array([*table["account_a"].chunks, *table["account_b"].chunks], pa.string())
    accounts = pc.unique(ends)
    accounts = accounts.take(pc.array_sort_indices(accounts))
    kinds = tuple(sorted(pc.unique(table["kind"]).to_pylist()))
    a = codes_of(table["account_a"], accounts)
    b = codes_of(table["account_b"], accounts)
    new_pair = _changes(a, b)
    new_kind = new_pair | _changes(codes_of(table["kind"], pa.array(kinds, pa.string())))
    pair_rows = np.flatnonzero(new_pair)
    kind_rows = np.flatnonzero(new_kind)
    return KeptEdges(
        table=table,
        accounts=accounts,
        kinds=kinds,
        last_row=np.concatenate([kind_rows, [len(a)]])[1:] - 1,
        pair_of=np.cumsum(new_pair)[kind_rows] - 1,
        pair_a=a[pair_rows],
        pair_b=b[pair_rows],
        pair_start=np.concatenate([pair_rows, [len(a)]]),
    )


def codes_of(column: pa.ChunkedArray | pa.Array, values: pa.Array) -> np.ndarray:
    """The position of each entry in ``values``; -1 where it is not among them."""
    codes = pc.index_in(column, value_set=values).fill_null(-1)
    return np.asarray(codes.to_numpy(), np.int64)


def _changes(*columns: np.ndarray) -> np.ndarray:
    """Marks each row that differs from the one before it; the first row always does."""
    changed = np.ones(len(columns[0]), dtype=bool)
    if len(changed):
        changed[1:] = False
        for column in columns:
            changed[1:] |= column[1:] != column[:-1]
    return changed
