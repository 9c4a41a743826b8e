"""Shares derived from the raw rows of a share table: who shared which object when.

A row may name several objects, one per kind; it is kept if at least one is named. These tables
are large and plain, so the work is done on whole Arrow columns, and the engine reads the times.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.derived import Derived, RowRules, read_rejects, reasons
from assay.engine.raw_columns import (
    clean_ids,
    naming_somebody,
    numbered_ids,
    of_somebody,
    one_array,
    rounded,
)
from assay.engine.staged_accounts import STAGED_ACCOUNTS, first_and_last
from assay.engine.staged_shares import shares_of_kind
from assay.engine.string_codes import coded
from assay.engine.written_times import days_alone, read_times
from assay.model.tables import POSTS
from assay.text.dates import EARLIEST
from assay.text.links import canonical_link
from assay.text.rounded_ids import WHY_ROUNDED

if TYPE_CHECKING:
    import duckdb

_PLATFORM_KINDS = ("repost", "reply", "mention")
"""Kinds whose objects are posts or accounts, whose ids carry their platform."""
ID_KINDS = frozenset({*_PLATFORM_KINDS, "object", "image"})
"""Kinds whose objects are ids."""


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
        """Shares of one batch; posts stay empty, and accounts are found in the shares.

        Args:
            fields: ``account_id``, ``handle``, ``post_id``, ``created_at``, ``platform`` and
                the objects, as strings (``created_at`` may be a time); missing ones are empty.
            rows: Their row numbers.
        """
        typed = self._typed(fields, rows)
        days = days_alone(self._rules, one_array(fields["created_at"]))
        reason, column = self._reasons(typed, days)
        typed = typed.append_column("reason", reason).append_column("reason_column", column)
        rejects = read_rejects(fields, typed, self._rules)
        if rejects:
            typed = typed.filter(pc.is_null(reason))
        accounts = self._accounts(typed)
        return Derived(POSTS.empty_table(), self._shares(typed), accounts, rejects, len(typed))

    def _typed(self, fields: pa.Table, rows: npt.NDArray[np.int64]) -> pa.Table:
        """Ids with their platform, times as times, objects; null where there is nothing."""

        def given(name: str) -> pa.Array | None:
            return one_array(fields[name]) if name in fields.column_names else None

        platform: pa.Array | pa.Scalar = pa.scalar(self._rules.platform)
        told = given("platform")
        if told is not None:
            named = pc.utf8_lower(clean_ids(told))
            platform = pc.fill_null(named, self._rules.platform)
        account, handle = given("account_id"), given("handle")
        told_account = pa.nulls(len(rows), pa.string())
        if account is not None:
            told_account = naming_somebody(of_somebody(clean_ids(account)))
        key = told_account
        if handle is not None:
            handle = pc.utf8_ltrim(of_somebody(clean_ids(handle)), "@")
            folded = naming_somebody(pc.utf8_lower(handle))
            key = folded if account is None else pc.coalesce(told_account, folded)
        told_post = given("post_id")
        post = pa.nulls(len(rows), pa.string()) if told_post is None else clean_ids(told_post)
        columns = {
            "row": pa.array(rows),
            "account_id": pc.binary_join_element_wise(platform, key, ":"),
            "handle": pa.nulls(len(rows), pa.string()) if handle is None else handle,
            "post_id": numbered_ids(platform, post, self._rules.id_prefix, rows),
            "account_rounded": rounded(told_account),
            "post_rounded": rounded(post),
            "shared_at": read_times(self._connection, self._rules, fields["created_at"]),
        }
        for index, kind in enumerate(self._kinds):
            objects = clean_ids(one_array(fields[f"object_{index}"]))
            if kind in ID_KINDS:
                columns[f"object_{index}_rounded"] = rounded(objects)
            if kind == "link":
                objects = self._links(objects)
            if kind in _PLATFORM_KINDS:
                objects = pc.binary_join_element_wise(platform, objects, ":")
            columns[f"object_{index}"] = objects
        return pa.table(columns)

    def _reasons(self, typed: pa.Table, days: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Why each row cannot be used and the column at fault; null where it can."""
        time = typed["shared_at"]
        objects = [pc.is_valid(typed[f"object_{index}"]) for index in range(len(self._kinds))]
        earliest, latest = (pa.scalar(bound, time.type) for bound in (EARLIEST, self._rules.latest))
        tests = (
            (pc.is_null(typed["account_id"]), "the row names no account", "account_id"),
            (typed["account_rounded"], WHY_ROUNDED, "account_id"),
            (typed["post_rounded"], WHY_ROUNDED, "post_id"),
            *(
                (typed[f"object_{index}_rounded"], WHY_ROUNDED, f"object_{index}")
                for index, kind in enumerate(self._kinds)
                if kind in ID_KINDS
            ),
            (
                pc.is_null(time),
                "the time is missing, cannot be read, or says no time zone",
                "created_at",
            ),
            (pc.less(time, earliest), "the time lies before 1990", "created_at"),
            (pc.greater(time, latest), "the time lies in the future", "created_at"),
            (
                days,
                "the time tells only the day, while others in the file tell more",
                "created_at",
            ),
            (pc.invert(reduce(pc.or_, objects)), "the row names no object", "object_id"),
        )
        return reasons(tests, len(typed))

    def _shares(self, typed: pa.Table) -> pa.Table:
        parts = []
        for index, kind in enumerate(self._kinds):
            named = pc.is_valid(typed[f"object_{index}"])
            rows = typed if pc.all(named).as_py() else typed.filter(named)
            columns = {
                "object_id": rows[f"object_{index}"],
                **{name: rows[name] for name in ("account_id", "post_id", "shared_at", "row")},
            }
            parts.append(shares_of_kind(kind, columns))
        return pa.concat_tables(parts)

    def _accounts(self, typed: pa.Table) -> pa.Table:
        """When each account, under each of its handles, was seen first and last.

        In the order of the table, by one thread: of rows at one moment the first counts.
        """
        columns = {one.name: pa.nulls(0, one.type) for one in STAGED_ACCOUNTS}
        if typed["handle"].null_count == len(typed):
            codes, accounts = coded(typed["account_id"])
            columns["account_id"] = accounts
            columns["first_seen_at"], columns["last_seen_at"] = first_and_last(
                codes, len(accounts), (typed["shared_at"], typed["shared_at"])
            )
        else:
            seen = typed.group_by(["account_id", "handle"], use_threads=False).aggregate(
                [("shared_at", "min"), ("shared_at", "max")]
            )
            columns["account_id"], columns["handle"] = seen["account_id"], seen["handle"]
            columns["first_seen_at"] = seen["shared_at_min"]
            columns["last_seen_at"] = seen["shared_at_max"]
        count = len(columns["account_id"])
        return pa.table(
            {name: one if len(one) else pa.nulls(count, one.type) for name, one in columns.items()}
        ).cast(STAGED_ACCOUNTS)

    def _links(self, objects: pa.Array) -> pa.Array:
        """Canonical links where the column holds addresses; opaque ids stay as they are."""
        if not pc.any(pc.match_substring(objects, "://")).as_py():
            return objects
        encoded = objects.dictionary_encode()
        canonical = [self._canonical(link) for link in encoded.dictionary.to_pylist()]
        return pa.array(canonical, pa.string()).take(encoded.indices)

    def _canonical(self, raw: str) -> str:
        link = canonical_link(raw) if "://" in raw else None
        return raw if link is None else self._unshortened.get(link, link)
