"""Bytes with a mark on each that means something: kernels leap from one to the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit

_BYTES_AT_ONCE = 8


class Marked(NamedTuple):
    """Bytes and their marks.

    Attributes:
        data: Bytes.
        eights: A mark for each byte, eight of them in one number: 1 if it means something, else 0.
    """

    data: npt.NDArray[np.uint8]
    eights: npt.NDArray[np.uint64]


def with_marks(data: npt.NDArray[np.uint8], special: tuple[int, int, int]) -> Marked:
    """Mark some bytes of a file, and its line breaks and zero bytes.

    Args:
        data: Bytes.
        special: What else means something; a zero stands for nothing.
    """
    eights = np.zeros(len(data) // _BYTES_AT_ONCE + 1, np.uint64)
    first, second, third = special
    _mark(data, (np.uint8(first), np.uint8(second), np.uint8(third)), eights.view(np.uint8))
    return Marked(data, eights)


_ZERO, _NEWLINE, _RETURN = (np.uint8(byte) for byte in b"\0\n\r")


@njit
def _mark(
    data: npt.NDArray[np.uint8],
    special: tuple[np.uint8, np.uint8, np.uint8],
    marks: npt.NDArray[np.uint8],
) -> None:
    first, second, third = special
    for place in range(len(data)):
        byte = data[place]
        told = (byte == first) | (byte == second) | (byte == third)
        marks[place] = told | (byte == _ZERO) | (byte == _NEWLINE) | (byte == _RETURN)


_ONE, _TOP_THREE = np.uint64(1), np.uint64(61)
_NUMBERS = np.uint64(sum(place << 61 - 8 * place for place in range(_BYTES_AT_ONCE)))
"""Times a one in the lowest bit of a byte it holds that byte's number in its three highest bits."""


@njit(counted=False)
def next_mark(eights: npt.NDArray[np.uint64], position: int, end: int) -> int:
    """The first marked byte at or behind a place, or the end; looks at eight bytes at once."""
    while position < end:
        marks = eights[position >> 3] >> np.uint64((position & 7) << 3)
        if marks:
            lowest = marks & (~marks + _ONE)
            return min(end, position + int((lowest * _NUMBERS) >> _TOP_THREE))
        position = (position | 7) + 1
    return end
