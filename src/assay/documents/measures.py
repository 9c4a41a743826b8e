"""Measures of a document: each act with its slots, told once however often the text tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assay.documents import slots_grounds
from assay.documents.actions import Act, acts_in, may_act
from assay.documents.base import Reading, claim_id
from assay.documents.chains import asserted_by
from assay.documents.gazetteer import Mention
from assay.documents.grammar import phrase
from assay.documents.hedges import hedged
from assay.documents.parse import Paragraph
from assay.documents.parties import Parties
from assay.documents.same_act import fold
from assay.documents.slots_follow import completed
from assay.documents.slots_origin import operators, origins
from assay.documents.slots_time import dates_of_act
from assay.model.record import Claim, Count, DatedValue, Measure, Span, Spend, Value

if TYPE_CHECKING:
    from spacy.tokens import Span as Words
    from spacy.tokens import Token


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
        parties = Parties(reading)
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
    counts = _counts(reading, act, clause, place)
    actor = act.actor.values if act.actor is not None else ()
    platform = _platforms(parties, act, clause)
    platform = _distinct((*platform, *_counted_on(parties, counts)))
    if act.actor is None and not platform:
        # Nobody named in “300 accounts were suspended”: the only platform of the document did it.
        platform = actor = _only_platform(parties, act)
    own = [value for value in platform if value.value in {one.value for one in actor}]
    counts = tuple(_on_platform(one, own or platform) for one in counts)
    told_of = _told_of(paragraph, act, clause)
    ground = _grounds(paragraph, act, text, clause)
    acted, disclosed = dates_of_act(
        reading, paragraph, act.sentence, act.verb, [one.span for one in parties.mentions]
    )
    measure = Measure(
        measure_id="",
        actions=act.steps,
        status="reported" if paragraph.role == "related_link" else act.status,
        actor=actor,
        platform=platform,
        span=clause,
        target=_targets(act, text, parties, counts),
        counts=counts,
        spend=_spends(reading, place, paragraph.span_of(act.verb).start),
        origin=tuple(origins(parties, told_of, core)),
        operator=tuple(operators(parties, told_of)),
        ground=tuple(ground),
        legal_basis=tuple(slots_grounds.laws(text, clause)),
        evidence=tuple(slots_grounds.evidence(text, place)),
        election=tuple(slots_grounds.elections(text, place)),
        repetition=slots_grounds.repetition(text, Span(clause.start, place.end)),
        disclosed_on=disclosed or _own_notice(reading, act),
        acted_on=acted,
        asserted_by=asserted_by(reading, paragraph, act.sentence, act.steps[0][1]),
        segment=paragraph.role,
    )
    measure = _hedged(measure, reading, place)
    generic = act.actor is None or act.actor.generic
    return Telling(measure, act, units_of(act, counts), generic)


def _spends(reading: Reading, place: Span, after: int) -> tuple[Spend, ...]:
    return tuple(
        one for one in reading.spends if _inside(one.span, place) and one.span.start > after
    )


def _clause(paragraph: Paragraph, act: Act, text: str) -> Span:
    """From who did it to the end of what it was done to and why."""
    starts = [step[1].start for step in act.steps]
    ends = [step[1].end for step in act.steps]
    if act.actor is not None:
        place = sentence_span(paragraph, act.sentence)
        for value in act.actor.values:
            if value.span is not None and _inside(value.span, place):
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


def units_of(act: Act, counts: Sequence[Count]) -> frozenset[str]:
    """What kinds of things it was done to."""
    from assay.lexicon.enforcement import enforcement_words

    nouns = enforcement_words().online_nouns
    named = {nouns.get(one.lemma_.lower()) or nouns.get(one.lower_.rstrip("s"))
             for one in act.objects}  # fmt: skip
    counted = {unit for count in counts for unit in count.unit.split("+")}
    return frozenset({one for one in named if one} | counted)


def _counts(reading: Reading, act: Act, clause: Span, place: Span) -> tuple[Count, ...]:
    """Numbers of what it was done to, with those that a list goes on with."""
    paragraph = act.paragraph
    own = {one.i for one in act.objects}
    found: list[Count] = []
    for count in reading.counts:
        if not _inside(count.phrase, place):
            continue
        noun = _word_ending(paragraph, count.phrase.end)
        if noun is None:
            continue
        direct = noun.i in own or any(
            one.i in own for one in [noun, *noun.conjuncts] if noun.dep_ == "conj"
        )
        inside = any(
            paragraph.span_of(one).start >= count.phrase.start
            and paragraph.span_of(one).end <= count.phrase.end
            for one in act.objects
        )
        goes_on = bool(found) and _goes_on(reading.text, found[-1], count)
        if direct or inside or goes_on:
            found.append(count)
    return tuple(found)


_JOINT = re.compile(
    r"(?:,|\sand|,\sand|,?\sas\swell\sas|,?\salong\swith|,?\splus|,?\stogether\swith|\s\+|;)\s"
)


def _goes_on(text: str, last: Count, count: Count) -> bool:
    between = text[last.phrase.end : count.phrase.start]
    if _JOINT.fullmatch(between):
        return True
    return len(between) < 90 and bool(
        re.search(r"(?:as\swell\sas|along\swith|in\saddition\sto)\s$", between)
        or re.fullmatch(r"\s(?:on|from)\s[\w ]{2,24}(?:,|\sand|,\sand)\s", between)
    )


def _word_ending(paragraph: Paragraph, end: int) -> Token | None:
    local = end - paragraph.span.start
    for token in paragraph.doc:
        if token.idx < local <= token.idx + len(token.text):
            return token
    return None


def _platforms(parties: Parties, act: Act, clause: Span) -> tuple[Value, ...]:
    """Where: the platform that acts, the one on the targets, or the one named after “on”."""
    found: list[Value] = []
    for one in act.objects:
        whole = phrase(act.paragraph, one, whole=True)
        words = {one.i} | {child.i for child in one.subtree}
        for mention in parties.platforms_inside(whole):
            token = _word_ending(act.paragraph, mention.span.end)
            if token is not None and token.i in words and _on_target(token, one):
                found.append(Value(mention.name.value, mention.span))
    actor = act.actor
    if actor is not None and actor.kind in ("platform", "name"):
        # “Western social networks” says who, but names no platform.
        theirs = [
            value
            for value in actor.values
            if value.value and not (actor.generic and value.how is None and value.span is not None
                                    and value.value == value.span.of(parties.text))
        ]  # fmt: skip
        # “35 accounts and 88 Instagram accounts”: the first number is the actor's own.
        if len(found) < len(act.objects):
            found = [*theirs, *found]
        return _distinct(found)
    for mention in parties.platforms_inside(clause):
        before = parties.text[max(0, mention.span.start - 14) : mention.span.start]
        near = re.search(r"\b(?:on|from|in|via|engine,|by)\s(?:the\s)?$", before)
        if near or mention.span.end >= clause.end - 1:
            found.append(Value(mention.name.value, mention.span))
    return _distinct(found)


def _only_platform(parties: Parties, act: Act) -> tuple[Value, ...]:
    """The document's one platform, where it was named last before the act."""
    before = [one for one in parties.platforms
              if one.span.end <= act.steps[0][1].start]  # fmt: skip
    if len({one.name.value for one in parties.platforms}) != 1 or not before:
        return ()
    last = before[-1]
    return (Value(last.name.value, last.span, how="the only platform that the document names"),)


