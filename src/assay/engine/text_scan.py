"""One pass over the bytes of posts: links, hashtags, mentions, and the normalised text.

Most texts hold nothing but common characters (:mod:`assay.engine.letters`). For these the kernel
finds, byte by byte, exactly what the regular expressions of :mod:`assay.text.normalise` find, many
times faster; every other text is told apart and left to them. A test compares both.
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
    SMALL,
    SYMBOL,
    SYMBOL_LEAD,
)

_SPACE, _HASH, _AMPERSAND, _SLASH, _DOT, _COLON, _AT, _UNDERSCORE = 32, 35, 38, 47, 46, 58, 64, 95
_DASH, _TAB, _LINE_TAB, _RETURN = 45, 9, 11, 13
_LOWER_H, _LOWER_T, _LOWER_P, _LOWER_S, _LOWER_R = 104, 116, 112, 115, 114
_GUILLEMETS, _QUOTES = 0xC2, 0x80
"""First byte of « and », second byte of “, ” and …"""
_LEFT_GUILLEMET, _RIGHT_GUILLEMET, _LEFT_QUOTE, _RIGHT_QUOTE = 0xAB, 0xBB, 0x9C, 0x9D
_ELLIPSIS = 0xA6
"""The last byte of the one character that becomes three others of its length: three dots."""
_REPLACEMENT = (0xEF, 0xBF, 0xBD)
"""What stands for bytes that could not be read."""

_WORD = np.zeros(256, np.bool_)
_WORD[[*range(48, 58), *range(65, 91), *range(97, 123), _UNDERSCORE]] = True
_NO_LINK = np.zeros(256, np.bool_)
_NO_LINK[[9, 10, 12, 13, 32, *map(ord, '"<>\\^`{|}')]] = True

_PLAIN, _BLANK, _TWO_BYTES, _TAG_SIGN, _NAME_SIGN, _MAYBE_LINK, _WIDE, _UNKNOWN = range(8)
_KIND = np.full(256, _UNKNOWN, np.uint8)
_KIND[_SPACE:128] = _PLAIN
_KIND[[*range(_TAB, _RETURN + 1), _SPACE]] = _BLANK
_KIND[_HASH], _KIND[_AT], _KIND[_COLON] = _TAG_SIGN, _NAME_SIGN, _MAYBE_LINK
_KIND[FIRST_LEAD : LAST_LEAD + 1] = _TWO_BYTES
_KIND[[SYMBOL_LEAD, EMOJI_LEAD, _REPLACEMENT[0]]] = _WIDE
"""What a byte that begins a character may begin."""
_LOWER = np.arange(256, dtype=np.uint8)
_LOWER[65:91] += 32

Spans = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.uint8]]
"""Which text each found piece stands in, where each begins and the last ends, and the bytes."""


@njit
def scan_texts(
    offsets: npt.NDArray[np.int32],
    data: npt.NDArray[np.uint8],
    valid: npt.NDArray[np.bool_],
) -> tuple[
    npt.NDArray[np.bool_], npt.NDArray[np.int32], npt.NDArray[np.uint8], Spans, Spans, Spans
]:
    """Look at every text once.

    Args:
        offsets: Where each text begins in ``data``, and where the last one ends.
        data: UTF-8 bytes.
        valid: Which texts are there; the others are passed over.

    Returns:
        Which texts were simple enough; the offsets and bytes of their normalised texts (empty
        for the others); their links as written; their hashtags without the sign, as written;
        the names that they mention, in lower case.
    """
    count, size = len(valid), int(offsets[-1]) - int(offsets[0])
    simple = np.ones(count, np.bool_)
    plain_offsets, plain = np.zeros(count + 1, np.int32), np.empty(size, np.uint8)
    colons, hashes, ats, longest = 0, 0, 0, 1
    for position in range(int(offsets[0]), int(offsets[-1])):
        byte = data[position]
        colons += byte == _COLON
        hashes += byte == _HASH
        ats += byte == _AT
    for number in range(count):
        longest = max(longest, int(offsets[number + 1]) - int(offsets[number]))
    links, tags, names = _spans(colons, size), _spans(hashes, size), _spans(ats, size)
    linkless = np.empty(longest, np.uint8)
    found_links = found_tags = found_names = 0
    done = 0
    for number in range(count):
        begin, end = int(offsets[number]), int(offsets[number + 1])
        plain_offsets[number + 1] = done
        if not valid[number]:
            continue
        before = found_links
        length, position, copied, any_at = 0, begin, begin, False
        while position < end:
            kind = _KIND[data[position]]
            if kind <= _BLANK:
                position += 1
            elif kind == _TWO_BYTES:
                if SMALL[_letter(data[position], data[position + 1])] == 0:
                    simple[number] = False
                    break
                position += 2
            elif kind == _NAME_SIGN:
                any_at = True
                position += 1
            elif kind == _MAYBE_LINK:
                first = _link_begin(data, copied, position)
                stop = _link_end(data, position, end) if first >= 0 else 0
                if stop > 0:
                    found_links = _take(data, first, stop, number, found_links, links)
                    length = _copied(data, copied, first, linkless, length)
                    linkless[length] = _SPACE
                    length += 1
                    position = copied = stop
                else:
                    position += 1
            elif kind == _TAG_SIGN:
                if position > begin and data[position - 1] == _AMPERSAND:
                    simple[number] = False  # a character written as a number: &#39;
                    break
                position += 1
            else:
                width = _width(data, position) if kind == _WIDE else 0
                if width == 0:
                    simple[number] = False
                    break
                position += width
        if not simple[number]:
            found_links = before
            continue
        length = _copied(data, copied, end, linkless, length)
        begin, position = done, 0
        if any_at:
            position = _repost_end(linkless, length)
            for place in range(position):
                if linkless[place] == _AT:
                    found_names = _take_name(linkless, place, length, number, found_names, names)
        blank = False
        while position < length:
            byte = linkless[position]
            kind = _KIND[byte]
            if kind == _BLANK:
                blank = True
                position += 1
                continue
            if kind == _NAME_SIGN:
                found_names = _take_name(linkless, position, length, number, found_names, names)
                stop = position + 1
                while stop < length and _WORD[linkless[stop]]:
                    stop += 1
                if stop > position + 1:
                    blank = True
                    position = stop
                    continue
            elif kind == _TAG_SIGN:
                stop = _tag_end(linkless, position + 1, length)
                if stop > position + 1:
                    found_tags = _take(linkless, position + 1, stop, number, found_tags, tags)
            if blank:
                blank = False
                if done > begin:
                    plain[done] = _SPACE
                    done += 1
            if byte < 0x80:
                plain[done] = _LOWER[byte]
                done += 1
                position += 1
                while position < length and _KIND[linkless[position]] == _PLAIN:
                    plain[done] = _LOWER[linkless[position]]
                    done += 1
                    position += 1
            elif kind == _TWO_BYTES:
                small = SMALL[_letter(byte, linkless[position + 1])]
                plain[done], plain[done + 1] = small >> 8, small & 255
                done += 2
                position += 2
            elif _is_ellipsis(linkless, position):
                plain[done] = plain[done + 1] = plain[done + 2] = _DOT
                done += 3
                position += 3
            else:
                width = 4 if byte == EMOJI_LEAD else 3
                done = _copied(linkless, position, position + width, plain, done)
                position += width
        plain_offsets[number + 1] = done
    return (
        simple,
        plain_offsets,
        plain[:done],
        (links[0][:found_links], links[1][: found_links + 1], links[2]),
        (tags[0][:found_tags], tags[1][: found_tags + 1], tags[2]),
        (names[0][:found_names], names[1][: found_names + 1], names[2]),
    )


@njit
def _spans(most: int, size: int) -> Spans:
    """Room for so many pieces of so many bytes together."""
    return np.empty(most, np.int64), np.zeros(most + 1, np.int32), np.empty(size, np.uint8)


@njit
def _take(
    text: npt.NDArray[np.uint8], begin: int, stop: int, number: int, found: int, pieces: Spans
) -> int:
    """Put a piece of a text behind those found; returns how many they are then."""
    texts, offsets, data = pieces
    texts[found] = number
    offsets[found + 1] = _copied(text, begin, stop, data, int(offsets[found]))
    return found + 1


@njit
def _copied(
    source: npt.NDArray[np.uint8], begin: int, stop: int, target: npt.NDArray[np.uint8], at: int
) -> int:
    """Copy some bytes; returns the place behind them."""
    for place in range(stop - begin):
        target[at + place] = source[begin + place]
    return at + stop - begin


@njit
def _letter(lead: int, last: int) -> int:
    """The place of a two-byte character in the tables."""
    return (int(lead) - FIRST_LEAD) * 64 + int(last) - 0x80


@njit
def _is_ellipsis(data: npt.NDArray[np.uint8], position: int) -> bool:
    if data[position] != SYMBOL_LEAD or data[position + 1] != _QUOTES:
        return False
    return bool(data[position + 2] == _ELLIPSIS)


@njit
def _width(data: npt.NDArray[np.uint8], position: int) -> int:
    """Bytes of a common sign of three or four bytes; 0 for all other characters."""
    byte, second, third = data[position], data[position + 1], data[position + 2]
    if byte == SYMBOL_LEAD:
        common = SYMBOL[(int(second) - 0x80) * 64 + int(third) - 0x80]
        return 3 if common or _is_ellipsis(data, position) else 0
    if byte == EMOJI_LEAD:
        if second != EMOJI_SECOND:
            return 0
        return 4 if EMOJI[(int(third) - 0x80) * 64 + int(data[position + 3]) - 0x80] else 0
    return 3 if second == _REPLACEMENT[1] and third == _REPLACEMENT[2] else 0


@njit
def _take_name(
    text: npt.NDArray[np.uint8], at: int, end: int, number: int, found: int, names: Spans
) -> int:
    """Put the name after an at sign behind those found; returns how many they are then."""
    stop = _name_end(text, at, end)
    if stop == at + 1:
        return found
    texts, offsets, data = names
    write = offsets[found]
    for place in range(at + 1, stop):
        data[write] = _LOWER[text[place]]
        write += 1
    texts[found] = number
    offsets[found + 1] = write
    return found + 1


@njit
def _link_begin(data: npt.NDArray[np.uint8], first: int, colon: int) -> int:
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


@njit
def _link_end(data: npt.NDArray[np.uint8], colon: int, end: int) -> int:
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


@njit
def _tag_end(text: npt.NDArray[np.uint8], position: int, end: int) -> int:
    """Where the letters, digits and underscores that begin here end."""
    while position < end:
        byte = text[position]
        if _WORD[byte]:
            position += 1
        elif _KIND[byte] == _TWO_BYTES and LETTER[_letter(byte, text[position + 1])]:
            position += 2
        else:
            break
    return position


@njit
def _name_end(text: npt.NDArray[np.uint8], at: int, end: int) -> int:
    """Where the name after an at sign ends; just behind the sign if it mentions nobody."""
    if at > 0:
        before = text[at - 1]
        if _WORD[before] or before in (_AT, _SLASH, _DOT):
            return at + 1  # an address of mail, or a path
        two_bytes = before >= 0x80 and _KIND[text[at - 2]] == _TWO_BYTES
        if two_bytes and LETTER[_letter(text[at - 2], before)]:
            return at + 1
    position = at + 1
    while position < end and _WORD[text[position]]:
        position += 1
    if position == at + 1:
        return position
    while position + 1 < end and text[position] in (_DOT, _DASH) and _WORD[text[position + 1]]:
        position += 1
        while position < end and _WORD[text[position]]:
            position += 1
    return position


@njit
def _repost_end(text: npt.NDArray[np.uint8], end: int) -> int:
    """Where ``RT @name`` at the head of a text ends, or 0."""
    position = 0
    while position < end and _is_blank(text[position]) and text[position] != _LINE_TAB:
        position += 1
    if (
        position + 1 >= end
        or text[position] | 32 != _LOWER_R
        or (text[position + 1] | 32 != _LOWER_T)
    ):
        return 0
    position += 2
    first = position
    while position < end and _is_blank(text[position]) and text[position] != _LINE_TAB:
        position += 1
    if position == first or position >= end or text[position] != _AT:
        return 0
    position += 1
    first = position
    while position < end and _WORD[text[position]]:
        position += 1
    if position == first:
        return 0
    first = position
    while position < end and _is_blank(text[position]) and text[position] != _LINE_TAB:
        position += 1
    return position + 1 if position < end and text[position] == _COLON else first


@njit
def _is_blank(byte: int) -> bool:
    return byte == _SPACE or _TAB <= byte <= _RETURN
