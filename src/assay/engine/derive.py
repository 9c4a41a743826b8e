"""Posts, shares and accounts derived from raw rows, batch by batch, on a DuckDB connection.

The importers hand over tables whose columns already carry the names of :data:`POST_FIELDS`;
nothing of the user's data, not even a column's name, enters the text of a statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.read import RawReject, shortened
from assay.errors import CheckFailed
from assay.model.tables import POSTS, UTC_US
from assay.text.dates import EARLIEST, EPOCH_UNITS, ISO_ZONE, TimeForm
from assay.text.links import (
    canonical_link,
    host_of,
    permalink_post_id,
    registered_domain,
    strip_trailing_punctuation,
)
from assay.text.normalise import (
    HASHTAG_PATTERN,
    LINK_PATTERN,
    MENTION_PATTERN,
    MIN_TEXT_CHARACTERS,
    is_repost,
    normalised,
    without_links,
)

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
)
"""What an importer may fill; all are strings, empty where a source lacks them."""

STAGED_SHARES = pa.schema(
    [
        pa.field("account_id", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("object_id", pa.string()),
        pa.field("post_id", pa.string()),
        pa.field("shared_at", UTC_US),
        pa.field("row", pa.int64()),
    ]
)
"""Shares as derived, unsorted, with the row that they come from."""


@dataclass(frozen=True)
class RowRules:
    """What holds for every row of one file.

    Attributes:
        source: The file's name, as the tables cite it.
        id_prefix: Stands in for a missing post id, before the row number.
        platform: Platform of rows that name none.
        time: How times are written.
        timezone: Zone of times that say none; None if such times are rejects.
        latest: Times after it are rejects.
        infer_reposts: ``RT @name:`` at the head of a text makes it a repost.
    """

    source: str
    id_prefix: str
    platform: str
    time: TimeForm
    timezone: str | None
    latest: datetime
    infer_reposts: bool = True


@dataclass(frozen=True)
class Derived:
    """What one batch gave; ``kept`` counts the rows that were used."""

    posts: pa.Table
    shares: pa.Table
    accounts: pa.Table
    rejects: list[RawReject]
    kept: int


def open_connection(
    threads: int, memory_bytes: int | None, spill: str
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that spills into a folder and keeps rows in order."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(f"SET threads = {int(threads)}")
    if memory_bytes is not None:
        connection.execute(f"SET memory_limit = '{int(memory_bytes) // 1000}kB'")
    connection.execute("SET temp_directory = $folder", {"folder": spill})
    return connection


def time_expression(rules: RowRules, parameters: dict[str, object]) -> str:
    """SQL that reads the column ``created_at`` as an instant; null where it cannot be read.

    Puts what must be bound into ``parameters``.
    """
    form = rules.time
    local = " AT TIME ZONE $zone" if rules.timezone else ""
    if rules.timezone and (form.kind == "iso" or not form.zoned):
        parameters["zone"] = rules.timezone
    if form.kind == "epoch":
        scale = 1e6 / EPOCH_UNITS[form.epoch or "s"]
        return (
            f"make_timestamptz(CAST(round(TRY_CAST(created_at AS DOUBLE) * {scale!r}) AS BIGINT))"
        )
    if form.kind == "typed":
        return "created_at" if form.zoned else f"(created_at{local})"
    if form.kind == "formats":
        parameters["formats"] = list(form.formats)
        parsed = "try_strptime(created_at, $formats)"
        return parsed if form.zoned else f"({parsed}{local})" if local else "NULL::TIMESTAMPTZ"
    unzoned = f"(TRY_CAST(created_at AS TIMESTAMP){local})" if local else "NULL::TIMESTAMPTZ"
    return (
        f"CASE WHEN regexp_matches(created_at, '{ISO_ZONE}') "
        f"THEN TRY_CAST(created_at AS TIMESTAMPTZ) ELSE {unzoned} END"
    )


def read_times(
    connection: duckdb.DuckDBPyConnection,
    rules: RowRules,
    column: pa.Array | pa.ChunkedArray,
) -> pa.Array:
    """A column of times as instants; null where one is missing or cannot be read."""
    parameters: dict[str, object] = {}
    expression = time_expression(rules, parameters)
    connection.register("raw_times", pa.table({"created_at": column}))
    times = connection.sql(
        f"SELECT {expression} AS instant FROM raw_times",  # noqa: S608 - one of four constants
        params=parameters,
    ).to_arrow_table()
    connection.unregister("raw_times")
    return _whole(times["instant"]).cast(UTC_US)


def clean_ids(ids: pa.Array) -> pa.Array:
    """Ids trimmed, empty ones null, ``123.0`` (a float's trace) as ``123``."""
    if ids.null_count == len(ids):
        return ids
    unclean = pc.match_substring_regex(ids, r"^\s|\s$|^$|^\d+\.0$")
    if not pc.any(unclean).as_py():
        return ids
    trimmed = pc.replace_substring_regex(pc.utf8_trim_whitespace(ids), r"^(\d+)\.0$", r"\1")
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


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
    "linkless",
    "plain",
)
"""Columns that a row keeps as they are."""
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
        self._unshortened = unshortened or {}

    def derive(self, fields: pa.Table, rows: npt.NDArray[np.int64]) -> Derived:
        """Posts, shares and partial accounts of one batch.

        Args:
            fields: Columns of :data:`POST_FIELDS`, as strings (``created_at`` may be a time);
                missing ones count as empty.
            rows: Their row numbers.
        """
        typed = self._typed(fields, rows)
        rejects = read_rejects(fields, typed)
        kept = typed.filter(pc.is_null(typed["reason"])) if rejects else typed
        links = self._links(kept)
        shares = self._shares(kept, links)
        posts = kept.select(POSTS.names)
        return Derived(posts, shares, self._accounts(kept), rejects, len(kept))

    def _typed(self, fields: pa.Table, rows: npt.NDArray[np.int64]) -> pa.Table:
        """Every post field with its type, the reason where a row cannot be used, and the
        text without links and normalised.
        """
        columns: dict[str, pa.Array | pa.ChunkedArray] = {"row": pa.array(rows)}
        for name in POST_FIELDS:
            given = name in fields.column_names
            column = _whole(fields[name]) if given else pa.nulls(len(rows), pa.string())
            columns[name] = clean_ids(column) if name in _IDS else column
        text = columns["text"]
        body = pc.coalesce(text, columns["title"]) if "title" in fields.column_names else text
        linkless = without_links(_whole(body))
        columns["says_repost"] = (
            is_repost(_whole(text))
            if self._rules.infer_reposts
            else pa.nulls(len(rows), pa.bool_())
        )
        columns["linkless"] = linkless
        columns["plain"] = normalised(linkless)
        self._connection.register("raw_posts", pa.table(columns))
        parameters: dict[str, object] = {
            "source": self._rules.source,
            "id_prefix": self._rules.id_prefix,
            "platform": self._rules.platform,
            "earliest": EARLIEST.isoformat(),
            "latest": self._rules.latest.isoformat(),
        }
        statement = _TYPED.format(
            time=time_expression(self._rules, parameters),
            resolution_us=max(1, round(self._rules.time.resolution_s * 1e6)),
            kinds=_KINDS,
            true=_TRUE,
        )
        typed = self._connection.sql(statement, params=parameters).to_arrow_table()
        self._connection.unregister("raw_posts")
        # Long texts do not travel through the engine: its rows come back in order.
        if not np.array_equal(typed["row"].to_numpy(), rows):
            raise CheckFailed("rows came out of the engine in another order than they went in")
        for name in _CARRIED:
            typed = typed.append_column(name, columns[name])
        return typed

    def _links(self, posts: pa.Table) -> pa.Table:
        """The links of each post: index of the post, raw link, canonical link, domain."""
        self._connection.register("posts", posts)
        found = self._connection.sql(_LINKS, params={"pattern": LINK_PATTERN}).to_arrow_table()
        self._connection.unregister("posts")
        raw = found["raw"].combine_chunks().dictionary_encode()
        canonical = [self._canonical(link) for link in raw.dictionary.to_pylist()]
        domains = [None if link is None else registered_domain(host_of(link)) for link in canonical]
        permalinks = [None if link is None else permalink_post_id(link) for link in canonical]
        codes = raw.indices
        return pa.table(
            {
                "place": found["place"],
                "canonical": pa.array(canonical, pa.string()).take(codes),
                "domain": pa.array(domains, pa.string()).take(codes),
                "permalink": pa.array(permalinks, pa.string()).take(codes),
            }
        )

    def _canonical(self, raw: str) -> str | None:
        link = canonical_link(strip_trailing_punctuation(raw))
        if link is not None and self._unshortened:
            return self._unshortened.get(link, link)
        return link

    def _shares(self, posts: pa.Table, links: pa.Table) -> pa.Table:
        """All shares of the batch; a repost gives one of kind ``repost`` and nothing else."""
        self._connection.register("posts", posts)
        self._connection.register("links", links)
        hashtags = self._connection.sql(
            _HASHTAGS, params={"pattern": HASHTAG_PATTERN}
        ).to_arrow_table()
        folded = pc.utf8_lower(pc.utf8_normalize(_whole(hashtags["hashtag"]), form="NFKC"))
        self._connection.register(
            "hashtags", pa.table({"place": hashtags["place"], "hashtag": folded})
        )
        shares = self._connection.sql(
            _SHARES, params={"mention": MENTION_PATTERN, "minimum": MIN_TEXT_CHARACTERS}
        ).to_arrow_table()
        for name in ("posts", "links", "hashtags"):
            self._connection.unregister(name)
        return shares.cast(STAGED_SHARES)

    def _accounts(self, posts: pa.Table) -> pa.Table:
        self._connection.register("posts", posts)
        accounts = self._connection.sql(_ACCOUNTS).to_arrow_table()
        self._connection.unregister("posts")
        return accounts


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def read_rejects(fields: pa.Table, typed: pa.Table) -> list[RawReject]:
    """The rows of a step's table that have a reason, with what the file says in them."""
    broken = pc.is_valid(typed["reason"])
    if not pc.any(broken).as_py():
        return []
    kept = typed.select(["row", "reason", "reason_column"]).filter(broken).to_pylist()
    return [
        RawReject(
            found["row"],
            found["reason_column"],
            found["reason"],
            shortened(" | ".join(f"{k}={v}" for k, v in raw.items() if v is not None)),
        )
        for found, raw in zip(kept, fields.filter(broken).to_pylist(), strict=True)
    ]


