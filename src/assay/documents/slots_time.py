"""When a measure was taken and when it was made known, where the text says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from assay.documents.base import Reading
from assay.documents.date_phrases import DatePhrase, find_dates
from assay.documents.date_resolution import resolve
from assay.documents.page_dates import reference_date
from assay.documents.parse import Paragraph
from assay.lexicon.word_lists import word_list
from assay.model.record import DatedValue, Span

if TYPE_CHECKING:
    from spacy.tokens import Span as Words
    from spacy.tokens import Token

_TELLING = word_list("telling")
_NEAR = 80
"""Characters between a word and the phrase of time that belongs to it."""

_ABOUT = re.compile(r"\b(?:election|campaign|vote|referendum|presidential|midterm)", re.IGNORECASE)


def dates_of_act(
    reading: Reading, paragraph: Paragraph, sentence: Words, verb: Token, names: Sequence[Span]
) -> tuple[DatedValue | None, DatedValue | None]:
    """When it was done and when it was disclosed, from the sentence that tells it.

    Args:
        reading: The document.
        paragraph: Where the sentence stands.
        sentence: The sentence.
        verb: What carries the act.
        names: Known names, whose words are no dates (“Russia Today”).
    """
    acted: DatedValue | None = None
    disclosed: DatedValue | None = None
    span = Span(
        paragraph.span.start + sentence.start_char, paragraph.span.start + sentence.end_char
    )
    for found in find_dates(reading.text, span, "en"):
        if (
            found.year is not None
            and found.month is None
            and _ABOUT.match(reading.text[found.span.end : found.span.end + 30].lstrip())
        ):
            continue
        if any(one.start < found.span.end and found.span.start < one.end for one in names):
            continue
        role = _role(paragraph, found, verb)
        if role == "acted" and acted is None:
            acted = dated(reading, found, "acted")
        elif role == "disclosed" and disclosed is None:
            disclosed = dated(reading, found, "disclosed")
    if disclosed is None and sentence[0].lower_ in ("it", "he", "she", "they"):
        disclosed = _of_statement_before(reading, paragraph, sentence)
    return acted, disclosed


def _of_statement_before(
    reading: Reading, paragraph: Paragraph, sentence: Words
) -> DatedValue | None:
    """“… the statement made on 6 September. It states that …”."""
    if sentence.start == 0:
        return None
    before = paragraph.doc[sentence.start - 1].sent
    span = Span(paragraph.span.start + before.start_char, paragraph.span.start + before.end_char)
    for found in find_dates(reading.text, span, "en"):
        start = found.span.start - paragraph.span.start
        token = next((one for one in before if one.idx + len(one.text) > start), None)
        if token is not None and any(one.lemma_.lower() in _TELLING for one in token.ancestors):
            return dated(reading, found, "disclosed")
    return None


def dated(
    reading: Reading,
    found: DatePhrase,
    role: Literal["said", "acted", "disclosed", "demanded"],
    *,
    future: bool = False,
) -> DatedValue:
    """A phrase of time as a date of something told."""
    meant = resolve(found, reference_date(reading.document.dates), future=future)
    return DatedValue(role, meant.value, meant.precision, found.span, meant.how)


def _role(paragraph: Paragraph, found: DatePhrase, verb: Token) -> str | None:
    """Which verb a phrase of time belongs to: the nearest above it that tells or acts."""
    token = paragraph.word_at(found.span.start)
    if token is None:
        return None
    for above in token.ancestors:
        if above.i == verb.i or above.i in {one.i for one in verb.conjuncts}:
            return "acted"
        if above.lemma_.lower() in _TELLING:
            return "disclosed" if above.is_ancestor(verb) else None
        if (
            above.pos_ == "VERB"
            and above.dep_ in ("relcl", "acl", "advcl")
            and (not above.is_ancestor(verb))
        ):
            return None
    return None


def dated_in(
    reading: Reading,
    place: Span,
    role: Literal["said", "acted", "disclosed", "demanded"],
    names: Sequence[Span],
    near: Span,
) -> DatedValue | None:
    """The phrase of time in a sentence that stands nearest to a word."""
    phrases = [
        one
        for one in find_dates(reading.text, place, "en")
        if not any(name.start < one.span.end and one.span.start < name.end for name in names)
        and not _ABOUT.match(reading.text[one.span.end : one.span.end + 30].lstrip())
        and abs(one.span.start - near.start) < _NEAR
    ]
    if not phrases:
        return None
    return dated(reading, min(phrases, key=lambda one: abs(one.span.start - near.start)), role)
