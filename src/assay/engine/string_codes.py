"""Strings made whole numbers: which of the distinct ones each is, and their order by bytes.

Ids mostly differ in few bytes: behind what all begin with, eight hold the rest. These are compared
as whole numbers, which takes neither a table of hashes nor a look at the strings. Where they do not
tell all, strings are looked up in such a table.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.raw_columns import bytes_of, one_array

Codes = npt.NDArray[np.int32]
_KEY_BYTES = 8
_FIRST_BYTES = np.array([(1 << 64) - (1 << 8 * (8 - count)) for count in range(9)], np.uint64)
"""What is left of eight bytes if only so many of them count."""


def coded(strings: pa.Array | pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """Which of the distinct strings each is, and these, in no order of their own.

    Args:
        strings: No nulls.
    """
    codes, distinct, _ = _coded(strings)
    return codes, distinct


def ranked(strings: pa.Array | pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """The rank of each string among the distinct ones, and these, ascending by their bytes.

    Args:
        strings: No nulls.
    """
    codes, distinct, in_order = _coded(strings)
    if in_order:
        return codes, distinct
    order = byte_order(distinct)
    rank_of_code = np.empty(len(order), np.int32)
    rank_of_code[order] = np.arange(len(order), dtype=np.int32)
    return rank_of_code[codes], distinct.take(pa.array(order))


def byte_order(strings: pa.Array) -> npt.NDArray[np.int64]:
    """Where each string stands, ascending by their bytes; equal strings in no order of their own.

    Only strings that agree in the eight bytes behind what all have in common are compared byte by
    byte.
    """
    if not len(strings):
        return np.empty(0, np.int64)
    begins, lengths = _behind_common(strings)
    keys = _keys(strings, begins, lengths)
    order = np.argsort(keys)
    if _tell_all(strings, lengths):
        return order
    same = keys[order][1:] == keys[order][:-1]
    tied = np.zeros(len(order), bool)
    tied[1:] |= same
    tied[:-1] |= same
    places = np.flatnonzero(tied)
    if len(places):
        # Runs of the same key stand in order already: all that is tied can be sorted together.
        some = order[places]
        order[places] = some[pc.sort_indices(strings.take(pa.array(some))).to_numpy()]
    return order


def _coded(strings: pa.Array | pa.ChunkedArray) -> tuple[Codes, pa.Array, bool]:
    """As :func:`coded`; and whether the distinct strings ascend by their bytes."""
    strings = one_array(strings)
    if not len(strings):
        return np.empty(0, np.int32), pa.array([], pa.string()), True
    begins, lengths = _behind_common(strings)
    if not _tell_all(strings, lengths):
        encoded = strings.dictionary_encode()
        return encoded.indices.to_numpy(), encoded.dictionary, False
    keys = _keys(strings, begins, lengths)
    order = np.argsort(keys)
    ascending = keys[order]
    fresh = np.ones(len(order), bool)
    np.not_equal(ascending[1:], ascending[:-1], out=fresh[1:])
    codes = np.empty(len(order), np.int32)
    codes[order] = np.cumsum(fresh, dtype=np.int32) - np.int32(1)
    return codes, strings.take(pa.array(order[fresh])), True


def _behind_common(strings: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where the part of each string begins that stands behind what all begin with; its length."""
    offsets, _ = bytes_of(strings)
    least, most = (one.as_py() for one in pc.min_max(strings.cast(pa.binary())).values())
    pairs = enumerate(zip(least, most, strict=False))
    common = next((place for place, (one, other) in pairs if one != other), len(least))
    begins = offsets[:-1].astype(np.int64) + common
    return begins, offsets[1:] - begins


def _tell_all(strings: pa.Array, lengths: npt.NDArray[np.int64]) -> bool:
    """Whether strings of the same key are the same: nothing is behind the eight bytes of any.

    A zero byte would look like the end of its string.
    """
    offsets, data = bytes_of(strings)
    return bool(lengths.max() <= _KEY_BYTES and data[offsets[0] : offsets[-1]].all())


def _keys(
    strings: pa.Array, begins: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    """Eight bytes of each string as one number, behind what all begin with; 0 for none."""
    offsets, data = bytes_of(strings)
    used = data[offsets[0] : offsets[-1]]
    room = np.concatenate((used, np.zeros(_KEY_BYTES, np.uint8)))
    # The eight bytes from each byte on, read as one number where they lie.
    numbers = np.ndarray((len(used) + 1,), ">u8", room, strides=(1,))
    keys: npt.NDArray[np.uint64] = numbers[begins - offsets[0]].astype(np.uint64)
    keys &= _FIRST_BYTES[np.minimum(lengths, _KEY_BYTES)]
    return keys
