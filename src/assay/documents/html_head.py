"""What the head of an HTML page says of it: title, dates, author, canonical address, JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assay.model.record import Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement


@dataclass
class Head:
    """What the page's head says.

    Attributes:
        title: Of Open Graph, JSON-LD, or the title element.
        published: As stated.
        modified: As stated.
        language: The ``lang`` of the root element.
        links: Canonical address and the like, which stand in no text.
        metadata: Author, publisher, description, addresses.
    """

    title: str | None = None
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    links: list[tuple[str, Span | None]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: HtmlElement) -> Head:
        """Read canonical address, meta elements and JSON-LD."""
        head = cls(language=tree.get("lang"))
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
        head.published = (
            named.get("article:published_time")
            or _text(ld.get("datePublished"))
            or named.get("datepublished")
            or named.get("dc.date")
            or named.get("date")
        )
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


def _json_ld(tree: HtmlElement) -> Iterator[tuple[str, Any]]:
    """Properties of every article that JSON-LD describes; the first one wins."""
    seen: set[str] = set()
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json" or not script.text:
            continue
        try:
            described = json.loads(script.text)
        except (ValueError, RecursionError):
            continue
        items = described if isinstance(described, list) else [described]
        items += [
            inner for item in items if isinstance(item, dict) for inner in _listed(item, "@graph")
        ]
        for item in items:
            if isinstance(item, dict) and ("headline" in item or "datePublished" in item):
                for key, value in item.items():
                    if key not in seen:
                        seen.add(key)
                        yield key, value


def _listed(item: dict[str, Any], key: str) -> list[Any]:
    value = item.get(key)
    return value if isinstance(value, list) else []


def _text(value: Any) -> str | None:
    """A property as text: its name if it is a thing, the first if there are several."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id") or value.get("url")
    return value.strip() or None if isinstance(value, str) else None
