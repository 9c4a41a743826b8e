"""Every export format there is."""

from __future__ import annotations

from assay.errors import UsageError
from assay.exchange.base import Exporter, RecordExporter
from assay.exchange.case_uco import CaseUco
from assay.exchange.claim_review import ClaimReview
from assay.exchange.csv import Csv
from assay.exchange.disinfodex import Disinfodex
from assay.exchange.gexf import Gexf
from assay.exchange.graphml import GraphMl
from assay.exchange.media_review import MediaReview
from assay.exchange.wacz import Wacz

EXPORTERS: tuple[Exporter, ...] = (
    GraphMl(),
    Gexf(),
    Csv(),
    CaseUco(),
    Wacz(),
)
"""Formats of a run's results."""

RECORD_EXPORTERS: tuple[RecordExporter, ...] = (Disinfodex(), ClaimReview(), MediaReview())
"""Formats of a record of documents."""


def find_exporter(name: str) -> Exporter:
    """The format of a run of that name.

    Raises:
        UsageError: There is none.
    """
    for exporter in EXPORTERS:
        if exporter.name == name:
            return exporter
    known = [one.name for one in EXPORTERS] + [one.name for one in RECORD_EXPORTERS]
    names = ", ".join(known)
    raise UsageError(f"no format is called {name!r}", fix=f"use {names}")


def find_record_exporter(name: str) -> RecordExporter | None:
    """The format of a record of that name; None if there is none."""
    return next((one for one in RECORD_EXPORTERS if one.name == name), None)