def _counted_on(parties: Parties, counts: Sequence[Count]) -> list[Value]:
    """Platforms that numbers name themselves: “88 Instagram accounts”."""
    return [
        Value(mention.name.value, mention.span)
        for count in counts
        for mention in parties.platforms_inside(count.phrase)
    ]


def _on_target(token: Token, target: Token) -> bool:
    """“Instagram accounts”, “accounts on Instagram”, “YouTube’s channel”."""
    here = token
    for _ in range(4):
        if here.i == target.i:
            return True
        # “35 accounts and 88 Instagram accounts”: the second number's platform is its own.
        if here.dep_ in ("relcl", "acl", "advcl", "ccomp", "appos") or (
            here.dep_ == "conj" and here.pos_ == "NOUN"
        ):
            return False
        here = here.head
    return False


def _has_number(noun: Token) -> bool:
    return any(child.dep_ == "nummod" for child in noun.children)


def _on_platform(count: Count, platforms: Sequence[Value]) -> Count:
    """A number without a platform of its own belongs to the only one there is."""
    if count.platform is not None or not platforms:
        return count
    if len(platforms) == 1:
        return replace(count, platform=platforms[0].value)
    return count


def _targets(act: Act, text: str, parties: Parties, counts: Sequence[Count]) -> tuple[Value, ...]:
    """On what, beyond what the numbers say already."""
    paragraph = act.paragraph
    found: list[Value] = []
    for one in act.objects:
        if one.lower_ in ("it", "them"):
            before = _antecedent(act)
            if before is not None:
                span = phrase(paragraph, before)
                found.append(Value(span.of(text), span, how=f"“{one.text}”"))
            continue
        if one.lower_ in ("that", "which", "who", "this", "these", "those"):
            continue
        span = _uncounted(paragraph, one, act)
        named = [
            mention
            for mention in parties.inside(phrase(paragraph, one))
            if mention.name.kind in ("outlet", "operator", "organisation", "researcher")
            and mention.span.end >= paragraph.span_of(one).end
        ]
        listed = _listed_after(parties, paragraph.span_of(one).end)
        if listed and not named:
            found += [Value(mention.name.value, mention.span) for mention in listed]
        elif named:
            found.append(Value(named[-1].name.value, named[-1].span))
        elif span.end > span.start and not (counts and _is_bare(span.of(text))):
            found.append(Value(span.of(text), span))
    return _distinct(found)


