"""Two tables or two records compared figure by figure: where do they differ?"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.content import parquet_content_hash

MOST_SHOWN = 20
"""Differences that are told one by one."""

TOLERANCE = 1e-11
"""Relative: two floats that agree in 12 significant digits but for the last one."""

BATCH_ROWS = 1 << 15
_ANY_ENTRY = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True)
class Difference:
    """One figure that is another one.

    Attributes:
        file: Path inside the bundle.
        row: 1-based row of a table; None for a record.
        column: Column of a table, or the path of a figure in a record.
        in_bundle: What the bundle says.
        again: What came out again.
    """

    file: str
    row: int | None
    column: str | None
    in_bundle: str
    again: str

    def __str__(self) -> str:
        """In one line."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row:,}")
        if self.column is not None:
            place.append(f"column {self.column}" if self.row is not None else self.column)
        return f"{', '.join(place)}: {self.in_bundle} in the bundle, {self.again} again"


@dataclass(frozen=True)
class Compared:
    """What came of comparing one file.

    Attributes:
        file: Path inside the bundle.
        rows: Rows compared; None for a record.
        same_hash: Whether the content hashes are equal, so that nothing else was looked at.
        last_digit: Figures that differ in the twelfth significant digit alone.
        differences: The first :data:`MOST_SHOWN` of the others.
    """

    file: str
    rows: int | None
    same_hash: bool
    last_digit: int
    differences: tuple[Difference, ...]


def compare_tables(name: str, in_bundle: Path, again: Path, key: Sequence[str] = ()) -> Compared:
    """Compare two Parquet files: by content hash, and where it differs, value by value.

    Args:
        name: Of the file inside the bundle.
        in_bundle: One table.
        again: The other.
        key: Columns that name a row, by which both are sorted; without them rows are matched by
            place.

    Raises:
        pyarrow.ArrowException: One is damaged.
    """
    rows = pq.read_metadata(in_bundle).num_rows
    if parquet_content_hash(in_bundle) == parquet_content_hash(again):
        return Compared(name, rows, True, 0, ())
    schema = _schema_difference(name, pq.read_schema(in_bundle), pq.read_schema(again))
    if schema:
        return Compared(name, rows, False, 0, schema)
    rows_again = pq.read_metadata(again).num_rows
    if rows != rows_again:
        found = list(islice(_row_differences(name, in_bundle, again, key), MOST_SHOWN))
        told = Difference(name, None, "number of rows", f"{rows:,}", f"{rows_again:,}")
        return Compared(name, rows, False, 0, (told, *found))
    counter = _Counter()
    found = list(islice(_cell_differences(name, in_bundle, again, counter), MOST_SHOWN))
    return Compared(name, rows, False, counter.last_digit, tuple(found))


class _Counter:
    """Counts figures that differ in their last digit alone."""

    last_digit = 0


def _schema_difference(name: str, one: pa.Schema, other: pa.Schema) -> tuple[Difference, ...]:
    mine = {column.name: str(column.type) for column in one}
    yours = {column.name: str(column.type) for column in other}
    columns = [*mine, *(column for column in yours if column not in mine)]
    return tuple(
        Difference(name, None, f"column {column}", mine.get(column, "none"),
                   yours.get(column, "none"))
        for column in columns
        if mine.get(column) != yours.get(column)
    )  # fmt: skip


def _cell_differences(
    name: str, in_bundle: Path, again: Path, counter: _Counter
) -> Iterator[Difference]:
    first_row = 1
    with pq.ParquetFile(in_bundle) as one, pq.ParquetFile(again) as other:
        left = _even_batches(one)
        for mine, yours in zip(left, _even_batches(other), strict=True):
            for place, column in enumerate(mine.schema.names):
                a, b = mine.column(place), yours.column(place)
                if a.equals(b):
                    continue
                for row, (x, y) in enumerate(zip(a.to_pylist(), b.to_pylist(), strict=True)):
                    if x == y:
                        continue
                    if _close(x, y):
                        counter.last_digit += 1
                        continue
                    yield Difference(name, first_row + row, column, _told(x), _told(y))
            first_row += mine.num_rows


