"""Which numbers of a sentence count what an act was done to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.documents.actions import Act
from assay.documents.base import Reading
from assay.documents.parse import Paragraph
from assay.documents.places import beginning_in
from assay.lexicon.enforcement import enforcement_words
from assay.model.record import Count, Span

if TYPE_CHECKING:
    from spacy.tokens import Token


def units_of(act: Act, counts: Sequence[Count]) -> frozenset[str]:
    """What kinds of things it was done to."""
    nouns = enforcement_words().online_nouns
    named = {nouns.get(one.lemma_.lower()) or nouns.get(one.lower_.rstrip("s"))
             for one in act.objects}  # fmt: skip
    counted = {unit for count in counts for unit in count.unit.split("+")}
    return frozenset({one for one in named if one} | counted)


def counts_of(reading: Reading, act: Act, clause: Span, place: Span) -> tuple[Count, ...]:
    """Numbers of what it was done to, with those that a list goes on with."""
    paragraph = act.paragraph
    parts = _parts(reading, act, place)
    if parts:
        return parts
    own = {one.i for one in act.objects}
    found: list[Count] = []
    for count in beginning_in(reading.counts, place):
        if not inside(count.phrase, place):
            continue
        noun = word_ending(paragraph, count.phrase.end)
        if noun is None:
            continue
        direct = noun.i in own or any(
            one.i in own for one in [noun, *noun.conjuncts] if noun.dep_ == "conj"
        )
        holds = any(
            paragraph.span_of(one).start >= count.phrase.start
            and paragraph.span_of(one).end <= count.phrase.end
            for one in act.objects
        )
        goes_on = bool(found) and _goes_on(reading.text, found[-1], count)
        if any(inside(count.phrase, one.phrase) for one in found):
            # “3 of our 5 accounts”: three were; five is what they were taken from.
            continue
        if direct or holds or goes_on:
            found.append(count)
    return tuple(found)


_JOINT = re.compile(
    r"(?:,|\sand|,\sand|,?\sas\swell\sas|,?\salong\swith|,?\splus|,?\stogether\swith|\s\+|;)\s"
)


_OF_THEM = re.compile(r"\bof\s(?:which|whom|them)$")


def _parts(reading: Reading, act: Act, place: Span) -> tuple[Count, ...]:
    """“18 accounts, six of which it has restored”: of the relative clause's act, six."""
    if act.verb.dep_ != "relcl":
        return ()
    begins = act.paragraph.span_of(act.verb.left_edge).start
    return tuple(
        count
        for count in beginning_in(reading.counts, place)
        if inside(count.phrase, place)
        and _OF_THEM.search(count.phrase.of(reading.text))
        and begins <= count.phrase.start < act.paragraph.span_of(act.verb).start
    )


def _goes_on(text: str, last: Count, count: Count) -> bool:
    if _OF_THEM.search(count.phrase.of(text)):
        return False
    between = text[last.phrase.end : count.phrase.start]
    if _JOINT.fullmatch(between):
        return True
    return len(between) < 90 and bool(
        re.search(r"(?:as\swell\sas|along\swith|in\saddition\sto)\s$", between)
        or re.fullmatch(r"\s(?:on|from)\s[\w ]{2,24}(?:,|\sand|,\sand)\s", between)
    )


def word_ending(paragraph: Paragraph, end: int) -> Token | None:
    """The word that ends at a place of the document."""
    word = paragraph.word_at(end - 1)
    return word if word is not None and paragraph.span_of(word).start < end else None


def inside(inner: Span, outer: Span) -> bool:
    """Whether a span lies within another."""
    return outer.start <= inner.start and inner.end <= outer.end
