"""The container of a file (CSV, Parquet, NDJSON, JSON) apart from the format of what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from assay.engine.byte_source import ByteSource
from assay.engine.read import LooksLikeRow, RawBatch, open_parquet, read_parquet, unique_names
from assay.errors import InputError
from assay.importers.foreign import MAGIC_BYTES, check_readable, check_unpacked
from assay.importers.headerless import missing_header
from assay.importers.json_shape import (
    EmptyFile,
    JsonShape,
    is_telegram,
    json_shape,
    without_objects,
)
from assay.importers.parquet_strings import as_strings, field_names
from assay.importers.preamble import lines_above_header
from assay.model.units import format_bytes

if TYPE_CHECKING:
    from assay.engine.csv_layout import CsvLayout
    from assay.engine.json_read import JsonRecords
# The readers of text files load numba: they are imported where they are used, so that reading
# Parquet does not wait for it.

SAMPLE_ROWS = 2000
_SAMPLE_BYTES = 1 << 20
_FIRST_OBJECTS = 50
"""Objects at the head of a file by which its format is told: the first may be a notice."""
MAX_WHOLE_BYTES = 1_000_000_000
"""How large one JSON object may be that can only be read at once."""


class Container(Protocol):
    """A file as a table of raw columns."""

    @property
    def path(self) -> Path:
        """Where the file is."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, or of the fields of the first objects."""

    @property
    def encoding(self) -> str | None:
        """What a text file is written in."""

    def sample(self) -> pa.Table:
        """The first rows, all columns."""

    def read(self, columns: Sequence[str], looks_like_row: LooksLikeRow) -> Iterator[RawBatch]:
        """The named columns, as strings (times may be typed), batch by batch."""

    def consumed_bytes(self) -> int:
        """How many of the file's bytes were read."""

    def damage(self) -> str | None:
        """What is wrong with the end of the file, once it was read."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the file."""


@dataclass
class CsvContainer:
    """A delimited text file with a header."""

    path: Path
    layout: CsvLayout
    source: ByteSource
    notes: tuple[str, ...] = ()

    @property
    def encoding(self) -> str | None:
        """As told or seen."""
        return self.source.encoding

    @property
    def columns(self) -> tuple[str, ...]:
        """The header."""
        return self.layout.columns

    def sample(self) -> pa.Table:
        """The first rows."""
        from assay.engine.csv_read import read_csv

        for batch in read_csv(
            self.source.again(), self.layout, self.columns, lambda _: False, _SAMPLE_BYTES
        ):
            if len(batch.table):
                return batch.table.slice(0, SAMPLE_ROWS)
        return pa.table({name: pa.array([], pa.string()) for name in self.columns})

    def read(self, columns: Sequence[str], looks_like_row: LooksLikeRow) -> Iterator[RawBatch]:
        """The named columns."""
        from assay.engine.csv_read import read_csv

        return read_csv(self.source, self.layout, columns, looks_like_row)

    def consumed_bytes(self) -> int:
        """Bytes read so far."""
        return self.source.consumed_bytes()

    def damage(self) -> str | None:
        """Set when the compression breaks off."""
        return self.source.damage


@dataclass
class ParquetContainer:
    """A Parquet file."""

    path: Path
    columns: tuple[str, ...]
    _rows: int
    notes: tuple[str, ...] = ()
    _done: int = 0

    @property
    def encoding(self) -> str | None:
        """Parquet has none."""
        return None

    def sample(self) -> pa.Table:
        """The first rows."""
        for batch in read_parquet(self.path, self.columns, SAMPLE_ROWS):
            return as_strings(batch.table)
        return as_strings(open_parquet(self.path).schema_arrow.empty_table())

    def read(self, columns: Sequence[str], looks_like_row: LooksLikeRow) -> Iterator[RawBatch]:
        """The named columns, times as times, everything else as strings."""
        for batch in read_parquet(self.path, columns):
            self._done += len(batch.rows)
            yield replace(batch, table=as_strings(batch.table))

    def consumed_bytes(self) -> int:
        """Estimated from the rows read so far."""
        return int(self.path.stat().st_size * self._done / max(self._rows, 1))

    def damage(self) -> str | None:
        """A damaged Parquet file is an error, never half a table."""
        return None


@dataclass
class JsonContainer:
    """JSON objects: one per line, in arrays, or in the arrays that are fields of one name.

    Attributes:
        shape: How the objects stand in the file.
        within: The name of the arrays that they stand in; None for those that are no field.
        first: The first of them as text.
    """

    path: Path
    shape: JsonShape
    within: str | None
    source: ByteSource
    columns: tuple[str, ...]
    first: tuple[bytes, ...]
    notes: tuple[str, ...] = ()

    @property
    def encoding(self) -> str | None:
        """As told or seen."""
        return self.source.encoding

    def records(self) -> Iterator[JsonRecords]:
        """The objects as text, batch by batch."""
        return _records(self.source, self.shape, self.within)

    def inside(self, name: str) -> JsonContainer:
        """The objects in the arrays of this name instead."""
        first, columns = _first_texts(self.source, "arrays", name)
        return replace(self, shape="arrays", within=name, first=first, columns=columns)

    @cached_property
    def first_objects(self) -> tuple[dict[str, Any], ...]:
        """The first of them, as they are."""
        from assay.engine.json_read import JsonRecords, parsed

        texts = list(self.first[:_FIRST_OBJECTS])
        values, _ = parsed(JsonRecords(texts, list(range(len(texts))), []))
        return tuple(value for _, value in values)

    def sample(self) -> pa.Table:
        """The first objects, flat."""
        from assay.engine.json_read import FlatReader, JsonRecords

        rows = list(range(1, len(self.first) + 1))
        return FlatReader().batch(JsonRecords(list(self.first), rows, []), self.columns).table

    def read(self, columns: Sequence[str], looks_like_row: LooksLikeRow) -> Iterator[RawBatch]:
        """The named fields."""
        from assay.engine.json_read import FlatReader

        reader = FlatReader()
        for records in self.records():
            yield reader.batch(records, columns)

    def consumed_bytes(self) -> int:
        """Bytes read so far."""
        return self.source.consumed_bytes()

    def damage(self) -> str | None:
        """Set when the compression breaks off."""
        return self.source.damage


