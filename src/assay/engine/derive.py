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
from assay.engine.raw_columns import one_array
from assay.engine.seen_accounts import seen_accounts
from assay.engine.typed_posts import PostTyper
from assay.model.tables import POSTS
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
)
"""Columns that a row keeps as they are."""


class PostDeriver:
    """Derives batch after batch of one file; remembers links that it has seen."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        rules: RowRules,
        unshortened: dict[str, str] | None = None,
    ) -> None:
        self._rules = rules
        self._typer = PostTyper(connection, rules)
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
        return Derived(posts, shares, seen_accounts(kept), rejects, len(kept))

    def _typed(self, fields: pa.Table, rows: npt.NDArray[np.int64]) -> tuple[pa.Table, PostTexts]:
        """Every post field with its type, the reason where a row cannot be used, the place in
        the batch, and what the texts say.
        """
        nothing = pa.nulls(len(rows), pa.string())
        given = {name: one_array(fields[name]) for name in fields.column_names}
        raw = {name: given.get(name, nothing) for name in POST_FIELDS}
        texts = read_texts(raw["text"], given.get("title"))
        says_repost = is_repost(raw["text"]) if self._rules.infer_reposts else None
        columns = {
            **self._typer.typed(raw, rows, says_repost),
            **{name: raw[name] for name in _CARRIED},
            "linkless": texts.linkless,
            "plain": texts.plain,
            "place": pa.array(np.arange(len(rows))),
            "source": pa.repeat(pa.scalar(self._rules.source), len(rows)),
        }
        return pa.table(columns), texts
