"""Read the peers' input tables (Parquet or CSV) and turn their columns into codes and seconds.

A peer's table is read as it stands: no link is canonicalised, no id gets a platform, because the
peers do neither and their networks are to come out again.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.arrow_csv import csv as pa_csv
from assay.errors import InputError

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "object_id": ("object_id", "object"),
    "account_id": ("account_id", "user_id", "author_id", "id_user", "account", "user"),
    "content_id": ("content_id", "message_id", "post_id", "tweet_id", "status_id", "id"),
    "timestamp_share": ("timestamp_share", "timestamp", "created_at", "shared_at", "time"),
    "repost_id": ("repost_id", "repost_of", "retweet_id", "retweeted_status_id"),
    "reply_id": ("reply_id", "in_reply_to", "in_reply_to_id", "in_reply_to_status_id"),
    "message": ("message", "text", "full_text", "content", "body"),
    "urls": ("urls", "links", "url", "link"),
}
"""Field, and the column names that stand for it, the first one found being used."""


class Codes(NamedTuple):
    """A column of names as numbers.

    Attributes:
        code: int32 per row, numbered by first appearance; -1 where the cell is null.
        values: large_string, the name behind each code.
    """

    code: np.ndarray
    values: pa.Array


@dataclass(frozen=True)
class PeerTable:
    """A table of one of the peers, its columns under the names of :data:`SYNONYMS`.

    Attributes:
        path: The file, for error messages.
        columns: One Arrow column per field that was asked for and found.
        source: Field to the file's own column name.
    """

    path: Path
    columns: Mapping[str, pa.ChunkedArray]
    source: Mapping[str, str]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.columns["account_id"])

    def codes(self, field: str, *, required: bool = False) -> Codes:
        """One column of ids as codes.

        Raises:
            InputError: The ids are not whole numbers or text, or one is missing and required.
        """
        column = _as_text(self, field)
        if required:
            _refuse(self, field, pc.or_kleene(pc.is_null(column), pc.equal(column, "")), "no id")
        return encode(column)

    def texts(self, field: str) -> pa.ChunkedArray:
        """One column as large_string, nulls kept."""
        return _as_text(self, field)

    def seconds(self) -> np.ndarray:
        """The times as float64 seconds since 1970.

        Raises:
            InputError: A time is missing, or is neither a number nor a moment with its zone.
        """
        return _seconds(self)


def encode(column: pa.ChunkedArray) -> Codes:
    """Number the values of a text column by first appearance; nulls become -1."""
    encoded = column.dictionary_encode().unify_dictionaries().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # no chunk at all, or several under old versions
        encoded = pa.concat_arrays(encoded.chunks) if encoded.num_chunks else None
    if encoded is None or len(encoded) == 0:
        return Codes(np.empty(0, np.int32), pa.array([], pa.large_string()))
    code = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Codes(code, encoded.dictionary.cast(pa.large_string()))


def alphabetical(codes: Codes) -> Codes:
    """The same column numbered in the order of its names (bytes of their UTF-8)."""
    order = pc.sort_indices(codes.values).to_numpy()
    rank = np.empty(len(order) + 1, np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[-1] = -1  # code -1, a null, stays -1
    return Codes(rank[codes.code], codes.values.take(pa.array(order)))


def read_table(path: Path, required: Iterable[str], optional: Iterable[str] = ()) -> PeerTable:
    """Read the wanted fields of a Parquet, CSV or TSV file (``.gz`` and ``.zst`` too).

    Raises:
        InputError: The file is missing, empty or unreadable, or lacks a required column.
    """
    if not path.is_file():
        raise InputError("there is no such file", file=path, fix="check the path")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            # Not pq.read_table: that imports pandas where it is installed, 1.3 s of CPU time.
            with pq.ParquetFile(path) as file:
                source = _find_columns(path, file.schema_arrow.names, required, optional)
                table = file.read(columns=sorted(set(source.values())))
        else:
            names = _csv_header(path)
            source = _find_columns(path, names, required, optional)
            table = _read_csv(path, names, sorted(set(source.values())))
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        raise InputError(
            f"the file cannot be read: {str(error).splitlines()[0]}",
            file=path,
            fix="give a Parquet file, or a CSV file in UTF-8 with a header row",
        ) from error
    if table.num_rows == 0:
        raise InputError("the file has no rows", file=path, fix="give a table with rows")
    return PeerTable(path, {field: table[name] for field, name in source.items()}, source)


def _find_columns(
    path: Path, names: list[str], required: Iterable[str], optional: Iterable[str]
) -> dict[str, str]:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise InputError(
            "two columns have one name", file=path, column=min(twice), fix="rename one"
        )
    by_lower = {name.strip().lower(): name for name in reversed(names)}
    source: dict[str, str] = {}
    for field in (*required, *optional):
        found = [by_lower[name] for name in SYNONYMS[field] if name in by_lower]
        if found:
            source[field] = found[0]
        elif field in required:
            raise InputError(
                f"the file lacks a column; it has {', '.join(names) or 'none'}",
                file=path,
                column=field,
                fix=f"name a column {' or '.join(SYNONYMS[field])}",
            )
    return source


def _csv_header(path: Path) -> list[str]:
    with (
        pa.input_stream(str(path), compression="detect") as stream,
        io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text,
    ):
        return next(csv.reader(text, delimiter=_delimiter(path)), [])


def _delimiter(path: Path) -> str:
    return "\t" if ".tsv" in [suffix.lower() for suffix in path.suffixes] else ","


def _read_csv(path: Path, names: list[str], wanted: list[str]) -> pa.Table:
    """Every cell as text: ids such as 007 or NA must not become numbers or nulls."""
    broken: list[Any] = []

    def remember(row: Any) -> str:
        broken.append(row)
        return "error"  # an exception raised in here would be lost on its way through Arrow

    try:
        with pa.input_stream(str(path), compression="detect") as stream:
            return pa_csv.read_csv(
                stream,
                # One thread: only then does Arrow know the number of a broken row.
                read_options=pa_csv.ReadOptions(use_threads=False),
                parse_options=pa_csv.ParseOptions(
                    delimiter=_delimiter(path),
                    newlines_in_values=True,
                    invalid_row_handler=remember,
                ),
                convert_options=pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.large_string()),
                    include_columns=wanted,
                    strings_can_be_null=False,
                ),
            )
    except pa.ArrowInvalid as error:
        if not broken:
            raise
        raise InputError(
            f"the row has {broken[0].actual_columns} cells, the header {len(names)}",
            file=path,
            row=None if broken[0].number is None else broken[0].number - 1,
            fix="quote cells that hold the delimiter",
        ) from error


def _as_text(table: PeerTable, field: str) -> pa.ChunkedArray:
    column = table.columns[field]
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (
        pa.types.is_integer(kind)
        or pa.types.is_null(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
    ):
        raise InputError(
            f"the column holds {column.type}, not ids",
            file=table.path,
            column=table.source[field],
            fix="store ids as text or whole numbers; a decimal number loses digits of long ids",
        )
    return column.cast(kind).cast(pa.large_string())


def _seconds(table: PeerTable) -> np.ndarray:
    column = table.columns["timestamp_share"]
    _refuse(table, "timestamp_share", pc.is_null(column), "no time")
    kind = column.type
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            raise InputError(
                "the times have no zone",
                file=table.path,
                column=table.source["timestamp_share"],
                fix="store them with a zone, or as seconds since 1970 (UTC)",
            )
        seconds = _seconds_of(column)
    elif pa.types.is_integer(kind) or pa.types.is_floating(kind):
        seconds = column.to_numpy().astype(np.float64)
    else:
        seconds = _parsed_seconds(_as_text(table, "timestamp_share"))
    bad = ~np.isfinite(seconds)
    _refuse(table, "timestamp_share", pa.chunked_array([pa.array(bad)]), "no finite time")
    return np.ascontiguousarray(seconds)


def _seconds_of(moments: pa.ChunkedArray) -> np.ndarray:
    """Timestamps as the nearest float64; whole and fraction apart, or nanoseconds round twice."""
    units_per_s = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[moments.type.unit]
    whole, part = np.divmod(moments.cast(pa.int64()).to_numpy(), units_per_s)
    return np.asarray(whole + part / units_per_s, np.float64)


def _parsed_seconds(text: pa.ChunkedArray) -> np.ndarray:
    """Numbers of seconds, or moments with a zone (ISO 8601); NaN for what is neither."""
    trimmed = pc.utf8_trim_whitespace(text)
    for kind in (pa.float64(), pa.timestamp("us", "UTC"), pa.timestamp("ns", "UTC")):
        try:
            parsed = trimmed.cast(kind)
        except pa.ArrowInvalid:  # a cell of another sort: the next kind, or each cell by itself
            continue
        return parsed.to_numpy() if kind == pa.float64() else _seconds_of(parsed)
    return np.array([_number_or_nan(cell) for cell in trimmed.to_pylist()])


def _number_or_nan(cell: str) -> float:
    with suppress(ValueError):
        return float(cell)
    with suppress(ValueError):
        moment = datetime.fromisoformat(cell)
        return moment.timestamp() if moment.tzinfo else math.nan
    return math.nan


def _refuse(table: PeerTable, field: str, bad: pa.ChunkedArray, what: str) -> None:
    """Raise at the first row where ``bad`` holds."""
    row = pc.index(bad, pa.scalar(True)).as_py()
    if row < 0:
        return
    cell = table.columns[field].slice(row, 1).to_pylist()[0]
    fixes = {
        "no time": "drop the row or give its time in seconds since 1970 (UTC)",
        "no finite time": "give seconds since 1970 (UTC), or a time with its zone: "
        "2021-05-01T10:00:00Z",
        "no id": "drop the row or give its id",
    }
    raise InputError(
        f"the row has {what} ({cell!r})",
        file=table.path,
        row=row + 1,
        column=table.source[field],
        fix=fixes[what],
    )
