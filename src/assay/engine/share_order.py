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
    keys, time_bits = _packed(ranks, one_array(shares["shared_at"]).cast(pa.int64()).to_numpy())
    rows = np.argsort(keys)
    ascending = keys[rows]
    tied = ascending[1:] == ascending[:-1]
    if tied.any():
        rows = _ties_settled(rows, tied, shares)
        ascending = keys[rows]
    _check(ascending, objects)
    return SortedShares(rows, (ascending >> time_bits).astype(np.int32), objects)


def _packed(
    ranks: npt.NDArray[np.int32], times_us: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], int]:
    """Rank and time of each share in one whole number, and how many of its bits tell the time."""
    if not len(ranks):
        return np.empty(0, np.int64), 0
    since = times_us - times_us.min()
    if not (since % _SECOND_US).any():
        since //= _SECOND_US
    if int(since.max()).bit_length() + int(ranks.max()).bit_length() > _PACKED_BITS:
        # Which of the distinct times each is takes no more bits than the rows can be counted with.
        since = np.unique(times_us, return_inverse=True)[1].astype(np.int64)
    time_bits = int(since.max()).bit_length()
    return (ranks.astype(np.int64) << time_bits) | since, time_bits


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


def _check(keys: npt.NDArray[np.int64], objects: pa.Array) -> None:
    distinct = pc.all(pc.less(objects.slice(0, max(len(objects) - 1, 0)), objects.slice(1)))
    if (keys[1:] < keys[:-1]).any() or distinct.as_py() is False:
        raise CheckFailed("shares came out of the sort in the wrong order")
