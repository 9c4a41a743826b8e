"""Columns of strings cut out of whole CSV records, in one pass over their bytes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.engine.compiled import njit
from assay.engine.csv_layout import CsvLayout
from assay.engine.csv_parse import NULLS
from assay.engine.marked_bytes import Marked, next_mark

Places = npt.NDArray[np.int64]
Offsets = npt.NDArray[np.int32]
_LONGEST_NULL = max(len(word) for word in NULLS)


def split_records(
    source: Marked, records: tuple[Places, Places], layout: CsvLayout, columns: Sequence[str]
) -> pa.Table:
    """The named columns of whole records, as strings.

    What stands for "nothing" is null, but not in quotes.

    Args:
        source: UTF-8 bytes.
        records: Begin and end of each, as :func:`assay.engine.csv_scan.scan_records` found them.
        layout: How the file is written.
        columns: Which columns to read.
    """
    slots = np.full(len(layout.columns), -1)
    for slot, name in enumerate(columns):
        slots[layout.columns.index(name)] = slot
    count = len(records[0])
    valid, offsets = (
        np.empty((len(columns), count), bool),
        np.zeros((len(columns), count + 1), "i4"),
    )
    # Room for the longest that each may be; what is not written takes none.
    size = int(records[1][-1] - records[0][0]) if count else 0
    data = np.empty((len(columns), size), np.uint8)
    _split(source, records, (layout.codes, slots), (valid, offsets, data))
    found = []
    for slot in range(len(columns)):
        told = pa.py_buffer(np.packbits(valid[slot], bitorder="little"))
        parts = [told, *map(pa.py_buffer, (offsets[slot], data[slot, : offsets[slot, -1]]))]
        found.append(pa.Array.from_buffers(pa.string(), count, parts))
    return pa.table(found, names=list(columns))


def _word_number(word: bytes) -> int:
    number = 1
    for byte in word:
        number = number << 8 | byte
    return number


_NULL_NUMBERS = np.array(sorted(_word_number(word.encode()) for word in NULLS))
"""The bytes of each word as digits behind a one, which tells its length."""


@njit(counted=False)
def _split(
    source: Marked,
    records: tuple[Places, Places],
    layout: tuple[tuple[int, int, int], Places],
    target: tuple[npt.NDArray[np.bool_], Offsets, npt.NDArray[np.uint8]],
) -> None:
    """Fill one row of each array for each slot.

    Args:
        source: Bytes.
        records: Begin and end of each.
        layout: Delimiter, quote and escape as bytes, 0 for none; where each field of a record
            goes, -1 for nowhere.
        target: Which values are there, where each begins, and their bytes.
    """
    data, eights = source
    begins, ends = records
    (delimiter, quote, escape), slots = layout
    valid, offsets, found = target
    for record in range(len(begins)):
        position, end = int(begins[record]), int(ends[record])
        for slot in slots:
            quoted = position < end and quote != 0 and data[position] == quote
            position += quoted
            first = position
            at = done = int(offsets[slot, record]) if slot >= 0 else 0
            while True:
                position = next_mark(eights, position, end)
                if position >= end:
                    break
                byte = data[position]
                if byte == delimiter:
                    if not quoted:
                        break
                    position += 1
                elif escape and byte == escape:
                    # It says to take the next byte as it is.
                    if slot >= 0:
                        done = _copied(data, (first, position), found, (slot, done))
                    first = position + 1
                    position += 2
                elif quoted and byte == quote:
                    if escape or position + 1 >= end or data[position + 1] != quote:
                        break
                    if slot >= 0:
                        done = _copied(data, (first, position), found, (slot, done))
                    first = position + 1
                    position += 2
                else:
                    position += 1
            stop = min(position, end)
            position += 1 + quoted
            if slot < 0:
                continue
            done = _copied(data, (first, stop), found, (slot, done))
            null = not quoted and done - at <= _LONGEST_NULL and _is_null(found[slot, at:done])
            valid[slot, record] = not null
            offsets[slot, record + 1] = at if null else done


@njit(counted=False)
def _copied(
    source: npt.NDArray[np.uint8],
    piece: tuple[int, int],
    target: npt.NDArray[np.uint8],
    where: tuple[int, int],
) -> int:
    """Copy a piece of the bytes behind those of a slot; returns the place behind it."""
    begin, stop = piece
    slot, at = where
    field, room = source[begin:stop], target[slot, at:]
    for place in range(len(field)):
        room[place] = field[place]
    return at + len(field)


@njit(counted=False)
def _is_null(word: npt.NDArray[np.uint8]) -> bool:
    number = 1
    for byte in word:
        number = number << 8 | byte
    found = False
    for known in _NULL_NUMBERS:
        found |= number == known
    return found
