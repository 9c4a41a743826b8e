"""Which measure a statement or a demand answers.

A statement that tells a measure is about it; one that names the measure's platform or target with
a word for what was done answers it; one by the same speaker right after goes on about the same.
A reply about one platform is never tied to another platform's measure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assay.documents.base import Reading
from assay.documents.measure_index import MeasureIndex, actors_of, names_of, nearest
from assay.documents.parties import Parties, parties_of
from assay.model.record import Demand, Measure, Span, Statement

NEAR = 600
"""Characters within which the same speaker goes on about the same measure."""

_SENTENCE_END = re.compile(r"[.!?][”\"’»)]?(?=\s|$)|\n")
_DEED = re.compile(
    r"\b(?:actions?|decisions?|choices?|moves?|steps?|measures?|policy|policies|polic|removals?|bans?|"
    r"suspensions?|takedowns?|blocking|blocked|deleted?|restrict\w*|censor\w*|closure|closed|"
    r"accounts?|pages?|channels?|restor\w*|reinstat\w*)\b",
    re.IGNORECASE,
)


class Links:
    """Ties statements and demands to measures."""

    name = "links"
    languages: Sequence[str] = ()

    def read(self, reading: Reading) -> None:
        """Fill in ``measure_id`` where no stage has, from what the text says."""
        if not reading.measures:
            return
        parties = parties_of(reading)
        index = MeasureIndex(reading.measures, {one.name.value for one in parties.mentions})
        before: Statement | None = None
        for number, statement in enumerate(reading.statements):
            linked = statement
            if statement.measure_id is None:
                found = _of_statement(reading, parties, index, statement, before)
                linked = replace(statement, measure_id=found) if found else statement
                reading.statements[number] = linked
            before = linked
        answered = _Answered(reading.measures, parties)
        for number, demand in enumerate(reading.demands):
            if demand.measure_id is None:
                found = answered.by(demand)
                if found:
                    reading.demands[number] = replace(demand, measure_id=found)


def _of_statement(
    reading: Reading,
    parties: Parties,
    index: MeasureIndex,
    statement: Statement,
    before: Statement | None,
) -> str | None:
    inside = index.told_in(statement.spans)
    if inside is not None:
        return inside.measure_id
    around = _sentence_around(reading.text, statement)
    if _DEED.search(reading.text, around.start, around.end):
        told = {one.name.value for one in parties.inside(around) if one.name.kind != "country"}
        named = index.naming(told, around.start)
        if named is not None:
            return named.measure_id
    telling = index.beside(around)
    if telling is not None:
        return telling.measure_id
    if (
        before is not None
        and before.measure_id
        and before.speaker.value is not None
        and (before.speaker.value == statement.speaker.value)
    ):
        gap = statement.spans[0].start - before.spans[-1].end
        others = {one.name.value for one in parties.platforms_inside(around)}
        if gap < NEAR and (not others or others & actors_of(index.by_id[before.measure_id])):
            return before.measure_id
    return None


def _sentence_around(text: str, statement: Statement) -> Span:
    """The paragraph's sentence that holds the statement, its cue and its question."""
    start = min(span.start for span in statement.spans)
    end = max(span.end for span in statement.spans)
    if statement.cue is not None:
        start, end = min(start, statement.cue.start), max(end, statement.cue.end)
    begin = max(text.rfind("\n", 0, start) + 1, text.rfind(". ", 0, start) + 2)
    stop = _SENTENCE_END.search(text, end)
    return Span(min(begin, start), stop.start() if stop else len(text))


class _Answered:
    """The measure by those who are addressed, if a demand speaks of a deed; else the only one."""

    def __init__(self, measures: Sequence[Measure], parties: Parties) -> None:
        self._text = parties.text
        self._platforms = parties.platform_names
        self._done = [one for one in measures if one.status in ("past", "ongoing", "announced")]
        self._by_name: dict[str, list[tuple[int, int]]] = {}
        for number, one in enumerate(self._done):
            for name in actors_of(one):
                self._by_name.setdefault(name, []).append((one.span.start, number))
        for places in self._by_name.values():
            places.sort()

    def by(self, demand: Demand) -> str | None:
        """Which measure a demand answers, by its id."""
        stretch = Span(
            min(demand.trigger.start, demand.content.start),
            max(demand.trigger.end, demand.content.end),
        )
        if not _DEED.search(self._text, stretch.start, stretch.end):
            return None
        addressed = names_of(demand.addressee)
        same = [
            nearest(self._by_name[name], stretch.start)
            for name in addressed
            if name in self._by_name
        ]
        if same:
            return self._done[min(same)[1]].measure_id
        if any(name in self._platforms for name in addressed):
            # Addressed to another platform than those that acted.
            return None
        return self._done[0].measure_id if len(self._done) == 1 else None
