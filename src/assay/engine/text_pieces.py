"""Where the pieces of a text begin and end, byte by byte: links, hashtags, names, blanks.

The kernels of :mod:`assay.engine.text_scan`, which says what is done with the pieces. They make no
array and are called for every piece, so they count no references.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit
from assay.engine.letters import (
    EMOJI,
    EMOJI_LEAD,
    EMOJI_SECOND,
    FIRST_LEAD,
    LAST_LEAD,
    LETTER,
    SYMBOL,
    SYMBOL_LEAD,
)

SPACE, HASH, AMPERSAND, _SLASH, DOT, COLON, AT, _UNDERSCORE = 32, 35, 38, 47, 46, 58, 64, 95
_DASH, _TAB, _LINE_TAB, _RETURN = 45, 9, 11, 13
_NONE, _ONE, _CASE, _LETTERS, _UPPER_A = (np.uint8(number) for number in (0, 1, 32, 26, 65))
_BYTE_OF_HASH, _BYTE_OF_AT, _BYTE_OF_COLON = np.uint8(HASH), np.uint8(AT), np.uint8(COLON)
_BLANK_BYTE, _FIRST_WIDE = np.uint8(SPACE), np.uint8(0x80)
"""As bytes: compared with whole numbers, bytes would be made as long, and sixteen times slower."""
_LOWER_H, _LOWER_T, _LOWER_P, _LOWER_S, LOWER_R = 104, 116, 112, 115, 114
_OPEN_ROUND, _CLOSE_ROUND, _OPEN_SQUARE, _CLOSE_SQUARE = map(ord, "()[]")
_GUILLEMETS, _QUOTES = 0xC2, 0x80
"""First byte of « and », second byte of “, ” and …"""
_LEFT_GUILLEMET, _RIGHT_GUILLEMET, _LEFT_QUOTE, _RIGHT_QUOTE = 0xAB, 0xBB, 0x9C, 0x9D
_ELLIPSIS = 0xA6
"""The last byte of the one character that becomes three others of its length: three dots."""
_REPLACEMENT = (0xEF, 0xBF, 0xBD)
"""What stands for bytes that could not be read."""

WORD = np.zeros(256, np.bool_)
WORD[[*range(48, 58), *range(65, 91), *range(97, 123), _UNDERSCORE]] = True
_NO_LINK = np.zeros(256, np.bool_)
_NO_LINK[[9, 10, 12, 13, 32, *map(ord, '"<>\\^`{|}')]] = True

PLAIN, BLANK, TWO_BYTES, TAG_SIGN, NAME_SIGN, MAYBE_LINK, WIDE, _UNKNOWN = range(8)
KIND = np.full(256, _UNKNOWN, np.uint8)
KIND[SPACE:128] = PLAIN
KIND[[*range(_TAB, _RETURN + 1), SPACE]] = BLANK
KIND[HASH], KIND[AT], KIND[COLON] = TAG_SIGN, NAME_SIGN, MAYBE_LINK
KIND[FIRST_LEAD : LAST_LEAD + 1] = TWO_BYTES
KIND[[SYMBOL_LEAD, EMOJI_LEAD, _REPLACEMENT[0]]] = WIDE
"""What a byte that begins a character may begin."""
LOWER = np.arange(256, dtype=np.uint8)
LOWER[65:91] += 32


@njit(counted=False)
def letter_place(lead: int, last: int) -> int:
    """The place of a two-byte character in the tables."""
    return (int(lead) - FIRST_LEAD) * 64 + int(last) - 0x80


@njit(counted=False)
def is_ellipsis(data: npt.NDArray[np.uint8], position: int) -> bool:
    """Whether three dots as one character stand here, behind a first byte that may begin them."""
    if data[position] != SYMBOL_LEAD or data[position + 1] != _QUOTES:
        return False
    return bool(data[position + 2] == _ELLIPSIS)


@njit(counted=False)
def sign_width(data: npt.NDArray[np.uint8], position: int) -> int:
    """Bytes of a common sign of three or four bytes; 0 for all other characters."""
    byte, second, third = data[position], data[position + 1], data[position + 2]
    if byte == SYMBOL_LEAD:
        common = SYMBOL[(int(second) - 0x80) * 64 + int(third) - 0x80]
        return 3 if common or is_ellipsis(data, position) else 0
    if byte == EMOJI_LEAD:
        if second != EMOJI_SECOND:
            return 0
        return 4 if EMOJI[(int(third) - 0x80) * 64 + int(data[position + 3]) - 0x80] else 0
    return 3 if second == _REPLACEMENT[1] and third == _REPLACEMENT[2] else 0


@njit(counted=False)
def link_begin(data: npt.NDArray[np.uint8], first: int, colon: int) -> int:
    """Where the ``http`` or ``https`` before a colon begins, at or behind a place; -1 if none."""
    begin = colon - 4
    if begin >= first and data[colon - 1] | 32 == _LOWER_S:
        begin -= 1
    if (
        begin < first
        or data[begin] | 32 != _LOWER_H
        or data[begin + 1] | 32 != _LOWER_T
        or data[begin + 2] | 32 != _LOWER_T
        or data[begin + 3] | 32 != _LOWER_P
    ):
        return -1
    return begin


@njit(counted=False)
def link_end(data: npt.NDArray[np.uint8], colon: int, end: int) -> int:
    """Where the link around a colon ends, or 0."""
    first = colon + 3
    if first >= end or data[colon + 1] != _SLASH or data[colon + 2] != _SLASH:
        return 0
    position = first
    while position < end:
        byte = data[position]
        if byte < 0x80:
            if _NO_LINK[byte]:
                break
            position += 1
            if position < end and (
                (byte == _CLOSE_ROUND and data[position] == _OPEN_SQUARE)
                or (byte == _CLOSE_SQUARE and data[position] == _OPEN_ROUND)
            ):
                break
        elif byte < 0xE0:
            if byte == _GUILLEMETS and data[position + 1] in (_LEFT_GUILLEMET, _RIGHT_GUILLEMET):
                break
            position += 2
        elif byte < 0xF0:
            if (
                byte == SYMBOL_LEAD
                and data[position + 1] == _QUOTES
                and data[position + 2] in (_LEFT_QUOTE, _RIGHT_QUOTE)
            ):
                break
            position += 3
        else:
            position += 4
    return position if position > first else 0


@njit(counted=False)
def tag_end(text: npt.NDArray[np.uint8], position: int, end: int) -> int:
    """Where the letters, digits and underscores that begin here end."""
    while position < end:
        byte = text[position]
        if WORD[byte]:
            position += 1
        elif KIND[byte] == TWO_BYTES and LETTER[letter_place(byte, text[position + 1])]:
            position += 2
        else:
            break
    return position


@njit(counted=False)
def name_end(text: npt.NDArray[np.uint8], first: int, at: int, end: int) -> int:
    """Where the name after an at sign ends; just behind the sign if it mentions nobody."""
    if at > first:
        before = text[at - 1]
        if WORD[before] or before in (AT, _SLASH, DOT):
            return at + 1  # an address of mail, or a path
        two_bytes = before >= 0x80 and KIND[text[at - 2]] == TWO_BYTES
        if two_bytes and LETTER[letter_place(text[at - 2], before)]:
            return at + 1
    position = at + 1
    while position < end and WORD[text[position]]:
        position += 1
    if position == at + 1:
        return position
    while position + 1 < end and text[position] in (DOT, _DASH) and WORD[text[position + 1]]:
        position += 1
        while position < end and WORD[text[position]]:
            position += 1
    return position


@njit(counted=False)
def repost_end(text: npt.NDArray[np.uint8], end: int) -> tuple[int, bool]:
    """Where ``RT @name`` at the head of a text ends, or 0; and whether the end decided that."""
    position = _behind_blanks(text, 0, end)
    if position + 1 >= end:
        return 0, True
    if text[position] | 32 != LOWER_R or text[position + 1] | 32 != _LOWER_T:
        return 0, False
    first = position + 2
    position = _behind_blanks(text, first, end)
    if position >= end:
        return 0, True
    if position == first or text[position] != AT:
        return 0, False
    first = position + 1
    position = first
    while position < end and WORD[text[position]]:
        position += 1
    if position == first:
        return 0, position >= end
    first = position
    position = _behind_blanks(text, first, end)
    if position < end and text[position] == COLON:
        return position + 1, False
    return first, position >= end


@njit(counted=False)
def _behind_blanks(text: npt.NDArray[np.uint8], position: int, end: int) -> int:
    while position < end and _is_blank(text[position]) and text[position] != _LINE_TAB:
        position += 1
    return position


@njit(counted=False)
def _is_blank(byte: int) -> bool:
    return byte == SPACE or _TAB <= byte <= _RETURN


@njit(counted=False)
def mark_bytes(
    text: npt.NDArray[np.uint8], small: npt.NDArray[np.uint8], marks: npt.NDArray[np.uint8]
) -> None:
    """Write a text's letters small, and mark each byte that is not simply copied.

    A blank that stands alone is: it is looked at where what is copied begins and ends.
    """
    for place in range(len(text)):
        byte = text[place]
        small[place] = byte + _CASE if np.uint8(byte - _UPPER_A) < _LETTERS else byte
        special = (byte == _BYTE_OF_HASH) | (byte == _BYTE_OF_AT) | (byte == _BYTE_OF_COLON)
        marks[place] = _ONE if special | (byte < _BLANK_BYTE) | (byte >= _FIRST_WIDE) else _NONE
    for place in range(1, len(text)):
        twice = (text[place - 1] == _BLANK_BYTE) & (text[place] == _BLANK_BYTE)
        marks[place - 1] |= _ONE if twice else _NONE
