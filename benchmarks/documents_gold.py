"""The hand-made truth of examples/documents as readings, every value at its own characters.

The gold files name values by their words; here the words are looked up in the document's text. A
value is looked for in its measure's sentence first, then in the whole text; ``[value, quote]`` and
``[value, quote, context]`` say more exactly where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assay.documents.base import Reading
from assay.documents.page import Refused
from assay.documents.read_pages import read_documents
from assay.model.record import (
    Count,
    DatedValue,
    DateRole,
    Demand,
    Document,
    Measure,
    Span,
    Speaker,
    Spend,
    Statement,
    Value,
)

CORPUS = Path(__file__).resolve().parents[1] / "examples" / "documents"
SPLITS = ("train", "test", "blind", "fresh", "wild", "last")


@dataclass(frozen=True)
class Gold:
    """A document of the corpus with its truth.

    Attributes:
        name: File name; the member of a feed after ``#``.
        document: As the product opens it.
        reading: The truth.
        published: Date and precision; None where the text gives none.
        segments: Role and beginning of parts that are not the document's own words.
        furniture: Words that stand outside of the document's own words, or not in it at all.
        counts: Numbers of things that no measure holds.
        nothing: Whether the page has nothing to be read (a login wall).
        count_platforms: Numbers of measures with their platform; None for one over several.
        hedges: Of a measure: its id, the words that weaken one of its values, whose they are.
        sums: Every sum of money; None where the truth does not list them.
    """

    name: str
    document: Document
    reading: Reading
    published: tuple[str, str] | None
    segments: tuple[tuple[str, str], ...] = ()
    furniture: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    nothing: bool = False
    count_platforms: tuple[tuple[float, str | None], ...] = ()
    hedges: tuple[tuple[str, str, str], ...] = ()
    sums: tuple[Spend, ...] | None = None
    plain: dict[str, Any] = field(default_factory=dict)


class NotFound(LookupError):
    """A gold value's words do not stand in the document."""


def load_gold(split: str) -> Iterator[Gold]:
    """Every document of a split with its truth, in the order of their names."""
    for path in sorted((CORPUS / "gold" / split).glob("*.yaml")):
        plain = yaml.safe_load(path.read_text(encoding="utf-8"))
        source = CORPUS / split / path.name.removesuffix(".yaml")
        opened = [one for one in read_documents([source]) if not isinstance(one, Refused)]
        if not opened:
            if plain.get("nothing"):
                continue
            raise NotFound(f"{source.name} could not be opened")
        yield gold_of(opened[plain.get("member", 1) - 1], plain)


def relations(split: str) -> dict[str, Any]:
    """Which measures of a split tell of one act, and how their numbers stand."""
    text = (CORPUS / "gold" / "relations.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)[split]
    return found


def gold_of(document: Document, plain: dict[str, Any]) -> Gold:
    """The truth of one document.

    Raises:
        NotFound: Words that the gold file names do not stand in the text.
    """
    reading = Reading(document)
    text = document.text
    for one in plain.get("measures", ()):
        reading.measures.append(_measure(text, one))
    for one in plain.get("statements", ()):
        reading.statements.append(_statement(text, one))
    for one in plain.get("demands", ()):
        reading.demands.append(_demand(text, one))
    whole = Span(0, len(text))
    published = plain.get("published")
    return Gold(
        name=document.document,
        document=document,
        reading=reading,
        published=(str(published[0]), published[1]) if published else None,
        segments=tuple((role, str(begins)) for role, begins in plain.get("segments", ())),
        furniture=tuple(plain.get("furniture", ())),
        counts=tuple(_count(text, one, whole) for one in plain.get("counts", ())),
        nothing=bool(plain.get("nothing")),
        count_platforms=tuple(_count_platforms(plain)),
        hedges=tuple(
            (one["id"], words, whose or "the document")
            for one in plain.get("measures", ())
            for words, whose in one.get("hedges", ())
        ),
        sums=tuple(_sum(text, one, whole) for one in plain["sums"]) if "sums" in plain else None,
        plain=plain,
    )


def place(text: str, words: str, inside: Span, context: str | None = None) -> Span:
    """Where words stand: inside a span, else anywhere; white space may differ.

    Raises:
        NotFound: Nowhere.
    """
    if context is not None:
        inside = place(text, context, inside)
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words.split()))
    edged = re.compile(rf"(?<![\w,.]){pattern.pattern}(?!\w)")
    for found in (
        edged.search(text, inside.start, inside.end),
        pattern.search(text, inside.start, inside.end),
        edged.search(text),
        pattern.search(text),
    ):
        if found is not None:
            return Span(found.start(), found.end())
    raise NotFound(f"{words!r} does not stand in the text")


