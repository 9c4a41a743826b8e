"""The source chain: who wrote a text, which agency carried it, on whose page it stands.

A credit is a span in the copy: the agency in a dateline, a byline, “Source: …”, the terms of a
wire service, a link to the original. “According to Reuters” credits a fact and not the text, so it
is none. A shortened link as the only source is opaque: the origin is not guessed from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from assay.documents.furniture import dateline_in
from assay.documents.page import Page
from assay.model.record import Segment, SourceLink, Span

_URL = re.compile(r"https?://[^\s<>\"”»)\]]+")
_SHORTENERS = frozenset(
    re.findall(
        r"\S+",
        "bit.ly t.co goo.gl tinyurl.com tinyl.io ow.ly is.gd buff.ly t.ly rb.gy cutt.ly clck.ru "
        "vk.cc tiny.cc bitly.com shorturl.at lnkd.in dlvr.it trib.al fb.me youtu.be wp.me",
    )
)
_SHORT_PATH = re.compile(r"^/[\w-]{3,10}$")
_BYLINE = re.compile(
    r"^(?:by|von|par|автор:?)\s(?P<name>[A-ZÀ-ÞА-ЯЁ][\w.'’-]+(?:\s[A-ZÀ-ÞА-ЯЁ][\w.'’-]+){1,3})"
    r"(?:\s?[,|/–—-]\s?(?P<outlet>[^\n]{2,60}))?$",
    re.IGNORECASE | re.MULTILINE,
)
_WIRE_TERMS = re.compile(
    r"\b(?:all\s)?content\s(?:created|provided|published)\sby\s(?:the\s)?"
    r"(?P<name>(?:[A-Z][\w&.'’-]+\s?){1,6})|"
    r"\b(?:originally|first)\s(?:published|appeared)\s(?:by|on|in|at)\s(?:the\s)?"
    r"(?P<first>(?:[A-Z][\w&.'’-]+\s?){1,6})|"
    r"\b(?:reprinted|republished)\s(?:from|with\spermission\s(?:from|of))\s(?:the\s)?"
    r"(?P<from>(?:[A-Z][\w&.'’-]+\s?){1,6})",
)
_DISCLAIMER = re.compile(
    r"\b(?:published|views?|opinions?|posts?)\b[^.\n]{0,60}\bon\s(?:the\s)?"
    r"(?P<name>[A-Z][\w&.'’-]+(?:\s[A-Z][\w&.'’-]+){0,4})\s(?:do|does)\snot\snecessarily",
)
_SOURCE_LINE = re.compile(r"^(?:source|sources|via|источник|quelle)\s?:\s*(?P<rest>.+)$", re.I)


def source_chain(page: Page, segments: Sequence[Segment]) -> tuple[SourceLink, ...]:
    """Every credit, origin first."""
    chain: list[SourceLink] = []
    chain += _agency(page, segments)
    chain += _source_lines(page, segments)
    chain += _terms(page, segments)
    chain += _bylines(page, segments)
    chain += _stated(page)
    chain += _carrier(page, segments)
    order = {"origin": 0, "wire": 1, "origin_link": 2, "author": 3, "republisher": 4}
    return tuple(sorted(chain, key=lambda link: order[link.role]))


def is_opaque(address: str) -> bool:
    """Whether a link hides where it leads: a shortener's."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    if host in _SHORTENERS:
        return True
    # Shorteners come and go: a very short host with one short word behind it is one.
    return len(host) <= 9 and bool(_SHORT_PATH.match(parts.path)) and not parts.query


def _agency(page: Page, segments: Sequence[Segment]) -> list[SourceLink]:
    """The agency in the dateline of the body."""
    for segment in segments:
        if segment.role != "body":
            continue
        found = dateline_in(page.text, segment.span)
        if found is not None and found[0].group("agency"):
            match, offset = found
            start = offset + match.start("agency")
            name = match.group("agency")
            inner = name.strip("(/) ")
            begin = start + name.index(inner)
            return [SourceLink("origin", inner, Span(begin, begin + len(inner)), "in the dateline")]
    return []


def _source_lines(page: Page, segments: Sequence[Segment]) -> list[SourceLink]:
    links: list[SourceLink] = []
    for segment in segments:
        if segment.role != "source_line":
            continue
        text = segment.span.of(page.text)
        address = _URL.search(text)
        if address:
            start = segment.span.start + address.start()
            span = Span(start, start + len(address.group(0)))
            note = "a shortened link: opaque" if is_opaque(address.group(0)) else "on a source line"
            links.append(SourceLink("origin_link", address.group(0), span, note))
            continue
        named = _SOURCE_LINE.match(text.replace("\xa0", " "))
        if named:
            start = segment.span.start + named.start("rest")
            name = named.group("rest").strip(" .")
            span = Span(start, start + len(name))
            links.append(SourceLink("origin", name, span, "on a source line"))
    return links


def _terms(page: Page, segments: Sequence[Segment]) -> list[SourceLink]:
    """A wire service's own terms at the foot, or “originally published by …”."""
    links: list[SourceLink] = []
    for segment in segments:
        if segment.role not in ("footer", "source_line", "page_furniture"):
            continue
        for match in _WIRE_TERMS.finditer(page.text, segment.span.start, segment.span.end):
            group = match.lastgroup or "name"
            name = match.group(group).strip(" ,.")
            span = Span(match.start(group), match.start(group) + len(name))
            links.append(SourceLink("origin", name, span, "in terms of republication"))
    return links


def _bylines(page: Page, segments: Sequence[Segment]) -> list[SourceLink]:
    links: list[SourceLink] = []
    for segment in segments:
        if segment.role in ("other_releases", "related_link", "inserted"):
            continue
        for match in _BYLINE.finditer(page.text, segment.span.start, segment.span.end):
            span = Span(match.start("name"), match.end("name"))
            links.append(SourceLink("author", match.group("name"), span, "a byline"))
            if match.group("outlet"):
                outlet = Span(match.start("outlet"), match.end("outlet"))
                links.append(
                    SourceLink("origin", match.group("outlet").strip(), outlet, "in the byline")
                )
    return links


def _stated(page: Page) -> list[SourceLink]:
    """What the markup says: an original elsewhere, a publisher, an author."""
    links: list[SourceLink] = []
    own = urlsplit(str(page.metadata.get("url") or page.metadata.get("og:url") or "")).hostname
    for key in ("isBasedOn", "canonical"):
        address = page.metadata.get(key)
        if not isinstance(address, str) or not address.startswith("http"):
            continue
        host = urlsplit(address).hostname
        if host and own and host.removeprefix("www.") != own.removeprefix("www."):
            links.append(SourceLink("origin_link", address, None, f"the page's {key}"))
    author = page.metadata.get("author")
    if isinstance(author, str) and not author.startswith("http"):
        links.append(SourceLink("author", author, None, "stated by the file"))
    publisher = page.metadata.get("publisher")
    if isinstance(publisher, str):
        links.append(SourceLink("republisher", publisher, None, "stated by the file"))
    return links


def _carrier(page: Page, segments: Sequence[Segment]) -> list[SourceLink]:
    """The site that disclaims its contributors' views names itself."""
    for segment in segments:
        if segment.role not in ("footer", "newsletter_plea"):
            continue
        match = _DISCLAIMER.search(page.text, segment.span.start, segment.span.end)
        if match:
            span = Span(match.start("name"), match.end("name"))
            return [SourceLink("republisher", match.group("name"), span, "in its disclaimer")]
    return []
