"""One pass over the bytes of posts: links, hashtags, mentions, and the normalised text.

Most texts hold nothing but ASCII, plain Cyrillic and the usual dashes and quotes. For these the
kernel finds, byte by byte, exactly what the regular expressions of :mod:`assay.text.normalise`
find, many times faster; every other text is told apart and left to them. A test compares both.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit

_SPACE, _HASH, _AMPERSAND, _SLASH, _DOT, _COLON, _AT, _UNDERSCORE = 32, 35, 38, 47, 46, 58, 64, 95
_DASH, _TAB, _LINE_TAB, _RETURN = 45, 9, 11, 13
_LOWER_H, _LOWER_T, _LOWER_P, _LOWER_S, _LOWER_R = 104, 116, 112, 115, 114
_CYRILLIC_1, _CYRILLIC_2, _LATIN_1, _GENERAL = 0xD0, 0xD1, 0xC2, 0xE2
"""First bytes of U+0400 to 043F, U+0440 to 047F, U+0080 to 00BF, U+2000 to 2FFF."""

_WORD = np.zeros(256, np.bool_)
_WORD[[*range(48, 58), *range(65, 91), *range(97, 123), _UNDERSCORE]] = True
_NO_LINK = np.zeros(256, np.bool_)
_NO_LINK[[9, 10, 12, 13, 32, *map(ord, '"<>\\^`{|}')]] = True
_MARKS = np.zeros(256, np.bool_)
_MARKS[[0x90, 0x92, 0x93, 0x94, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E]] = True
"""Last bytes of the dashes and quotes in U+2010 to 201E that no normal form changes."""

_PLAIN, _CYRILLIC, _BLANK, _TAG_SIGN, _NAME_SIGN, _MAYBE_LINK, _WIDE, _UNKNOWN = range(8)
_KIND = np.full(256, _UNKNOWN, np.uint8)
_KIND[_SPACE:128] = _PLAIN
_KIND[[*range(_TAB, _RETURN + 1), _SPACE]] = _BLANK
_KIND[_HASH], _KIND[_AT] = _TAG_SIGN, _NAME_SIGN
_KIND[[_LOWER_H, _LOWER_H - 32]] = _MAYBE_LINK
_KIND[[_CYRILLIC_1, _CYRILLIC_2]] = _CYRILLIC
_KIND[[_LATIN_1, _GENERAL]] = _WIDE
"""What a byte that begins a character may begin."""
_LOWER = np.arange(256, dtype=np.uint8)
_LOWER[65:91] += 32
_LOWER_CYRILLIC = np.array([list(bytes((lead, last))) for lead in (_CYRILLIC_1, _CYRILLIC_2)
                            for last in range(256)], np.uint8)  # fmt: skip
for _code in range(0x400, 0x480):
    _letter, _small = chr(_code).encode(), chr(_code).lower().encode()
    _LOWER_CYRILLIC[(_letter[0] - _CYRILLIC_1) * 256 + _letter[1]] = list(_small)
"""Both bytes of the small letter, for each letter of U+0400 to 047F."""

Spans = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.uint8]]
"""Which text each found piece stands in, where each begins and the last ends, and the bytes."""


@njit
def scan_texts(
    offsets: npt.NDArray[np.int32],
    data: npt.NDArray[np.uint8],
    valid: npt.NDArray[np.bool_],
    marks: tuple[int, int, int],
) -> tuple[
    npt.NDArray[np.bool_], npt.NDArray[np.int32], npt.NDArray[np.uint8], Spans, Spans, Spans
]:
    """Look at every text once.

    Args:
        offsets: Where each text begins in ``data``, and where the last one ends.
        data: UTF-8 bytes.
        valid: Which texts are there; the others are passed over.
        marks: How many colons, hash signs and at signs ``data`` holds, at least.

    Returns:
        Which texts were simple enough; the offsets and bytes of their normalised texts (empty
        for the others); their links as written; their hashtags without the sign, as written;
        the names that they mention, in lower case.
    """
    count, size = len(valid), int(offsets[-1]) - int(offsets[0])
    simple = np.ones(count, np.bool_)
    plain_offsets, plain = np.zeros(count + 1, np.int32), np.empty(size, np.uint8)
    link_texts, link_offsets = np.empty(marks[0], np.int64), np.zeros(marks[0] + 1, np.int32)
    tag_texts, tag_offsets = np.empty(marks[1], np.int64), np.zeros(marks[1] + 1, np.int32)
    name_texts, name_offsets = np.empty(marks[2], np.int64), np.zeros(marks[2] + 1, np.int32)
    links, tags, names = (
        np.empty(size, np.uint8),
        np.empty(size, np.uint8),
        np.empty(size, np.uint8),
    )
    found = (name_texts, name_offsets, names)
    longest = 1
    for number in range(count):
        longest = max(longest, int(offsets[number + 1]) - int(offsets[number]))
    linkless = np.empty(longest, np.uint8)
    found_links = found_tags = found_names = 0
    done = 0
    for number in range(count):
        begin, end = int(offsets[number]), int(offsets[number + 1])
        plain_offsets[number + 1] = done
        if not valid[number]:
            continue
        before = found_links
        length, position, any_at = 0, begin, False
        while position < end:
            byte = data[position]
            kind = _KIND[byte]
            if kind == _CYRILLIC:
                linkless[length] = byte
                linkless[length + 1] = data[position + 1]
                length += 2
                position += 2
                continue
            if kind >= _NAME_SIGN:
                if kind == _NAME_SIGN:
                    any_at = True
                elif kind == _MAYBE_LINK:
                    stop = _link_end(data, position, end)
                    if stop > 0:
                        write = link_offsets[found_links]
                        links[write : write + stop - position] = data[position:stop]
                        link_texts[found_links] = number
                        found_links += 1
                        link_offsets[found_links] = write + stop - position
                        linkless[length] = _SPACE
                        length += 1
                        position = stop
                        continue
                else:
                    wide = _width(data, position) if kind == _WIDE else 0
                    if wide == 0:
                        simple[number] = False
                        break
                    for _ in range(wide - 1):
                        linkless[length] = data[position]
                        length += 1
                        position += 1
                    byte = data[position]
            elif kind == _TAG_SIGN and position > begin and data[position - 1] == _AMPERSAND:
                simple[number] = False  # a character written as a number: &#39;
                break
            linkless[length] = byte
            length += 1
            position += 1
        if not simple[number]:
            found_links = before
            continue
        begin, position = done, 0
        if any_at:
            position = _repost_end(linkless, length)
            for place in range(position):
                if linkless[place] == _AT:
                    found_names = _take_name(linkless, place, length, number, found_names, found)
        blank = False
        while position < length:
            byte = linkless[position]
            kind = _KIND[byte]
            if kind == _BLANK:
                blank = True
                position += 1
                continue
            if kind == _NAME_SIGN:
                found_names = _take_name(linkless, position, length, number, found_names, found)
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
                    write = tag_offsets[found_tags]
                    tags[write : write + stop - position - 1] = linkless[position + 1 : stop]
                    tag_texts[found_tags] = number
                    found_tags += 1
                    tag_offsets[found_tags] = write + stop - position - 1
            if blank:
                blank = False
                if done > begin:
                    plain[done] = _SPACE
                    done += 1
            if byte < 0x80:
                plain[done] = _LOWER[byte]
                done += 1
                position += 1
                continue
            second = linkless[position + 1]
            if kind == _CYRILLIC:
                letter = (byte - _CYRILLIC_1) * 256 + second
                plain[done] = _LOWER_CYRILLIC[letter, 0]
                plain[done + 1] = _LOWER_CYRILLIC[letter, 1]
            else:
                plain[done], plain[done + 1] = byte, second
            done += 2
            position += 2
            if byte == _GENERAL:
                plain[done] = linkless[position]
                done += 1
                position += 1
        plain_offsets[number + 1] = done
    return (
        simple,
        plain_offsets,
        plain[:done],
        (link_texts[:found_links], link_offsets[: found_links + 1], links),
        (tag_texts[:found_tags], tag_offsets[: found_tags + 1], tags),
        (name_texts[:found_names], name_offsets[: found_names + 1], names),
    )


@njit
def _width(data: npt.NDArray[np.uint8], position: int) -> int:
    """Bytes of a dash or quote beyond ASCII that no normal form changes; 0 for all others."""
    byte, second = data[position], data[position + 1]
    if byte == _LATIN_1:
        return 2 if second in (0xAB, 0xBB) else 0
    return 3 if second == 0x80 and _MARKS[data[position + 2]] else 0


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
def _link_end(data: npt.NDArray[np.uint8], begin: int, end: int) -> int:
    """Where the link that begins here ends, or 0."""
    if begin + 8 > end:
        return 0
    if (
        data[begin + 1] | 32 != _LOWER_T
        or data[begin + 2] | 32 != _LOWER_T
        or data[begin + 3] | 32 != _LOWER_P
    ):
        return 0
    position = begin + 4
    if data[position] | 32 == _LOWER_S:
        position += 1
    if position + 3 >= end or (
        data[position] != _COLON or data[position + 1] != _SLASH or data[position + 2] != _SLASH
    ):
        return 0
    position += 3
    first = position
    while position < end:
        byte = data[position]
        if byte < 0x80:
            if _NO_LINK[byte]:
                break
            position += 1
        elif byte == _LATIN_1:
            break  # a guillemet
        elif byte == _GENERAL:
            if data[position + 2] in (0x9C, 0x9D):
                break  # a double quote
            position += 3
        else:
            position += 2
    return position if position > first else 0


@njit
def _tag_end(text: npt.NDArray[np.uint8], position: int, end: int) -> int:
    """Where the letters, digits and underscores that begin here end."""
    while position < end:
        byte = text[position]
        if _WORD[byte]:
            position += 1
        elif byte in (_CYRILLIC_1, _CYRILLIC_2):
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
        if before >= 0x80 and text[at - 2] in (_CYRILLIC_1, _CYRILLIC_2):
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
