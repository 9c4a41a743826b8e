"""Posts, shares and accounts derived from raw rows, batch by batch, on a DuckDB connection.

The importers hand over tables whose columns already carry the names of :data:`POST_FIELDS`;
nothing of the user's data, not even a column's name, enters the text of a statement.
"""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.derived import Derived, RowRules, read_rejects
from assay.engine.post_shares import PostShares
from assay.engine.post_texts import PostTexts, read_texts
from assay.engine.raw_columns import (
    WRITTEN_STEP_S,
    clean_ids,
    one_array,
    time_expression,
)
from assay.errors import CheckFailed
from assay.model.tables import POSTS
from assay.text.dates import EARLIEST
from assay.text.normalise import is_repost

POST_FIELDS: tuple[str, ...] = (
    "account_id",
    "handle",
    "display_name",
    "post_id",
    "created_at",
    "text",
    "title",
    "language",
    "kind",
    "is_repost",
    "is_quote",
    "repost_of",
    "quote_of",
    "in_reply_to",
    "url",
    "links",
    "hashtags",
    "mentions",
    "media",
    "image",
    "client",
    "platform",
    "bio",
    "account_url",
    "account_created_at",
    "followers",
    "following",
    "verified",
    "publisher",
)
"""What an importer may fill; all are strings, empty where a source lacks them."""

_IDS = ("account_id", "post_id", "repost_of", "quote_of", "in_reply_to")
_CARRIED = (
    "text",
    "title",
    "links",
    "hashtags",
    "mentions",
    "bio",
    "account_url",
    "account_created_at",
    "publisher",
    "linkless",
    "plain",
    "place",
)
"""Columns that a row keeps as they are."""
_READ = {
    name: "BOOLEAN" if name == "says_repost" else "VARCHAR"
    for name in ("says_repost", *POST_FIELDS)
    if name not in _CARRIED
}
"""Columns that the statement reads, with their types where they are empty."""
_TRUE = "IN ('1', 'true', 't', 'yes', 'y')"
_KINDS = """
    CASE lower(trim(kind))
        WHEN 'r' THEN 'repost' WHEN 'retweet' THEN 'repost' WHEN 'repost' THEN 'repost'
        WHEN 'retweeted' THEN 'repost' WHEN 'share' THEN 'repost'
        WHEN 'q' THEN 'quote' WHEN 'quote' THEN 'quote' WHEN 'quote_tweet' THEN 'quote'
        WHEN 'quoted' THEN 'quote' WHEN 'reply' THEN 'reply' WHEN 'replied_to' THEN 'reply'
        WHEN 'comment' THEN 'comment' WHEN 'ad' THEN 'ad' WHEN 'article' THEN 'article'
        WHEN 'post' THEN 'post' WHEN 'original' THEN 'post' WHEN 'tweet' THEN 'post'
    END
"""