def _listed(item: Any) -> list[Any]:
    return list(item) if isinstance(item, list) else [item]


def _value(text: str, item: Any, inside: Span) -> Value:
    """A value of the same words as in the text; else nearest by the first letters of each."""
    name = str(item)
    try:
        return Value(name, place(text, name, inside))
    except NotFound:
        # Another grammatical case (Russian) or a shorter form: the name's stem stands there.
        stem = " ".join(word[: max(3, len(word) - 3)] for word in name.split())
        pattern = r"\w*\s+".join(re.escape(word) for word in stem.split()) + r"\w*"
        found = re.compile(pattern, re.IGNORECASE).search(text)
        if found is None:
            raise
        return Value(name, Span(found.start(), found.end()))


def _values(text: str, items: Any, inside: Span) -> tuple[Value, ...]:
    return tuple(_value(text, item, inside) for item in items or ())


def _place(text: str, item: Any, inside: Span) -> Span:
    """``words`` or ``[words, context]``."""
    listed = _listed(item)
    return place(text, str(listed[0]), inside, listed[1] if len(listed) > 1 else None)


def _count(text: str, item: list[Any], inside: Span) -> Count:
    number, unit, words, *rest = item
    comparator = rest[0] if rest else "="
    span = place(text, str(words), inside, rest[1] if len(rest) > 1 else None)
    return Count(float(number), unit, span, span, comparator)


def _sum(text: str, item: list[Any], inside: Span) -> Spend:
    """``[amount, currency, words, comparator, period]``, the last two where they are told."""
    amount, currency, words, *rest = item
    comparator, period = (*rest, *("=", None)[len(rest) :])
    return Spend(
        float(amount),
        currency,
        place(text, words, inside),
        comparator,
        None if period is None else str(period),
    )


def _count_platforms(plain: dict[str, Any]) -> Iterator[tuple[float, str | None]]:
    for one in plain.get("measures", ()):
        for item, platform in zip(
            one.get("counts", ()), one.get("count_platforms", ()), strict=False
        ):
            yield float(item[0]), platform


def _dated(item: Any, role: DateRole) -> DatedValue | None:
    if item is None:
        return None
    return DatedValue(role, str(item[0]), item[1], None, "gold")


def _measure(text: str, one: dict[str, Any]) -> Measure:
    span = place(text, one["quote"], Span(0, len(text)))
    slots = ("actor", "platform", "target", "ground", "origin", "operator", "legal_basis")
    values = {slot: _values(text, one.get(slot), span) for slot in (*slots, "election")}
    return Measure(
        measure_id=one["id"],
        actions=tuple((action, _place(text, words, span)) for action, words in one["action"]),
        status=one["status"],
        span=span,
        counts=tuple(_count(text, item, span) for item in one.get("counts", ())),
        spend=tuple(_sum(text, item, span) for item in one.get("spend", ())),
        repetition=_value(text, one["repetition"], span) if one.get("repetition") else None,
        asserted_by=_values(text, one.get("asserted_by"), span),
        disclosed_on=_dated(one.get("disclosed_on"), "disclosed"),
        acted_on=_dated(one.get("acted_on"), "acted"),
        **values,
    )


def _statement(text: str, one: dict[str, Any]) -> Statement:
    spans = tuple(place(text, words, Span(0, len(text))) for words in one["spans"])
    near = Span(max(0, spans[0].start - 300), min(len(text), spans[-1].end + 300))
    name, *where = one["speaker"]
    words = where or [name]
    after = Span(spans[0].start, near.end)
    named = None if name is None and not where else _place(text, words, near)
    return Statement(
        statement_id=one["id"],
        form=one["form"],
        spans=spans,
        cue=None
        if one["cue"] is None
        else _place(text, one["cue"], after if not isinstance(one["cue"], list) else near),
        speaker=Speaker(
            name,
            named,
            role=_value(text, one["role"], near) if one.get("role") else None,
            organisation=_value(text, one["organisation"], near)
            if one.get("organisation")
            else None,
        ),
        kind=one.get("kind", "statement"),
        venue=_value(text, one["venue"], near) if one.get("venue") else None,
        said_on=_dated(one.get("said_on"), "said"),
        measure_id=one.get("measure"),
        evidence_offered=one.get("evidence"),
    )


def _demand(text: str, one: dict[str, Any]) -> Demand:
    content = place(text, one["content"], Span(0, len(text)))
    before = Span(max(0, content.start - 200), content.end)
    return Demand(
        demand_id=one["id"],
        actor=_values(text, one.get("actor"), before),
        addressee=_values(text, one.get("addressee"), before),
        trigger=_place(text, one["trigger"], before),
        content=content,
        status=one["status"],
        legal_basis=_values(text, one.get("legal_basis"), before),
        measure_id=one.get("measure"),
    )
