"""Sentences, words and their grammar, by spaCy, paragraph by paragraph.

Only the parts that are read are parsed, each once: parsing is most of the time that reading takes.
A paragraph is a document of spaCy's of its own, so that no sentence runs on from a headline into
the body; offsets of tokens count from the paragraph, and :class:`Paragraph` adds where it begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assay.documents.disclosure_layouts import is_disclosure
from assay.documents.english_model import english
from assay.documents.furniture import dateline_in
from assay.model.record import Document, Segment, SegmentRole, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token
    from spacy.tokens import Span as Words

PARSED_ROLES: tuple[SegmentRole, ...] = ("headline", "subtitle", "body", "inserted", "related_link")
"""Segments in which something may be read; what is found in the last two is marked so."""

_LINE = re.compile(r"[^\n]+")
_WRAPPED = (50, 110)
"""Characters of a line that a mail program or a PDF has wrapped."""
_ROOM = 18
_CLOSED = (".", "!", "?", ":", ";", "”", '"', "»", "…")
_ITEM = re.compile(r"(?:[-•*·–—]|\d{1,3}[.)])\s")
_LONGEST = 20_000
"""A longer line is cut, at a full stop if there is one: no person writes such a paragraph."""

_TOGETHER, _TOGETHER_CHARS = 256, 100_000
"""Most paragraphs that go through the model together, and most characters of them: its memory
grows with both."""


@dataclass(frozen=True)
class Paragraph:
    """One parsed line of a document.

    Attributes:
        span: Where it lies in the document's text.
        role: The segment it belongs to.
        doc: spaCy's parse of its text.
    """

    span: Span
    role: SegmentRole
    doc: Doc

    def span_of(self, words: Words | Token) -> Span:
        """Where words of the paragraph stand in the document's text."""
        if hasattr(words, "idx"):
            start = self.span.start + words.idx
            return Span(start, start + len(words.text))
        return Span(self.span.start + words.start_char, self.span.start + words.end_char)

    @cached_property
    def text(self) -> str:
        """Its text, put together from its words once."""
        return self.doc.text

    @cached_property
    def _ends(self) -> list[int]:
        return [word.idx + len(word) for word in self.doc]

    def word_at(self, position: int) -> Token | None:
        """The word that a place of the document stands in, else the next one; None past the last.

        Looked up, not sought word by word: every act and every number of a line asks.
        """
        i = bisect_right(self._ends, position - self.span.start)
        return self.doc[i] if i < len(self._ends) else None

    def between(self, first: Token, last: Token) -> Span:
        """From the first character of one word to the last of another."""
        return Span(self.span.start + first.idx, self.span.start + last.idx + len(last.text))


@dataclass(frozen=True)
class Parsed:
    """A document's parse.

    Attributes:
        paragraphs: In the order of the text.
    """

    paragraphs: tuple[Paragraph, ...]

    def sentences(self) -> Iterator[tuple[Paragraph, Words]]:
        """Every sentence with its paragraph."""
        for paragraph in self.paragraphs:
            for sentence in paragraph.doc.sents:
                yield paragraph, sentence

    def at(self, position: int) -> Paragraph | None:
        """The paragraph that a character lies in."""
        for paragraph in self.paragraphs:
            if paragraph.span.start <= position < paragraph.span.end:
                return paragraph
        return None


def parse(document: Document) -> Parsed:
    """Parse one document; see :func:`parse_all` for many."""
    return next(iter(parse_all([document])))


def parse_all(documents: Sequence[Document]) -> Iterator[Parsed]:
    """Parse documents in their order; paragraphs of several go through the model together.

    Args:
        documents: In a language that the model knows.
    """
    lines = [[*_lines(document)] for document in documents]
    longest = max((span.end - span.start for own in lines for span, _ in own), default=1)
    batch = max(1, min(_TOGETHER, _TOGETHER_CHARS // longest))
    stream = (
        # A wrapped line's break is a space to the parser; offsets stay.
        (span.of(document.text).replace("\n", " "), None)
        for document, own in zip(documents, lines, strict=True)
        for span, _ in own
    )
    docs = (doc for doc, _ in english().pipe(stream, as_tuples=True, batch_size=batch))
    for own in lines:
        yield Parsed(tuple(Paragraph(span, role, next(docs)) for span, role in own))


def _lines(document: Document) -> Iterable[tuple[Span, SegmentRole]]:
    if is_disclosure(document.text):
        # A table has no grammar; :mod:`disclosures` reads it by its columns.
        return
    for segment in document.segments:
        if segment.role not in PARSED_ROLES:
            continue
        for span in _past_dateline(document.text, segment):
            yield from _trimmed(document.text, span.start, span.end, segment.role)


def _past_dateline(text: str, segment: Segment) -> Iterator[Span]:
    """The lines of a segment; “MOSCOW, September 3 (Sputnik) – ” is no part of a sentence."""
    lead = dateline_in(text, segment.span) if segment.role == "body" else None
    ends = lead[1] + lead[0].end() if lead is not None else -1
    for span in _unwrapped(text, segment.span):
        if span.start < ends < span.end:
            yield Span(ends, span.end)
        else:
            yield span


def _unwrapped(text: str, segment: Span) -> Iterator[Span]:
    """Lines; those of a paragraph that a mail program or a PDF has wrapped, as one."""
    run: list[Span] = []
    for match in _LINE.finditer(text, segment.start, segment.end):
        line = Span(match.start(), match.end())
        if run and line.start == run[-1].end + 1 and _goes_on(text, run[-1], line):
            run.append(line)
            continue
        if run:
            yield Span(run[0].start, run[-1].end)
        run = [line]
    if run:
        yield Span(run[0].start, run[-1].end)


def _goes_on(text: str, line: Span, following: Span) -> bool:
    """Whether a line was broken for want of room: its sentence goes on in the next line."""
    said = line.of(text).rstrip()
    first = following.of(text).split(maxsplit=1)
    if not first or said.endswith(_CLOSED) or _ITEM.match(following.of(text).lstrip()):
        return False
    if first[0][:1].islower():
        return len(said) >= _WRAPPED[0]
    # “the Prosecutor / General”: the next word would not have fitted.
    return (
        _WRAPPED[0] <= len(said) <= _WRAPPED[1]
        and len(said) + 1 + len(first[0]) > _WRAPPED[0] + _ROOM
    )


def _trimmed(
    text: str, start: int, end: int, role: SegmentRole
) -> Iterator[tuple[Span, SegmentRole]]:
    """A line without white space around it, in pieces if it is endless."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _LONGEST:
        stop = text.rfind(". ", start, start + _LONGEST) + 1 or start + _LONGEST
        yield Span(start, stop), role
        start = stop
    if end > start:
        yield Span(start, end), role
