"""Accounts as one batch of posts shows them: what its latest post says of each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.raw_columns import one_array, trimmed
from assay.engine.staged_accounts import STAGED_ACCOUNTS

_COLUMN_OF_POST = {"url": "account_url"}
"""What the posts call a column of accounts, where it has another name there."""
_TOLD = (
    "handle",
    "display_name",
    "bio",
    "url",
    "account_created_at",
    "followers",
    "following",
    "verified",
    "publisher",
)


def seen_accounts(posts: pa.Table) -> pa.Table:
    """One row of :data:`STAGED_ACCOUNTS` for each account of a batch.

    Each column holds what the latest post tells that tells anything; of posts at the same moment
    the first counts.

    Args:
        posts: Typed posts with what their rows say of the account.
    """
    encoded = one_array(posts["account_id"]).dictionary_encode()
    codes, accounts = encoded.indices.to_numpy(), encoded.dictionary
    times_us = one_array(posts["created_at"]).cast(pa.int64()).to_numpy()
    whole = _latest(codes, times_us, len(accounts))
    earliest_us = np.full(len(accounts), np.iinfo(np.int64).max)
    np.minimum.at(earliest_us, codes, times_us)
    columns = {"account_id": accounts, "platform": one_array(posts["platform"]).take(whole)}
    for name in _TOLD:
        column = one_array(posts[_COLUMN_OF_POST.get(name, name)])
        if name == "publisher":
            column = trimmed(column)
        if not column.null_count:
            columns[name] = column.take(whole)
        elif column.null_count == len(column):
            columns[name] = pa.nulls(len(accounts), column.type)
        else:
            telling = np.flatnonzero(pc.is_valid(column).to_numpy(zero_copy_only=False))
            latest = _latest(codes[telling], times_us[telling], len(accounts))
            columns[name] = column.take(pa.array(telling)).take(latest)
    columns["first_seen_at"] = pa.array(earliest_us)
    columns["last_seen_at"] = pa.array(times_us).take(whole)
    return pa.table(columns).select(STAGED_ACCOUNTS.names).cast(STAGED_ACCOUNTS)


def _latest(
    codes: npt.NDArray[np.int32], times_us: npt.NDArray[np.int64], accounts: int
) -> pa.Array:
    """The place of each account's latest post, the first of several; null if it has none."""
    latest_us = np.full(accounts, np.iinfo(np.int64).min)
    np.maximum.at(latest_us, codes, times_us)
    places = np.flatnonzero(times_us == latest_us[codes])[::-1]
    found = np.full(accounts, -1)
    found[codes[places]] = places  # of several the one written last stays: the first in the batch
    return pa.array(found, mask=found < 0)
