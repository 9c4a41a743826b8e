"""The order of shares of one kind: by object, time, account and post, found on whole columns.

Strings are compared once for each distinct object; the rows are then sorted as whole numbers.
Accounts and posts are only looked at where object and time are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.raw_columns import bytes_of
from assay.errors import CheckFailed

_SECOND_US = 1_000_000
_PACKED_BITS = 63
_KEY_BYTES = 8
_FIRST_BYTES = np.array([(1 << 64) - (1 << 8 * (8 - count)) for count in range(9)], np.uint64)
"""What is left of eight bytes if only so many of them count."""


@dataclass(frozen=True)
class SortedShares:
    """Where each share stands in the order, exact repeats left out.

    Attributes:
        rows: Index of the share that stands at each place.
        ranks: Which of the ``objects`` it names.
        objects: The distinct objects, ascending by their bytes.
    """

    rows: npt.NDArray[np.int64]
    ranks: npt.NDArray[np.int32]
    objects: pa.Array


def sort_shares(shares: pa.Table) -> SortedShares:
    """Sort shares of one kind by object_id, shared_at, account_id and post_id, by bytes.

    Args:
        shares: Columns of those names; no nulls.

    Raises:
        CheckFailed: The result is not in order.
    """
    ranks, objects = ranked(shares["object_id"])
    times = _one_array(shares["shared_at"]).cast(pa.int64()).to_numpy()
    rows = _by_rank_and_time(ranks, times)
    tied = _tied(ranks[rows], times[rows])
    if tied.any():
        rows = _ties_settled(rows, tied, shares)
    in_order = ranks[rows]
    _check(in_order, times[rows], objects)
    return SortedShares(rows, in_order, objects)


def ranked(strings: pa.Array | pa.ChunkedArray) -> tuple[npt.NDArray[np.int32], pa.Array]:
    """The rank of each string among the distinct ones, and these, ascending by their bytes."""
    encoded = strings.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        # All chunks of one encoding share the last one's dictionary.
        codes = np.concatenate(
            [chunk.indices.to_numpy() for chunk in encoded.chunks] or [np.empty(0, np.int32)]
        )
        distinct = encoded.chunk(encoded.num_chunks - 1).dictionary if len(encoded) else None
    else:
        codes, distinct = encoded.indices.to_numpy(), encoded.dictionary
    if distinct is None:
        return np.empty(0, np.int32), pa.array([], pa.string())
    order = byte_order(distinct)
    rank_of_code = np.empty(len(order), np.int32)
    rank_of_code[order] = np.arange(len(order), dtype=np.int32)
    return rank_of_code[codes], distinct.take(pa.array(order))


def byte_order(strings: pa.Array) -> npt.NDArray[np.int64]:
    """Where each string stands, ascending by their bytes; equal strings in no order of their own.

    The eight bytes behind what all have in common are compared as whole numbers, many at once;
    only strings that agree in these are compared byte by byte.
    """
    if not len(strings):
        return np.empty(0, np.int64)
    keys, exact = _eight_bytes(strings)
    order = np.argsort(keys)
    if exact:
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


def _eight_bytes(strings: pa.Array) -> tuple[npt.NDArray[np.uint64], bool]:
    """Eight bytes of each string, behind those that all begin with, as one number; 0 for none.

    And whether strings of the same number are the same: nothing is behind the eight bytes of any.
    """
    offsets, data = bytes_of(strings)
    least, most = (one.as_py() for one in pc.min_max(strings.cast(pa.binary())).values())
    pairs = enumerate(zip(least, most, strict=False))
    skipped = next((place for place, (one, other) in pairs if one != other), len(least))
    begins = offsets[:-1].astype(np.int64) + skipped
    lengths = offsets[1:] - begins
    used = data[offsets[0] : offsets[-1]]
    room = np.concatenate((used, np.zeros(_KEY_BYTES, np.uint8)))
    # The eight bytes from each byte on, read as one number where they lie.
    numbers = np.ndarray((len(used) + 1,), ">u8", room, strides=(1,))
    keys = numbers[begins - offsets[0]].astype(np.uint64)
    keys &= _FIRST_BYTES[np.minimum(lengths, _KEY_BYTES)]
    return keys, bool(lengths.max() <= _KEY_BYTES and used.all())


def _by_rank_and_time(
    ranks: npt.NDArray[np.int32], times_us: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Both in one whole number where they fit: sorting these is seven times as fast."""
    if not len(ranks):
        return np.empty(0, np.int64)
    since = times_us - times_us.min()
    if not (since % _SECOND_US).any():
        since //= _SECOND_US
    time_bits = int(since.max()).bit_length()
    if time_bits + int(ranks.max()).bit_length() <= _PACKED_BITS:
        return np.argsort((ranks.astype(np.int64) << time_bits) | since)
    return np.lexsort((times_us, ranks))


def _tied(ranks: npt.NDArray[np.int32], times: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """For each place but the first: same object and time as the one before."""
    return np.asarray((ranks[1:] == ranks[:-1]) & (times[1:] == times[:-1]))


def _ties_settled(
    rows: npt.NDArray[np.int64], tied: npt.NDArray[np.bool_], shares: pa.Table
) -> npt.NDArray[np.int64]:
    """Rows of the same object and time put in the order of account and post, repeats dropped."""
    some = np.concatenate(([False], tied))
    some[:-1] |= tied
    places = np.flatnonzero(some)
    runs = np.cumsum(~np.concatenate(([False], tied)))[places]
    chosen = pa.array(rows[places])
    accounts, posts = (
        ranked(_one_array(shares[name]).take(chosen))[0] for name in ("account_id", "post_id")
    )
    inner = np.lexsort((posts, accounts, runs))
    settled = rows.copy()
    settled[places] = rows[places][inner]
    repeats = np.zeros(len(inner), bool)
    repeats[1:] = True
    for column in (runs, accounts, posts):
        repeats[1:] &= column[inner][1:] == column[inner][:-1]
    return np.delete(settled, places[repeats]) if repeats.any() else settled


def _check(ranks: npt.NDArray[np.int32], times: npt.NDArray[np.int64], objects: pa.Array) -> None:
    distinct = pc.all(pc.less(objects.slice(0, max(len(objects) - 1, 0)), objects.slice(1)))
    falls = (ranks[1:] < ranks[:-1]) | ((ranks[1:] == ranks[:-1]) & (times[1:] < times[:-1]))
    if falls.any() or distinct.as_py() is False:
        raise CheckFailed("shares came out of the sort in the wrong order")


def _one_array(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
