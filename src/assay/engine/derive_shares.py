"""Shares derived from the raw rows of a share table: who shared which object when.

A row may name several objects, one per kind; it is kept if at least one is named.
"""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.derive import (
    STAGED_SHARES,
    Derived,
    RowRules,
    id_expression,
    read_rejects,
    time_expression,
)
from assay.model.tables import POSTS
from assay.text.dates import EARLIEST
from assay.text.links import canonical_link

_PLATFORM_KINDS = ("repost", "reply", "mention")
"""Kinds whose objects are posts or accounts, whose ids carry their platform."""


class ShareDeriver:
    """Derives batch after batch of one share table.

    Args:
        connection: From :func:`assay.engine.derive.open_connection`.
        rules: What holds for every row.
        kinds: The kinds of object; the table's columns ``object_0``, ``object_1`` … hold them.
        unshortened: Canonical short links to their canonical targets.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        rules: RowRules,
        kinds: tuple[str, ...],
        unshortened: dict[str, str] | None = None,
    ) -> None:
        self._connection = connection
        self._rules = rules
        self._kinds = kinds
        self._unshortened = unshortened or {}

    def derive(self, fields: pa.Table, rows: npt.NDArray[np.int64]) -> Derived:
        """Shares and partial accounts of one batch; posts stay empty.

        Args:
            fields: ``account_id``, ``handle``, ``post_id``, ``created_at``, ``platform`` and
                the objects, as strings (``created_at`` may be a time); missing ones are empty.
            rows: Their row numbers.
        """
        columns: dict[str, pa.Array | pa.ChunkedArray] = {"row": pa.array(rows)}
        for name in ("account_id", "handle", "post_id", "created_at", "platform"):
            columns[name] = (
                fields[name] if name in fields.column_names else pa.nulls(len(rows), pa.string())
            )
        for index, kind in enumerate(self._kinds):
            column = fields[f"object_{index}"]
            columns[f"object_{index}"] = self._links(column) if kind == "link" else column
        self._connection.register("raw_shares", pa.table(columns))
        typed = self._typed()
        self._connection.unregister("raw_shares")
        broken = pc.is_valid(typed["reason"])
        rejects = read_rejects(typed.filter(broken)) if pc.any(broken).as_py() else []
        kept = typed.filter(pc.invert(broken)) if rejects else typed
        self._connection.register("typed_shares", kept)
        accounts = self._connection.sql(_ACCOUNTS).to_arrow_table()
        self._connection.unregister("typed_shares")
        return Derived(POSTS.empty_table(), self._shares(kept), accounts, rejects, len(kept))

    def _typed(self) -> pa.Table:
        parameters: dict[str, object] = {
            "id_prefix": self._rules.id_prefix,
            "platform": self._rules.platform,
            "earliest": EARLIEST.isoformat(),
            "latest": self._rules.latest.isoformat(),
        }
        objects = [f"object_{index}" for index in range(len(self._kinds))]
        statement = _TYPED.format(
            time=time_expression(self._rules, parameters),
            account_id=id_expression("account_id"),
            post_id=id_expression("post_id"),
            objects=", ".join(f"{id_expression(name)} AS {name}" for name in objects),
            names=", ".join(objects),
        )
        return self._connection.sql(statement, params=parameters).to_arrow_table()

    def _shares(self, typed: pa.Table) -> pa.Table:
        parts = []
        for index, kind in enumerate(self._kinds):
            named = pc.is_valid(typed[f"object_{index}"])
            rows = typed if pc.all(named).as_py() else typed.filter(named)
            objects = rows[f"object_{index}"]
            if kind in _PLATFORM_KINDS:
                objects = pc.binary_join_element_wise(rows["platform"], objects, ":")
            parts.append(
                pa.table(
                    [
                        rows["account_id"],
                        pa.repeat(pa.scalar(kind), len(rows)),
                        objects,
                        rows["post_id"],
                        rows["created_at"],
                        rows["row"],
                    ],
                    names=STAGED_SHARES.names,
                )
            )
        return pa.concat_tables(parts).cast(STAGED_SHARES)

    def _links(self, column: pa.ChunkedArray) -> pa.Array:
        """Canonical links where the column holds addresses; opaque ids stay as they are."""
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if not pc.any(pc.match_substring(whole, "://")).as_py():
            return whole
        encoded = whole.dictionary_encode()
        canonical = [self._canonical(link) for link in encoded.dictionary.to_pylist()]
        return pa.array(canonical, pa.string()).take(encoded.indices)

    def _canonical(self, raw: str) -> str:
        link = canonical_link(raw) if "://" in raw else None
        return raw if link is None else self._unshortened.get(link, link)


_TYPED = """
SELECT
    row,
    platform,
    platform || ':' || account_key AS account_id,
    handle,
    CASE WHEN raw_post_id IS NULL THEN $id_prefix || ':' || row
         ELSE platform || ':' || raw_post_id END AS post_id,
    created_at,
    {names},
    CASE
        WHEN account_key IS NULL THEN 'the row names no account'
        WHEN created_at IS NULL AND raw_time IS NULL THEN 'the row has no time'
        WHEN created_at IS NULL THEN 'the time cannot be read, or says no time zone'
        WHEN created_at < CAST($earliest AS TIMESTAMPTZ) THEN 'the time lies before 1990'
        WHEN created_at > CAST($latest AS TIMESTAMPTZ) THEN 'the time lies in the future'
        WHEN coalesce({names}) IS NULL THEN 'the row names no object'
    END AS reason,
    CASE
        WHEN account_key IS NULL THEN 'account_id'
        WHEN created_at IS NULL OR created_at < CAST($earliest AS TIMESTAMPTZ)
            OR created_at > CAST($latest AS TIMESTAMPTZ) THEN 'created_at'
        WHEN coalesce({names}) IS NULL THEN 'object_id'
    END AS reason_column,
    CASE WHEN reason IS NOT NULL
        THEN concat_ws(' | ', account_key, raw_time, raw_post_id, {names}) END AS raw
FROM (
    SELECT
        row,
        coalesce(nullif(lower(trim(platform)), ''), $platform) AS platform,
        coalesce({account_id}, lower(nullif(ltrim(trim(handle), '@'), ''))) AS account_key,
        nullif(ltrim(trim(handle), '@'), '') AS handle,
        {post_id} AS raw_post_id,
        CAST(created_at AS VARCHAR) AS raw_time,
        {time} AS created_at,
        {objects}
    FROM raw_shares
)
"""

_ACCOUNTS = """
SELECT
    account_id,
    any_value(platform) AS platform,
    arg_max(handle, created_at) AS handle,
    NULL::VARCHAR AS display_name,
    NULL::VARCHAR AS bio,
    NULL::VARCHAR AS url,
    NULL::VARCHAR AS account_created_at,
    NULL::BIGINT AS followers,
    NULL::BIGINT AS following,
    NULL::BOOLEAN AS verified,
    min(created_at) AS first_seen_at,
    max(created_at) AS last_seen_at
FROM typed_shares
GROUP BY account_id
"""
