"""A document as a page: its text, its parts, its dates, where it came from.

Offsets count Unicode code points of the document's text, the end excluded, as the text selectors
of the W3C Web Annotation Data Model do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

SegmentRole = Literal[
    "headline",
    "subtitle",
    "teaser_duplicate",
    "date_line",
    "body",
    "inserted",
    "related_link",
    "newsletter_plea",
    "page_furniture",
    "source_line",
    "footer",
    "other_releases",
]
"""Parts of a page. ``date_line`` is a line that holds the date alone. Only the headline, the
subtitle and the body are the document's own words; ``inserted`` was put in by a republisher."""

OWN_WORDS: tuple[SegmentRole, ...] = ("headline", "subtitle", "body")
"""Segments in which a measure, a statement or a demand may be read without being marked."""

Precision = Literal[
    "second", "minute", "day", "week", "month", "quarter", "year", "weekday", "unknown"
]
"""How fine a date is. ``weekday`` is a day of the week whose week the text does not give."""

DateRole = Literal[
    "published", "captured", "modified", "dateline", "said", "acted", "disclosed", "demanded"
]
"""What a date dates: the page itself, or something that it tells."""


@dataclass(frozen=True, order=True)
class Span:
    """Characters of a document's text, the end excluded."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters themselves."""
        return text[self.start : self.end]


@dataclass(frozen=True)
class Value:
    """A value as it was read.

    Attributes:
        value: Normalised: a canonical name, a number, an ISO date; None where the text is silent.
        span: Where it was read; None where it was inferred.
        hedge: The words that weaken it, such as “allegedly”, as they stand.
        hedged_by: Whose hedge it is: the speaker or the writer of the document.
        how: How the value came from the characters, or why it was inferred.
    """

    value: str | None
    span: Span | None = None
    hedge: str | None = None
    hedged_by: str | None = None
    how: str | None = None


@dataclass(frozen=True)
class Segment:
    """One part of a page.

    Attributes:
        role: What kind of part.
        span: Where it lies.
        note: Why it was taken for that, in a few words.
    """

    role: SegmentRole
    span: Span
    note: str | None = None


@dataclass(frozen=True)
class DatedValue:
    """A date of the document or of something that it tells.

    Attributes:
        role: ``published``, ``captured``, ``modified`` or ``dateline`` of the page itself;
            ``said``, ``acted``, ``disclosed`` or ``demanded`` of what it tells.
        value: ISO 8601, as far as it is known: ``2020-09-03``, ``2020-09``, ``--09-03`` where the
            year is open; None where only a weekday is given.
        precision: How fine.
        span: Where it was read.
        how: How it was resolved; the reasons for a year that the text does not give.
    """

    role: DateRole
    value: str | None
    precision: Precision
    span: Span | None
    how: str


@dataclass(frozen=True)
class SourceLink:
    """One link of the chain from the origin of a text to this page.

    Attributes:
        role: ``origin``, ``wire``, ``republisher``, ``author`` or ``origin_link``.
        value: Name or address; None where the page does not say.
        span: Where the credit stands.
        note: For instance that a shortened link is opaque.
    """

    role: Literal["origin", "wire", "republisher", "author", "origin_link"]
    value: str | None
    span: Span | None = None
    note: str | None = None


@dataclass(frozen=True)
class Document:
    """A document and what is known of it as a page.

    Attributes:
        document: Path relative to the input; members of containers after ``#``.
        sha256: Of the text in UTF-8; names ``text/<sha256>.txt``.
        media_type: Of the input, such as ``text/html``.
        text: The text that all offsets count in.
        language: BCP 47; ``und`` where it cannot be told.
        title: Where the headline stands.
        segments: In order, not overlapping.
        dates: Every date of the page itself.
        sources: The source chain, origin first.
        links: Addresses that the page gives, with where they stand (canonical and the like
            without a span).
        metadata: What the file says of itself (headers, JSON-LD), as read.
    """

    document: str
    sha256: str
    media_type: str
    text: str
    language: str = "und"
    title: Span | None = None
    segments: tuple[Segment, ...] = ()
    dates: tuple[DatedValue, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    links: tuple[tuple[str, Span | None], ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def role_at(self, position: int) -> SegmentRole | None:
        """The segment that a character lies in."""
        for segment in self.segments:
            if segment.span.start <= position < segment.span.end:
                return segment.role
        return None
