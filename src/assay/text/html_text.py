"""Texts that a platform hands out as HTML, as a reader sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "li", "blockquote", "pre", "h1", "h2", "h3", "tr"})
_UNSEEN = frozenset({"script", "style", "template"})
_NAMED = re.compile(r"(?:^|\s)(?:mention|hashtag|u-url)(?:\s|$)")
"""Classes of links to an account or a tag: they name somebody, and share no page."""


@dataclass(frozen=True)
class ShownText:
    """An HTML text as it is read.

    Attributes:
        text: What is shown; breaks and paragraphs are line breaks.
        links: Where the links lead, but for those to accounts and tags.
    """

    text: str
    links: tuple[str, ...]


@lru_cache(maxsize=1 << 12)  # Of each account the same words about itself stand beside each post.
def shown_text(html: str) -> ShownText:
    """The text and the links of a post that is written in HTML.

    >>> shown_text('<p>see <a href="https://a.org/x">this</a> &amp; that</p>')
    ShownText(text='see this & that', links=('https://a.org/x',))
    """
    reader = _Reader()
    # At a section such as <![x[ the parser gives up; to a reader these are three signs.
    reader.feed(html.replace("<![", "&lt;!["))
    reader.close()
    lines = (
        re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in "".join(reader.parts).split("\n")
    )
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return ShownText(text, tuple(dict.fromkeys(reader.links)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BREAKS:
            self.parts.append("\n")
        elif tag == "a":
            told = dict(attrs)
            address = told.get("href") or ""
            tags = "tag" in (told.get("rel") or "").split()
            names = tags or _NAMED.search(told.get("class") or "")
            if address.startswith(("http://", "https://")) and not names:
                self.links.append(address)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(self._unseen - 1, 0)
        elif tag in _BREAKS - {"br"}:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            # A line break in the source is a blank to the reader.
            self.parts.append(data.replace("\n", " "))
