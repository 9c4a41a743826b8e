"""What two copies of one text have in common: the exact normalised text, and a text's objects.

All functions work on whole Arrow columns. The regular expressions are RE2's, and the engine
uses the same ones (see :mod:`assay.engine.derive`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from unicodedata import is_normalized, normalize

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

MIN_TEXT_CHARACTERS = 20
"""Shorter normalised texts ("thank you!") coincide without anybody copying."""

_NO_LINK = r"\s\"<>\\^`{|}«»“”"
LINK_PATTERN = (
    rf"(?i)https?://(?:(?:[^{_NO_LINK})\]]|[)\]]*(?:\)[^{_NO_LINK}\[)\]]|\][^{_NO_LINK}()\]]))+[)\]]*"
    r"|[)\]]+)"
)
"""A link in running text. It ends where Markdown closes it and opens the next thing: behind the
first bracket of ``](`` and of ``)[``."""
HASHTAG_PATTERN = r"[#＃]([\p{L}\p{M}\p{N}_]+)"
"""A hashtag, also one glued to the word before it; seven times faster than with a look at it."""
MENTION_PATTERN = r"(?:^|[^\p{L}\p{N}_@＠/.])[@＠]([A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*)"
REPOST_PATTERN = r"^\s*(?:RT|rt)\s+[@＠][A-Za-z0-9_]+\s*:?"
"""How a text says of itself that it repeats another's."""

_SPACE, _TAB = 32, 9
_FIRST_LEAD = 0xC0
"""In UTF-8 the first byte of a character beyond ASCII, and no other, is at least this."""
_DASHES_AND_QUOTES = np.array([0x90, 0x92, 0x93, 0x94, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E])
"""Last bytes of U+2010, 2012 to 2014 and 2018 to 201E; U+2011 is another form of U+2010."""
_ALL_MENTIONS = r"@[A-Za-z0-9_]+"


def without_links(texts: pa.Array) -> pa.Array:
    """The texts with every link replaced by a blank."""
    with_link = pc.match_substring(texts, "://")
    return _changed(
        texts, with_link, lambda some: pc.replace_substring_regex(some, LINK_PATTERN, " ")
    )


def normalised(linkless: pa.Array) -> pa.Array:
    """The exact normalised text of texts whose links are gone already.

    Unicode NFKC, lower case, no ``RT @name:`` prefix, no mentions, blanks collapsed. Null stays
    null; the rest may be empty. Normalising twice changes nothing.
    """
    texts = pc.utf8_lower(linkless)
    texts = _changed(texts, _perhaps_incompatible(texts), _compatible)
    texts = _changed(texts, pc.match_substring(texts, "@"), _without_mentions)
    return _changed(pc.utf8_trim_whitespace(texts), _has_blanks(texts), _collapsed)


def is_repost(texts: pa.Array) -> pa.Array:
    """Which texts say of themselves that they repeat another's (``RT @name:``)."""
    return pc.match_substring_regex(texts, REPOST_PATTERN)


def _changed(texts: pa.Array, where: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """The texts, changed only where it is needed: most need nothing."""
    some = texts.filter(where)
    if not len(some):
        return texts
    if len(some) == len(texts):
        return change(texts)
    return pc.replace_with_mask(texts, pc.fill_null(where, False), change(some))


def _perhaps_incompatible(texts: pa.Array) -> pa.Array:
    """Where there may be anything but NFKC: seen in the bytes.

    ASCII, the Cyrillic of U+0400 to U+047F (first bytes D0 and D1), guillemets, and the usual
    dashes and quotes of U+2010 to U+201F are in NFKC in any sequence, and so is their lower case.
    """
    if not len(texts):
        return pa.array([], pa.bool_())
    offsets, data = _bytes_of(texts)
    places = np.flatnonzero((data >= _FIRST_LEAD) & (data != 0xD0) & (data != 0xD1))
    # What follows a first byte of valid UTF-8 is there: no place runs over the end.
    first, second = data[places], data[places + 1]
    third = data[np.minimum(places + 2, len(data) - 1)] if len(data) else first
    known = (first == 0xC2) & ((second == 0xAB) | (second == 0xBB))
    known |= (first == 0xE2) & (second == 0x80) & np.isin(third, _DASHES_AND_QUOTES)
    found = np.zeros(len(texts), bool)
    found[np.searchsorted(offsets, places[~known] + int(offsets[0]), side="right") - 1] = True
    return pc.and_(pa.array(found), pc.is_valid(texts))


def _bytes_of(texts: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text begins, with the end of the last, and the bytes from the first one on."""
    _, offsets_buffer, data_buffer = texts.buffers()
    offsets = np.frombuffer(offsets_buffer, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    if data_buffer is None:
        return offsets, np.empty(0, np.uint8)
    return offsets, np.frombuffer(data_buffer, np.uint8)[int(offsets[0]) : int(offsets[-1])]


def _compatible(texts: pa.Array) -> pa.Array:
    """Lower-cased texts in NFKC. Most are already: Python's quick check is the fastest there is.

    NFKC and lower-casing can each undo the other's work, hence both until nothing changes.
    """
    while True:
        composed = pa.array(
            [
                text if is_normalized("NFKC", text) else normalize("NFKC", text)
                for text in texts.to_pylist()
            ],
            pa.string(),
        )
        texts = pc.utf8_lower(composed)
        if texts.equals(composed):
            return texts


def _has_blanks(texts: pa.Array) -> pa.Array:
    """Where there may be anything but single blanks between words: seen in the bytes."""
    if not len(texts):
        return pa.array([], pa.bool_())
    offsets, data = _bytes_of(texts)
    found = np.zeros(len(texts), bool)
    if len(data):
        blank = data == _SPACE
        odd = (data - _TAB) < 5  # tab to carriage return; unsigned, so others wrap around
        odd[:-1] |= blank[:-1] & blank[1:]
        places = np.flatnonzero(odd) + int(offsets[0])
        found[np.searchsorted(offsets, places, side="right") - 1] = True
    return pa.array(found)


def _collapsed(texts: pa.Array) -> pa.Array:
    return pc.utf8_trim_whitespace(
        pc.replace_substring_regex(texts, r"[\s\v][\s\v]+|[\t\n\v\f\r]", " ")
    )


def _without_mentions(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(
        pc.replace_substring_regex(texts, REPOST_PATTERN, " "), _ALL_MENTIONS, " "
    )


def normalised_text(text: str) -> str:
    """The normalised text of one post, as :func:`normalised` makes it for a column."""
    column = normalised(without_links(pa.array([text], pa.string())))
    result: str = column[0].as_py()
    return result


def text_key(normalised_form: str) -> str:
    """The object id of a normalised text: the first 128 bits of its SHA-256, in hex."""
    return hashlib.sha256(normalised_form.encode()).hexdigest()[:32]
