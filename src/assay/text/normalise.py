"""What two copies of one text have in common: the exact normalised text, and a text's objects.

All functions work on whole Arrow columns. The regular expressions are RE2's, and the engine
uses the same ones (see :mod:`assay.engine.derive`).
"""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

MIN_TEXT_CHARACTERS = 20
"""Shorter normalised texts ("thank you!") coincide without anybody copying."""

LINK_PATTERN = r"(?i)https?://[^\s\"<>\\^`{|}«»“”]+"
"""A link in running text."""
HASHTAG_PATTERN = r"(?:^|[^\p{L}\p{N}_&/])[#＃]([\p{L}\p{M}\p{N}_]+)"
MENTION_PATTERN = r"(?:^|[^\p{L}\p{N}_@＠/.])[@＠]([A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*)"
REPOST_PATTERN = r"^\s*(?:RT|rt)\s+[@＠][A-Za-z0-9_]+\s*:?"
"""How a text says of itself that it repeats another's."""

_BLANKS = r"\s{2,}|[^\S ]"
_ALL_MENTIONS = r"[@＠][A-Za-z0-9_]+"


def without_links(texts: pa.Array) -> pa.Array:
    """The texts with every link replaced by a blank."""
    return pc.replace_substring_regex(texts, LINK_PATTERN, " ")


def normalised(linkless: pa.Array) -> pa.Array:
    """The exact normalised text of texts whose links are gone already.

    Unicode NFKC, lower case, no ``RT @name:`` prefix, no mentions, blanks collapsed. Null stays
    null; the rest may be empty. Normalising twice changes nothing.
    """
    ascii_only = pc.all(pc.string_is_ascii(linkless)).as_py()
    # NFKC and lower-casing can each undo the other's work, hence twice where it matters.
    texts = linkless if ascii_only else pc.utf8_normalize(linkless, form="NFKC")
    texts = pc.utf8_lower(texts)
    if not ascii_only:
        texts = pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))
    texts = pc.replace_substring_regex(texts, REPOST_PATTERN, " ")
    texts = pc.replace_substring_regex(texts, _ALL_MENTIONS, " ")
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, _BLANKS, " "))


def normalised_text(text: str) -> str:
    """The normalised text of one post, as :func:`normalised` makes it for a column."""
    column = normalised(without_links(pa.array([text], pa.string())))
    result: str = column[0].as_py()
    return result


def text_key(normalised_form: str) -> str:
    """The object id of a normalised text: the first 128 bits of its SHA-256, in hex."""
    return hashlib.sha256(normalised_form.encode()).hexdigest()[:32]
