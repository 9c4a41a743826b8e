"""What became of demands and complaints: met, refused, not complied with, or left without answer.

Each is a claim on the demand or measure that it answers, with the words that say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from assay.documents.base import Reading, claim_id
from assay.documents.hedges import hedge_of, hedger
from assay.model.record import OWN_WORDS, Claim, Demand, Span

_REPLIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "no_answer",
        re.compile(
            r"\bno\s+(?:reaction|answer|reply|response)\b[^.;\n]{0,60}?(?:followed|received|came|given|"
            r"ever\s+received)|\bthere\s+was\s+no\s+(?:reaction|answer|reply|response)\b|\b(?:did\s+not|"
            r"didn[’']t|has\s+not|have\s+not|never)\s+(?:immediately\s+)?(?:repl(?:y|ied)|respond(?:ed)?|"
            r"answer(?:ed)?|react(?:ed)?)\b|\bне\s+ответил\w*|\bn[’']a\s+pas\s+répondu|"
            r"\bantwortete\s+nicht|\breagierte\s+nicht",
            re.IGNORECASE,
        ),
    ),
    (
        "not_complied",
        re.compile(
            r"\b(?:failed\s+to|did\s+not|has\s+not|have\s+not)\s+(?:comply|complied|act\s+on|obey)\b|"
            r"\bignor(?:ed|es|ing)\s+(?:the|our|its|their|repeated|numerous)\s+(?:\w+\s+)?(?:demands?|"
            r"requests?|orders?|warnings?)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "refused",
        re.compile(
            r"\b(?:refus(?:ed|es)|declin(?:ed|es)|reject(?:ed|s))\s+(?:the\s+(?:demand|request|order)|"
            r"to\s+(?:comply|do\s+so|restore|remove|reinstate|act))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "met",
        re.compile(
            r"\b(?:complied\s+with|met|fulfilled|granted)\s+(?:the|our|its|their)\s+(?:demands?|"
            r"requests?|orders?)\b|\b(?:had|have|has)\s+been\s+asked\s+to\s+do\s+so\b",
            re.IGNORECASE,
        ),
    ),
)


_OUTCOMES: Mapping[str, Literal["met", "refused"]] = {"met": "met", "refused": "refused"}
"""Replies that settle a demand."""


class Replies:
    """Reads refusals, compliance and silence."""

    name = "replies"
    languages: Sequence[str] = ()

    def read(self, reading: Reading) -> None:
        """Add a claim for each; a demand that is met or refused says so itself."""
        for kind, span in find_replies(reading):
            demand = _answered(reading, span)
            subject = "document"
            if demand is not None:
                subject = demand.demand_id
                status = _OUTCOMES.get(kind)
                if status is not None and demand.status == "made":
                    reading.demands[reading.demands.index(demand)] = replace(demand, status=status)
            elif reading.measures:
                subject = _nearest(reading, span)
            sentence = _sentence(reading.text, span)
            hedge = hedge_of(reading.text, span, sentence)
            name = reading.document.document
            reading.claims.append(
                Claim(
                    claim_id=claim_id(name, self.name, subject, "reply", span),
                    document=name,
                    subject=subject,
                    slot="reply",
                    value=span.of(reading.text),
                    norm=kind,
                    span=span,
                    stage=self.name,
                    hedge=hedge,
                    hedged_by=hedger(reading, span.start) if hedge else None,
                    segment=reading.document.role_at(span.start),
                )
            )


def find_replies(reading: Reading) -> Iterator[tuple[str, Span]]:
    """Words of reply in the document's own words, with what they say, in order."""
    found = []
    for segment in reading.document.segments:
        if segment.role in OWN_WORDS:
            for kind, pattern in _REPLIES:
                for match in pattern.finditer(reading.text, segment.span.start, segment.span.end):
                    found.append((match.start(), match.end(), kind))
    for start, end, kind in sorted(found):
        yield kind, Span(start, end)


def _answered(reading: Reading, span: Span) -> Demand | None:
    """The last demand before the reply that was not made of somebody else."""
    before = [one for one in reading.demands if one.trigger.start < span.start]
    told = reading.text[_sentence(reading.text, span).start : span.start]
    known = {value.value for one in reading.measures for value in one.platform if value.value}
    known |= {value.value for one in reading.demands for value in one.addressee if value.value}
    replying = {name for name in known if name in told}
    for demand in reversed(before):
        asked = {value.value for value in demand.addressee}
        if not replying or not asked or replying & asked:
            return demand
    return None


def _nearest(reading: Reading, span: Span) -> str:
    return min(reading.measures, key=lambda one: abs(one.span.start - span.start)).measure_id


def _sentence(text: str, span: Span) -> Span:
    begin = max(text.rfind(". ", 0, span.start) + 1, text.rfind("\n", 0, span.start) + 1)
    return Span(begin, span.end)
