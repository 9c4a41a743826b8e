"""What the head of an HTML page says of it: title, dates, author, canonical address, JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from assay.documents.html_dates import publication
from assay.model.record import Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass
class Head:
    """What the page's head says.

    Attributes:
        title: Of Open Graph, JSON-LD, or the title element.
        published: As stated.
        published_how: Where it is stated.
        modified: As stated.
        language: The ``lang`` of the root element.
        links: Canonical address and the like, which stand in no text.
        metadata: Author, publisher, description, addresses.
    """

    title: str | None = None
    published: str | None = None
    published_how: str = ""
    modified: str | None = None
    language: str | None = None
    links: list[tuple[str, Span | None]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: HtmlElement) -> Head:
        """Read canonical address, meta elements and JSON-LD."""
        # Many pages write en_US as locales are written.
        head = cls(language=(tree.get("lang") or "").strip().replace("_", "-") or None)
        named: dict[str, str] = {}
        for meta in tree.iter("meta"):
            name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
            if name and meta.get("content"):
                named.setdefault(name, meta.get("content", "").strip())
        ld = dict(_json_ld(tree))
        title = tree.find(".//title")
        head.title = (
            named.get("og:title")
            or _text(ld.get("headline"))
            or (title.text_content().strip() if title is not None else None)
        )
        told = publication(tree, named, _text(ld.get("datePublished")), head.language or "en")
        if told is not None:
            head.published, head.published_how = told
        head.modified = named.get("article:modified_time") or _text(ld.get("dateModified"))
        for link in tree.iter("link"):
            if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
                head.metadata["canonical"] = link.get("href")
        if "og:url" in named:
            head.metadata["og:url"] = named["og:url"]
        for key, names in _HEAD_NAMES.items():
            found = next((named[name] for name in names if name in named), None)
            found = found or _text(ld.get(key))
            if found:
                head.metadata[key] = found
        based_on = _text(ld.get("isBasedOn"))
        if based_on:
            head.metadata["isBasedOn"] = based_on
        for key in ("canonical", "og:url", "isBasedOn"):
            if key in head.metadata:
                head.links.append((head.metadata[key], None))
        return head


_HEAD_NAMES = {
    "author": ("author", "article:author", "dc.creator"),
    "publisher": ("og:site_name", "publisher", "dc.publisher"),
    "description": ("og:description", "description"),
}


_WRAPPING = re.compile(r"\A\s*(?://)?\s*(?:<!\[CDATA\[|<!--)|(?://)?\s*(?:\]\]>|-->)\s*\Z")
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_THINGS = 1_000


def _json_ld(tree: HtmlElement) -> Iterator[tuple[str, Any]]:
    """Properties of what JSON-LD describes, articles before all else; the first one wins."""
    things: list[Any] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json" or not script.text:
            continue
        try:
            things.append(json.loads(_WRAPPING.sub("", script.text), strict=False))
        except (ValueError, RecursionError):
            continue  # what cannot be read describes nothing; the page itself is still read
    articles: list[dict[str, Any]] = []
    for thing in islice(_described(things), _MOST_THINGS):
        if "headline" in thing or "datePublished" in thing:
            articles.append(thing)
    seen: set[str] = set()
    for thing in sorted(articles, key=_is_no_article):
        for key, value in thing.items():
            if key not in seen:
                seen.add(key)
                yield key, value


def _described(things: list[Any]) -> Iterator[dict[str, Any]]:
    """Every thing that is described, with those inside of it behind it."""
    waiting = list(reversed(things))
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, list):
            waiting += reversed(thing)
        elif isinstance(thing, dict):
            yield thing
            waiting += [thing[key] for key in reversed(_INSIDE) if key in thing]


def _is_no_article(thing: dict[str, Any]) -> bool:
    kinds = thing.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return not any(str(name).endswith(("Article", "Posting", "Report")) for name in names)


def _text(value: Any) -> str | None:
    """A property as text: its name if it is a thing, the first if there are several."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id") or value.get("url")
    return value.strip() or None if isinstance(value, str) else None
