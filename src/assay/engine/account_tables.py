"""Tables of accounts: their rows checked and typed, and merged into a dataset's accounts.

What a table of accounts says goes before what the posts say of an account, and a later row before
an earlier one. An account is found by its id. Where the posts know only handles, or a row only
names a handle, the handle joins them, so long as it leads to one account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assay.engine.derived import RowRules, read_rejects
from assay.engine.raw_columns import clean_ids, count_of
from assay.engine.read import RawReject
from assay.engine.staging import Folder
from assay.engine.written_times import read_times
from assay.model.dataset import Dataset
from assay.model.tables import ACCOUNTS, UTC_US
from assay.text.dates import EARLIEST, TimeForm
from assay.text.rounded_ids import SCIENTIFIC_ID, WHY_ROUNDED

Connection = duckdb.DuckDBPyConnection
"""What :func:`assay.engine.connection.open_connection` opens, for those who only pass it on."""

PROFILE_FIELDS: tuple[str, ...] = (
    "account_id",
    "handle",
    "display_name",
    "bio",
    "url",
    "created_at",
    "followers",
    "following",
    "verified",
    "status",
    "publisher",
    "declared_affiliation",
    "avatar_hash",
    "platform",
)
"""What a table of accounts may hold; all are strings, ``created_at`` may be a time."""

STAGED_PROFILES = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("account_id", pa.string()),
        pa.field("handle", pa.string()),
        pa.field("platform", pa.string()),
        pa.field("display_name", pa.string()),
        pa.field("bio", pa.string()),
        pa.field("url", pa.string()),
        pa.field("created_at", UTC_US),
        pa.field("followers", pa.int64()),
        pa.field("following", pa.int64()),
        pa.field("verified", pa.bool_()),
        pa.field("status", pa.string()),
        pa.field("publisher", pa.string()),
        pa.field("declared_affiliation", pa.string()),
        pa.field("avatar_hash", pa.string()),
    ]
)
"""Rows of tables of accounts as they were read. Ids carry no platform yet: a table that names
none takes the one that the rest of the import has."""

_MERGED = tuple(name for name in PROFILE_FIELDS if name not in ("account_id", "platform"))
_WRITE_ROWS = 1 << 17


@dataclass(frozen=True)
class Profiles:
    """What one batch of a table of accounts gave."""

    table: pa.Table
    rejects: list[RawReject]


class ProfileDeriver:
    """Types the rows of one table of accounts, batch by batch.

    Args:
        connection: From :func:`assay.engine.connection.open_connection`.
        rules: What holds for every row.
        other_time: How times are written that the rules' own form does not read.
    """

    def __init__(
        self, connection: Connection, rules: RowRules, other_time: TimeForm | None = None
    ) -> None:
        self._connection = connection
        self._rules = rules
        self._others = () if other_time is None else (replace(rules, time=other_time),)

    def derive(self, fields: pa.Table, rows: npt.NDArray[np.int64]) -> Profiles:
        """Typed rows, and those that cannot be used.

        Args:
            fields: Columns of :data:`PROFILE_FIELDS`; missing ones count as empty.
            rows: Their row numbers.
        """
        columns: dict[str, Any] = {"row": pa.array(rows)}
        for name in PROFILE_FIELDS:
            given = name in fields.column_names
            column = _whole(fields[name]) if given else pa.nulls(len(rows), pa.string())
            columns[name] = clean_ids(column) if name in ("account_id", "handle") else column
        columns["raw_time"] = _as_text(columns["created_at"])
        columns["created_at"] = self._times(columns["created_at"])
        self._connection.register("raw_profiles", pa.table(columns))
        typed = self._connection.sql(
            _TYPED,
            params={
                "earliest": EARLIEST.isoformat(),
                "latest": self._rules.latest.isoformat(),
                "platform": self._rules.platform or None,
            },
        ).to_arrow_table()
        self._connection.unregister("raw_profiles")
        rejects = read_rejects(fields, typed, self._rules)
        kept = typed.filter(pc.is_null(typed["reason"])) if rejects else typed
        return Profiles(kept.select(STAGED_PROFILES.names).cast(STAGED_PROFILES), rejects)

    def _times(self, written: pa.Array) -> pa.Array:
        times = read_times(self._connection, self._rules, written)
        for rules in self._others:
            times = pc.coalesce(times, read_times(self._connection, rules, written))
        return times


class ProfileWriter:
    """Writes the rows of one table of accounts into the folder of its file."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def __enter__(self) -> ProfileWriter:
        self._writer = pq.ParquetWriter(_profiles(self._folder), STAGED_PROFILES)
        return self

    def __exit__(self, *exception: object) -> None:
        self._writer.close()

    def write(self, profiles: pa.Table) -> None:
        """Add what one batch gave."""
        self._writer.write_table(profiles)


