"""Accounts as single batches saw them, before they are joined."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.share_order import ranked
from assay.model.tables import ACCOUNTS, UTC_US

STAGED_ACCOUNTS = pa.schema(
    [
        pa.field("account_id", pa.string()),
        pa.field("platform", pa.string()),
        pa.field("handle", pa.string()),
        pa.field("display_name", pa.string()),
        pa.field("bio", pa.string()),
        pa.field("url", pa.string()),
        pa.field("account_created_at", pa.string()),
        pa.field("followers", pa.int64()),
        pa.field("following", pa.int64()),
        pa.field("verified", pa.bool_()),
        pa.field("publisher", pa.string()),
        pa.field("first_seen_at", UTC_US),
        pa.field("last_seen_at", UTC_US),
    ]
)

_TOLD = ("platform", "handle")
"""What every account of a post has one of; share tables without handles tell neither."""
MOST_BARE_ROWS = 5_000_000
"""More rows than these are joined by the engine, which spills."""


def bare_accounts(paths: Sequence[str]) -> pa.Table | None:
    """The accounts of share tables that tell nothing of them but when they were seen.

    Args:
        paths: Parquet files of :data:`STAGED_ACCOUNTS`.

    Returns:
        Columns of :data:`assay.model.tables.ACCOUNTS`, sorted by account; None if something is
        told of an account, or the rows are too many to hold.
    """
    if sum(pq.read_metadata(path).num_rows for path in paths) > MOST_BARE_ROWS:
        return None
    if any(_tells(path) for path in paths):
        return None
    wanted = ["account_id", "first_seen_at", "last_seen_at"]
    seen = pa.concat_tables([pq.read_table(path, columns=wanted) for path in paths])
    numbers, accounts = ranked(seen["account_id"])
    first_at, last_at = first_and_last(
        numbers, len(accounts), (seen["first_seen_at"], seen["last_seen_at"])
    )
    columns = {field.name: pa.nulls(len(accounts), field.type) for field in ACCOUNTS}
    columns["account_id"] = accounts
    columns["platform"] = pc.replace_substring_regex(accounts, "(?s):.*", "")
    columns["status"] = pa.repeat(pa.scalar("unknown"), len(accounts))
    columns["first_seen_at"], columns["last_seen_at"] = first_at, last_at
    return pa.table(columns, schema=ACCOUNTS)


def first_and_last(
    numbers: npt.NDArray[np.int32], accounts: int, times: tuple[pa.ChunkedArray, pa.ChunkedArray]
) -> tuple[pa.Array, pa.Array]:
    """The least of the first times and the greatest of the second, for each account.

    Args:
        numbers: Which account each row speaks of.
        accounts: How many there are, each with a row at least.
        times: Two instants a row.
    """
    begins_us, ends_us = (one.cast(pa.int64()).to_numpy() for one in times)
    first_us = np.full(accounts, np.iinfo(np.int64).max)
    last_us = np.full(accounts, np.iinfo(np.int64).min)
    np.minimum.at(first_us, numbers, begins_us)
    np.maximum.at(last_us, numbers, ends_us)
    return pa.array(first_us).cast(UTC_US), pa.array(last_us).cast(UTC_US)


def _tells(path: str) -> bool:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=list(_TOLD)):
            if any(batch.column(name).null_count < len(batch) for name in _TOLD):
                return True
    return False
