"""RSS and Atom: every entry is a document (RSS 2.0, RFC 4287)."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from html import escape
from typing import TYPE_CHECKING

from assay.documents.inputs import RawFile, Stated
from assay.documents.limits import Limits
from assay.documents.page import Refused

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTENT = ("encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "date", "updated")


def is_feed(data: bytes) -> bool:
    """Whether a file begins as RSS or Atom does."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and any(
        mark in head for mark in (b"<rss", b"<feed", b"<rdf:RDF", b"http://www.w3.org/2005/Atom")
    )


def open_feed(raw: RawFile, limits: Limits) -> Iterator[RawFile | Refused]:
    """The entries of a feed, unopened; entities are not resolved and nothing is looked up."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, load_dtd=False
    )
    try:
        root = etree.fromstring(raw.data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        yield Refused(raw.document, "the feed is no well-formed XML", "get the file again")
        return
    channel = _child(root, ("channel",))
    publisher = _words(_child(channel if channel is not None else root, ("title",)))
    entries = [element for element in root.iter() if _name(element) in ("item", "entry")]
    if not entries:
        yield Refused(raw.document, "the feed has no entries", "check the file")
        return
    for number, entry in enumerate(entries[: limits.members]):
        yield _entry(raw, entry, number, publisher)
    if len(entries) > limits.members:
        told = f"only the first {limits.members:,} of {len(entries):,} entries were read"
        yield Refused(raw.document, told, "split the feed")


def _entry(raw: RawFile, entry: _Element, number: int, publisher: str | None) -> RawFile:
    title = _words(_child(entry, ("title",)))
    content = max((_inner(element) for element in _children(entry, _CONTENT)), key=len, default="")
    heading = f"<h1>{escape(title)}</h1>" if title else ""
    link = _link(entry)
    told = {"publisher": publisher, "canonical": link}
    return RawFile(
        f"{raw.document}#{number + 1}",
        # Not an HTML page as a whole: what stands in an entry is all its own.
        f"<article>{heading}{content}</article>".encode("utf-8-sig"),
        declared_type="text/html",
        captured=raw.captured,
        stated=Stated(
            media_type="application/rss+xml",
            title=title,
            published=_date(_words(_child(entry, _DATES))),
            link=link,
            metadata={name: value for name, value in told.items() if value},
        ),
    )


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def _children(element: _Element, names: tuple[str, ...]) -> list[_Element]:
    return [child for child in element if _name(child) in names]


def _child(element: _Element, names: tuple[str, ...]) -> _Element | None:
    """The first child with the first of the names that there is."""
    for name in names:
        for child in element:
            if _name(child) == name:
                return child
    return None


def _words(element: _Element | None) -> str | None:
    if element is None:
        return None
    return " ".join("".join(element.itertext()).split()) or None


def _inner(element: _Element) -> str:
    """An entry's content as HTML, whether it was escaped or stands as XHTML."""
    from lxml import etree

    if len(element):
        return "".join(
            [escape(element.text or "")]
            + [etree.tostring(child, encoding="unicode", method="html") for child in element]
        )
    return element.text or ""


def _link(entry: _Element) -> str | None:
    for link in _children(entry, ("link",)):
        address = link.get("href") or (link.text or "").strip()
        if address.startswith(("http://", "https://")) and link.get("rel") in (None, "alternate"):
            return str(address)
    return None


def _date(text: str | None) -> str | None:
    """RFC 822 dates of RSS as ISO 8601; Atom's are that already."""
    if not text:
        return None
    if text[:4].isdigit():
        return text
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError):
        return None
