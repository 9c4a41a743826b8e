"""The shares of the accounts that stand in kept edges, grouped by account, in numbers.

The table of shares may hold tens of millions of rows; only those of accounts in kept edges, of
kinds with kept edges, stay in memory, at 20 bytes each. Ids stay in the file: a row is known by
its number, an object by its place in the file's order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.detectors.interval import chosen_half
from assay.engine.compiled import njit
from assay.engine.parquet_rows import BATCH_ROWS, row_batches
from assay.errors import CheckFailed


class AccountRows(NamedTuple):
    """Shares grouped by account, inside an account by kind, object and time.

    Attributes:
        start: Where each account's rows begin; one more entry than accounts.
        object: Object number, ascending inside an account.
        time_us: Microseconds since 1970.
        row: Row number in the table of shares.
    """

    start: np.ndarray
    object: np.ndarray
    time_us: np.ndarray
    row: np.ndarray


@dataclass(frozen=True)
class KeptShares:
    """The shares that kept edges can rest on.

    Attributes:
        path: The table of shares.
        accounts: Account ids, sorted; a position in it is an account's number.
        rows: Their shares.
        kind_objects: For each kind with kept edges, its first object number and the one after
            its last.
        object_start: Row number where each object begins; one more entry than objects.
    """

    path: Path
    accounts: pa.Array
    rows: AccountRows
    kind_objects: dict[str, tuple[int, int]]
    object_start: np.ndarray


def read_kept_shares(
    path: Path, accounts: pa.Array, kinds: tuple[str, ...], batch_rows: int = BATCH_ROWS
) -> KeptShares:
    """Stream the table of shares and keep the rows of the given accounts and kinds.

    Args:
        path: Parquet with the schema SHARES, sorted by (kind, object_id, shared_at); not read for
            nobody.
        accounts: Sorted account ids.
        kinds: Kinds that have kept edges.
        batch_rows: Rows in memory at a time while reading.

    Raises:
        CheckFailed: The table is not sorted.
    """
    starts: list[np.ndarray] = []
    kept: list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    kind_objects: dict[str, tuple[int, int]] = {}
    objects = 0
    rows = 0
    # Where no edge was kept, nobody's shares are asked for.
    for first_row, batch, begins in _object_runs(path, batch_rows) if len(accounts) else ():
        number = objects - 1 + np.cumsum(begins)
        starts.append(first_row + np.flatnonzero(begins))
        _extend_kinds(kind_objects, batch["kind"], number, kinds)
        found = pc.index_in(batch["account_id"], value_set=accounts)
        wanted = pc.and_(
            found.is_valid(), pc.is_in(batch["kind"], value_set=pa.array(kinds, pa.string()))
        )
        where = np.flatnonzero(wanted.to_numpy(zero_copy_only=False))
        times = batch["shared_at"].cast(pa.int64()).to_numpy()
        codes = found.fill_null(-1).to_numpy()
        kept.append(
            (codes[where].astype(np.int32), number[where].astype(np.int32), times[where],
             first_row + where)
        )  # fmt: skip
        objects += int(begins.sum())
        rows = first_row + batch.num_rows
    columns = [np.concatenate(column) for column in zip(*kept, strict=True)] if kept else []
    account = columns[0] if columns else np.empty(0, np.int32)
    order = _by_account(account, len(accounts))
    start = np.concatenate([[0], np.cumsum(np.bincount(account, minlength=len(accounts)))])
    return KeptShares(
        path=path,
        accounts=accounts,
        rows=AccountRows(
            start=start.astype(np.int64),
            object=columns[1][order] if columns else np.empty(0, np.int32),
            time_us=columns[2][order] if columns else np.empty(0, np.int64),
            row=columns[3][order] if columns else np.empty(0, np.int64),
        ),
        kind_objects=kind_objects,
        object_start=np.concatenate([*starts, [rows]]).astype(np.int64),
    )


def only_tested(shares: KeptShares, max_sharers: int | None, *, tested_half: bool) -> KeptShares:
    """Leave out the objects that the detector left out, by the same rules.

    Args:
        shares: All shares of the accounts.
        max_sharers: Objects that more accounts shared were left out at the user's wish; None: none.
        tested_half: The window was chosen on half of the objects, and only the others tested.
    """
    tested = np.ones(len(shares.object_start) - 1, dtype=bool)
    # Whoever shares again is still one sharer; where there are few shares, nobody need count.
    if max_sharers is not None and (np.diff(shares.object_start) > max_sharers).any():
        tested &= _sharers(shares) <= max_sharers
    if tested_half:
        for low, high in shares.kind_objects.values():
            tested[low:high] &= ~chosen_half(high - low)
    if tested.all():
        return shares
    keep = tested[shares.rows.object]
    start = np.concatenate([[0], np.cumsum(keep)])[shares.rows.start].astype(np.int64)
    rows = AccountRows(start, *(column[keep] for column in shares.rows[1:]))
    return replace(shares, rows=rows)


def _sharers(shares: KeptShares) -> np.ndarray:
    """How many different accounts shared each object, among all accounts of the table."""
    counts = np.zeros(len(shares.object_start) - 1, np.int64)
    # The object that the batch before ended with, and who shared it so far.
    last, seen = -1, pa.array([], pa.string())
    for first_row, batch in row_batches(shares.path, ("account_id",), BATCH_ROWS):
        rows = np.arange(first_row, first_row + batch.num_rows)
        number = np.searchsorted(shares.object_start, rows, side="right") - 1
        accounts = batch["account_id"].dictionary_encode()
        keys = np.unique(number * len(accounts.dictionary) + accounts.indices.to_numpy())
        objects, codes = np.divmod(keys, max(len(accounts.dictionary), 1))
        counts += np.bincount(objects, minlength=len(counts))
        if not len(objects):
            continue
        if objects[0] == last:
            again = accounts.dictionary.take(pa.array(codes[objects == last]))
            counts[last] -= pc.sum(pc.is_in(again, value_set=seen)).as_py()
        ended = accounts.dictionary.take(pa.array(codes[objects == objects[-1]]))
        seen = pa.concat_arrays([seen, ended]) if objects[-1] == last else ended
        last = int(objects[-1])
    return counts


def _object_runs(path: Path, batch_rows: int) -> Iterator[tuple[int, pa.RecordBatch, np.ndarray]]:
    """Batches of the table, with a mark on each row that begins an object."""
    columns = ("kind", "object_id", "account_id", "shared_at")
    last: pa.RecordBatch | None = None
    for first_row, batch in row_batches(path, columns, batch_rows):
        begins = np.ones(batch.num_rows, dtype=bool)
        begins[1:] = _differs(batch.slice(0, batch.num_rows - 1), batch.slice(1), path)
        if last is not None:
            begins[0] = _differs(last, batch.slice(0, 1), path)[0]
        yield first_row, batch, begins
        last = batch.slice(batch.num_rows - 1)


def _differs(before: pa.RecordBatch, after: pa.RecordBatch, path: Path) -> np.ndarray:
    """Whether each row's object is another than the row's before it; checks the order."""
    same_kind = pc.equal(before["kind"], after["kind"])
    same = pc.and_(same_kind, pc.equal(before["object_id"], after["object_id"]))
    object_falls = pc.less(after["object_id"], before["object_id"])
    time_falls = pc.less(after["shared_at"], before["shared_at"])
    falls = pc.or_(
        pc.less(after["kind"], before["kind"]),
        pc.and_(same_kind, pc.or_(object_falls, pc.and_(same, time_falls))),
    )
    if pc.any(falls).as_py():
        raise CheckFailed(
            "the table of shares is not sorted by kind, object and time",
            fix="import the data again",
            file=path,
        )
    return np.asarray(pc.invert(same).to_numpy(zero_copy_only=False))


def _extend_kinds(
    ranges: dict[str, tuple[int, int]],
    column: pa.Array,
    number: np.ndarray,
    kinds: tuple[str, ...],
) -> None:
    """Widen each kind's range of object numbers by a batch, whose kinds lie in runs."""
    for kind in kinds:
        inside = np.flatnonzero(pc.equal(column, kind).to_numpy(zero_copy_only=False))
        if len(inside):
            first = ranges[kind][0] if kind in ranges else int(number[inside[0]])
            ranges[kind] = (first, int(number[inside[-1]]) + 1)


@njit
def _by_account(account: np.ndarray, accounts: int) -> np.ndarray:
    """The order that groups rows by account and leaves the file's order inside (counting sort)."""
    place = np.zeros(accounts + 1, np.int64)
    for code in account:
        place[code + 1] += 1
    for code in range(accounts):
        place[code + 1] += place[code]
    order = np.empty(len(account), np.int64)
    for position in range(len(account)):
        code = account[position]
        order[place[code]] = position
        place[code] += 1
    return order
