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
from assay.engine.string_codes import ranked
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
    columns = _columns(path, kinds)
    account_ids = _number_accounts(columns)
    times_us, kind_codes, codes = columns.times_us, columns.kind_codes, columns.accounts
    # What Arrow read is in arrays now; give its room back before the tests need theirs.
    pa.default_memory_pool().release_unused()
    objects = np.cumsum(columns.begins_object, dtype=np.int32)
    found: dict[str, ShareArrays] = {}
    for code, kind in enumerate(kinds):
        rows = np.flatnonzero(kind_codes == code)
        if not len(rows):
            continue
        begin, end = int(rows[0]), int(rows[-1]) + 1
        own = objects[begin:end]
        own -= own[0]
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
class _Columns:
    """Wanted rows, in arrays made once at the file's size: joining pieces would double them.

    ``accounts`` holds numbers inside each batch's own dictionary until they are numbered as one;
    ``batches`` says where each batch begins, and ends with the number of rows.
    """

    times_us: Int64s
    kind_codes: npt.NDArray[np.int8]
    begins_object: npt.NDArray[np.bool_]
    accounts: Int32s
    batches: list[int]
    dictionaries: list[pa.Array]


def _columns(path: Path, kinds: tuple[str, ...]) -> _Columns:
    wanted = pa.array(kinds, pa.string())
    # Not read as dictionaries: those grow from row group to row group and are handed over whole.
    file = pq.ParquetFile(path)
    size = file.metadata.num_rows
    times_us = np.empty(size, np.int64)
    kind_codes = np.empty(size, np.int8)
    begins_object = np.empty(size, np.bool_)
    accounts = np.empty(size, np.int32)
    batches, dictionaries = [0], []
    last: tuple[str, str] | None = None
    for rows in file.iter_batches(
        batch_size=1 << 18, columns=["account_id", "kind", "object_id", "shared_at"]
    ):
        kind = rows.column(1).dictionary_encode()
        codes = pc.fill_null(pc.index_in(kind.dictionary, wanted), -1).to_numpy()
        own_kinds = codes.astype(np.int8)[kind.indices.to_numpy()]
        keep = own_kinds >= 0
        batch = rows if keep.all() else rows.filter(pa.array(keep))
        own_kinds = own_kinds[keep]
        if not len(batch):
            continue
        begin, end = batches[-1], batches[-1] + len(batch)
        objects = batch.column(2)
        changes = pc.not_equal(objects[1:], objects[:-1]).to_numpy(zero_copy_only=False)
        begins_object[begin + 1 : end] = changes | (own_kinds[1:] != own_kinds[:-1])
        begins_object[begin] = (kinds[own_kinds[0]], objects[0].as_py()) != last
        last = (kinds[own_kinds[-1]], objects[-1].as_py())
        kind_codes[begin:end] = own_kinds
        times_us[begin:end] = batch.column(3).cast(pa.int64()).to_numpy()
        own_accounts = batch.column(0).dictionary_encode()
        accounts[begin:end] = own_accounts.indices.to_numpy()
        dictionaries.append(own_accounts.dictionary)
        batches.append(end)
    count = batches[-1]
    return _Columns(
        times_us[:count],
        kind_codes[:count],
        begins_object[:count],
        accounts[:count],
        batches,
        dictionaries,
    )


def _number_accounts(columns: _Columns) -> pa.Array:
    """Number all accounts in the order of their ids, in place; return the ids in that order."""
    if not columns.dictionaries:
        return pa.array([], pa.string())
    ranks, ids = ranked(pa.chunked_array(columns.dictionaries))
    offset = 0
    for dictionary, begin, end in zip(
        columns.dictionaries, columns.batches[:-1], columns.batches[1:], strict=True
    ):
        own = ranks[offset : offset + len(dictionary)]
        columns.accounts[begin:end] = own[columns.accounts[begin:end]]
        offset += len(dictionary)
    return ids