_TYPED = """
SELECT
    row_number() OVER () - 1 AS place,
    *,
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
    CASE WHEN epoch_us(created_at) % {resolution_us} = 0 THEN {resolution_us} / 1e6
         WHEN epoch_us(created_at) % 60000000 = 0 THEN 60.0
         WHEN epoch_us(created_at) % 1000000 = 0 THEN 1.0
         WHEN epoch_us(created_at) % 1000 = 0 THEN 0.001
         ELSE 0.000001 END AS time_resolution_s,
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
        $source AS source,
        nullif(trim(image), '') AS image,
        TRY_CAST(followers AS BIGINT) AS followers,
        TRY_CAST(following AS BIGINT) AS following,
        CASE WHEN lower(verified) {true} THEN true
             WHEN lower(verified) IN ('0', 'false', 'f', 'no', 'n') THEN false END AS verified
    FROM raw_posts
)
"""

_LINKS = """
SELECT place, unnest(found) AS raw
FROM (
    SELECT
        place,
        CASE
            WHEN contains(links, '://') THEN list_distinct(regexp_extract_all(
                regexp_replace(links, '[''\\]},|;]+\\s*(https?://)', ' \\1', 'g'), $pattern))
            WHEN contains(text, '://') THEN list_distinct(regexp_extract_all(text, $pattern))
        END AS found
    FROM posts
    WHERE kind <> 'repost'
)
"""

