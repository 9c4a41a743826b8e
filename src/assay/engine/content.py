"""The canonical content hash of a table: what it says, not how its file stores it.

Defined in a few lines, so that it can be computed again without Assay or Arrow. Every column
feeds up to three running SHA-256 digests, row after row:

- *valid*: one byte per row, 1 where there is a value, 0 where there is none;
- *length* (strings and lists): one little-endian int64 per row, the bytes of the string in UTF-8
  or the items of the list, 0 where there is no value;
- *value*: the values one after the other; numbers little-endian in their width, booleans as one
  byte, times as int64 microseconds, strings as UTF-8; a missing number is 0, and −0 is 0.

The items of a list are such a column themselves. The content hash is the SHA-256 over, for each
column in order, name, a zero byte, type, a line break and its digests; then the number of rows in
decimal. Nothing in it depends on how the rows were cut into batches, so tables stream.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BATCH_ROWS = 1 << 16


class _ColumnDigest:
    """The running digests of one column; a list has another column inside."""

    def __init__(self, kind: pa.DataType) -> None:
        self._kind = kind
        self._parts = {name: hashlib.sha256() for name in ("valid", "length", "value")}
        self._items = _ColumnDigest(kind.value_type) if pa.types.is_list(kind) else None

    def update(self, column: pa.Array) -> None:
        valid = column.is_valid()
        self._parts["valid"].update(_plain(valid))
        kind = self._kind
        if self._items is not None:
            self._lengths(pc.list_value_length(column))
            self._items.update(column.flatten())
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            self._lengths(pc.binary_length(column))
            self._parts["value"].update(_string_bytes(column))
        else:
            if pa.types.is_timestamp(kind):
                column = column.cast(pa.timestamp("us", tz=kind.tz)).cast(pa.int64())
            zero = pa.scalar(False if pa.types.is_boolean(column.type) else 0, column.type)
            self._parts["value"].update(_plain(column.fill_null(zero)))

    def _lengths(self, lengths: pa.Array) -> None:
        self._parts["length"].update(_plain(lengths.cast(pa.int64()).fill_null(0)))

    def digest(self) -> bytes:
        own = b"".join(part.digest() for part in self._parts.values())
        return own + (self._items.digest() if self._items is not None else b"")


def _plain(column: pa.Array) -> bytes:
    """Values without nulls as little-endian bytes, booleans as bytes, −0 as 0."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    values = np.asarray(column.to_numpy(zero_copy_only=False))
    if values.dtype.kind == "f":
        values = values + 0.0
        values[np.isnan(values)] = np.nan
    return values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()


def _string_bytes(column: pa.Array) -> memoryview | bytes:
    """The UTF-8 bytes of all strings, one after the other."""
    if not len(column):
        return b""
    if column.null_count:
        # What lies in the buffer under a null is nobody's value.
        column = column.fill_null("")
    wide = pa.types.is_large_string(column.type)
    offsets = np.frombuffer(column.buffers()[1], np.int64 if wide else np.int32)
    first, last = offsets[column.offset], offsets[column.offset + len(column)]
    data = column.buffers()[2]
    return memoryview(data)[int(first) : int(last)] if data is not None else b""


class ContentDigest:
    """The content hash of a table that arrives in batches."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._columns = [_ColumnDigest(column.type) for column in schema]
        self._rows = 0

    def update(self, batch: pa.RecordBatch) -> None:
        """Take the next rows."""
        for digest, column in zip(self._columns, batch.columns, strict=True):
            digest.update(column)
        self._rows += batch.num_rows

    def hexdigest(self) -> str:
        """The hash of all rows so far."""
        whole = hashlib.sha256()
        for column, digest in zip(self._schema, self._columns, strict=True):
            whole.update(f"{column.name}\0{column.type}\n".encode())
            whole.update(digest.digest())
        whole.update(str(self._rows).encode())
        return whole.hexdigest()


def content_hash(table: pa.Table) -> str:
    """SHA-256 of the table's content: column names, types and values, not the file's bytes."""
    return _hash_batches(table.schema, table.to_batches(max_chunksize=BATCH_ROWS))


def parquet_content_hash(path: Path) -> str:
    """:func:`content_hash` of a Parquet file, read in pieces.

    Raises:
        pyarrow.ArrowException: The file is no Parquet file, or is damaged.
        OSError: It cannot be read.
    """
    with pq.ParquetFile(path) as file:
        return _hash_batches(file.schema_arrow, file.iter_batches(BATCH_ROWS))


def _hash_batches(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> str:
    digest = ContentDigest(schema)
    for batch in batches:
        digest.update(batch)
    return digest.hexdigest()
