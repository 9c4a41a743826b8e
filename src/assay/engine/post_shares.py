"""Shares derived from posts: links, hashtags, mentions, reposts, replies, texts, images.

The engine cuts the objects out of the texts; what belongs to the post (account, time, ids) is
then taken by the post's place, so that wide rows are neither joined nor compared.
"""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.post_links import PostLinks
from assay.engine.post_texts import Found, PostTexts, joined, without
from assay.engine.raw_columns import one_array
from assay.engine.staged_shares import shares_of_kind
from assay.text.normalise import HASHTAG_PATTERN, MENTION_PATTERN, MIN_TEXT_CHARACTERS

_OF_POST = ("account_id", "post_id", "row")
_READ = [
    *_OF_POST,
    "created_at",
    "kind",
    "place",
    "platform",
    "raw_post_id",
    "plain",
    "text",
    "linkless",
    "links",
    "hashtags",
    "mentions",
    "repost_of",
    "in_reply_to",
    "image",
    "media",
]
"""Columns of the posts that shares are derived from."""


class PostShares:
    """Derives the shares of batch after batch of posts; remembers links that it has seen.

    Args:
        connection: From :func:`assay.engine.connection.open_connection`.
        unshortened: Canonical short links to their canonical targets.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, unshortened: dict[str, str]) -> None:
        self._connection = connection
        self._links = PostLinks(connection, unshortened)

    def derive(self, posts: pa.Table, texts: PostTexts) -> pa.Table:
        """All shares of a batch; a repost gives one of kind ``repost`` and nothing else.

        Args:
            posts: Typed posts with their raw columns, the normalised text ``plain`` and their
                ``place`` in the batch.
            texts: What the texts of the whole batch say.
        """
        posts = posts.select(_READ)
        repeats = one_array(pc.equal(posts["kind"], "repost"))
        own = posts if not pc.any(repeats).as_py() else posts.filter(pc.invert(repeats))
        reposts = posts.select([*_OF_POST, "created_at", "plain", "repost_of"]).filter(repeats)
        new_places = np.full(len(texts.plain), -1)
        new_places[own["place"].to_numpy()] = np.arange(len(own))
        links = self._links.found(own, texts.links.among(new_places))
        found = [
            (reposts, "repost", self._asked(reposts, _REPOSTS)),
            (own, "link", links.select(["place", "canonical"])),
            (own, "domain", links.select(["place", "domain"])),
            (own, "hashtag", self._hashtags(own, texts.hashtags.among(new_places))),
            (own, "mention", self._mentions(own, texts.mentions.among(new_places))),
            (own, "reply", _present(own["in_reply_to"])),
            (own, "text", self._asked(own, _TEXTS)),
            (own, "image", self._images(own)),
        ]
        return pa.concat_tables([_shares(*one) for one in found])

    def _asked(
        self, posts: pa.Table, statement: str, columns: tuple[str, ...] = ("plain", "repost_of")
    ) -> pa.Table:
        """Place and object as a statement finds them in some columns of the posts."""
        if not len(posts):
            return _NOTHING
        places = pa.array(np.arange(len(posts)))
        self._connection.register(
            "posts", posts.select(list(columns)).append_column("place", places)
        )
        parameters = {name: value for name, value in _PARAMETERS.items() if "$" + name in statement}
        found = self._connection.sql(statement, params=parameters).to_arrow_table()
        self._connection.unregister("posts")
        return found

    def _hashtags(self, posts: pa.Table, written: Found) -> pa.Table:
        named = pc.is_valid(posts["hashtags"])
        marked = pc.match_substring_regex(posts["linkless"], "[#＃]")
        where = pc.or_(named, pc.fill_null(marked, False))
        found = self._where(posts, where, _HASHTAGS, ("hashtags", "linkless"))
        found = joined(found, without(written, named))
        encoded = one_array(found["object"]).dictionary_encode()
        tags = pc.utf8_lower(pc.utf8_normalize(encoded.dictionary, form="NFKC"))
        # Digits alone are a number, not a subject.
        tags = pc.if_else(pc.match_substring_regex(tags, "^[0-9_]*$"), None, tags)
        return pa.table({"place": found["place"], "object": tags.take(encoded.indices)})

    def _mentions(self, posts: pa.Table, written: Found) -> pa.Table:
        named = pc.is_valid(posts["mentions"])
        marked = pc.match_substring(posts["linkless"], "@")
        where = pc.or_(named, pc.fill_null(marked, False))
        found = self._where(posts, where, _MENTIONS, ("mentions", "linkless", "platform"))
        written = without(written, named)
        platforms = posts["platform"].take(pa.array(written.places))
        ids = pc.binary_join_element_wise(platforms, written.values, ":")
        return joined(found, Found(written.places, one_array(ids)))

    def _images(self, posts: pa.Table) -> pa.Table:
        where = pc.or_(pc.is_valid(posts["image"]), pc.is_valid(posts["media"]))
        return self._where(posts, where, _IMAGES, ("image", "media"))

    def _where(
        self, posts: pa.Table, where: pa.ChunkedArray, statement: str, columns: tuple[str, ...]
    ) -> pa.Table:
        """As :meth:`_asked`, of some of the posts; the places are those among all."""
        places = pc.indices_nonzero(where)
        found = self._asked(posts.select(list(columns)).take(places), statement, columns)
        placed = places.take(one_array(found["place"])).cast(pa.int64())
        return found.set_column(0, "place", placed)


def _present(objects: pa.ChunkedArray) -> pa.Table:
    places = pc.indices_nonzero(pc.is_valid(objects))
    return pa.table({"place": places, "object": objects.take(places)})


def _shares(posts: pa.Table, kind: str, found: pa.Table) -> pa.Table:
    """One share per post and object; objects that are null are none."""
    found = found.rename_columns(["place", "object"])
    if found["object"].null_count:
        found = found.filter(pc.is_valid(found["object"]))
    places, objects = one_array(found["place"]), one_array(found["object"])
    fresh = _first_of_each(places.to_numpy(), objects)
    if fresh is not None:
        places, objects = places.take(fresh), objects.take(fresh)
    columns = {name: posts[name].take(places) for name in _OF_POST}
    return shares_of_kind(
        kind, columns | {"object_id": objects, "shared_at": posts["created_at"].take(places)}
    )


def _first_of_each(places: npt.NDArray[np.int64], objects: pa.Array) -> pa.Array | None:
    """Where each object stands first among those of its post; None if none stands twice.

    Args:
        places: The post of each object, ascending.
        objects: The objects.
    """
    again = places[1:] == places[:-1]
    if not again.any():
        return None
    codes = objects.dictionary_encode().indices.to_numpy().astype(np.int64)
    keys = places.astype(np.int64) * (int(codes.max()) + 1) + codes
    _, first = np.unique(keys, return_index=True)
    return None if len(first) == len(keys) else pa.array(np.sort(first))


_NOTHING = pa.schema([("place", pa.int64()), ("object", pa.string())]).empty_table()

_PARAMETERS: dict[str, object] = {
    "hashtag": HASHTAG_PATTERN,
    "mention": MENTION_PATTERN,
    "minimum": MIN_TEXT_CHARACTERS,
}

_REPOSTS = """
SELECT place, coalesce(repost_of, 'text:' || left(sha256(plain), 32)) AS object
FROM posts
WHERE repost_of IS NOT NULL OR length(plain) >= $minimum
"""

_TEXTS = """
SELECT place, left(sha256(plain), 32) AS object
FROM posts
WHERE length(plain) >= $minimum
"""

_HASHTAGS = """
SELECT place, unnest(CASE
    WHEN contains(hashtags, '{') THEN
        regexp_extract_all(hashtags, '"(?:tag|text|name)"\\s*:\\s*"([^"]+)"', 1)
    WHEN hashtags IS NOT NULL THEN regexp_extract_all(hashtags, '[\\p{L}\\p{M}\\p{N}_]+')
    ELSE regexp_extract_all(CASE WHEN contains(linkless, '&#')
        THEN regexp_replace(linkless, '&#\\w+;', ' ', 'g') ELSE linkless END, $hashtag, 1)
END) AS object
FROM posts
"""

_MENTIONS = """
SELECT place, platform || ':' || lower(name) AS object
FROM (
    SELECT place, platform, unnest(CASE
        WHEN contains(mentions, '{') THEN regexp_extract_all(
            mentions, '"(?:username|screen_name)"\\s*:\\s*"([^"]+)"', 1)
        WHEN mentions IS NOT NULL THEN regexp_extract_all(mentions, '[\\p{L}\\p{N}_.-]+')
        ELSE regexp_extract_all(linkless, $mention, 1)
    END) AS name
    FROM posts
)
"""

_IMAGES = """
SELECT place, unnest(CASE WHEN image IS NULL THEN media ELSE [image] END) AS object
FROM posts
"""
