"""Nothing leaves a reading whose characters are not there: every place lies inside the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache

from assay.documents.base import Reading
from assay.errors import CheckFailed
from assay.model.record import Span


def check_places(reading: Reading) -> None:
    """Every place that a reading's rows would name lies inside its document.

    Claims made of statements, measures, demands and the page's own dates and sources
    (:mod:`assay.documents.derive_claims`) take their places from these.

    Raises:
        CheckFailed: A value points at characters that the document does not have, or stands in
            the text by its own word and has none.
    """
    page = reading.document
    kinds = {
        "dates": page.dates,
        "sources": page.sources,
        "statements": reading.statements,
        "measures": reading.measures,
        "demands": reading.demands,
        "claims": reading.claims,
    }
    length = len(reading.text)
    for name, held in kinds.items():
        for span in _spans(held):
            if not 0 <= span.start < span.end <= length:
                raise CheckFailed(
                    f"a value of its {name} points outside of the document: {span}",
                    file=page.document,
                )
    for claim in reading.claims:
        if claim.in_text and claim.span is None:
            raise CheckFailed(
                f"the claim {claim.claim_id} ({claim.slot}) has no characters", file=page.document
            )


def _spans(held: object) -> Iterator[Span]:
    if isinstance(held, Span):
        yield held
    elif isinstance(held, list | tuple):
        for one in held:
            yield from _spans(one)
    elif is_dataclass(held) and not isinstance(held, type):
        for name in _names(type(held)):
            yield from _spans(getattr(held, name))


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
