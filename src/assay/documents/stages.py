"""Every stage of reading, in the order in which they read; and what joins documents."""

from __future__ import annotations

from assay.documents.base import Merger, Stage
from assay.documents.counts import Counts
from assay.documents.demands import Demands
from assay.documents.disclosures import Disclosures
from assay.documents.foreign import ForeignMeasures
from assay.documents.links_between import Links
from assay.documents.measures import Measures
from assay.documents.merge_events import EventMerger
from assay.documents.money import Money
from assay.documents.replies import Replies
from assay.documents.statements import Statements
from assay.documents.statements_by_marks import StatementsByMarks
from assay.documents.takedown_tables import TakedownTables

STAGES: tuple[Stage, ...] = (
    Counts(),
    Money(),
    Statements(),
    StatementsByMarks(),
    Measures(),
    Demands(),
    ForeignMeasures(),
    Disclosures(),
    TakedownTables(),
    Replies(),
    Links(),
)
"""Each one adds to the reading; what it needs from others stands before it."""

MERGER: Merger | None = EventMerger()
"""Joins the measures of several documents into events."""
