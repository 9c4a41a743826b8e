"""A page's lines: its blocks, or those of plain text, put together where a mail program broke."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assay.documents.page import Page
from assay.model.record import SegmentRole, Span

LONG_LINE = 90
"""A line of plain text of this length is a paragraph, though no empty line follows."""


@dataclass(frozen=True)
class Line:
    """A block or a line of plain text, and what it has been taken for.

    Attributes:
        span: Where it lies in the page's text.
        text: Its characters.
        kind: What the format says it is.
        level: Of a heading.
        after_gap: Whether an empty line stands before it.
        role: None while it is not taken for anything.
        note: Why it was taken for that.
    """

    span: Span
    text: str
    kind: str
    level: int = 0
    after_gap: bool = True
    role: SegmentRole | None = None
    note: str | None = None


def lines_of(page: Page) -> list[Line]:
    """The lines in order; lines of blocks where the format has them."""
    if page.blocks:
        return [
            Line(block.span, block.span.of(page.text), block.kind, block.level)
            for block in page.blocks
        ]
    return _plain_lines(page.text)


def _plain_lines(text: str) -> list[Line]:
    """Lines of plain text; lines that were broken at a fixed width are put together."""
    raw: list[Line] = []
    position = 0
    gap = True
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            start = position + line.index(stripped[0])
            span = Span(start, start + len(stripped))
            raw.append(Line(span, stripped, "paragraph", after_gap=gap))
            gap = False
        else:
            gap = True
        position += len(line) + 1
    return _unwrapped(raw, text)


def _unwrapped(lines: list[Line], text: str) -> list[Line]:
    """Join lines that a mail program broke: many, none long, most of one width."""
    lengths = sorted(len(line.text) for line in lines)
    if len(lines) < 6 or lengths[-1] > 100:
        return lines
    width = lengths[int(len(lengths) * 0.9)]
    full = sum(length > 0.8 * width for length in lengths)
    if width < 50 or full < 0.5 * len(lines):
        return lines
    joined: list[Line] = []
    for line in lines:
        if joined and not line.after_gap and len(joined[-1].text.rsplit("\n")[-1]) > 0.7 * width:
            span = Span(joined[-1].span.start, line.span.end)
            joined[-1] = replace(joined[-1], span=span, text=span.of(text))
        else:
            joined.append(line)
    return joined
