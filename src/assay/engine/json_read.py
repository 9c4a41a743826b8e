"""NDJSON lines and JSON array elements in batches, and flat tables made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.byte_source import BLOCK_BYTES, ByteSource, with_next
from assay.engine.connection import connect
from assay.engine.json_scan import WHOLE, scan_elements
from assay.engine.read import RawBatch, RawReject, shortened
from assay.errors import InputError

MAX_ELEMENT_BYTES = 256 << 20
_NO_OBJECT = "the line or element is no valid JSON object"
ARRAYS = re.compile(rb"\[")
"""The arrays of a file, one behind the other; mostly it is one."""
OBJECTS = re.compile(rb"(?=\{)")
"""Objects one behind the other, whatever stands between them: commas, line breaks or nothing."""


@dataclass(frozen=True)
class JsonRecords:
    """Raw JSON values, not yet parsed.

    Attributes:
        texts: One JSON value each, as text.
        rows: Their 1-based line or element numbers.
        rejects: What could not even be cut out or is no valid text.
        context: The text before the array that they stand in (a chat's name and id).
    """

    texts: list[bytes]
    rows: list[int]
    rejects: list[RawReject]
    context: bytes = b""


def read_lines(source: ByteSource, block_bytes: int | None = None) -> Iterator[JsonRecords]:
    """The lines of an NDJSON file; blank ones are no rows."""
    done, leftover = 0, b""
    blocks = source.blocks(block_bytes or BLOCK_BYTES)
    while True:
        raw, at_end = with_next(blocks, leftover)
        lines = raw.split(b"\n")
        leftover = b"" if at_end else lines.pop()
        texts = [line for line in lines if line and not line.isspace()]
        if texts:
            yield _valid_text(texts, done, [])
            done += len(texts)
        if at_end:
            return


def arrays_named(name: str) -> re.Pattern[bytes]:
    """The arrays that are a field of this name."""
    return re.compile(re.escape(json.dumps(name, ensure_ascii=False).encode()) + rb"\s*:\s*\[")


def read_elements(
    source: ByteSource, opening: re.Pattern[bytes] = ARRAYS, block_bytes: int | None = None
) -> Iterator[JsonRecords]:
    """The elements of the file's arrays.

    Args:
        source: The file.
        opening: Behind what the elements of an array begin.
        block_bytes: How much to read at once.

    Raises:
        InputError: One element is larger than :data:`MAX_ELEMENT_BYTES`.
    """
    buffer, context, inside, done = b"", b"", False, 0
    blocks = source.blocks(block_bytes or BLOCK_BYTES)
    at_end = False
    while not at_end:
        if len(buffer) > MAX_ELEMENT_BYTES:
            raise InputError(
                f"element {done + 1} of the array is larger than {MAX_ELEMENT_BYTES >> 20} MiB",
                fix="check that the file is what its name says; split it if it is",
                file=source.path,
            )
        buffer, at_end = with_next(blocks, buffer)
        position = 0
        while True:
            if not inside:
                match = opening.search(buffer, position)
                if match is None:
                    # A field name may be cut by the block's edge; chats' heads are short.
                    buffer = buffer[max(position, len(buffer) - (1 << 16)) :]
                    break
                context = buffer[max(position, match.start() - (1 << 16)) : match.start()]
                position, inside = match.end(), True
            data = np.frombuffer(buffer, np.uint8)
            begins, ends, states, stopped, closed = scan_elements(data, position, at_end)
            if len(begins):
                yield _cut(buffer, (begins, ends, states), done, context)
                done += len(begins)
            position = int(stopped)
            inside = not closed
            if not closed:
                buffer = buffer[position:]
                break


def column_paths(sample: Sequence[bytes]) -> tuple[str, ...]:
    """Names of the fields that the sampled objects have, nested ones with a dot, in order."""
    names: dict[str, None] = {}
    for text in sample:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            for name, inner in value.items():
                if isinstance(inner, dict):
                    names.update(dict.fromkeys(f"{name}.{deeper}" for deeper in inner))
                else:
                    names[name] = None
    return tuple(names)


class FlatReader:
    """Cuts the named fields out of JSON objects, as strings (lists stay JSON text)."""

    def __init__(self) -> None:
        self._connection = connect()
        self._connection.execute("SET threads = 1")

    def batch(self, records: JsonRecords, columns: Sequence[str]) -> RawBatch:
        """One batch as a flat table; texts that are no JSON object become rejects."""
        texts = pa.array(records.texts, pa.binary()).cast(pa.string())
        raw = pa.table({"row": pa.array(records.rows, pa.int64()), "text": texts})
        self._connection.register("json_records", raw)
        # A key that holds a dot goes before the same words taken for nesting.
        wanted = [path for name in columns for path in _paths(name)]
        picked = self._connection.sql(
            """
            SELECT row, json_extract_string(text, $paths) AS fields
            FROM json_records
            WHERE json_valid(text) AND json_type(text) = 'OBJECT'
            """,
            params={"paths": wanted},
        ).to_arrow_table()
        self._connection.unregister("json_records")
        flat = pc.list_flatten(picked["fields"].combine_chunks())
        width = max(len(wanted), 1)
        table = pa.table(_columns(flat, columns, width))
        rows = picked["row"].to_numpy()
        missing = np.flatnonzero(~np.isin(np.asarray(records.rows), rows))
        rejects = [
            RawReject(records.rows[index], None, _NO_OBJECT, shortened(records.texts[index]))
            for index in missing
        ]
        return RawBatch(table, rows, [*records.rejects, *rejects])


def parsed(records: JsonRecords) -> tuple[list[tuple[int, dict[str, Any]]], list[RawReject]]:
    """The records as Python objects, for formats too nested for columns, and the broken ones."""
    values: list[tuple[int, dict[str, Any]]] = []
    rejects = list(records.rejects)
    for row, text in zip(records.rows, records.texts, strict=True):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            values.append((row, value))
        else:
            rejects.append(RawReject(row, None, _NO_OBJECT, shortened(text)))
    return values, rejects


def _cut(
    buffer: bytes,
    found: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]],
    done: int,
    context: bytes,
) -> JsonRecords:
    texts: list[bytes] = []
    rows: list[int] = []
    rejects: list[RawReject] = []
    for index, (begin, end, state) in enumerate(zip(*found, strict=True), start=done + 1):
        text = buffer[begin:end]
        if state == WHOLE:
            texts.append(text)
            rows.append(index)
        else:
            reason = "the element is broken: a quote or bracket is not closed"
            rejects.append(RawReject(index, None, reason, shortened(text)))
    kept = _valid_text(texts, 0, rows)
    return JsonRecords(kept.texts, kept.rows, [*rejects, *kept.rejects], context)


def _valid_text(texts: list[bytes], done: int, rows: list[int]) -> JsonRecords:
    """Sort out what is not UTF-8."""
    numbers = rows or list(range(done + 1, done + 1 + len(texts)))
    try:
        b"\n".join(texts).decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return JsonRecords(texts, numbers, [])
    good: list[bytes] = []
    good_rows: list[int] = []
    rejects: list[RawReject] = []
    for row, text in zip(numbers, texts, strict=True):
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            rejects.append(RawReject(row, None, "the row is not valid UTF-8", shortened(text)))
        else:
            good.append(text)
            good_rows.append(row)
    return JsonRecords(good, good_rows, rejects)


def _columns(flat: pa.Array, names: Sequence[str], width: int) -> dict[str, pa.Array]:
    """The columns out of one long list of fields, row after row."""
    result: dict[str, pa.Array] = {}
    place = 0
    for name in names:
        ways = [
            flat.take(pa.array(np.arange(index, len(flat), width)))
            for index in range(place, place + len(_paths(name)))
        ]
        result[name] = ways[0] if len(ways) == 1 else pc.coalesce(*ways)
        place += len(ways)
    return result


def _paths(name: str) -> tuple[str, ...]:
    """JSON paths to a field: by its own name, and to a field of a field if it has a dot."""
    if "." not in name:
        return (_path(name),)
    return (_path(name), _path(*name.split(".", 1)))


def _path(*parts: str) -> str:
    return "$" + "".join('."' + part.replace('"', '\\"') + '"' for part in parts)
