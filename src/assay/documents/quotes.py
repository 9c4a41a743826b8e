"""Where quotation marks open and close, whatever the style, balanced or not.

Marks are told by their form where it speaks (“ ” « » „) and by what stands beside them where it
does not (" ' ’ and two apostrophes for one mark). An apostrophe is never a mark. A quotation that
runs on into the next paragraph opens there again and closes once, as printers have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.model.record import Span

_MARK = re.compile(r"''|``|,,|[“”„‟\"«»‹›‘’‚']")
_DOUBLE_OPEN = frozenset(("“", "„", "‟", "``", ",,"))
_DOUBLE_EITHER = frozenset(('"', "''"))
_SINGLE = frozenset(("‘", "’", "‚", "'", "‹", "›"))
_BEFORE_OPENING = re.compile(r"[\s(\[{—–\-/…:“„«\"'‘‚>]")
_AFTER_CLOSING = re.compile(r"[\s)\]}—–\-/…:;,.!?”»\"'’<]")
_CLIPPED = re.compile(r"(?:\d0?s|em|til|tis|twas|cause|bout|round|n)\b", re.IGNORECASE)
"""What may follow an apostrophe at the beginning of a word: ’90s, ’em, ’til."""


@dataclass(frozen=True)
class Quotation:
    """One pair of quotation marks, or half a pair.

    Attributes:
        inner: The words between the marks, without white space at the ends.
        outer: With the marks.
        single: Between single marks.
        closed: False where the paragraph ends before the closing mark.
        continues: True where it goes on from the paragraph before.
    """

    inner: Span
    outer: Span
    single: bool = False
    closed: bool = True
    continues: bool = False


@dataclass
class _Open:
    mark: str
    outer: int
    inner: int


def quotations(text: str, paragraphs: Sequence[Span]) -> tuple[Quotation, ...]:
    """The outermost quotations of a text, in order.

    Args:
        text: The document's text.
        paragraphs: Where its paragraphs lie; no quotation crosses from one to the next but as a
            continuation of its own.
    """
    reversed_guillemets = _reversed_guillemets(text)
    found: list[Quotation] = []
    for paragraph in paragraphs:
        pending = bool(found) and not found[-1].closed and _follows(text, found[-1], paragraph)
        for quotation in _in_paragraph(text, paragraph, reversed_guillemets):
            continues = pending and quotation.outer.start == paragraph.start
            pending = False
            found.append(
                Quotation(
                    quotation.inner, quotation.outer, quotation.single, quotation.closed, continues
                )
            )
    return tuple(found)


def _follows(text: str, quotation: Quotation, paragraph: Span) -> bool:
    return not text[quotation.outer.end : paragraph.start].strip()


def _reversed_guillemets(text: str) -> bool:
    """Whether the text quotes »so« and not «so»."""
    opening, closing = text.find("»"), text.find("«")
    return 0 <= opening < closing or (opening >= 0 and closing < 0)


def _in_paragraph(text: str, paragraph: Span, reversed_guillemets: bool) -> Iterator[Quotation]:
    opened: _Open | None = None
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        mark, start, end = match.group(), match.start(), match.end()
        before = text[start - 1] if start > paragraph.start else " "
        after = text[end] if end < paragraph.end else " "
        can_open = bool(_BEFORE_OPENING.match(before)) and not after.isspace()
        can_close = not before.isspace() and bool(_AFTER_CLOSING.match(after))
        if mark in ("«", "»"):
            can_open = (mark == "»") == reversed_guillemets
            can_close = not can_open
        if opened is None:
            if _opens(text, mark, end, can_open, can_close):
                opened = _Open(mark, start, end)
        elif _closes(text, opened, mark, Span(start, paragraph.end), can_open, can_close):
            yield _quotation(text, opened, Span(start, end), closed=True)
            opened = None
    if opened is not None and opened.mark not in _SINGLE:
        yield _quotation(text, opened, Span(paragraph.end, paragraph.end), closed=False)


def _opens(text: str, mark: str, end: int, can_open: bool, can_close: bool) -> bool:
    if mark in _DOUBLE_OPEN or mark in ("«", "»"):
        return can_open or (mark in _DOUBLE_OPEN and not can_close)
    if mark in _DOUBLE_EITHER:
        return can_open
    if mark in ("‘", "‚", "‹"):
        return can_open and not (mark == "‘" and _CLIPPED.match(text, end))
    if mark == "'":
        return can_open and not _CLIPPED.match(text, end)
    return False


def _closes(
    text: str, opened: _Open, mark: str, rest: Span, can_open: bool, can_close: bool
) -> bool:
    if opened.mark in _SINGLE:
        wanted = {"‘": "’'", "‚": "‘’'", "'": "'’", "‹": "›"}[opened.mark]
        return mark in wanted and can_close and not _possessive(text, rest, wanted)
    if opened.mark in ("«", "»"):
        return mark in ("«", "»") and mark != opened.mark
    if opened.mark in ("„", ",,"):
        return mark in ("“", "”", '"', "''")
    if mark == "”":
        return True
    if mark in _DOUBLE_EITHER:
        return can_close or not can_open
    return mark == "“" and can_close and not can_open


def _possessive(text: str, rest: Span, wanted: str) -> bool:
    """Whether a mark after an s is the voters’ apostrophe: the real end comes later."""
    before, after = text[rest.start - 1], text[rest.start + 1 : rest.start + 3]
    if before != "s" or not re.match(r"\s\w", after):
        return False
    later = text[rest.start + 1 : rest.end]
    return bool(re.search(rf"[\w.,!?…][{re.escape(wanted)}](?!\w)", later)) and "‘" not in later


def _quotation(text: str, opened: _Open, closing: Span, closed: bool) -> Quotation:
    start, end = opened.inner, closing.start
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Quotation(
        Span(start, end),
        Span(opened.outer, closing.end),
        single=opened.mark in _SINGLE,
        closed=closed,
    )
