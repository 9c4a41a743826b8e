"""Accounts as single batches saw them, before they are joined."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.raw_columns import one_array
from assay.engine.string_codes import ranked
from assay.model.tables import ACCOUNTS, UTC_US

if TYPE_CHECKING:
    import duckdb

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

TOLD = (
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
"""What posts tell of their account; each may change from post to post."""

COLUMN_BYTES = 2**31 - 1
"""What the strings of one column may take together in Arrow."""


def joined_accounts(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[str], room_bytes: int
) -> pa.Table | None:
    """The accounts of all files: of each what its latest row that tells it says.

    Of rows at the same moment the first counts.

    Args:
        connection: Reads odd times.
        paths: Parquet files of :data:`STAGED_ACCOUNTS`, not compressed.
        room_bytes: What the rows may take in memory.

    Returns:
        Columns of :data:`assay.model.tables.ACCOUNTS`, sorted by account; None if the rows are too
        many to hold.
    """
    if sum(Path(path).stat().st_size for path in paths) > min(room_bytes, COLUMN_BYTES):
        return None
    seen = pa.concat_tables([pq.read_table(path) for path in paths])
    numbers, accounts = ranked(seen["account_id"])
    first_at, last_at = first_and_last(
        numbers, len(accounts), (seen["first_seen_at"], seen["last_seen_at"])
    )
    columns = {field.name: pa.nulls(len(accounts), field.type) for field in ACCOUNTS}
    columns["account_id"] = accounts
    columns["platform"] = pc.list_element(pc.split_pattern(accounts, ":", max_splits=1), 0)
    columns["status"] = pa.repeat(pa.scalar("unknown"), len(accounts))
    columns["first_seen_at"], columns["last_seen_at"] = first_at, last_at
    moments_us = seen["last_seen_at"].cast(pa.int64()).to_numpy()
    for name in TOLD:
        columns[name] = latest_told(one_array(seen[name]), numbers, moments_us, len(accounts))
    columns["created_at"] = _instants(connection, columns.pop("account_created_at"))
    return pa.table(columns).select(ACCOUNTS.names).cast(ACCOUNTS)


def latest_told(
    told: pa.Array,
    numbers: npt.NDArray[np.int32],
    moments_us: npt.NDArray[np.int64],
    accounts: int,
) -> pa.Array:
    """What the latest row of each account says that says anything; the first of several.

    Args:
        told: One value a row, null where it says nothing.
        numbers: Which account each row speaks of.
        moments_us: When each row was written.
        accounts: How many there are.
    """
    if told.null_count == len(told):
        return pa.nulls(accounts, told.type)
    if not told.null_count:
        return told.take(latest_rows(numbers, moments_us, accounts))
    telling = np.flatnonzero(pc.is_valid(told).to_numpy(zero_copy_only=False))
    latest = latest_rows(numbers[telling], moments_us[telling], accounts)
    return told.take(pa.array(telling)).take(latest)


def latest_rows(
    numbers: npt.NDArray[np.int32], moments_us: npt.NDArray[np.int64], accounts: int
) -> pa.Array:
    """The place of each account's latest row, the first of several; null if it has none."""
    latest_us = np.full(accounts, np.iinfo(np.int64).min)
    np.maximum.at(latest_us, numbers, moments_us)
    places = np.flatnonzero(moments_us == latest_us[numbers])[::-1]
    found = np.full(accounts, -1)
    found[numbers[places]] = places  # of several the one written last stays: the first of the rows
    return pa.array(found, mask=found < 0)


def _instants(connection: duckdb.DuckDBPyConnection, written: pa.Array) -> pa.Array:
    """When accounts were made, in whichever of the usual ways it is written."""
    if written.null_count == len(written):
        return pa.nulls(len(written), UTC_US)
    connection.register("raw_times", pa.table({"value": written}))
    found = connection.sql(f"SELECT {_WRITTEN_INSTANT.format('value')} FROM raw_times")  # noqa: S608 - a constant
    instants = one_array(found.to_arrow_table().column(0))
    connection.unregister("raw_times")
    return instants


_WRITTEN_INSTANT = (
    "coalesce(TRY_CAST({0} AS TIMESTAMPTZ), try_strptime({0}, ['%a %b %d %H:%M:%S %z %Y']))"
)
"""SQL that reads when an account was made."""

_ROWS_AT_MOST = 2**32
"""Of one file, and files: moment, file and row make one number, which orders by them in turn."""

_BY_ENGINE = f"""
    SELECT
        account_id,
        split_part(account_id, ':', 1) AS platform,
        arg_max(handle, told_at) AS handle,
        arg_max(display_name, told_at) AS display_name,
        arg_max(bio, told_at) AS bio,
        arg_max(url, told_at) AS url,
        {_WRITTEN_INSTANT.format("arg_max(account_created_at, told_at)")} AS created_at,
        arg_max(followers, told_at) AS followers,
        arg_max(following, told_at) AS following,
        arg_max(verified, told_at) AS verified,
        'unknown' AS status,
        arg_max(publisher, told_at) AS publisher,
        NULL::VARCHAR AS declared_affiliation,
        NULL::VARCHAR AS avatar_hash,
        min(first_seen_at) AS first_seen_at,
        max(last_seen_at) AS last_seen_at
    FROM (
        SELECT *,
            epoch_us(last_seen_at)::HUGEINT * {_ROWS_AT_MOST} * {_ROWS_AT_MOST}
            - (list_position($accounts, filename) * {_ROWS_AT_MOST} + file_row_number) AS told_at
        FROM read_parquet($accounts, filename = true, file_row_number = true)
        WHERE platform IS NOT NULL OR handle IS NOT NULL
        UNION ALL BY NAME
        -- Share tables say nothing of most accounts but when they were seen.
        SELECT account_id, min(first_seen_at) AS first_seen_at,
            max(last_seen_at) AS last_seen_at
        FROM read_parquet($accounts)
        WHERE platform IS NULL AND handle IS NULL
        GROUP BY account_id
    )
    GROUP BY account_id
    ORDER BY account_id
    """  # noqa: S608 - a constant


def accounts_by_engine(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[str], batch_rows: int
) -> pa.RecordBatchReader:
    """As :func:`joined_accounts`, of more accounts than the memory holds: the engine spills."""
    found = connection.sql(_BY_ENGINE, params={"accounts": list(paths)})
    return found.to_arrow_reader(batch_rows)


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
