from __future__ import annotations

import re
from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.letters import EMOJI, SMALL, SYMBOL
from assay.engine.post_texts import Found, read_texts
from assay.text.normalise import (
    HASHTAG_PATTERN,
    LINK_PATTERN,
    MENTION_PATTERN,
    normalised,
    without_links,
)

_PIECES = (
    "http://",
    "HTTPS://a.b/c",
    "hthttp://x",
    "://",
    "RT @",
    "rT  @a_1 :",
    "@",
    "@Name.x-y",
    "a@b.c",
    "](",
    ")[",
    ")",
    "]",
    "(",
    "[",
    "#",
    "#Тег_1",
    "##x",
    "&#39;",
    "&",
    "«",
    "»",
    "“",
    "”",
    "’",
    "–",
    "…",
    "Ё",
    "Йй",
    "Ѷѷ",
    "Ѿ",
    "é",
    "Ａ",
    "ſ",
    "\u0306",
    "😀",
    "日本",
    "ß",
    "À",
    "×",
    "№",
    "\ufffd",
    "İ",
    " ",
    "  ",
    "\t",
    "\n",
    "\v",
    "\x1c",
    "\x7f",
    "\u00a0",
    ".",
    ":",
    "/",
    "_",
    "Z9",
)
_TEXTS = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=2)), max_size=9).map("".join)


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """One for all examples."""
    return duckdb.connect(config={"threads": 1})


def _by_pattern(pattern: str, texts: pa.Array, group: str) -> list[tuple[int, str]]:
    connection = _connection()
    connection.register(
        "texts", pa.table({"place": pa.array(range(len(texts)), pa.int64()), "text": texts})
    )
    return connection.execute(
        f"SELECT place, unnest(regexp_extract_all(text, $pattern{group})) FROM texts "
        "ORDER BY place",
        {"pattern": pattern},
    ).fetchall()


def _listed(found: Found) -> list[tuple[int, str]]:
    return list(zip(found.places.tolist(), found.values.to_pylist(), strict=True))


@given(st.lists(st.one_of(st.none(), _TEXTS), max_size=6))
def test_the_kernel_finds_what_the_patterns_find(texts: list[str | None]) -> None:
    column = pa.array(["x #before", *texts], pa.string()).slice(1)
    told = read_texts(column, None)
    assert told.plain.to_pylist() == normalised(without_links(column)).to_pylist()

    # What the kernel leaves alone is left whole to the patterns.
    simple = pc.if_else(pc.is_null(told.linkless), column, pa.scalar(None, pa.string()))
    linkless = without_links(simple)
    assert _listed(told.links) == _by_pattern(LINK_PATTERN, simple, "")
    assert _listed(told.hashtags) == _by_pattern(HASHTAG_PATTERN, linkless, ", 1")
    assert _listed(told.mentions) == [
        (place, name.lower()) for place, name in _by_pattern(MENTION_PATTERN, linkless, ", 1")
    ]
    left = pc.and_(pc.is_valid(told.linkless), pc.is_valid(column))
    assert told.linkless.filter(left).to_pylist() == without_links(column.filter(left)).to_pylist()


@given(st.text(st.characters(max_codepoint=0x47F), max_size=12))
def test_common_texts_need_no_patterns(text: str) -> None:
    common = re.fullmatch(r"[\t-\r -~À-þĀ-ďά-ώ\u0400-\u047f«»…–😀]*", text) and "&#" not in text
    assert not common or read_texts(pa.array([text]), None).linkless.null_count == 1


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[x](https://t.me/+a)[join](https://t.me/b) | …", ["https://t.me/+a)", "https://t.me/b)"]),
        ("[https://a.org/x](https://a.org/x)", ["https://a.org/x]", "https://a.org/x)"]),
        ("https://a.org/wiki/Foo_(bar)_[1]", ["https://a.org/wiki/Foo_(bar)_[1]"]),
        ("https://a.org/f(x)(y)?q[]=1&q[]=2", ["https://a.org/f(x)(y)?q[]=1&q[]=2"]),
    ],
)
def test_a_link_ends_where_markdown_closes_it(text: str, links: list[str]) -> None:
    assert read_texts(pa.array([text]), None).links.values.to_pylist() == links
    assert [value for _, value in _by_pattern(LINK_PATTERN, pa.array([text]), "")] == links


def test_a_title_stands_for_a_missing_text() -> None:
    told = read_texts(
        pa.array(["One text", None, None]), pa.array(["t", "A #Tag http://a.b", None])
    )
    assert told.plain.to_pylist() == ["one text", "a #tag", None]
    assert told.linkless.to_pylist() == [None, "A #Tag  ", None]
    assert _listed(told.hashtags) == _listed(told.links) == []


def test_every_common_character_is_read_as_the_patterns_read_it() -> None:
    two_bytes = [chr(0x80 + int(place)) for place in np.flatnonzero(SMALL)]
    signs = [chr(0x2000 + int(place)) for place in np.flatnonzero(SYMBOL)]
    pictures = [chr(0x1F000 + int(place)) for place in np.flatnonzero(EMOJI)]
    column = pa.array([f"A{sign}#x{sign}y @{sign}" for sign in two_bytes + signs + pictures])
    told = read_texts(column, None)
    assert told.linkless.null_count == len(column) > 3000
    assert told.plain.equals(normalised(column))
    assert _listed(told.hashtags) == _by_pattern(HASHTAG_PATTERN, column, ", 1")
