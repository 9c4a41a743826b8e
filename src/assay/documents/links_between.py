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
from assay.documents.parties import Parties, parties_of
from assay.model.record import Demand, Measure, Span, Statement, Value

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
        before: Statement | None = None
        for number, statement in enumerate(reading.statements):
            linked = statement
            if statement.measure_id is None:
                found = _of_statement(reading, parties, statement, before)
                linked = replace(statement, measure_id=found) if found else statement
                reading.statements[number] = linked
            before = linked
        for number, demand in enumerate(reading.demands):
            if demand.measure_id is None:
                found = _of_demand(reading, parties, demand)
                if found:
                    reading.demands[number] = replace(demand, measure_id=found)


def _of_statement(
    reading: Reading, parties: Parties, statement: Statement, before: Statement | None
) -> str | None:
    inside = [
        measure
        for measure in reading.measures
        for place in (*(span for _, span in measure.actions), *measure.mentions)
        if any(part.start <= place.start < part.end for part in statement.spans)
    ]
    if inside:
        return inside[0].measure_id
    around = _sentence_around(reading.text, statement)
    named = _by_name(parties, reading.measures, around)
    if named is not None:
        return named.measure_id
    telling = [
        measure for measure in reading.measures
        if measure.span.start < around.end and around.start < measure.span.end
    ]  # fmt: skip
    if telling:
        return telling[0].measure_id
    if (
        before is not None
        and before.measure_id
        and before.speaker.value is not None
        and (before.speaker.value == statement.speaker.value)
    ):
        gap = statement.spans[0].start - before.spans[-1].end
        others = {one.name.value for one in parties.platforms_inside(around)}
        last = next(one for one in reading.measures if one.measure_id == before.measure_id)
        mine = _names(last.actor) | _names(last.platform)
        if gap < NEAR and (not others or others & mine):
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


def _by_name(parties: Parties, measures: Sequence[Measure], stretch: Span) -> Measure | None:
    """The measure whose platform or target a stretch names beside a word for the deed."""
    if not _DEED.search(parties.text, stretch.start, stretch.end):
        return None
    told = {one.name.value for one in parties.inside(stretch) if one.name.kind != "country"}
    scored = []
    for number, measure in enumerate(measures):
        own = _names(measure.actor) | _names(measure.platform)
        on = _names(measure.target) | _names(measure.operator)
        score = 2 * len(told & on) + len(told & own)
        if score:
            distance = abs(measure.span.start - stretch.start)
            scored.append((-score, distance, number))
    return measures[min(scored)[2]] if scored else None


def _of_demand(reading: Reading, parties: Parties, demand: Demand) -> str | None:
    """The measure by those who are addressed, if the demand speaks of a deed; else the only one."""
    stretch = Span(
        min(demand.trigger.start, demand.content.start),
        max(demand.trigger.end, demand.content.end),
    )
    if not _DEED.search(parties.text, stretch.start, stretch.end):
        return None
    addressed = _names(demand.addressee)
    done = [one for one in reading.measures if one.status in ("past", "ongoing", "announced")]
    same = [one for one in done if addressed & (_names(one.actor) | _names(one.platform))]
    known = {one.name.value for one in parties.platforms}
    if not same and addressed & known:
        # Addressed to another platform than those that acted.
        return None
    listed = same or (done if len(done) == 1 else [])
    if not listed:
        return None
    return min(listed, key=lambda one: abs(one.span.start - stretch.start)).measure_id


def _names(values: Sequence[Value]) -> set[str]:
    return {value.value for value in values if value.value}
