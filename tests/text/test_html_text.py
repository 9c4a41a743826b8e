"""HTML as it is read."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.text.html_text import shown_text


@pytest.mark.parametrize(
    ("written", "text", "links"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo", ()),
        ("a<br>b<br/>c", "a\nb\nc", ()),
        ("a\n  b&nbsp;c", "a b\xa0c", ()),
        ("a<script>alert(1)</script>b<style>x{}</style>", "ab", ()),
        ('<a href="https://a.org/1">x</a> <a href="/2">y</a>', "x y", ("https://a.org/1",)),
        ('<a href="https://a.org/@b" class="u-url mention">@b</a>', "@b", ()),
        ('<a href="https://a.org/tag/n" rel="tag">#n</a>', "#n", ()),
        ('<a href="https://a.org/tag/n" rel="nofollow tag">#n</a>', "#n", ()),
        ("5 < 6 & 7 > 2", "5 < 6 & 7 > 2", ()),
        ("a <![ b <![x[ c]]> d", "a <![ b <![x[ c]]> d", ()),
    ],
)
def test_what_is_shown(written: str, text: str, links: tuple[str, ...]) -> None:
    shown = shown_text(written)
    assert (shown.text, shown.links) == (text, links)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"])))
def test_text_without_marks_is_itself(text: str) -> None:
    assert shown_text(html.escape(text)).text == text


@given(st.text("<>/ab=\"'&;![] -p", max_size=40))
def test_anything_is_read(text: str) -> None:
    assert "<p>" not in shown_text(text).text
