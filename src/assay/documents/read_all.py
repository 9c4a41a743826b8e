"""Documents read by every stage in its order, in this process, without saving anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.documents.base import Reading, Stage
from assay.documents.parse import parse_all
from assay.documents.stages import STAGES
from assay.model.record import Document

PARSED_LANGUAGES = ("en",)
"""Languages whose grammar is parsed before the stages; others are left to the stages."""


def read_one(document: Document, stages: Sequence[Stage] = STAGES) -> Reading:
    """One document read by the stages."""
    return next(read_all([document], stages))


def read_all(documents: Sequence[Document], stages: Sequence[Stage] = STAGES) -> Iterator[Reading]:
    """Documents read by the stages, in the documents' order."""
    for reading in _parsed(documents):
        language = reading.document.language.split("-")[0]
        for stage in stages:
            if not stage.languages or language in stage.languages:
                stage.read(reading)
        yield reading


def _parsed(documents: Sequence[Document]) -> Iterator[Reading]:
    """Readings in the documents' order, with a parse where the language has one."""
    parses = parse_all([one for one in documents if one.language in PARSED_LANGUAGES])
    for document in documents:
        parsed = next(parses) if document.language in PARSED_LANGUAGES else None
        yield Reading(document, parsed)