def merge_profiles(connection: Connection, dataset: Dataset, folders: Sequence[Folder]) -> int:
    """Merge the staged tables of accounts into the dataset's accounts.

    Args:
        connection: From :func:`assay.engine.connection.open_connection`.
        dataset: Whole but for these accounts.
        folders: Folders of the tables of accounts, in the order of the files.

    Returns:
        How many accounts the dataset then has.
    """
    paths = [str(_profiles(folder)) for folder in folders]
    seen = str(dataset.accounts)
    connection.execute(_PLACED, {"paths": paths, "seen": seen})
    connection.execute(_BY_ACCOUNT)
    merged = connection.sql(_JOINED, params={"seen": seen}).to_arrow_reader(_WRITE_ROWS)
    unfinished = dataset.accounts.with_suffix(".part")
    count = 0
    with pq.ParquetWriter(unfinished, ACCOUNTS, compression="zstd") as writer:
        for batch in merged:
            count += len(batch)
            writer.write_batch(batch.select(ACCOUNTS.names).cast(ACCOUNTS))
    connection.execute("DROP TABLE placed_profiles")
    connection.execute("DROP TABLE account_profiles")
    unfinished.replace(dataset.accounts)
    return count


def append_rejects(dataset: Dataset, folders: Sequence[Folder]) -> None:
    """Add the rejects of these folders to the dataset's."""
    tables = [pq.read_table(folder.table("rejects")) for folder in folders]
    if not any(len(table) for table in tables):
        return
    unfinished = dataset.rejects.with_suffix(".part")
    joined = pa.concat_tables([pq.read_table(dataset.rejects), *tables])
    pq.write_table(joined, unfinished, compression="zstd")
    unfinished.replace(dataset.rejects)


def _profiles(folder: Folder) -> str:
    return str(folder.table("profiles"))


def _as_text(column: pa.Array) -> pa.Array:
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


_TYPED = f"""
SELECT
    *,
    CASE
        WHEN coalesce(account_id, handle) IS NULL THEN 'the row names no account'
        WHEN regexp_matches(account_id, '{SCIENTIFIC_ID}') THEN '{WHY_ROUNDED}'
        WHEN created_at IS NULL AND raw_time IS NOT NULL
            THEN 'the time cannot be read, or says no time zone'
        WHEN created_at < CAST($earliest AS TIMESTAMPTZ) THEN 'the time lies before 1990'
        WHEN created_at > CAST($latest AS TIMESTAMPTZ) THEN 'the time lies in the future'
        WHEN (followers IS NULL AND raw_followers IS NOT NULL)
            OR (following IS NULL AND raw_following IS NOT NULL) THEN 'the count is no number'
    END AS reason,
    CASE
        WHEN coalesce(account_id, handle) IS NULL
            OR regexp_matches(account_id, '{SCIENTIFIC_ID}') THEN 'account_id'
        WHEN (created_at IS NULL AND raw_time IS NOT NULL)
            OR created_at < CAST($earliest AS TIMESTAMPTZ)
            OR created_at > CAST($latest AS TIMESTAMPTZ) THEN 'created_at'
        WHEN followers IS NULL AND raw_followers IS NOT NULL THEN 'followers'
        WHEN following IS NULL AND raw_following IS NOT NULL THEN 'following'
    END AS reason_column
FROM (
    SELECT
        row,
        account_id,
        nullif(ltrim(handle, '@'), '') AS handle,
        coalesce(nullif(lower(trim(platform)), ''), $platform) AS platform,
        nullif(trim(display_name), '') AS display_name,
        nullif(trim(bio), '') AS bio,
        nullif(trim(url), '') AS url,
        created_at,
        nullif(trim(raw_time), '') AS raw_time,
        nullif(trim(followers), '') AS raw_followers,
        nullif(trim(following), '') AS raw_following,
        {count_of("followers")} AS followers,
        {count_of("following")} AS following,
        CASE WHEN lower(trim(verified)) IN ('1', 'true', 't', 'yes', 'y') THEN true
             WHEN lower(trim(verified)) IN ('0', 'false', 'f', 'no', 'n') THEN false
             END AS verified,
        CASE lower(trim(status))
            WHEN 'active' THEN 'active' WHEN 'suspended' THEN 'suspended'
            WHEN 'deleted' THEN 'deleted' WHEN 'deactivated' THEN 'deleted'
            WHEN 'removed' THEN 'deleted' END AS status,
        nullif(trim(publisher), '') AS publisher,
        nullif(trim(declared_affiliation), '') AS declared_affiliation,
        nullif(trim(avatar_hash), '') AS avatar_hash
    FROM raw_profiles
)
ORDER BY row
"""  # noqa: S608 - two constants

