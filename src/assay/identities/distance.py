"""Typing errors between two words: letters more, less, other, or two neighbours exchanged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit
from assay.identities.glyphs import Codes

_A, _LETTERS, _BITS = 97, 26, 64

Span = tuple[int, int]
"""Where a word begins in an array of letters, and where it ends."""
Rows = npt.NDArray[np.int64]
Bits = npt.NDArray[np.uint64]


@njit(counted=False)
def letter_bits(letters: Codes, begin: int, end: int) -> np.uint64:
    """Which Latin letters a word has, which of them twice, and roughly which others.

    A letter more or less changes one of these bits at most, and so does a third of its kind.
    """
    found, one = np.uint64(0), np.uint64(1)
    for place in range(begin, end):
        kind = int(letters[place]) - _A
        if 0 <= kind < _LETTERS:
            bit = one << np.uint64(kind)
            found |= bit << np.uint64(_LETTERS) if found & bit else bit
        else:
            others = 2 * _LETTERS
            found |= one << np.uint64(others + int(letters[place]) % (_BITS - others))
    return found


@njit(counted=False)
def may_be_near(bits: np.uint64, other: np.uint64, most: int) -> bool:
    """Whether two words may be so few slips apart, by their :func:`letter_bits`."""
    differing = bits ^ other
    # One letter for another changes two bits; here each turn takes the lowest away.
    for _ in range(2 * most):
        differing &= differing - np.uint64(1)
    return bool(differing == 0)


@njit
def letter_bits_of(letters: Codes, begin: Rows) -> Bits:
    """:func:`letter_bits` of every word; ``begin`` has one more than there are."""
    found = np.zeros(len(begin) - 1, np.uint64)
    for place in range(len(found)):
        found[place] = letter_bits(letters, begin[place], begin[place + 1])
    return found


@njit(counted=False)
def slips_between(
    words: tuple[Codes, Codes], span: Span, other_span: Span, most: int, rows: Rows
) -> int:
    """Slips (optimal string alignment) between two words; ``most + 1`` where there are more.

    What both begin and end with is left away first, so that little is ever compared.

    Args:
        words: The letters among which each word stands.
        span: Where the first word stands.
        other_span: Where the second word stands.
        most: How many slips are of interest.
        rows: Three rows to work in, longer than either word.
    """
    letters, others = words
    begin, first = span
    start, second = other_span
    if abs((first - begin) - (second - start)) > most:
        return most + 1
    while begin < first and start < second and letters[begin] == others[start]:
        begin += 1
        start += 1
    while first > begin and second > start and letters[first - 1] == others[second - 1]:
        first -= 1
        second -= 1
    height, width = first - begin, second - start
    if height == 0 or width == 0:
        return max(height, width)
    if most < 2:
        # Nothing common is left at the ends: one slip is one letter for another, or two exchanged.
        crossed = height == 2 and width == 2 and letters[begin] == others[start + 1]
        crossed = crossed and letters[begin + 1] == others[start]
        return 1 if crossed or (height == 1 and width == 1) else 2
    before, last, row = 0, 1, 2
    for right in range(width + 1):
        rows[last, right] = right
    for down in range(1, height + 1):
        rows[row, 0] = least = down
        for right in range(1, width + 1):
            one, two = letters[begin + down - 1], others[start + right - 1]
            value = min(rows[last, right], rows[row, right - 1]) + 1
            value = min(value, rows[last, right - 1] + (0 if one == two else 1))
            crossed = down > 1 and right > 1 and one == others[start + right - 2]
            if crossed and letters[begin + down - 2] == two:
                value = min(value, rows[before, right - 2] + 1)
            rows[row, right] = value
            least = min(least, value)
        if least > most:
            return most + 1
        before, last, row = last, row, before
    apart = int(rows[last, width])
    return min(apart, most + 1)
