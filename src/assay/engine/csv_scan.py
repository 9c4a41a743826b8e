"""Finds where each CSV record begins and whether it is whole: the authority on row counts.

Parsers that skip bad rows lose good ones with them: after one unclosed quote everything up to
the next quote is one field. This scanner follows RFC 4180 byte by byte; where a record breaks
the rules it gives up that physical line alone and goes on with the next one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit
from assay.engine.marked_bytes import Marked, next_mark

GOOD, RAGGED, STRAY_QUOTE, UNCLOSED, NUL_BYTE, SWALLOWED, CUT_OFF, NOT_UTF8 = range(8)
REASONS: dict[int, str] = {
    RAGGED: "the row has more or fewer fields than the header",
    STRAY_QUOTE: "text follows a closing quote: a quote in the row is not closed or not doubled",
    UNCLOSED: "a quote is never closed, or only more than 1 MiB later",
    NUL_BYTE: "the row holds a NUL byte",
    SWALLOWED: "a quote is not closed and would swallow the rows after it",
    CUT_OFF: "the file breaks off in this row",
    NOT_UTF8: "the row is not valid UTF-8",
}
MAX_FIELD_BYTES = 1 << 20
"""A quoted field longer than this was never closed."""

_NEWLINE, _RETURN = 10, 13


@njit
def scan_records(
    source: Marked,
    begin: int,
    dialect: tuple[int, int, int],
    columns: int,
    at_end: bool,
    trusted: int,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8], int]:
    """Split bytes into records.

    Args:
        source: UTF-8 bytes; delimiter, quote and escape are marked.
        begin: Where the first record begins.
        dialect: Delimiter, quote (0: no quoting) and escape (0: quotes are doubled) as bytes.
        columns: Fields that a record must have; 0 accepts any number.
        at_end: No bytes follow these.
        trusted: Begin of a record that was suspected of swallowing others and was cleared.

    Returns:
        Begin and end of each record (the line break left out), its status, and where the
        first unfinished record begins. Blank lines are no records. A record suspected of
        having swallowed others ends the scan with status SWALLOWED; the caller judges it.
    """
    delimiter, quote, escape = dialect
    data, eights = source
    size = len(data)
    capacity = max(16, (size - begin) // 16)
    begins = np.empty(capacity, np.int64)
    ends = np.empty(capacity, np.int64)
    states = np.empty(capacity, np.uint8)
    count = 0
    position = begin
    while position < size:
        byte = data[position]
        if byte in (_NEWLINE, _RETURN):
            position += 1
            continue
        start = position
        fields, state, finished = 1, GOOD, False
        first_line_end = -1
        suspicious = False
        while True:  # one field per round
            if position < size and quote and data[position] == quote:
                field_begin = position
                position += 1
                closed = False
                line_fields = -1
                while True:
                    # Two bytes that are one sign may lead behind the limit: never back from there.
                    limit = max(position, min(size, field_begin + MAX_FIELD_BYTES + 1))
                    position = next_mark(eights, position, limit)
                    if position >= size:
                        break
                    byte = data[position]
                    if escape and byte == escape:
                        position += 2
                        continue
                    if byte == quote:
                        if not escape and position + 1 < size and data[position + 1] == quote:
                            position += 2
                            continue
                        closed = True
                        position += 1
                        break
                    if byte == delimiter:
                        line_fields += 1
                    elif byte in (_NEWLINE, _RETURN):
                        if first_line_end < 0:
                            first_line_end = position
                            line_fields = 1
                        else:
                            if line_fields == columns and columns > 1:
                                suspicious = True
                            line_fields = 1
                    elif byte == 0:
                        state = NUL_BYTE
                    if position - field_begin > MAX_FIELD_BYTES:
                        break
                    position += 1
                if not closed:
                    if position >= size and not at_end:
                        return begins[:count], ends[:count], states[:count], start
                    state = UNCLOSED
                    finished = True
                    break
                if position >= size and not at_end:
                    # The next byte decides whether this quote closes the field.
                    return begins[:count], ends[:count], states[:count], start
                if position < size and data[position] not in (delimiter, _NEWLINE, _RETURN):
                    state = STRAY_QUOTE
                    finished = True
                    break
            else:
                while True:
                    position = next_mark(eights, position, size)
                    if position >= size:
                        break
                    byte = data[position]
                    if byte in (delimiter, _NEWLINE, _RETURN):
                        break
                    if byte == 0:
                        state = NUL_BYTE
                    position += 2 if escape and byte == escape else 1
            if position >= size:
                if not at_end:
                    return begins[:count], ends[:count], states[:count], start
                position = size
                break
            if data[position] == delimiter:
                fields += 1
                position += 1
                continue
            break
        if state == GOOD and columns and fields != columns:
            state = RAGGED
        if state == GOOD and suspicious and start != trusted:
            state = SWALLOWED
        end = position
        if state != GOOD and (first_line_end >= 0 or finished):
            # Give up this line alone; the next one may be whole.
            end = first_line_end
            if end < 0:
                end = start
                while end < size and data[end] not in (_NEWLINE, _RETURN):
                    end += 1
                if end >= size and not at_end:
                    return begins[:count], ends[:count], states[:count], start
        if count == len(begins):
            begins = np.concatenate((begins, np.empty(count, np.int64)))
            ends = np.concatenate((ends, np.empty(count, np.int64)))
            states = np.concatenate((states, np.empty(count, np.uint8)))
        begins[count], ends[count], states[count] = start, end, state
        count += 1
        position = end
        if state == SWALLOWED:
            break
    return begins[:count], ends[:count], states[:count], min(position, size)