def _is_bare(words: str) -> bool:
    """“accounts” beside “18 accounts” says nothing more."""
    return " " not in words.strip() and words[:1].islower()


def _listed_after(parties: Parties, end: int) -> list[Mention]:
    """“news agencies A and B”: the names right behind a noun."""
    found: list[Mention] = []
    for mention in parties.mentions:
        if mention.name.kind not in ("outlet", "operator") or mention.span.start < end:
            continue
        between = parties.text[end : mention.span.start]
        if not re.fullmatch(r"\s" if not found else r",?\s(?:and\s|or\s)?", between):
            break
        found.append(mention)
        end = mention.span.end
    return found


def _uncounted(paragraph: Paragraph, noun: Token, act: Act) -> Span:
    """A target without its number; with what describes it, where it has none."""
    words = sorted(
        (one for one in noun.subtree if _describes(one, noun, act)), key=lambda one: one.i
    )
    while len(words) > 1 and (
        words[0].tag_ in ("CD", "$") or words[0].dep_ in ("nummod", "quantmod", "predet", "cc")
        or (words[0].is_punct and words[0].text not in ("“", "‘"))
        or (words[0].i < noun.i and words[0].tag_ in ("RB", "IN", "JJR", "JJS", "RBR")
        and any(later.tag_ == "CD" for later in words[1:4]))
    ):  # fmt: skip
        words.pop(0)
    while len(words) > 1 and words[-1].is_punct and words[-1].text not in (")", "”", "’"):
        words.pop()
    return paragraph.between(words[0], words[-1])


def _describes(word: Token, noun: Token, act: Act) -> bool:
    if word.i == act.verb.i or (act.verb.is_ancestor(word) and noun.is_ancestor(act.verb)):
        return False
    here = word
    counted = _has_number(noun) or (noun.dep_ == "conj" and _has_number(noun.head))
    while here.i != noun.i:
        if here.dep_ in ("conj", "cc") and here.head.i == noun.i:
            return False
        if here.dep_ in ("relcl", "advcl", "appos", "agent"):
            return here.dep_ == "appos" and here.head.i == noun.i and not counted
        if counted and here.head.i == noun.i and here.dep_ in ("acl", "prep") and here.i > noun.i:
            return False
        here = here.head
    return True


def _antecedent(act: Act) -> Token | None:
    """“it” in “says that the app is illegal, and has moved to block it”."""
    here: Token = act.verb
    while here.head.i != here.i:
        here = here.head
        for child in here.children:
            if child.dep_ in ("nsubj", "nsubjpass") and child.pos_ in ("NOUN", "PROPN") and (
                act.actor is None
                or all(value.span is None or value.span.start
                       != act.paragraph.span_of(child).start for value in act.actor.values)
            ):  # fmt: skip
                return child
    return None


def _told_of(paragraph: Paragraph, act: Act, clause: Span) -> Span:
    """The words that tell of the targets: the clause to the end of its sentence."""
    return Span(clause.start, max(clause.end, sentence_span(paragraph, act.sentence).end))


def _grounds(paragraph: Paragraph, act: Act, text: str, clause: Span) -> list[Value]:
    place = sentence_span(paragraph, act.sentence)
    found = slots_grounds.pretexts(text, Span(clause.start, place.end))
    found += slots_grounds.for_what(paragraph, act.verb, text)
    taken = [one.span for one in found if one.span is not None]
    for one in slots_grounds.given_grounds(text, Span(act.steps[-1][1].end, place.end)):
        if one.span is not None and not any(
            span.start < one.span.end and one.span.start < span.end for span in taken
        ):
            found.append(one)
    return found


def _hedged(measure: Measure, reading: Reading, place: Span) -> Measure:
    """Every weakened value with its hedge and whose it is."""

    def each(values: Sequence[Value]) -> tuple[Value, ...]:
        return tuple(hedged(one, reading.text, place, reading.statements) for one in values)

    pretext = measure.ground[0].hedge if measure.ground else None
    grounds = each(measure.ground)
    if pretext and grounds[0].hedged_by is None:
        from assay.documents.hedges import hedger

        by = hedger(reading.statements, grounds[0].span.start if grounds[0].span else place.start)
        grounds = (replace(grounds[0], hedged_by=by), *grounds[1:])
    return replace(
        measure,
        origin=each(measure.origin),
        operator=each(measure.operator),
        ground=grounds,
        evidence=each(measure.evidence),
    )


def _inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _distinct(values: Sequence[Value]) -> tuple[Value, ...]:
    kept: dict[str | None, Value] = {}
    for value in values:
        kept.setdefault(value.value, value)
    return tuple(kept.values())
