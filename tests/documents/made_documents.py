"""Documents made of a few sentences, read by all stages."""

from __future__ import annotations

import hashlib

from assay.documents.base import Reading
from assay.documents.check_places import check_places
from assay.documents.read_all import read_one
from assay.model.record import DatedValue, Document, Segment, Span


def made_document(
    text: str, *, name: str = "made.txt", language: str = "en", published: str | None = None
) -> Document:
    """A document whose whole text is body."""
    dates = ()
    if published is not None:
        dates = (DatedValue("published", published, "day", None, "stated by the test"),)
    return Document(
        document=name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        media_type="text/plain",
        text=text,
        language=language,
        segments=(Segment("body", Span(0, len(text))),),
        dates=dates,
    )


def read(
    text: str, *, name: str = "made.txt", language: str = "en", published: str | None = None
) -> Reading:
    """The document as all stages read it, each value at the place that it gives."""
    reading = read_one(made_document(text, name=name, language=language, published=published))
    check_places(reading)
    return reading
