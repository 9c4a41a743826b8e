"""Accounts as single batches saw them, before they are joined."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

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
    joined = seen.group_by("account_id").aggregate(
        [("first_seen_at", "min"), ("last_seen_at", "max")]
    )
    joined = joined.take(pc.sort_indices(joined["account_id"]))
    columns = {field.name: pa.nulls(len(joined), field.type) for field in ACCOUNTS}
    columns["account_id"] = joined["account_id"]
    columns["platform"] = pc.replace_substring_regex(joined["account_id"], "(?s):.*", "")
    columns["status"] = pa.repeat(pa.scalar("unknown"), len(joined))
    columns["first_seen_at"] = joined["first_seen_at_min"]
    columns["last_seen_at"] = joined["last_seen_at_max"]
    return pa.table(columns, schema=ACCOUNTS)


def _tells(path: str) -> bool:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=list(_TOLD)):
            if any(batch.column(name).null_count < len(batch) for name in _TOLD):
                return True
    return False
