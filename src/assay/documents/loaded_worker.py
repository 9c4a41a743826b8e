"""Importing this loads all that a worker needs; see :mod:`assay.documents.workers`.

The parser, the word lists and the patterns are loaded when something is first read, so a sentence
that calls for all of them is read once.
"""

from __future__ import annotations

import gc

from assay.documents.read_all import read_one
from assay.model.record import Document, Segment, Span

_SENTENCE = (
    "The ministry said on Monday that Facebook had removed 12 accounts worth $100 for breaking its "
    "rules, and “urged” it to restore them."
)

read_one(
    Document(
        document="",
        sha256="",
        media_type="text/plain",
        text=_SENTENCE,
        language="en",
        segments=(Segment("body", Span(0, len(_SENTENCE))),),
    )
)
# What is loaded stays in memory that the workers share: the collector would write into it.
gc.freeze()