class PostDeriver:
    """Derives batch after batch of one file; remembers links that it has seen."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        rules: RowRules,
        unshortened: dict[str, str] | None = None,
    ) -> None:
        self._connection = connection
        self._rules = rules
        self._post_shares = PostShares(connection, unshortened or {})

    def derive(self, fields: pa.Table, rows: npt.NDArray[np.int64]) -> Derived:
        """Posts, shares and partial accounts of one batch.

        Args:
            fields: Columns of :data:`POST_FIELDS`, as strings (``created_at`` may be a time);
                missing ones count as empty.
            rows: Their row numbers.
        """
        typed, texts = self._typed(fields, rows)
        rejects = read_rejects(fields, typed, self._rules)
        kept = typed.filter(pc.is_null(typed["reason"])) if rejects else typed
        # A time that tells only the day would make a moment of midnight: such posts share nothing.
        coarse = pc.greater(kept["time_resolution_s"], self._rules.time.resolution_s)
        timed = kept.filter(pc.invert(coarse)) if pc.any(coarse).as_py() else kept
        shares = self._post_shares.derive(timed, texts)
        posts = kept.select(POSTS.names)
        return Derived(posts, shares, self._accounts(kept), rejects, len(kept))

    def _typed(self, fields: pa.Table, rows: npt.NDArray[np.int64]) -> tuple[pa.Table, PostTexts]:
        """Every post field with its type, the reason where a row cannot be used, the place in
        the batch, and what the texts say.
        """
        columns: dict[str, pa.Array | pa.ChunkedArray] = {"row": pa.array(rows)}
        for name in POST_FIELDS:
            given = name in fields.column_names
            column = one_array(fields[name]) if given else pa.nulls(len(rows), pa.string())
            columns[name] = clean_ids(column) if name in _IDS else column
        text = one_array(columns["text"])
        texts = read_texts(text, columns["title"] if "title" in fields.column_names else None)
        columns["says_repost"] = (
            is_repost(text) if self._rules.infer_reposts else pa.nulls(len(rows), pa.bool_())
        )
        columns["linkless"], columns["plain"] = texts.linkless, texts.plain
        columns["place"] = pa.array(np.arange(len(rows)))
        typed = self._asked(columns)
        for name in _CARRIED:
            typed = typed.append_column(name, columns[name])
        source = pa.repeat(pa.scalar(self._rules.source), len(rows))
        return typed.append_column("source", source), texts

    def _asked(self, columns: dict[str, pa.Array | pa.ChunkedArray]) -> pa.Table:
        """The statement on the columns that hold anything, its rows in their order."""
        empty = [name for name in _READ if columns[name].null_count == len(columns[name])]
        held = {name: columns[name] for name in ("row", *_READ) if name not in empty}
        self._connection.register("raw_posts", pa.table(held))
        parameters: dict[str, object] = {
            "id_prefix": self._rules.id_prefix,
            "platform": self._rules.platform,
            "earliest": EARLIEST.isoformat(),
            "latest": self._rules.latest.isoformat(),
        }
        statement = _TYPED.format(
            time=time_expression(self._rules, parameters),
            resolution_us=max(1, round(self._rules.time.resolution_s * 1e6)),
            written_s=WRITTEN_STEP_S if self._rules.time.kind == "iso" else "0.0",
            kinds=_KINDS,
            true=_TRUE,
            empty="".join(f", NULL::{_READ[name]} AS {name}" for name in empty),
        )
        typed = self._connection.sql(statement, params=parameters).to_arrow_table()
        self._connection.unregister("raw_posts")
        # Long texts do not travel through the engine: its rows are laid beside them again.
        rows = columns["row"]
        if not typed["row"].equals(pa.chunked_array([rows])):
            typed = typed.sort_by("row")
        if not typed["row"].equals(pa.chunked_array([rows])):
            raise CheckFailed("rows came out of the engine that did not go in")
        return typed

    def _accounts(self, posts: pa.Table) -> pa.Table:
        self._connection.register("posts", posts)
        accounts = self._connection.sql(_ACCOUNTS).to_arrow_table()
        self._connection.unregister("posts")
        return accounts


_TYPED = """
SELECT
    * EXCLUDE (account_key, raw_time, raw_repost_of, raw_quote_of, raw_in_reply_to),
    CASE
        WHEN account_key IS NULL THEN 'the row names no account'
        WHEN created_at IS NULL AND raw_time IS NULL THEN 'the row has no time'
        WHEN created_at IS NULL THEN 'the time cannot be read, or says no time zone'
        WHEN created_at < CAST($earliest AS TIMESTAMPTZ) THEN 'the time lies before 1990'
        WHEN created_at > CAST($latest AS TIMESTAMPTZ) THEN 'the time lies in the future'
    END AS reason,
    CASE
        WHEN account_key IS NULL THEN 'account_id'
        WHEN created_at IS NULL OR created_at < CAST($earliest AS TIMESTAMPTZ)
            OR created_at > CAST($latest AS TIMESTAMPTZ) THEN 'created_at'
    END AS reason_column,
    greatest({written_s}, CASE
         WHEN epoch_us(created_at) % {resolution_us} = 0 THEN {resolution_us} / 1e6
         WHEN epoch_us(created_at) % 60000000 = 0 THEN 60.0
         WHEN epoch_us(created_at) % 1000000 = 0 THEN 1.0
         WHEN epoch_us(created_at) % 1000 = 0 THEN 0.001
         ELSE 0.000001 END) AS time_resolution_s,
    platform || ':' || account_key AS account_id,
    CASE WHEN raw_post_id IS NULL THEN $id_prefix || ':' || row
         ELSE platform || ':' || raw_post_id END AS post_id,
    platform || ':' || raw_repost_of AS repost_of,
    platform || ':' || raw_quote_of AS quote_of,
    platform || ':' || raw_in_reply_to AS in_reply_to
FROM (
    SELECT
        row,
        coalesce(nullif(lower(trim(platform)), ''), $platform) AS platform,
        coalesce(account_id, lower(nullif(ltrim(trim(handle), '@'), '')),
                 lower(nullif(trim(display_name), ''))) AS account_key,
        nullif(ltrim(trim(handle), '@'), '') AS handle,
        nullif(trim(display_name), '') AS display_name,
        coalesce(post_id, nullif(regexp_extract(
            url, '(?:twitter|x)\\.com/(?:[^/]+/status(?:es)?|statuses)/(\\d+)', 1), ''))
            AS raw_post_id,
        CAST(created_at AS VARCHAR) AS raw_time,
        {time} AS created_at,
        repost_of AS raw_repost_of,
        quote_of AS raw_quote_of,
        in_reply_to AS raw_in_reply_to,
        coalesce(
            {kinds},
            CASE WHEN raw_repost_of IS NOT NULL OR lower(is_repost) {true} THEN 'repost' END,
            CASE WHEN says_repost THEN 'repost' END,
            CASE WHEN raw_quote_of IS NOT NULL OR lower(is_quote) {true} THEN 'quote' END,
            CASE WHEN raw_in_reply_to IS NOT NULL THEN 'reply' END,
            'post') AS kind,
        nullif(trim(language), '') AS language,
        nullif(regexp_extract_all(media, '[^\\s\\[\\]"'',|]+'), []) AS media,
        nullif(trim(url), '') AS url,
        nullif(trim(client), '') AS client,
        nullif(trim(image), '') AS image,
        TRY_CAST(followers AS BIGINT) AS followers,
        TRY_CAST(following AS BIGINT) AS following,
        CASE WHEN lower(verified) {true} THEN true
             WHEN lower(verified) IN ('0', 'false', 'f', 'no', 'n') THEN false END AS verified
    FROM (SELECT *{empty} FROM raw_posts)
)
"""

_ACCOUNTS = """
SELECT
    account_id,
    any_value(platform) AS platform,
    arg_max(handle, created_at) AS handle,
    arg_max(display_name, created_at) AS display_name,
    arg_max(bio, created_at) AS bio,
    arg_max(account_url, created_at) AS url,
    arg_max(account_created_at, created_at) AS account_created_at,
    arg_max(followers, created_at) AS followers,
    arg_max(following, created_at) AS following,
    arg_max(verified, created_at) AS verified,
    arg_max(nullif(trim(publisher), ''), created_at) AS publisher,
    min(created_at) AS first_seen_at,
    max(created_at) AS last_seen_at
FROM posts
GROUP BY account_id
"""
