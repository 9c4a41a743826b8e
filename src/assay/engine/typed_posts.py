"""Raw columns of posts given their types and meanings, and the reason where a row cannot be used.

Everything works on whole columns; words that come back (kinds, platforms) are looked at once for
each distinct word. The engine is asked for what only it can: odd times, odd numbers, lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.derived import RowRules, reasons
from assay.engine.raw_columns import (
    clean_ids,
    count_of,
    lower,
    mapped,
    naming_somebody,
    numbered_ids,
    of_somebody,
    one_array,
    rounded,
    trimmed,
    with_prefix,
)
from assay.engine.written_times import read_times, time_steps_s
from assay.text.dates import EARLIEST
from assay.text.links import POST_ADDRESS
from assay.text.rounded_ids import WHY_ROUNDED

Columns = Mapping[str, pa.Array]
"""Raw columns by field; null where the file says nothing."""

_IDS = ("account_id", "post_id", "repost_of", "quote_of", "in_reply_to")
_KINDS = {
    "r": "repost", "retweet": "repost", "repost": "repost", "retweeted": "repost",
    "share": "repost", "q": "quote", "quote": "quote", "quote_tweet": "quote", "quoted": "quote",
    "reply": "reply", "replied_to": "reply", "comment": "comment", "ad": "ad",
    "article": "article", "post": "post", "original": "post", "tweet": "post",
}  # fmt: skip
"""What sources call a kind of post."""
_KIND_NAMES = pa.array(["repost", "quote", "reply", "post"])
_REPOST, _QUOTE, _REPLY, _POST = range(4)
_TRUE = frozenset(("1", "true", "t", "yes", "y"))
_FALSE = frozenset(("0", "false", "f", "no", "n"))


@dataclass(frozen=True)
class PostTyper:
    """Types batch after batch of one file.

    Attributes:
        connection: From :func:`assay.engine.connection.open_connection`.
        rules: What holds for every row.
    """

    connection: duckdb.DuckDBPyConnection
    rules: RowRules

    def typed(
        self, raw: Columns, rows: npt.NDArray[np.int64], says_repost: pa.Array | None
    ) -> dict[str, pa.Array]:
        """Columns of the table of posts, ``raw_post_id``, counts of the account, and reasons.

        Args:
            raw: Columns of :data:`assay.engine.derive.POST_FIELDS`.
            rows: Their row numbers.
            says_repost: Which texts say of themselves that they repeat another's, if that counts.
        """
        platform = self._platform(raw["platform"])
        handle = pc.utf8_ltrim(of_somebody(trimmed(raw["handle"])), "@")
        handle = pc.if_else(pc.equal(handle, ""), pa.scalar(None, pa.string()), handle)
        display_name = of_somebody(trimmed(raw["display_name"]))
        told = {name: clean_ids(raw[name]) for name in _IDS}
        key = _first_given(of_somebody(told["account_id"]), handle, display_name)
        ids = {name: told[name] for name in ("repost_of", "quote_of", "in_reply_to")}
        url = trimmed(raw["url"])
        post_id = _told_or_in_address(told["post_id"], raw["url"])
        created_at = read_times(self.connection, self.rules, raw["created_at"])
        reason, column = self._reasons(key, told, raw["created_at"], created_at)
        return {
            "row": pa.array(rows),
            "platform": _as_column(platform, len(rows)),
            "handle": handle,
            "display_name": display_name,
            "raw_post_id": post_id,
            "created_at": created_at,
            "time_resolution_s": time_steps_s(self.rules, raw["created_at"], created_at),
            "account_id": with_prefix(platform, key),
            "post_id": numbered_ids(platform, post_id, self.rules.id_prefix, rows),
            **{name: with_prefix(platform, column) for name, column in ids.items()},
            "kind": _kinds(raw, ids, says_repost),
            "language": trimmed(raw["language"]),
            "media": self._asked(raw["media"], _MEDIA, pa.list_(pa.string())),
            "url": url,
            "client": trimmed(raw["client"]),
            "image": trimmed(raw["image"]),
            "followers": self._counts(raw["followers"]),
            "following": self._counts(raw["following"]),
            "verified": mapped(raw["verified"], _truth, pa.bool_()),
            "reason": reason,
            "reason_column": column,
        }

    def _platform(self, told: pa.Array) -> pa.Array | pa.Scalar:
        if told.null_count == len(told):
            return pa.scalar(self.rules.platform)
        return pc.fill_null(lower(trimmed(told)), self.rules.platform)

    def _reasons(
        self, key: pa.Array, told: Columns, written: pa.Array, created_at: pa.Array
    ) -> tuple[pa.Array, pa.Array]:
        """Why each row cannot be used and the column at fault; null where it can."""
        earliest, latest = (pa.scalar(at, created_at.type) for at in (EARLIEST, self.rules.latest))
        tests = (
            (pc.is_null(key), "the row names no account", "account_id"),
            *((rounded(ids), WHY_ROUNDED, name) for name, ids in told.items()),
            (pc.is_null(written), "the row has no time", "created_at"),
            (
                pc.is_null(created_at),
                "the time cannot be read, or says no time zone",
                "created_at",
            ),
            (pc.less(created_at, earliest), "the time lies before 1990", "created_at"),
            (pc.greater(created_at, latest), "the time lies in the future", "created_at"),
        )
        return reasons(tests, len(key))

    def _counts(self, column: pa.Array) -> pa.Array:
        """Numbers of followers; the engine reads what is not written in plain digits."""
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:
            return self._asked(column, _COUNT, pa.int64())

    def _asked(self, column: pa.Array, statement: str, kind: pa.DataType) -> pa.Array:
        """What the engine makes of a column, its rows in their order."""
        if column.null_count == len(column):
            return pa.nulls(len(column), kind)
        self.connection.register("raw_column", pa.table({"value": column}))
        found = self.connection.sql(statement).to_arrow_table()
        self.connection.unregister("raw_column")
        return one_array(found["value"]).cast(kind)


_MEDIA = """
SELECT nullif(regexp_extract_all(value, '[^\\s\\[\\]"'',|]+'), []) AS value FROM raw_column
"""
_COUNT = f"SELECT {count_of('value')} AS value FROM raw_column"  # noqa: S608 - a constant


def _first_given(account_id: pa.Array, handle: pa.Array, display_name: pa.Array) -> pa.Array:
    """What tells a row's account: its id, else the handle, else the name shown."""
    key = naming_somebody(account_id)
    for stand_in in (handle, display_name):
        if key.null_count and stand_in.null_count < len(stand_in):
            key = pc.coalesce(key, naming_somebody(lower(stand_in)))
    return key


