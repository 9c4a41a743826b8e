"""Raw rows out of files, in batches, with every row that could not be read beside them.

Every reader yields :class:`RawBatch` and keeps one promise: the row numbers of its table and of
its rejects together are exactly the rows that the file has, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import InputError

RAW_LIMIT = 2000
"""Characters of a rejected row that are kept for a person to look at."""


LooksLikeRow = Callable[[Sequence[str]], bool]
"""Judges whether the fields of one physical line inside a quoted field are a row of their own."""


@dataclass(frozen=True)
class RawReject:
    """One row that could not be used.

    Attributes:
        row: 1-based row of the data, the header not counted; line or element for JSON;
            None where the fault is the file's.
        column: The column at fault, where one is.
        reason: Why, in plain words.
        raw: The row as it stands in the file, shortened.
    """

    row: int | None
    column: str | None
    reason: str
    raw: str | None


@dataclass(frozen=True)
class RawBatch:
    """Some rows of a file.

    Attributes:
        table: The columns as the file has them.
        rows: Row number of each row of the table.
        rejects: Rows that stand in the file between these and could not be read.
    """

    table: pa.Table
    rows: npt.NDArray[np.int64]
    rejects: list[RawReject] = field(default_factory=list)


def shortened(raw: bytes | str) -> str:
    """A raw row for the table of rejects: at most :data:`RAW_LIMIT` characters of valid text."""
    text = raw if isinstance(raw, str) else raw[: 4 * RAW_LIMIT].decode("utf-8", "replace")
    return text[:RAW_LIMIT].replace("\0", "\\0")


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Column names made usable: trimmed, empty ones numbered, repeated ones told apart."""
    result: list[str] = []
    for position, raw in enumerate(names, start=1):
        name = raw.strip().strip("\ufeff") or f"column_{position}"
        candidate, repeat = name, 2
        while candidate in result:
            candidate, repeat = f"{name}_{repeat}", repeat + 1
        result.append(candidate)
    return tuple(result)


def open_parquet(path: Path) -> pq.ParquetFile:
    """Open a Parquet file.

    Raises:
        InputError: It is none, or is cut off.
    """
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"the Parquet file cannot be read: {str(error).splitlines()[0]}",
            fix="fetch or write the file again; its end is missing or damaged",
            file=path,
        ) from error


def read_parquet(
    path: Path, columns: Sequence[str], batch_rows: int = 1 << 18
) -> Iterator[RawBatch]:
    """The named columns of a Parquet file, batch by batch.

    Rows whose strings are not UTF-8 are rejected: the format does not keep them out, and what reads
    strings byte by byte would read on behind their end.

    Raises:
        InputError: A part of the file is damaged.
    """
    file = open_parquet(path)
    done = 0
    batches = file.iter_batches(batch_size=batch_rows, columns=list(columns))
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowInvalid, OSError) as error:
            raise InputError(
                f"the Parquet file is damaged after row {done}: {str(error).splitlines()[0]}",
                fix="fetch or write the file again",
                file=path,
            ) from error
        if batch is None:
            return
        rows = np.arange(done + 1, done + 1 + len(batch), dtype=np.int64)
        done += len(batch)
        try:
            batch.validate(full=True)
        except pa.ArrowInvalid as error:
            yield _without_damage(batch, rows, path, error)
        else:
            yield RawBatch(pa.Table.from_batches([batch]), rows)


def _without_damage(
    batch: pa.RecordBatch, rows: npt.NDArray[np.int64], path: Path, error: pa.ArrowInvalid
) -> RawBatch:
    """The rows of a batch whose strings are all UTF-8; the others are rejects.

    Raises:
        InputError: The damage is of another sort.
    """
    rejects: dict[int, RawReject] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        for place in _not_utf8(column):
            raw = column[place].as_buffer().to_pybytes()
            reject = RawReject(int(rows[place]), name, "the row is not valid UTF-8", shortened(raw))
            rejects.setdefault(place, reject)
    if not rejects:
        raise InputError(
            f"the Parquet file is damaged between the rows {rows[0]} and {rows[-1]}: "
            f"{str(error).splitlines()[0]}",
            fix="fetch or write the file again",
            file=path,
        ) from error
    sound = np.ones(len(rows), bool)
    sound[list(rejects)] = False
    kept = pa.Table.from_batches([batch]).filter(pa.array(sound))
    return RawBatch(kept, rows[sound], [rejects[place] for place in sorted(rejects)])


def _not_utf8(column: pa.Array) -> list[int]:
    """Where the strings of a column are none; nowhere in a column of anything else."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return []
    found = []
    for place, value in enumerate(column.cast(pa.large_binary()).to_pylist()):
        try:
            (value or b"").decode()
        except UnicodeDecodeError:
            found.append(place)
    return found
