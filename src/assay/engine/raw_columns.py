"""Columns of raw strings made ids and names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from unicodedata import category

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.lexicon.columns import NAMELESS, NOBODY, NOTHING
from assay.text.rounded_ids import SCIENTIFIC_ID

Value = TypeVar("Value")
_LAST_ASCII = 127


def clean_ids(ids: pa.Array) -> pa.Array:
    """Ids trimmed, ``123.0`` (a float's trace) as ``123``; null where nothing is told."""
    places = np.flatnonzero(_perhaps_unclean(ids))
    if not len(places):
        return ids
    some = pc.utf8_trim_whitespace(ids.take(pa.array(places)))
    some = pc.replace_substring_regex(some, r"^(\d+)[.,]00?$", r"\1")
    missing = pc.is_in(some, value_set=pa.array(["", *NOTHING]))
    some = pc.if_else(missing, pa.scalar(None, pa.string()), some)
    mask = np.zeros(len(ids), bool)
    mask[places] = True
    return pc.replace_with_mask(ids, pa.array(mask), some)


def count_of(column: str) -> str:
    """SQL that reads a count, such as 1234, 1,234, 1.234 or 1234.0; null where it is no whole one.

    Args:
        column: SQL of the count as it is written.
    """
    return f"""TRY_CAST(CASE
        WHEN regexp_full_match(trim({column}), '[1-9]\\d{{0,2}}((\\.\\d{{3}})+|(,\\d{{3}})+)')
            THEN regexp_replace(trim({column}), '[.,]', '', 'g')
        WHEN regexp_full_match(trim({column}), '\\d+[.,]0+')
            THEN regexp_extract(trim({column}), '^\\d+')
        -- The engine would round it.
        WHEN NOT regexp_full_match(trim({column}), '\\d*\\.\\d+') THEN trim({column})
        END AS BIGINT)"""


def rounded(ids: pa.Array) -> pa.Array:
    """Which ids are written in scientific notation, ``1.23E+18``: others were rounded to the same.

    Nearly all are told by one byte, the sign or letter before the two digits of the exponent.
    """
    found = np.zeros(len(ids), bool)
    offsets, data = bytes_of(ids) if ids.null_count < len(ids) else (np.zeros(1, np.int32), ())
    if len(data):
        # In a shorter id this is a byte of the one before: the expression decides.
        before = np.take(data, offsets[1:] - _EXPONENT_BYTES, mode="clip")
        places = np.flatnonzero((before == ord("+")) | (before == ord("e")) | (before == ord("E")))
        some = pc.match_substring_regex(ids.take(pa.array(places)), SCIENTIFIC_ID)
        found[places] = pc.fill_null(some, False).to_numpy(zero_copy_only=False)
    return pa.array(found)


def trimmed(names: pa.Array) -> pa.Array:
    """Names without spaces around them, empty ones null."""
    places = np.flatnonzero(_perhaps_unclean(names))
    if not len(places):
        return names
    some = pc.utf8_trim(names.take(pa.array(places)), _SPACES)
    some = pc.if_else(pc.equal(some, ""), pa.scalar(None, pa.string()), some)
    mask = np.zeros(len(names), bool)
    mask[places] = True
    return pc.replace_with_mask(names, pa.array(mask), some)


def of_somebody(handles: pa.Array) -> pa.Array:
    """Handles, null where the file says that the author is gone."""
    if not pc.any(pc.starts_with(handles, "[")).as_py():
        return handles
    gone = pc.is_in(handles, value_set=pa.array(sorted(NOBODY)))
    return pc.if_else(gone, pa.scalar(None, pa.string()), handles)


def naming_somebody(names: pa.Array) -> pa.Array:
    """Ids or names by which an account is told, null where they stand for nobody known."""
    if names.null_count == len(names):
        return names
    offsets, data = bytes_of(names)
    if not len(data):
        return names
    begins = np.take(_BEGIN_OF_NAMELESS, data[np.minimum(offsets[:-1], len(data) - 1)])
    places = np.flatnonzero(begins & (np.diff(offsets) <= _LONGEST_NAMELESS))
    gone = pc.is_in(lower(names.take(pa.array(places))), value_set=pa.array(sorted(NAMELESS)))
    mask = np.zeros(len(names), bool)
    mask[places] = gone.to_numpy(zero_copy_only=False)
    return pc.if_else(pa.array(mask), pa.scalar(None, pa.string()), names) if mask.any() else names


def mapped(words: pa.Array, meaning: Callable[[str], Value | None], kind: pa.DataType) -> pa.Array:
    """What each word of a column means, asked once for each distinct word in lower case."""
    encoded = words.dictionary_encode()
    lower = pc.utf8_lower(encoded.dictionary).to_pylist()
    return pa.array([meaning(word) for word in lower], kind).take(encoded.indices)


def lengths_and_ends(
    column: pa.Array,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Length and last byte of each string that is there; an empty one ends in a zero byte."""
    present = column if not column.null_count else column.drop_null()
    if not len(present):
        return np.empty(0, np.int32), np.empty(0, np.uint8)
    offsets, data = bytes_of(present)
    lengths = np.diff(offsets)
    if not len(data):
        return lengths, np.zeros(len(lengths), np.uint8)
    return lengths, np.where(lengths > 0, data[np.maximum(offsets[1:] - 1, 0)], 0).astype(np.uint8)


def bytes_of(strings: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each string begins, with the end of the last, and the bytes that they lie in."""
    _, offsets_buffer, data_buffer = strings.buffers()
    first = strings.offset
    offsets = np.frombuffer(offsets_buffer, np.int32)[first : first + len(strings) + 1]
    if data_buffer is None:
        return offsets, np.empty(0, np.uint8)
    return offsets, np.frombuffer(data_buffer, np.uint8)


def _perhaps_unclean(ids: pa.Array) -> npt.NDArray[np.bool_]:
    """Where an id may be empty, begin or end with a blank, end in .0, or be a word for nothing.

    Most ids are clean, and their ends tell it. Some that are clean are among those found.
    """
    found = np.zeros(len(ids), bool)
    if ids.null_count == len(ids):
        return found
    offsets, data = bytes_of(ids)
    lengths = np.diff(offsets)
    if not len(data):
        found[:] = lengths == 0
        return found
    begins, lasts = offsets[:-1], offsets[1:] - 1
    found |= lengths == 0
    found |= np.take(_END_OF_BLANK, data[np.maximum(lasts, 0)])
    found |= np.take(_BEGIN_OF_BLANK, data[np.minimum(begins, len(data) - 1)])
    zeros = np.flatnonzero(data[np.maximum(lasts, 0)] == ord("0"))
    # A spreadsheet writes one decimal or two.
    for back in (1, 2):
        found[zeros] |= np.take(_DECIMAL_SIGN, data[np.maximum(lasts[zeros] - back, 0)])
    nothing = np.take(_BEGIN_OF_NOTHING, data[np.minimum(begins, len(data) - 1)])
    found |= nothing & (lengths <= _LONGEST_NOTHING)
    return found


_EXPONENT_BYTES = len("+18")
_SPACES = "".join(sign for sign in map(chr, range(0x3001)) if category(sign) == "Zs")
_BLANKS = [character.encode() for character in map(chr, range(0x3001)) if character.isspace()]
_BEGIN_OF_BLANK, _END_OF_BLANK = np.zeros(256, bool), np.zeros(256, bool)
_DECIMAL_SIGN, _BEGIN_OF_NOTHING = np.zeros(256, bool), np.zeros(256, bool)
_DECIMAL_SIGN[[ord("."), ord(",")]] = True
_BEGIN_OF_NOTHING[[ord(word[0]) for word in NOTHING]] = True
_LONGEST_NOTHING = max(map(len, NOTHING))
_BEGIN_OF_NAMELESS = np.zeros(256, bool)
_BEGIN_OF_NAMELESS[[ord(case(word[0])) for word in NAMELESS for case in (str.lower, str.upper)]] = (
    True
)
_LONGEST_NAMELESS = max(map(len, NAMELESS))
_BEGIN_OF_BLANK[[blank[0] for blank in _BLANKS]] = True
_END_OF_BLANK[[blank[-1] for blank in _BLANKS]] = True


def with_prefix(prefix: str | pa.Scalar | pa.Array, ids: pa.Array) -> pa.Array:
    """``prefix:id``; null where the id is."""
    if ids.null_count == len(ids):
        return pa.nulls(len(ids), pa.string())
    return pc.binary_join_element_wise(prefix, ids, ":")


def numbered_ids(
    platform: pa.Array | pa.Scalar, told: pa.Array, prefix: str, rows: npt.NDArray[np.int64]
) -> pa.Array:
    """Ids of posts with their platform; where none is told, the file's prefix and the row."""
    ids = with_prefix(platform, told)
    if not ids.null_count:
        return ids
    return pc.coalesce(ids, with_prefix(prefix, pa.array(rows).cast(pa.string())))


def lower(names: pa.Array) -> pa.Array:
    """Names in lower case."""
    plain = len(names) and not (bytes_of(names)[1] > _LAST_ASCII).any()
    return pc.ascii_lower(names) if plain else pc.utf8_lower(names)


def one_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The column without chunks."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