def _told_or_in_address(told: pa.Array, url: pa.Array) -> pa.Array:
    """The id of a post as the file tells it, else as the post's address holds it."""
    if not told.null_count or url.null_count == len(url):
        return told
    found = pc.extract_regex(url, POST_ADDRESS)
    inside = pc.if_else(pc.is_valid(found), found.field("id"), pa.scalar(None, pa.string()))
    return pc.coalesce(told, inside)


def _kinds(raw: Columns, ids: Columns, says_repost: pa.Array | None) -> pa.Array:
    """The kind of each post: as the file tells it, else as its other columns show it."""
    codes = np.full(len(raw["kind"]), _POST, np.int8)
    signs = (
        (pc.is_valid(ids["in_reply_to"]), _REPLY),
        (pc.is_valid(ids["quote_of"]), _QUOTE),
        (mapped(raw["is_quote"], lambda word: word in _TRUE, pa.bool_()), _QUOTE),
        (says_repost, _REPOST),
        (pc.is_valid(ids["repost_of"]), _REPOST),
        (mapped(raw["is_repost"], lambda word: word in _TRUE, pa.bool_()), _REPOST),
    )
    for holds, code in signs:
        if holds is not None and holds.null_count < len(holds):
            codes[pc.fill_null(holds, False).to_numpy(zero_copy_only=False)] = code
    shown = _KIND_NAMES.take(pa.array(codes))
    told = raw["kind"]
    if told.null_count == len(told):
        return shown
    return pc.coalesce(mapped(trimmed(told), _KINDS.get, pa.string()), shown)


def _truth(word: str) -> bool | None:
    return True if word in _TRUE else False if word in _FALSE else None


def _as_column(value: pa.Array | pa.Scalar, count: int) -> pa.Array:
    return pa.repeat(value, count) if isinstance(value, pa.Scalar) else value
