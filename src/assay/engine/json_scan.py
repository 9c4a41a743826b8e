"""Finds where each element of a JSON array begins and ends, without building the values."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit

WHOLE, BROKEN = 0, 1
_QUOTE, _BACKSLASH, _NEWLINE, _COMMA = 34, 92, 10, 44
_OPEN_ARRAY, _CLOSE_ARRAY, _OPEN_OBJECT, _CLOSE_OBJECT = 91, 93, 123, 125


@njit
def scan_elements(
    data: npt.NDArray[np.uint8], begin: int, at_end: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8], int, bool]:
    """Split the inside of an array into its elements.

    A string with a raw line break is illegal in JSON and means a lost quote: the element is
    given up as BROKEN there, and the scan goes on at the next line that opens an object with
    the same indentation as the broken element.

    Args:
        data: UTF-8 bytes.
        begin: A place between two elements, or just after the array's bracket.
        at_end: No bytes follow these.

    Returns:
        Begin and end of each element, its status, where the first unfinished element begins,
        and whether the array was closed there.
    """
    size = len(data)
    begins = np.empty(1024, np.int64)
    ends = np.empty(1024, np.int64)
    states = np.empty(1024, np.uint8)
    count = 0
    position = begin
    line_begin = begin
    while position < size:
        byte = data[position]
        if byte == _NEWLINE:
            line_begin = position + 1
        if byte in (_NEWLINE, 32, 9, 13, _COMMA):
            position += 1
            continue
        if byte == _CLOSE_ARRAY:
            return begins[:count], ends[:count], states[:count], position + 1, True
        start, indent = position, position - line_begin
        depth, state, ended = 0, WHOLE, False
        while position < size and not ended:
            byte = data[position]
            if byte == _QUOTE:
                position += 1
                while position < size and data[position] != _QUOTE:
                    if data[position] == _NEWLINE:
                        state = BROKEN
                        break
                    position += 2 if data[position] == _BACKSLASH else 1
                if state == BROKEN:
                    break
                position += 1
                if depth == 0:
                    ended = True
            elif byte in (_OPEN_OBJECT, _OPEN_ARRAY):
                depth += 1
                position += 1
            elif byte in (_CLOSE_OBJECT, _CLOSE_ARRAY):
                if depth == 0:  # a bare value runs into the array's end
                    ended = True
                    break
                depth -= 1
                position += 1
                if depth == 0:
                    ended = True
            elif byte == _COMMA and depth == 0:
                ended = True
            else:
                position += 1
        if state == BROKEN:
            # Look for the next line that begins an element as this one began.
            found = False
            cursor = position
            while cursor < size:
                while cursor < size and data[cursor] != _NEWLINE:
                    cursor += 1
                candidate = cursor + 1 + indent
                cursor += 1
                if candidate < size and data[candidate] == _OPEN_OBJECT:
                    blank = True
                    for index in range(cursor, candidate):
                        if data[index] not in (32, 9):
                            blank = False
                    if blank:
                        found = True
                        break
            if not found and not at_end:
                return begins[:count], ends[:count], states[:count], start, False
            position = cursor if found else size
            line_begin = position
        elif not ended or position > size:
            if not at_end:
                return begins[:count], ends[:count], states[:count], start, False
            position = size
            state = BROKEN
        if count == len(begins):
            begins = np.concatenate((begins, np.empty(count, np.int64)))
            ends = np.concatenate((ends, np.empty(count, np.int64)))
            states = np.concatenate((states, np.empty(count, np.uint8)))
        begins[count], ends[count], states[count] = start, min(position, size), state
        count += 1
    return begins[:count], ends[:count], states[:count], size, False
