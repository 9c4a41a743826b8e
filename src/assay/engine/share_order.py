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

from assay.engine.raw_columns import one_array
from assay.engine.string_codes import ranked
from assay.errors import CheckFailed

_SECOND_US = 1_000_000
_PACKED_BITS = 63


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
    times = one_array(shares["shared_at"]).cast(pa.int64()).to_numpy()
    rows = _by_rank_and_time(ranks, times)
    tied = _tied(ranks[rows], times[rows])
    if tied.any():
        rows = _ties_settled(rows, tied, shares)
    in_order = ranks[rows]
    _check(in_order, times[rows], objects)
    return SortedShares(rows, in_order, objects)


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
        ranked(one_array(shares[name]).take(chosen))[0] for name in ("account_id", "post_id")
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