# Each row of the tables of accounts beside the account that it speaks of.
_PLACED = """
CREATE OR REPLACE TEMP TABLE placed_profiles AS
WITH
one_platform AS (
    SELECT
        CASE WHEN count(DISTINCT platform) = 1 THEN any_value(platform) ELSE 'unknown' END AS name
    FROM read_parquet($seen)
),
rows AS (
    SELECT
        * EXCLUDE (account_id, platform, filename),
        list_position($paths, filename) AS file,
        account_id AS told_id,
        coalesce(platform, one_platform.name) || ':' AS prefix
    FROM read_parquet($paths, filename = true), one_platform
),
by_handle AS (
    SELECT platform || ':' || lower(handle) AS key, any_value(account_id) AS account_id
    FROM read_parquet($seen)
    WHERE handle IS NOT NULL
    GROUP BY key
    HAVING count(*) = 1
),
seen AS (SELECT account_id FROM read_parquet($seen))
SELECT
    rows.* EXCLUDE (told_id, prefix),
    coalesce(
        exact.account_id,
        handle_alone.account_id,
        CASE WHEN rows.told_id IS NULL THEN by_handle.account_id END,
        prefix || coalesce(rows.told_id, lower(rows.handle))) AS account_id
FROM rows
LEFT JOIN seen AS exact ON exact.account_id = prefix || rows.told_id
LEFT JOIN seen AS handle_alone ON handle_alone.account_id = prefix || lower(rows.handle)
LEFT JOIN by_handle ON by_handle.key = prefix || lower(rows.handle)
"""

_LAST_TOLD = ",\n    ".join(
    f"last({name} ORDER BY file, row) FILTER ({name} IS NOT NULL) AS {name}" for name in _MERGED
)
_BY_ACCOUNT = f"""
CREATE OR REPLACE TEMP TABLE account_profiles AS
SELECT account_id, {_LAST_TOLD}
FROM placed_profiles
GROUP BY account_id
"""  # noqa: S608 - names of columns from a constant

_TOLD_FIRST = ",\n    ".join(
    f"coalesce(told.{name}, seen.{name}) AS {name}" for name in _MERGED if name != "status"
)
_JOINED = f"""
SELECT
    coalesce(told.account_id, seen.account_id) AS account_id,
    split_part(coalesce(told.account_id, seen.account_id), ':', 1) AS platform,
    coalesce(told.status, seen.status, 'unknown') AS status,
    {_TOLD_FIRST},
    seen.first_seen_at,
    seen.last_seen_at
FROM read_parquet($seen) AS seen
FULL JOIN account_profiles AS told ON told.account_id = seen.account_id
ORDER BY 1
"""  # noqa: S608 - names of columns from a constant
