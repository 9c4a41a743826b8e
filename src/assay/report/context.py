"""What every section of the page may look at."""

from __future__ import annotations

from dataclasses import dataclass

from assay.report.evidence import Evidence
from assay.report.gather import Gathered
from assay.report.payload import Payload
from assay.report.pictures import Palette
from assay.report.timeline import Timeline


@dataclass(frozen=True)
class Context:
    """A run, made ready for showing.

    Attributes:
        gathered: Tables and figures.
        evidence: The frozen rows.
        timelines: By community.
        payload: What the script gets, and what had to stay outside.
        palette: The colour of each community.
        network_png: The drawing for readers without a script and for print, in base64.
    """

    gathered: Gathered
    evidence: Evidence
    timelines: dict[int, Timeline]
    payload: Payload
    palette: Palette
    network_png: str

    @property
    def found(self) -> bool:
        """Whether any pair passed."""
        return len(self.gathered.edges) > 0
