"""A page as its format gives it, before anybody has asked what its parts are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assay.model.record import Span

BlockKind = Literal["heading", "paragraph", "quote", "item", "furniture"]
"""What the format says a block is; ``furniture`` where the markup says that it is not content."""


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list item or the like.

    Attributes:
        kind: What the format says it is.
        span: Where it lies in the page's text.
        level: Of a heading, 1 for the topmost; 0 for everything else.
    """

    kind: BlockKind
    span: Span
    level: int = 0


@dataclass(frozen=True)
class Page:
    """One readable page.

    Attributes:
        document: Path relative to the input; members of containers after ``#``.
        media_type: Of the input.
        text: All of its text; offsets of everything read later count in it.
        blocks: In order, not overlapping; empty for plain text.
        title: What the format names as the title, such as ``og:title``.
        published: As the format states it.
        published_how: Where it states so.
        modified: Likewise.
        captured: When the page was saved, where the container says so; ISO 8601.
        language: As the format states it.
        links: Addresses with where they stand; without a span where they stand in no text.
        metadata: What else the file says of itself.
        notes: What was noticed on the way, for people.
    """

    document: str
    media_type: str
    text: str
    blocks: tuple[Block, ...] = ()
    title: str | None = None
    published: str | None = None
    published_how: str = "stated by the file"
    modified: str | None = None
    captured: str | None = None
    language: str | None = None
    links: tuple[tuple[str, Span | None], ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """A document that could not be read, with the reason and what to do.

    Attributes:
        document: Path relative to the input.
        reason: What is wrong with it.
        fix: What the user can do.
    """

    document: str
    reason: str
    fix: str
