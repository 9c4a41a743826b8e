"""Readings of sentences written for a test."""

from __future__ import annotations

from assay.documents.base import Reading
from assay.documents.parse import parse
from assay.documents.statements import Statements
from assay.model.record import Document, Segment, SegmentRole, Span, Statement


def document(*parts: tuple[SegmentRole, str]) -> Document:
    """A document of segments, one a line."""
    text, segments = "", []
    for role, words in parts:
        segments.append(Segment(role, Span(len(text), len(text) + len(words))))
        text += words + "\n"
    return Document("made.txt", "0" * 64, "text/plain", text, "en", segments=tuple(segments))


def read(made: Document) -> Reading:
    """What the statements' stage reads of it."""
    reading = Reading(made, parse(made))
    Statements().read(reading)
    return reading


def statements(text: str) -> list[tuple[str, Statement]]:
    """Statements of a body with their words, the parts of one joined by a stroke."""
    reading = read(document(("body", text)))
    return [
        (" / ".join(span.of(reading.text) for span in one.spans), one) for one in reading.statements
    ]
