"""What two copies of one text have in common: the exact normalised text, and a text's objects.

All functions work on whole Arrow columns. The regular expressions are RE2's, and the engine
uses the same ones (see :mod:`assay.engine.derive`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

MIN_TEXT_CHARACTERS = 20
"""Shorter normalised texts ("thank you!") coincide without anybody copying."""

LINK_PATTERN = r"(?i)https?://[^\s\"<>\\^`{|}«»“”]+"
"""A link in running text."""
HASHTAG_PATTERN = r"[#＃]([\p{L}\p{M}\p{N}_]+)"
"""A hashtag, also one glued to the word before it; seven times faster than with a look at it."""
MENTION_PATTERN = r"(?:^|[^\p{L}\p{N}_@＠/.])[@＠]([A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*)"
REPOST_PATTERN = r"^\s*(?:RT|rt)\s+[@＠][A-Za-z0-9_]+\s*:?"
"""How a text says of itself that it repeats another's."""

_BLANKS = r"\s{2,}|[^\S ]"
_ALL_MENTIONS = r"[@＠][A-Za-z0-9_]+"


def without_links(texts: pa.Array) -> pa.Array:
    """The texts with every link replaced by a blank."""
    with_link = pc.match_substring(texts, "://")
    return _changed(
        texts, with_link, lambda some: pc.replace_substring_regex(some, LINK_PATTERN, " ")
    )


def normalised(linkless: pa.Array) -> pa.Array:
    """The exact normalised text of texts whose links are gone already.

    Unicode NFKC, lower case, no ``RT @name:`` prefix, no mentions, blanks collapsed. Null stays
    null; the rest may be empty. Normalising twice changes nothing.
    """
    texts = pc.utf8_lower(linkless)
    texts = _changed(texts, pc.invert(pc.string_is_ascii(texts)), _compatible)
    texts = _changed(texts, pc.match_substring_regex(texts, "[@＠]"), _without_mentions)
    texts = pc.utf8_trim_whitespace(texts)
    with_blanks = pc.match_substring_regex(texts, _BLANKS)
    return _changed(texts, with_blanks, lambda some: pc.replace_substring_regex(some, r"\s+", " "))


def is_repost(texts: pa.Array) -> pa.Array:
    """Which texts say of themselves that they repeat another's (``RT @name:``)."""
    return pc.match_substring_regex(texts, REPOST_PATTERN)


def _changed(texts: pa.Array, where: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """The texts, changed only where it is needed: most need nothing."""
    some = texts.filter(where)
    if not len(some):
        return texts
    if len(some) == len(texts):
        return change(texts)
    return pc.replace_with_mask(texts, pc.fill_null(where, False), change(some))


def _compatible(texts: pa.Array) -> pa.Array:
    # NFKC and lower-casing can each undo the other's work, hence in turn.
    folded = pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))
    return pc.utf8_normalize(folded, form="NFKC")


def _without_mentions(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(
        pc.replace_substring_regex(texts, REPOST_PATTERN, " "), _ALL_MENTIONS, " "
    )


def normalised_text(text: str) -> str:
    """The normalised text of one post, as :func:`normalised` makes it for a column."""
    column = normalised(without_links(pa.array([text], pa.string())))
    result: str = column[0].as_py()
    return result


def text_key(normalised_form: str) -> str:
    """The object id of a normalised text: the first 128 bits of its SHA-256, in hex."""
    return hashlib.sha256(normalised_form.encode()).hexdigest()[:32]
