"""Every export format there is."""

from __future__ import annotations

from assay.errors import UsageError
from assay.exchange.base import Exporter
from assay.exchange.case_uco import CaseUco
from assay.exchange.csv import Csv
from assay.exchange.gexf import Gexf
from assay.exchange.graphml import GraphMl

EXPORTERS: tuple[Exporter, ...] = (GraphMl(), Gexf(), Csv(), CaseUco())


def find_exporter(name: str) -> Exporter:
    """The format of that name.

    Raises:
        UsageError: There is none.
    """
    for exporter in EXPORTERS:
        if exporter.name == name:
            return exporter
    names = ", ".join(exporter.name for exporter in EXPORTERS)
    raise UsageError(f"no format is called {name!r}", fix=f"use {names}")