_HASHTAGS = """
SELECT place, unnest(found) AS hashtag
FROM (
    SELECT
        place,
        CASE
            WHEN contains(hashtags, '{') THEN
                regexp_extract_all(hashtags, '"(?:tag|text|name)"\\s*:\\s*"([^"]+)"', 1)
            WHEN hashtags IS NOT NULL THEN regexp_extract_all(hashtags, '[\\p{L}\\p{M}\\p{N}_]+')
            WHEN contains(linkless, '#') OR contains(linkless, '＃') THEN
                regexp_extract_all(CASE WHEN contains(linkless, '&#')
                    THEN regexp_replace(linkless, '&#\\w+;', ' ', 'g') ELSE linkless END,
                    $pattern, 1)
        END AS found
    FROM posts
    WHERE kind <> 'repost'
)
"""

_SHARES = """
WITH
ordered_links AS (
    SELECT p.account_id, p.post_id, p.created_at, p.row, l.canonical, l.domain
    FROM links AS l JOIN posts AS p USING (place)
    WHERE l.canonical IS NOT NULL
        -- A post's own address is where it stands, not what it shares.
        AND (l.permalink IS NULL OR p.raw_post_id IS NULL OR l.permalink <> p.raw_post_id)
)
SELECT DISTINCT account_id, 'link' AS kind, canonical AS object_id, post_id,
    created_at AS shared_at, row
FROM ordered_links
UNION ALL
SELECT DISTINCT account_id, 'domain', domain, post_id, created_at, row
FROM ordered_links
UNION ALL
SELECT DISTINCT p.account_id, 'hashtag', h.hashtag, p.post_id, p.created_at, p.row
FROM hashtags AS h JOIN posts AS p USING (place)
WHERE NOT regexp_full_match(h.hashtag, '[0-9_]*')
UNION ALL
SELECT DISTINCT account_id, 'mention', platform || ':' || lower(unnest(found)), post_id,
    created_at, row
FROM (
    SELECT *, CASE
        WHEN contains(mentions, '{') THEN regexp_extract_all(
            mentions, '"(?:username|screen_name)"\\s*:\\s*"([^"]+)"', 1)
        WHEN mentions IS NOT NULL THEN regexp_extract_all(mentions, '[\\p{L}\\p{N}_.-]+')
        WHEN contains(linkless, '@') THEN regexp_extract_all(linkless, $mention, 1)
    END AS found
    FROM posts
    WHERE kind <> 'repost' AND (mentions IS NOT NULL OR contains(linkless, '@'))
)
UNION ALL
SELECT account_id, 'repost', coalesce(repost_of, 'text:' || left(sha256(plain), 32)), post_id,
    created_at, row
FROM posts
WHERE kind = 'repost' AND (repost_of IS NOT NULL OR length(plain) >= $minimum)
UNION ALL
SELECT account_id, 'reply', in_reply_to, post_id, created_at, row
FROM posts
WHERE kind <> 'repost' AND in_reply_to IS NOT NULL
UNION ALL
SELECT account_id, 'text', left(sha256(plain), 32), post_id, created_at, row
FROM posts
WHERE kind <> 'repost' AND length(plain) >= $minimum
UNION ALL
SELECT DISTINCT account_id, 'image',
    unnest(CASE WHEN image IS NULL THEN media ELSE [image] END), post_id, created_at, row
FROM posts
WHERE kind <> 'repost' AND (image IS NOT NULL OR media IS NOT NULL)
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
    min(created_at) AS first_seen_at,
    max(created_at) AS last_seen_at
FROM posts
GROUP BY account_id
"""
