"""The links that posts share, each in its canonical form and with its domain."""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.post_texts import Found, joined, without
from assay.engine.raw_columns import one_array
from assay.text.link_columns import canonical_links
from assay.text.links import permalink_post_id
from assay.text.normalise import LINK_PATTERN


class PostLinks:
    """Finds links in batch after batch of posts.

    Args:
        connection: From :func:`assay.engine.connection.open_connection`.
        unshortened: Canonical short links to their canonical targets.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, unshortened: dict[str, str]) -> None:
        self._connection = connection
        self._unshortened = unshortened

    def found(self, posts: pa.Table, own: npt.NDArray[np.bool_], written: Found) -> pa.Table:
        """The links of each post: place of the post, canonical link, domain.

        A post's own address is left out: it is where the post stands, not what it shares.

        Args:
            posts: With the columns ``links`` (as the source lists them), ``text``,
                ``linkless`` and ``raw_post_id``.
            own: Which of them are looked at.
            written: Links found in their texts already.
        """
        cut = self._cut_out(posts, own, written)
        raw = one_array(cut["raw"]).dictionary_encode()
        found = canonical_links(raw.dictionary, self._unshortened)
        links = pa.table(
            {
                "place": cut["place"],
                "canonical": found.canonical.take(raw.indices),
                "domain": found.domains.take(raw.indices),
            }
        )
        if not pc.any(pc.match_substring(found.canonical, "/status")).as_py():
            return links
        permalinks = [link and permalink_post_id(link) for link in found.canonical.to_pylist()]
        named = pa.array(permalinks, pa.string()).take(raw.indices)
        itself = pc.equal(named, posts["raw_post_id"].take(links["place"]))
        return links.filter(pc.invert(pc.fill_null(itself, False)))

    def _cut_out(self, posts: pa.Table, own: npt.NDArray[np.bool_], written: Found) -> pa.Table:
        """Place and link as written; what the source lists goes before what the text says."""
        listed = pc.fill_null(pc.match_substring(posts["links"], "://"), False).to_numpy() & own
        left = pc.is_valid(posts["linkless"]).to_numpy() & own
        texts = posts["text"].filter(pa.array(left))
        left[left] = pc.fill_null(pc.match_substring(texts, "://"), False).to_numpy()
        places = np.flatnonzero(listed | left)
        if not len(places):
            return joined(_NO_LINKS, written)
        some = posts.select(["links", "text"]).take(pa.array(places))
        self._connection.register(
            "posts", some.append_column("place", pa.array(np.arange(len(some))))
        )
        found = self._connection.sql(_LINKS, params={"pattern": LINK_PATTERN}).to_arrow_table()
        self._connection.unregister("posts")
        found = found.set_column(0, "place", pa.array(places[found["place"].to_numpy()]))
        return joined(found, without(written, listed))


_NO_LINKS = pa.schema([("place", pa.int64()), ("raw", pa.string())]).empty_table()
_LINKS = """
SELECT place, unnest(CASE
    WHEN contains(links, '://') THEN regexp_extract_all(
        regexp_replace(links, '[''\\]},|;]+\\s*(https?://)', ' \\1', 'g'), $pattern)
    ELSE regexp_extract_all(text, $pattern)
END) AS raw
FROM posts
"""