def open_container(path: Path, encoding: str | None = None) -> Container:
    """Tell from a file's first bytes what it is, and open it.

    Raises:
        InputError: The file is empty, missing, damaged, or in another encoding than UTF-8.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(MAGIC_BYTES)
    except OSError as error:
        raise InputError(
            f"the file cannot be opened ({error.strerror})",
            fix="check its name and that you may read it",
            file=path,
        ) from error
    if not magic:
        raise EmptyFile("the file is empty", fix="check that the export was completed", file=path)
    if magic.startswith(b"PAR1"):
        file_ = open_parquet(path)
        return ParquetContainer(path, field_names(file_.schema_arrow), file_.metadata.num_rows)
    check_readable(path, magic)
    source = ByteSource(path, encoding)
    check_unpacked(path, source.first_bytes)
    head = source.head(_SAMPLE_BYTES)
    if not head.strip():
        fix = "check that the export was completed"
        if source.head_damage:
            raise InputError(source.head_damage, fix=fix, file=path)
        raise EmptyFile("the file is empty", fix=fix, file=path)
    _check_encoding(head, path)
    start = head.lstrip()[:1]
    if start in (b"{", b"["):
        return _open_json(path, source, head)
    from assay.engine.csv_layout import CsvLayout, find_csv_layout

    source.header = missing_header(head)
    if source.header:
        names = unique_names(source.header.decode().split("\t"))
        notes = (*_window_told(source), "the file has no line of names; GDELT's codebook has them")
        return CsvContainer(path, CsvLayout("\t", None, None, names), source, notes)
    above, source.begin = lines_above_header(head)
    passed_over = f"lines above the header that are no table, passed over: {above}"
    notes = (*_window_told(source), *((passed_over,) if above else ()))
    return CsvContainer(path, find_csv_layout(source), source, notes)


def _window_told(source: ByteSource) -> tuple[str, ...]:
    """What unpacking the file takes, where that is much."""
    if not source.window_bytes:
        return ()
    held = format_bytes(source.window_bytes)
    return (f"packed with a long window: unpacking it holds up to {held} of the text in memory",)


def _open_json(path: Path, source: ByteSource, head: bytes) -> JsonContainer:
    within = "messages" if is_telegram(head) else None
    shape: JsonShape = "arrays" if within else json_shape(head)
    first, columns = _first_texts(source, shape, within)
    if not columns:
        raise without_objects(path, head, first)
    return JsonContainer(path, shape, within, source, columns, first, _window_told(source))


def _first_texts(
    source: ByteSource, shape: JsonShape, within: str | None
) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """The first objects as text, and the names of their fields."""
    from assay.engine.json_read import column_paths

    first: list[bytes] = []
    for records in _records(source.again(), shape, within, _SAMPLE_BYTES):
        first.extend(records.texts[: SAMPLE_ROWS - len(first)])
        if len(first) >= SAMPLE_ROWS or (first and within is None):
            break
    return tuple(first), column_paths(first)


def _records(
    source: ByteSource, shape: JsonShape, within: str | None, block_bytes: int | None = None
) -> Iterator[JsonRecords]:
    from assay.engine.json_read import ARRAYS, OBJECTS, arrays_named, read_elements, read_lines

    if shape == "lines":
        return read_lines(source, block_bytes)
    if shape == "object":
        return _whole_object(source)
    opening = OBJECTS if shape == "objects" else arrays_named(within) if within else ARRAYS
    return read_elements(source, opening, block_bytes)


def _whole_object(source: ByteSource) -> Iterator[JsonRecords]:
    from assay.engine.json_read import JsonRecords

    blocks: list[bytes] = []
    size_bytes = 0
    for block in source.blocks():
        size_bytes += len(block)
        if size_bytes > MAX_WHOLE_BYTES:
            raise InputError(
                f"the file is one JSON object of more than {format_bytes(MAX_WHOLE_BYTES)}, "
                "which would have to be read at once",
                fix="write its elements one per line, for example with "
                "jq -c '.data[]' FILE > posts.ndjson, or as an array",
                file=source.path,
            )
        blocks.append(block)
    yield JsonRecords([b"".join(blocks)], [1], [])


def _check_encoding(head: bytes, path: Path) -> None:
    """Refuse a text file that is plainly not UTF-8, and say what it may be."""
    try:
        head[:-4].decode("utf-8")
    except UnicodeDecodeError as error:
        lines = head.split(b"\n")[:-1] or [head]
        broken = sum(1 for line in lines if not _valid(line))
        if broken * 20 < len(lines):
            return  # a few damaged rows in a UTF-8 file: these are rejected one by one
        raise InputError(
            f"the file is not written in UTF-8 (byte {error.start})",
            fix="name its encoding, for example --encoding cp1252 (Western Windows), "
            "--encoding cp1251 (Cyrillic Windows) or --encoding latin-1",
            file=path,
        ) from error


def _valid(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
