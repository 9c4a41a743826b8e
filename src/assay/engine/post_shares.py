"""Shares derived from posts: links, hashtags, mentions, reposts, replies, texts, images.

The engine cuts the objects out of what is not simple; what belongs to the post (account, time, ids)
is then taken by the post's place, so that wide rows are neither filtered, joined nor compared.
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
from assay.engine.string_codes import coded
from assay.text.normalise import HASHTAG_PATTERN, MENTION_PATTERN, MIN_TEXT_CHARACTERS

Mask = npt.NDArray[np.bool_]
"""Which posts of a batch."""
_OF_POST = ("account_id", "post_id", "row")


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
        repeats = pc.equal(posts["kind"], "repost").to_numpy()
        own = ~repeats
        new_places = np.full(len(texts.plain), -1)
        new_places[posts["place"].to_numpy()[own]] = np.flatnonzero(own)
        links = self._links.found(posts, own, texts.links.among(new_places))
        found = [
            ("repost", _reposts(posts, repeats)),
            ("link", links.select(["place", "canonical"])),
            ("domain", links.select(["place", "domain"])),
            ("hashtag", self._hashtags(posts, own, texts.hashtags.among(new_places))),
            ("mention", self._mentions(posts, own, texts.mentions.among(new_places))),
            ("reply", _told(posts["in_reply_to"], own)),
            ("text", _texts(posts, own)),
            ("image", self._images(posts, own)),
        ]
        return pa.concat_tables([_shares(posts, *one) for one in found])

    def _hashtags(self, posts: pa.Table, own: Mask, written: Found) -> pa.Table:
        named = _valid(posts["hashtags"]) & own
        marked = pc.fill_null(pc.match_substring_regex(posts["linkless"], "[#＃]"), False)
        where = named | (marked.to_numpy() & own)
        found = self._where(posts, where, _HASHTAGS, ("hashtags", "linkless"))
        found = joined(found, without(written, named))
        encoded = one_array(found["object"]).dictionary_encode()
        tags = pc.utf8_lower(pc.utf8_normalize(encoded.dictionary, form="NFKC"))
        # Digits alone are a number, not a subject.
        tags = pc.if_else(pc.match_substring_regex(tags, "^[0-9_]*$"), None, tags)
        return pa.table({"place": found["place"], "object": tags.take(encoded.indices)})

    def _mentions(self, posts: pa.Table, own: Mask, written: Found) -> pa.Table:
        named = _valid(posts["mentions"]) & own
        marked = pc.fill_null(pc.match_substring(posts["linkless"], "@"), False)
        where = named | (marked.to_numpy() & own)
        found = self._where(posts, where, _MENTIONS, ("mentions", "linkless", "platform"))
        written = without(written, named)
        platforms = posts["platform"].take(pa.array(written.places))
        ids = pc.binary_join_element_wise(platforms, written.values, ":")
        return joined(found, Found(written.places, one_array(ids)))

    def _images(self, posts: pa.Table, own: Mask) -> pa.Table:
        where = (_valid(posts["image"]) | _valid(posts["media"])) & own
        return self._where(posts, where, _IMAGES, ("image", "media"))

    def _where(
        self, posts: pa.Table, where: Mask, statement: str, columns: tuple[str, ...]
    ) -> pa.Table:
        """Place and object as a statement finds them in some columns of some of the posts."""
        places = np.flatnonzero(where)
        if not len(places):
            return _NOTHING
        some = posts.select(list(columns)).take(pa.array(places))
        self._connection.register(
            "posts", some.append_column("place", pa.array(np.arange(len(places))))
        )
        parameters = {name: value for name, value in _PARAMETERS.items() if "$" + name in statement}
        found = self._connection.sql(statement, params=parameters).to_arrow_table()
        self._connection.unregister("posts")
        return found.set_column(0, "place", pa.array(places[found["place"].to_numpy()]))


def _valid(column: pa.ChunkedArray) -> Mask:
    there: Mask = pc.is_valid(column).to_numpy()
    return there


def _told(objects: pa.ChunkedArray, where: Mask) -> pa.Table:
    places = pa.array(np.flatnonzero(_valid(objects) & where))
    return pa.table({"place": places, "object": objects.take(places)})


def _texts(posts: pa.Table, where: Mask) -> pa.Table:
    """The keys of the texts that are long enough to say something."""
    # Here, not above: it loads numba, which tables of shares in Parquet never need.
    from assay.engine.text_keys import text_keys

    enough = pc.greater_equal(pc.utf8_length(posts["plain"]), MIN_TEXT_CHARACTERS)
    places = pa.array(np.flatnonzero(pc.fill_null(enough, False).to_numpy() & where))
    return pa.table({"place": places, "object": text_keys(one_array(posts["plain"].take(places)))})


def _reposts(posts: pa.Table, where: Mask) -> pa.Table:
    """What each repeats: the post that it names, else the text."""
    told = _told(posts["repost_of"], where)
    texts = _texts(posts, where & ~_valid(posts["repost_of"]))
    keys = pc.binary_join_element_wise("text", one_array(texts["object"]), ":")
    return joined(told, Found(texts["place"].to_numpy(), keys))


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
    codes = coded(objects)[0].astype(np.int64)
    keys = places.astype(np.int64) * (int(codes.max()) + 1) + codes
    _, first = np.unique(keys, return_index=True)
    return None if len(first) == len(keys) else pa.array(np.sort(first))


_NOTHING = pa.schema([("place", pa.int64()), ("object", pa.string())]).empty_table()

_PARAMETERS: dict[str, object] = {
    "hashtag": HASHTAG_PATTERN,
    "mention": MENTION_PATTERN,
}

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
        WHEN mentions IS NOT NULL THEN regexp_extract_all(
            mentions, '[\\p{L}\\p{N}_.-]+(?:@[\\p{L}\\p{N}.-]+)?')
        ELSE regexp_extract_all(linkless, $mention, 1)
    END) AS name
    FROM posts
)
"""

_IMAGES = """
SELECT place, unnest(CASE WHEN image IS NULL THEN media ELSE [image] END) AS object
FROM posts
"""
