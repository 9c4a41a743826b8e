"""Demands: who asks whom for what, told directly or at second hand.

A regulator that demands has not removed anything, and a hope is no order: each demand keeps the
word that asks, whether it was made, hoped for or announced, and the law that it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assay.documents.base import Reading
from assay.documents.demand_forms import Asked
from assay.documents.demand_nouns import by_noun
from assay.documents.demand_parties import asked_of, asking, is_ours
from assay.documents.demand_verbs import by_verb
from assay.documents.lowered import lowered
from assay.documents.measures import sentence_span
from assay.documents.parse import Paragraph
from assay.documents.parties import Parties, parties_of
from assay.documents.places import beginning_in
from assay.documents.same_demand import fold_demands
from assay.documents.slots_grounds import laws
from assay.documents.slots_time import dated_in
from assay.model.record import OWN_WORDS, Demand

if TYPE_CHECKING:
    from spacy.tokens import Span as Words

_MAY_ASK = re.compile(
    r"urg|demand|request|requir|order|\bcall|appeal|petition|insist|\bask|\btell|\btold|instruct|"
    r"propos|recommend|warn|caution|invit|compel|oblig|implor|\bhop(?:e|ing)|\bexpect|\btrust|"
    r"\bgave\b|\bgives?\b|want|\bmust\b|should|ultimatum|\bnote\b|\bletter\b|notice|\brais|\bbring|press|direct"
)
"""Looked for in small letters."""


class Demands:
    """Reads the demands of English documents from their parse."""

    name = "demands"
    languages: Sequence[str] = ("en",)

    def read(self, reading: Reading) -> None:
        """Add the demands in the order of the text."""
        if reading.parsed is None:
            return
        parties = parties_of(reading)
        found: list[tuple[Demand, bool]] = []
        for paragraph, sentence in reading.parsed.sentences():
            place = sentence_span(paragraph, sentence)
            if paragraph.role in OWN_WORDS and _MAY_ASK.search(
                lowered(reading.text), place.start, place.end
            ):
                found += _demands_in(reading, parties, paragraph, sentence)
        for number, demand in enumerate(fold_demands(reading.text, found), 1):
            reading.demands.append(replace(demand, demand_id=f"D{number}"))


def _demands_in(
    reading: Reading, parties: Parties, paragraph: Paragraph, sentence: Words
) -> Iterator[tuple[Demand, bool]]:
    """Demands of a sentence, each with whether it stands in the headline."""
    for token in sentence:
        asked = by_verb(paragraph, token) or by_noun(paragraph, token, sentence)
        if asked is None:
            continue
        demand = _demand(reading, parties, paragraph, sentence, asked)
        if demand is not None:
            yield demand, paragraph.role != "body"


def _demand(
    reading: Reading, parties: Parties, paragraph: Paragraph, sentence: Words, asked: Asked
) -> Demand | None:
    asker = parties.party(paragraph, asked.asker) if asked.asker is not None else None
    addressed = [parties.party(paragraph, one) for one in asked.asked]
    place = sentence_span(paragraph, sentence)
    if not is_ours(parties, place, asked, asker, addressed):
        return None
    actor = asking(reading, parties, paragraph, asked, asker)
    counts = tuple(
        one
        for one in beginning_in(reading.counts, place)
        if place.start <= one.phrase.start < place.end
        and (one.unit in ("companies", "platforms") or asked.content.start <= one.span.start)
    )
    addressee = asked_of(reading.text, parties, paragraph, addressed, asked)
    if asked.asker is not None and asked.asker.lower_ in ("it", "they"):
        # “It orders Kadrik to …”: the pronoun stands for somebody else.
        whom = {value.value for value in addressee}
        actor = tuple(value for value in actor if value.value not in whom)
    return Demand(
        demand_id="",
        actor=actor,
        addressee=addressee,
        trigger=asked.trigger,
        content=asked.content,
        status="announced" if asked.announced else ("expressed" if asked.hope else "made"),
        legal_basis=tuple(laws(reading.text, place)),
        counts=counts,
        demanded_on=dated_in(
            reading, place, "demanded", [one.span for one in parties.touching(place)], asked.trigger
        ),
    )
