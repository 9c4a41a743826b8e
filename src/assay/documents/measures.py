"""Measures of a document: each act with its slots, told once however often the text tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assay.documents import slots_grounds
from assay.documents.actions import Act, acts_in, may_act
from assay.documents.base import Reading, claim_id
from assay.documents.chains import asserted_by
from assay.documents.grammar import phrase
from assay.documents.hedges import hedged, hedger
from assay.documents.parse import Paragraph
from assay.documents.parties import Parties, distinct, parties_of
from assay.documents.places import beginning_in
from assay.documents.same_act import fold
from assay.documents.slots_counts import counts_of, inside, units_of
from assay.documents.slots_follow import completed
from assay.documents.slots_origin import operators, origins
from assay.documents.slots_platforms import (
    behind_on,
    counted_on,
    on_platform,
    only_platform,
    platforms_of,
)
from assay.documents.slots_targets import targets_of
from assay.documents.slots_time import dates_of_act
from assay.model.record import Claim, DatedValue, Measure, Span, Spend, Value

if TYPE_CHECKING:
    from spacy.tokens import Span as Words


@dataclass(frozen=True)
class Telling:
    """A measure as one clause tells it, before tellings of the same act are folded."""

    measure: Measure
    act: Act
    units: frozenset[str]
    generic_actor: bool


class Measures:
    """Reads the measures of English documents from their parse."""

    name = "measures"
    languages: Sequence[str] = ("en",)

    def read(self, reading: Reading) -> None:
        """Add the measures in the order of the text."""
        if reading.parsed is None:
            return
        parties = parties_of(reading)
        tellings = list(_tellings(reading, parties))
        folded = fold(reading.text, [(one.measure, one.units, one.generic_actor)
                                     for one in tellings])  # fmt: skip
        labels = {one.act.steps[0][1]: one.act.label for one in tellings if one.act.label}
        for number, measure in enumerate(completed(reading, parties, folded), 1):
            numbered = replace(measure, measure_id=f"M{number}")
            reading.measures.append(numbered)
            for _, span in numbered.actions:
                if span in labels:
                    reading.claims.append(_label(reading, numbered, labels[span]))


def _tellings(reading: Reading, parties: Parties) -> Iterator[Telling]:
    assert reading.parsed is not None
    for paragraph in reading.parsed.paragraphs:
        if not may_act(reading.text, paragraph.span):
            continue
        for sentence in paragraph.doc.sents:
            place = sentence_span(paragraph, sentence)
            if may_act(reading.text, place):
                for act in acts_in(paragraph, sentence, parties):
                    yield _telling(reading, parties, act)


def _own_notice(reading: Reading, act: Act) -> DatedValue | None:
    """A platform's own notice makes known on its day what “we” did."""
    if act.actor is None or act.actor.kind != "platform":
        return None
    first = act.actor.values[0].span if act.actor.values else None
    if first is None or first.of(reading.text).casefold() != "we":
        return None
    for dated in reading.document.dates:
        if dated.role == "published" and dated.value and dated.span is not None:
            return replace(dated, role="disclosed", how="the day of the platform's own notice")
    return None


def _own_words(reading: Reading, act: Act) -> DatedValue | None:
    """The day on which the platform that acted said so."""
    place = act.steps[0][1]
    actors = {value.value for value in act.actor.values} if act.actor is not None else set()
    for statement in reading.statements_at(place.start):
        said = statement.said_on
        if said is not None and said.value and statement.speaker.value in actors:
            return replace(said, role="disclosed", how=f"the platform said so: {said.how}")
    return None


def _label(reading: Reading, measure: Measure, span: Span) -> Claim:
    """What somebody was called: a claim of who called them so, never one of ours."""
    document, said = reading.document.document, span.of(reading.text)
    by = tuple(value.value for value in measure.actor if value.value)
    return Claim(
        claim_id=claim_id(document, Measures.name, measure.measure_id, "label", span),
        document=document,
        subject=measure.measure_id,
        slot="label",
        value=said,
        norm=said.casefold(),
        span=span,
        stage=Measures.name,
        asserted_by=by + tuple(value.value for value in measure.asserted_by if value.value),
        how="the label that was given, in the words of who gave it",
        segment=measure.segment,
    )


def sentence_span(paragraph: Paragraph, sentence: Words) -> Span:
    """Where a sentence stands in the document."""
    start = paragraph.span.start
    return Span(start + sentence.start_char, start + sentence.end_char)


