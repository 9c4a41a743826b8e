"""The texts of a batch of posts taken apart: what is written in them, and what copies share.

Simple texts go through one kernel; the few others through the regular expressions that say what
a link, a hashtag, a mention and a normalised text are (:mod:`assay.text.normalise`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.text.normalise import normalised, without_links

if TYPE_CHECKING:
    from assay.engine.text_scan import Spans


@dataclass(frozen=True)
class Found:
    """Pieces found in texts.

    Attributes:
        places: Which post each stands in, ascending.
        values: What is written there.
    """

    places: npt.NDArray[np.int64]
    values: pa.Array

    def among(self, new_places: npt.NDArray[np.int64]) -> Found:
        """Those of some posts.

        Args:
            new_places: For each post of the batch its new place, or -1 if it is not among them.
        """
        moved = new_places[self.places]
        kept = moved >= 0
        if kept.all():
            return Found(moved, self.values)
        return Found(moved[kept], self.values.filter(pa.array(kept)))


@dataclass(frozen=True)
class PostTexts:
    """What the texts of a batch say.

    Attributes:
        plain: The normalised text of every post.
        linkless: The texts that are left to the regular expressions, without their links; null
            for all others, whose pieces are in ``links``, ``hashtags`` and ``mentions``.
        links: Links as written.
        hashtags: Without their sign, as written.
        mentions: Names in lower case.
    """

    plain: pa.Array
    linkless: pa.Array
    links: Found
    hashtags: Found
    mentions: Found


def read_texts(text: pa.Array, title: pa.Array | None) -> PostTexts:
    """Take the texts apart; the title stands for a text that is not there, but for its links."""
    # Here, not above: it loads numba, which tables of shares in Parquet never need.
    from assay.engine.text_scan import scan_texts

    offsets, data = _bytes_of(text)
    simple, plain_offsets, plain_data, links, hashtags, mentions = scan_texts(
        offsets,
        data,
        pc.is_valid(text).to_numpy(zero_copy_only=False),
    )
    plain = _strings(len(text), plain_offsets, plain_data)
    if text.null_count:
        plain = pc.if_else(pc.is_valid(text), plain, pa.scalar(None, pa.string()))
    linkless = pa.nulls(len(text), pa.string())
    body = text if title is None else pc.coalesce(text, title)
    left = pa.array(~simple)
    if title is not None:
        left = pc.or_(left, pc.and_(pc.is_null(text), pc.is_valid(title)))
    if pc.any(left).as_py():
        some = without_links(body.filter(left))
        plain = pc.replace_with_mask(plain, left, normalised(some))
        linkless = pc.replace_with_mask(linkless, left, some)
    return PostTexts(plain, linkless, _found(links), _found(hashtags), _found(mentions))


def without(written: Found, named: npt.NDArray[np.bool_]) -> Found:
    """What was found in texts, but for posts whose source lists it by itself."""
    if not named.any():
        return written
    return written.among(np.where(named, -1, np.arange(len(named))))


def joined(found: pa.Table, written: Found) -> pa.Table:
    """What the engine found beside what was found in other posts' texts, by ascending place."""
    more = pa.table([pa.array(written.places), written.values], names=found.column_names)
    if not len(found):
        return more
    both = pa.concat_tables([found, more.cast(found.schema)])
    return both.take(pa.array(np.argsort(both["place"].to_numpy(), kind="stable")))


def _bytes_of(texts: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text begins, with the end of the last, and all bytes."""
    _, offsets_buffer, data_buffer = texts.buffers()
    if offsets_buffer is None or not len(texts):
        return np.zeros(len(texts) + 1, np.int32), np.empty(0, np.uint8)
    offsets = np.frombuffer(offsets_buffer, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    if data_buffer is None:
        return offsets, np.empty(0, np.uint8)
    return offsets, np.frombuffer(data_buffer, np.uint8)[: int(offsets[-1])]


def _found(spans: Spans) -> Found:
    places, offsets, data = spans
    return Found(places, _strings(len(places), offsets, data[: int(offsets[-1])]))


def _strings(count: int, offsets: npt.NDArray[np.int32], data: npt.NDArray[np.uint8]) -> pa.Array:
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(data))
