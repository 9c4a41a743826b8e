"""One pass over the bytes of posts: links, hashtags, mentions, and the normalised text.

Most texts hold nothing but common characters (:mod:`assay.engine.letters`). For these the kernel
finds, byte by byte, exactly what the regular expressions of :mod:`assay.text.normalise` find, many
times faster; every other text is told apart and left to them. A test compares both.

Kernels that make no array count no references: they are called for every piece.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit
from assay.engine.letters import EMOJI_LEAD, SMALL
from assay.engine.marked_bytes import next_mark
from assay.engine.text_pieces import (
    AMPERSAND,
    AT,
    BLANK,
    DOT,
    KIND,
    LOWER,
    LOWER_R,
    MAYBE_LINK,
    NAME_SIGN,
    SPACE,
    TAG_SIGN,
    TWO_BYTES,
    WIDE,
    WORD,
    is_ellipsis,
    letter_place,
    link_begin,
    link_end,
    mark_bytes,
    name_end,
    repost_end,
    sign_width,
    tag_end,
)

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
    longest = 1
    for number in range(count):
        longest = max(longest, int(offsets[number + 1]) - int(offsets[number]))
    # A link has eight bytes at least, a tag and a name two.
    links, tags, names = _spans(size // 8, size), _spans(size // 2, size), _spans(size // 2, size)
    small, eights = np.empty(longest, np.uint8), np.zeros(longest // 8 + 1, np.uint64)
    marks, cuts = eights.view(np.uint8), np.empty((longest // 8 + 2, 2), np.int64)
    found_links = found_tags = found_names = 0
    done = 0
    for number in range(count):
        begin, plain_offsets[number + 1] = done, done
        if not valid[number]:
            continue
        text = data[int(offsets[number]) : int(offsets[number + 1])]
        end = len(text)
        mark_bytes(text, small, marks)
        before, cut, floor, any_at = found_links, 0, 0, False
        position = next_mark(eights, 0, end)
        while position < end:
            kind = KIND[text[position]]
            if kind == TWO_BYTES:
                if SMALL[letter_place(text[position], text[position + 1])] == 0:
                    simple[number] = False
                    break
                position += 2
            elif kind <= BLANK:
                position += 1
            elif kind == NAME_SIGN:
                any_at = True
                position += 1
            elif kind == MAYBE_LINK:
                first = link_begin(text, floor, position)
                stop = link_end(text, position, end) if first >= 0 else 0
                if stop > 0:
                    found_links = _take(text, first, stop, number, found_links, links)
                    cuts[cut, 0], cuts[cut, 1] = first, stop
                    cut += 1
                    position = floor = stop
                else:
                    position += 1
            elif kind == TAG_SIGN:
                if position > 0 and text[position - 1] == AMPERSAND:
                    simple[number] = False  # a character written as a number: &#39;
                    break
                position += 1
            else:
                width = sign_width(text, position) if kind == WIDE else 0
                if width == 0:
                    simple[number] = False
                    break
                position += width
            position = next_mark(eights, position, end)
        cuts[cut, 0] = end
        position = 0
        if any_at and simple[number]:
            position, ran_out = repost_end(text, int(cuts[0, 0]))
            if ran_out and cut and _may_go_on(text, cuts):
                simple[number] = False  # a link stands in the middle of RT @name:
        if not simple[number]:
            found_links = before
            continue
        for place in range(position):
            if text[place] == AT:
                found_names = _take_name(
                    text, (0, place, int(cuts[0, 0])), number, found_names, names
                )
        blank = False
        for piece in range(cut + 1):
            # What stands between two links; each link counts as a blank.
            if piece:
                position, blank = int(cuts[piece - 1, 1]), True
            floor, stop = position, int(cuts[piece, 0])
            if piece == 0:
                floor = 0
            while position < stop:
                byte = text[position]
                kind = KIND[byte]
                if kind == BLANK:
                    blank = True
                    position += 1
                    continue
                if kind == NAME_SIGN:
                    where = (floor, position, stop)
                    found_names = _take_name(text, where, number, found_names, names)
                    after = position + 1
                    while after < stop and WORD[text[after]]:
                        after += 1
                    if after > position + 1:
                        blank = True
                        position = after
                        continue
                elif kind == TAG_SIGN:
                    after = tag_end(text, position + 1, stop)
                    if after > position + 1:
                        found_tags = _take(text, position + 1, after, number, found_tags, tags)
                if blank:
                    blank = False
                    if done > begin:
                        plain[done] = SPACE
                        done += 1
                if byte < 0x80:
                    after = next_mark(eights, position + 1, stop)
                    if text[after - 1] == SPACE:
                        blank = True
                    done = _copied(small, position, after - blank, plain, done)
                    position = after
                elif kind == TWO_BYTES:
                    letter = SMALL[letter_place(byte, text[position + 1])]
                    plain[done], plain[done + 1] = letter >> 8, letter & 255
                    done += 2
                    position += 2
                elif is_ellipsis(text, position):
                    plain[done] = plain[done + 1] = plain[done + 2] = DOT
                    done += 3
                    position += 3
                else:
                    width = 4 if byte == EMOJI_LEAD else 3
                    done = _copied(text, position, position + width, plain, done)
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


@njit(counted=False)
def _may_go_on(text: npt.NDArray[np.uint8], cuts: npt.NDArray[np.int64]) -> bool:
    """Whether ``RT @name`` may stand around the first link, or behind it."""
    for place in range(int(cuts[0, 0])):
        if KIND[text[place]] != BLANK:
            return True
    place = int(cuts[0, 1])
    while place < len(text) and KIND[text[place]] == BLANK:
        place += 1
    return place < len(text) and (place == cuts[1, 0] or text[place] | 32 == LOWER_R)


@njit
def _spans(most: int, size: int) -> Spans:
    """Room for so many pieces of so many bytes together; what is not written takes none."""
    offsets = np.empty(most + 1, np.int32)
    offsets[0] = 0
    return np.empty(most, np.int64), offsets, np.empty(size, np.uint8)


@njit(counted=False)
def _take(
    text: npt.NDArray[np.uint8], begin: int, stop: int, number: int, found: int, pieces: Spans
) -> int:
    """Put a piece of a text behind those found; returns how many they are then."""
    texts, offsets, data = pieces
    texts[found] = number
    offsets[found + 1] = _copied(text, begin, stop, data, int(offsets[found]))
    return found + 1


@njit(counted=False)
def _copied(
    source: npt.NDArray[np.uint8], begin: int, stop: int, target: npt.NDArray[np.uint8], at: int
) -> int:
    """Copy some bytes; returns the place behind them."""
    # From the first byte of each on: many bytes are copied at once only where none is before it.
    piece, room = source[begin:stop], target[at:]
    for place in range(len(piece)):
        room[place] = piece[place]
    return at + stop - begin


@njit(counted=False)
def _take_name(
    text: npt.NDArray[np.uint8], where: tuple[int, int, int], number: int, found: int, names: Spans
) -> int:
    """Put the name after an at sign behind those found; returns how many they are then.

    Args:
        text: Bytes.
        where: Where the stretch around the sign begins, the sign, and where the stretch ends.
        number: Which text it is.
        found: How many names were found.
        names: All of them.
    """
    first, at, end = where
    stop = name_end(text, first, at, end)
    if stop == at + 1:
        return found
    texts, offsets, data = names
    write = offsets[found]
    for place in range(at + 1, stop):
        data[write] = LOWER[text[place]]
        write += 1
    texts[found] = number
    offsets[found + 1] = write
    return found + 1