def _telling(reading: Reading, parties: Parties, act: Act) -> Telling:
    paragraph, text = act.paragraph, reading.text
    place = sentence_span(paragraph, act.sentence)
    clause = _clause(paragraph, act, text)
    core = [phrase(paragraph, one) for one in act.objects]
    counts = counts_of(reading, act, clause, place)
    actor = act.actor.values if act.actor is not None else ()
    platform = platforms_of(parties, act, clause)
    platform = distinct((*platform, *counted_on(parties, counts)))
    if act.actor is None and not platform:
        # Nobody named in “300 accounts were suspended”: the only platform of the document did it.
        platform = actor = only_platform(parties, act)
    own = [value for value in platform if value.value in {one.value for one in actor}]
    counts = tuple(on_platform(behind_on(parties, one), own or platform) for one in counts)
    told_of = _told_of(paragraph, act, clause)
    ground = _grounds(paragraph, act, text, clause)
    acted, disclosed = dates_of_act(
        reading, paragraph, act.sentence, act.verb, [one.span for one in parties.touching(place)]
    )
    measure = Measure(
        measure_id="",
        actions=act.steps,
        status="reported" if paragraph.role == "related_link" else act.status,
        actor=actor,
        platform=platform,
        span=clause,
        target=targets_of(act, text, parties, counts),
        counts=counts,
        spend=_spends(reading, place, paragraph.span_of(act.verb).start),
        origin=tuple(origins(parties, told_of, core)),
        operator=tuple(operators(parties, told_of)),
        ground=tuple(ground),
        legal_basis=tuple(slots_grounds.laws(text, clause)),
        evidence=tuple(slots_grounds.evidence(text, place)),
        election=tuple(slots_grounds.elections(text, place)),
        repetition=slots_grounds.repetition(text, place),
        disclosed_on=disclosed or _own_notice(reading, act) or _own_words(reading, act),
        acted_on=acted,
        asserted_by=asserted_by(reading, paragraph, act.sentence, act.steps[0][1]),
        segment=paragraph.role,
    )
    measure = _hedged(measure, reading, place)
    generic = act.actor is None or act.actor.generic
    return Telling(measure, act, units_of(act, counts), generic)


def _spends(reading: Reading, place: Span, after: int) -> tuple[Spend, ...]:
    return tuple(
        one
        for one in beginning_in(reading.spends, place)
        if inside(one.span, place) and one.span.start > after
    )


def _clause(paragraph: Paragraph, act: Act, text: str) -> Span:
    """From who did it to the end of what it was done to and why."""
    starts = [step[1].start for step in act.steps]
    ends = [step[1].end for step in act.steps]
    if act.actor is not None:
        place = sentence_span(paragraph, act.sentence)
        for value in act.actor.values:
            if value.span is not None and inside(value.span, place):
                starts.append(value.span.start)
                ends.append(value.span.end)
    for one in act.objects:
        whole = phrase(paragraph, one, whole=True)
        first = paragraph.span_of(act.verb)
        if one.i > act.verb.i or not whole.start <= first.start < whole.end:
            starts.append(whole.start)
            ends.append(whole.end)
        else:
            core = phrase(paragraph, one)
            starts.append(core.start)
    for child in act.verb.children:
        if child.i > act.verb.i and child.dep_ in ("prep", "agent", "npadvmod", "advmod"):
            words = list(child.subtree)
            ends.append(paragraph.between(words[0], words[-1]).end)
    end = max(ends)
    while end > 0 and text[end - 1] in ',;:.”" ':
        end -= 1
    return Span(min(starts), end)


def _told_of(paragraph: Paragraph, act: Act, clause: Span) -> Span:
    """The words that tell of the targets: the clause to the end of its sentence."""
    return Span(clause.start, max(clause.end, sentence_span(paragraph, act.sentence).end))


def _grounds(paragraph: Paragraph, act: Act, text: str, clause: Span) -> list[Value]:
    place = sentence_span(paragraph, act.sentence)
    found = slots_grounds.pretexts(text, Span(clause.start, place.end))
    found += slots_grounds.for_what(paragraph, act.verb, text)
    taken = [one.span for one in found if one.span is not None]
    rest = Span(act.steps[-1][1].end, place.end)
    for one in (
        *slots_grounds.given_grounds(text, rest),
        *slots_grounds.accusations(text, rest),
    ):
        if one.span is not None and not any(
            span.start < one.span.end and one.span.start < span.end for span in taken
        ):
            found.append(one)
    return found


def _hedged(measure: Measure, reading: Reading, place: Span) -> Measure:
    """Every weakened value with its hedge and whose it is."""

    def each(values: Sequence[Value]) -> tuple[Value, ...]:
        return tuple(hedged(one, reading, place) for one in values)

    pretext = measure.ground[0].hedge if measure.ground else None
    grounds = each(measure.ground)
    if pretext and grounds[0].hedged_by is None:
        by = hedger(reading, grounds[0].span.start if grounds[0].span else place.start)
        grounds = (replace(grounds[0], hedged_by=by), *grounds[1:])
    return replace(
        measure,
        origin=each(measure.origin),
        operator=each(measure.operator),
        ground=grounds,
        evidence=each(measure.evidence),
    )
