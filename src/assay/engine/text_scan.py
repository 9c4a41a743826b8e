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
        if not _is_simple(data, begin, end):
            simple[number] = False
            continue
        length, position = 0, begin
        while position < end:
            byte = data[position]
            if byte | 32 == _LOWER_H:
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
            linkless[length] = byte
            length += 1
            position += 1
        any_at = False
        position = 0
        while position < length:
            byte = linkless[position]
            if byte == _HASH:
                stop = _tag_end(linkless, position + 1, length)
                if stop > position + 1:
                    write = tag_offsets[found_tags]
                    tags[write : write + stop - position - 1] = linkless[position + 1 : stop]
                    tag_texts[found_tags] = number
                    found_tags += 1
                    tag_offsets[found_tags] = write + stop - position - 1
                position = stop
            elif byte == _AT:
                any_at = True
                stop = _name_end(linkless, position, length)
                if stop > position + 1:
                    write = name_offsets[found_names]
                    for place in range(position + 1, stop):
                        letter = linkless[place]
                        names[write] = letter | 32 if 65 <= letter <= 90 else letter
                        write += 1
                    name_texts[found_names] = number
                    found_names += 1
                    name_offsets[found_names] = write
                position = stop
            else:
                position += 1
        done = _normalise(linkless, length, any_at, plain, done)
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
def _is_simple(data: npt.NDArray[np.uint8], position: int, end: int) -> bool:
    """Nothing but what the kernel knows, and no character written as a number (``&#39;``)."""
    while position < end:
        byte = data[position]
        if byte < 0x80:
            if byte < _SPACE and not _TAB <= byte <= _RETURN:
                return False
            if byte == _AMPERSAND and position + 1 < end and data[position + 1] == _HASH:
                return False
            position += 1
        elif byte in (_CYRILLIC_1, _CYRILLIC_2) or (
            byte == _LATIN_1 and data[position + 1] in (0xAB, 0xBB)
        ):
            position += 2
        elif byte == _GENERAL and data[position + 1] == 0x80 and _MARKS[data[position + 2]]:
            position += 3
        else:
            return False
    return True


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


@njit
def _normalise(
    text: npt.NDArray[np.uint8],
    length: int,
    any_at: bool,
    plain: npt.NDArray[np.uint8],
    done: int,
) -> int:
    """Write the normalised text behind what is done; returns where it ends."""
    begin = done
    position = _repost_end(text, length) if any_at else 0
    blank = False
    while position < length:
        byte = text[position]
        if _is_blank(byte):
            blank = True
            position += 1
            continue
        if byte == _AT and position + 1 < length and _WORD[text[position + 1]]:
            position += 1
            while position < length and _WORD[text[position]]:
                position += 1
            blank = True
            continue
        if blank and done > begin:
            plain[done] = _SPACE
            done += 1
        blank = False
        if byte < 0x80:
            plain[done] = byte | 32 if 65 <= byte <= 90 else byte
            done += 1
            position += 1
            continue
        second = text[position + 1]
        if byte == _CYRILLIC_1 and second < 0x90:  # U+0400 to 040F
            plain[done], plain[done + 1] = _CYRILLIC_2, second + 0x10
        elif byte == _CYRILLIC_1 and second < 0xA0:  # U+0410 to 041F
            plain[done], plain[done + 1] = _CYRILLIC_1, second + 0x20
        elif byte == _CYRILLIC_1 and second < 0xB0:  # U+0420 to 042F
            plain[done], plain[done + 1] = _CYRILLIC_2, second - 0x20
        elif byte == _CYRILLIC_2 and second >= 0xA0:  # U+0460 to 047F, by turns
            plain[done], plain[done + 1] = byte, second | 1
        else:
            plain[done], plain[done + 1] = byte, second
        done += 2
        position += 2
        if byte == _GENERAL:
            plain[done] = text[position]
            done += 1
            position += 1
    return done
