"""What stages of reading share: the reading under way, and the protocol of a stage.

A stage looks at a document and at what the stages before it have read, and *adds*. It never
changes or removes what another stage wrote: two stages that disagree leave two claims.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assay.documents.places import Covering
from assay.model.record import (
    Claim,
    Count,
    Demand,
    Document,
    Event,
    Measure,
    Span,
    Spend,
    Statement,
)

if TYPE_CHECKING:
    from assay.documents.parse import Parsed
    from assay.documents.parties import Parties

CONTEXT = 32
"""Characters of prefix and suffix that a text quote selector carries."""


@dataclass(frozen=True)
class Said:
    """Where the first statements of a reading stand; they never move.

    Attributes:
        size: How many there are; with more, it is looked up anew.
        covering: Which of them a character belongs to.
    """

    size: int
    covering: Covering


@dataclass
class Reading:
    """One document and everything read from it so far.

    Attributes:
        document: The page with its text and segments.
        parsed: The parse of the parts that are read; None for languages that are not parsed.
        statements: In the order of the text.
        counts: Every number of things, whether or not a measure uses it.
        spends: Every sum of money.
        measures: In the order of the text.
        demands: In the order of the text.
        claims: Values by slot, appended by every stage.
        dropped: How many values a stage let go because the text does not hold them, by reason.
        names: Known names of the document, once a stage has asked for them; not saved.
        said: Which statements a character belongs to, once a stage has asked; not saved.
    """

    document: Document
    parsed: Parsed | None = None
    statements: list[Statement] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    spends: list[Spend] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)
    names: Parties | None = field(default=None, repr=False, compare=False)
    said: Said | None = field(default=None, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The text that all offsets count in."""
        return self.document.text

    def statements_at(self, position: int) -> list[Statement]:
        """The statements whose words a character belongs to, in their order."""
        if self.said is None or self.said.size != len(self.statements):
            self.said = Said(len(self.statements), Covering(one.spans for one in self.statements))
        return [self.statements[number] for number in self.said.covering.at(position)]

    def quote(self, span: Span) -> tuple[str, str, str]:
        """Prefix, exact words and suffix of a span (W3C text quote selector)."""
        text = self.document.text
        return (
            text[max(0, span.start - CONTEXT) : span.start],
            text[span.start : span.end],
            text[span.end : span.end + CONTEXT],
        )


class Stage(Protocol):
    """One step of reading.

    Attributes:
        name: What claims carry as their ``stage``.
        languages: Languages that it reads (BCP 47 primary tags); empty for any.
    """

    @property
    def name(self) -> str:
        """What claims carry as their ``stage``."""

    @property
    def languages(self) -> Sequence[str]:
        """Languages that it reads; empty for any."""

    def read(self, reading: Reading) -> None:
        """Add what the stage finds to the reading."""
        ...


class Merger(Protocol):
    """Joins what several documents tell of one act.

    Attributes:
        name: For people.
    """

    @property
    def name(self) -> str:
        """For people."""

    def merge(self, readings: Sequence[Reading], choices: Path) -> Sequence[Event]:
        """Every event of the record; a measure told by one document alone is one as well.

        Args:
            readings: All documents, without their parses.
            choices: ``OUT/choices.jsonl``, what people joined and split; may not exist.
        """
        ...


def claim_id(document: str, stage: str, subject: str, slot: str, span: Span | None) -> str:
    """The id of a claim: the same for the same stage, subject, slot and place."""
    place = "" if span is None else f"{span.start}-{span.end}"
    told = "\x1f".join((document, stage, subject, slot, place))
    return "c" + hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