def _even_batches(file: pq.ParquetFile) -> Iterator[pa.RecordBatch]:
    """Batches of the same size whatever the file's row groups."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in file.iter_batches(BATCH_ROWS):
        waiting.append(batch)
        count += batch.num_rows
        while count >= BATCH_ROWS:
            table = pa.Table.from_batches(waiting).combine_chunks()
            yield table.slice(0, BATCH_ROWS).combine_chunks().to_batches()[0]
            waiting = table.slice(BATCH_ROWS).to_batches()
            count -= BATCH_ROWS
    if count:
        yield pa.Table.from_batches(waiting).combine_chunks().to_batches()[0]


def _row_differences(
    name: str, in_bundle: Path, again: Path, key: Sequence[str]
) -> Iterator[Difference]:
    """Rows that only one of two sorted tables has, by merging them on their key."""
    if not key:
        return
    left, right = _keys(in_bundle, key), _keys(again, key)
    a, b = next(left, None), next(right, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a[1] < b[1]):
            assert a is not None
            yield Difference(name, a[0], None, _told_key(key, a[1]), "no such row")
            a = next(left, None)
        elif a is None or b[1] < a[1]:
            yield Difference(name, None, f"row {b[0]:,} of the new table", "no such row",
                             _told_key(key, b[1]))  # fmt: skip
            b = next(right, None)
        else:
            a, b = next(left, None), next(right, None)


def _keys(path: Path, key: Sequence[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    number = 1
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH_ROWS, columns=list(key)):
            columns = [_sortable(batch[name]) for name in key]
            for row in zip(*columns, strict=True):
                yield number, row
                number += 1


def _sortable(column: pa.Array) -> list[Any]:
    """Values that compare as the tables are sorted: strings by their bytes."""
    if pa.types.is_string(column.type):
        return [value.encode() for value in column.fill_null("").to_pylist()]
    return list(column.cast(pa.int64()).to_pylist() if pa.types.is_timestamp(column.type)
                else column.to_pylist())  # fmt: skip


def _told_key(key: Sequence[str], values: tuple[Any, ...]) -> str:
    shown = [value.decode() if isinstance(value, bytes) else value for value in values]
    return ", ".join(f"{name} {_told(value)}" for name, value in zip(key, shown, strict=True))


def compare_records(
    name: str, in_bundle: Any, again: Any, ignored: frozenset[str] = frozenset()
) -> Compared:
    """Compare two JSON values; paths in ``ignored`` (``evidence[].sha256``) are passed over."""
    counter = _Counter()
    found = _record_differences(name, "", in_bundle, again, (ignored, counter))
    listed = tuple(islice(found, MOST_SHOWN))
    same = not listed and not counter.last_digit
    return Compared(name, None, same, counter.last_digit, listed)


def _record_differences(
    name: str, path: str, one: Any, other: Any, how: tuple[frozenset[str], _Counter]
) -> Iterator[Difference]:
    ignored, counter = how
    if _ANY_ENTRY.sub("[]", path) in ignored:
        return
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}, key=str):
            below = f"{path}.{key}" if path else str(key)
            yield from _record_differences(name, below, one.get(key), other.get(key), how)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (x, y) in enumerate(zip(one, other, strict=True)):
            yield from _record_differences(name, f"{path}[{place}]", x, y, how)
    elif isinstance(one, list) and isinstance(other, list):
        yield Difference(name, None, path, f"{len(one):,} entries", f"{len(other):,} entries")
    elif one != other or type(one) is not type(other):
        if _close(one, other):
            counter.last_digit += int(one != other)
        else:
            yield Difference(name, None, path, _told(one), _told(other))


def _close(one: Any, other: Any) -> bool:
    """Whether two numbers differ at most in the twelfth significant digit."""
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return False
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=0.0)


def _told(value: Any) -> str:
    """A value in one line, shortened."""
    text = "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 120 else text[:117] + "…"
