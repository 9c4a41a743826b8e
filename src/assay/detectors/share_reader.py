"""A dataset's shares as numbers, read straight from its Parquet, which is sorted.

The order of ``shares.parquet`` (kind, object, time, account) makes numbering objects a matter of
seeing where the id changes; only the account ids need a dictionary. That takes a fifth of the
joins that :mod:`assay.detectors.coaction_steps` does for engines whose data lie elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.detectors.arrays import Int32s, Int64s, ShareArrays, group_starts, is_ordered
from assay.errors import InputError


@dataclass(frozen=True)
class CodedShares:
    """Shares of every wanted kind by number.

    Attributes:
        account_ids: Id of each account number, in the order of the ids.
        kinds: For each kind, its shares.
    """

    account_ids: pa.Array
    kinds: Mapping[str, ShareArrays]


def read_coded_shares(path: Path, kinds: tuple[str, ...]) -> CodedShares:
    """Read a dataset's shares.

    Args:
        path: ``shares.parquet`` in the order of the contract.
        kinds: Kinds to keep; those without shares are left out of the result.

    Raises:
        InputError: The rows are in another order.
    """
    pieces = _pieces(path, kinds)
    accounts = pa.chunked_array([piece.accounts for piece in pieces] or [_NO_ACCOUNTS])
    account_ids, codes = _numbered(accounts.unify_dictionaries())
    times_us = _joined([piece.times_us for piece in pieces], np.int64)
    kind_codes = _joined([piece.kind_codes for piece in pieces], np.int8)
    objects = np.cumsum(
        _joined([piece.begins_object for piece in pieces], np.int32), dtype=np.int32
    )
    found: dict[str, ShareArrays] = {}
    for code, kind in enumerate(kinds):
        rows = np.flatnonzero(kind_codes == code)
        if not len(rows):
            continue
        begin, end = int(rows[0]), int(rows[-1]) + 1
        own = objects[begin:end] - objects[begin]
        shares = ShareArrays(
            own, codes[begin:end], times_us[begin:end], group_starts(own), len(account_ids)
        )
        if end - begin != len(rows) or not is_ordered(shares):
            raise InputError(
                "the shares are not sorted by kind, object, time and account",
                fix="make the dataset again with `assay import`",
                file=path,
            )
        found[kind] = shares
    return CodedShares(account_ids, found)


@dataclass(frozen=True)
class _Piece:
    accounts: pa.DictionaryArray
    times_us: Int64s
    kind_codes: npt.NDArray[np.int8]
    begins_object: npt.NDArray[np.bool_]


_NO_ACCOUNTS = pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))


def _pieces(path: Path, kinds: tuple[str, ...]) -> list[_Piece]:
    wanted = pa.array(kinds, pa.string())
    pieces: list[_Piece] = []
    last: tuple[str, str] | None = None
    file = pq.ParquetFile(path, read_dictionary=["account_id", "kind"])
    columns = ["account_id", "kind", "object_id", "shared_at"]
    for rows in file.iter_batches(batch_size=1 << 20, columns=columns):
        batch = rows
        kind = batch.column(1)
        codes = pc.fill_null(pc.index_in(kind.dictionary, wanted), -1).to_numpy()
        kind_codes = codes.astype(np.int8)[kind.indices.to_numpy()]
        keep = kind_codes >= 0
        if not keep.all():
            batch = batch.filter(pa.array(keep))
            kind_codes = kind_codes[keep]
        if not len(batch):
            continue
        objects = batch.column(2)
        begins = np.empty(len(batch), np.bool_)
        changes = pc.not_equal(objects[1:], objects[:-1]).to_numpy(zero_copy_only=False)
        begins[1:] = changes | (kind_codes[1:] != kind_codes[:-1])
        first = (kinds[kind_codes[0]], objects[0].as_py())
        begins[0] = first != last
        last = (kinds[kind_codes[-1]], objects[-1].as_py())
        times_us = batch.column(3).cast(pa.int64()).to_numpy()
        pieces.append(_Piece(batch.column(0), times_us, kind_codes, begins))
    return pieces


def _numbered(accounts: pa.ChunkedArray) -> tuple[pa.Array, Int32s]:
    """Ids in order, and for each row the number of its account."""
    ids = accounts.chunk(0).dictionary
    in_rows = _joined([chunk.indices.to_numpy() for chunk in accounts.chunks], np.int32)
    # A dictionary may hold ids of rows that were filtered out.
    used = np.zeros(len(ids), np.bool_)
    used[in_rows] = True
    order = pc.sort_indices(ids).to_numpy()
    order = order[used[order]]
    number = np.empty(len(ids), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    return ids.take(pa.array(order)).cast(pa.string()), number[in_rows]


def _joined(pieces: list[npt.NDArray[np.generic]], dtype: type[np.generic]) -> npt.NDArray:  # type: ignore[type-arg]
    return np.concatenate(pieces).astype(dtype, copy=False) if pieces else np.empty(0, dtype)
