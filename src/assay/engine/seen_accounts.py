"""Accounts as one batch of posts shows them: what its latest post says of each."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from assay.engine.raw_columns import one_array, trimmed
from assay.engine.staged_accounts import STAGED_ACCOUNTS, TOLD, latest_rows, latest_told
from assay.engine.string_codes import coded

_COLUMN_OF_POST = {"url": "account_url"}
"""What the posts call a column of accounts, where it has another name there."""


def seen_accounts(posts: pa.Table) -> pa.Table:
    """One row of :data:`STAGED_ACCOUNTS` for each account of a batch.

    Each column holds what the latest post tells that tells anything; of posts at the same moment
    the first counts.

    Args:
        posts: Typed posts with what their rows say of the account.
    """
    codes, accounts = coded(posts["account_id"])
    times_us = one_array(posts["created_at"]).cast(pa.int64()).to_numpy()
    whole = latest_rows(codes, times_us, len(accounts))
    earliest_us = np.full(len(accounts), np.iinfo(np.int64).max)
    np.minimum.at(earliest_us, codes, times_us)
    columns = {"account_id": accounts, "platform": one_array(posts["platform"]).take(whole)}
    for name in TOLD:
        column = one_array(posts[_COLUMN_OF_POST.get(name, name)])
        if name == "publisher":
            column = trimmed(column)
        columns[name] = (
            latest_told(column, codes, times_us, len(accounts))
            if column.null_count
            else column.take(whole)
        )
    columns["first_seen_at"] = pa.array(earliest_us)
    columns["last_seen_at"] = pa.array(times_us).take(whole)
    return pa.table(columns).select(STAGED_ACCOUNTS.names).cast(STAGED_ACCOUNTS)
