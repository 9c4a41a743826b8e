"""A quotation with the words around it, and whether it can be speech at all or is a title."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.documents.parse import Paragraph
from assay.documents.quotes import Quotation
from assay.lexicon.speech_cues import speech_cues

if TYPE_CHECKING:
    from spacy.tokens import Token

_STOPS = frozenset((".", "!", "?", "…", ";"))
_BEFORE_TITLE = ("ADP", "PART", "PROPN", "NOUN")
SPEECH_WORDS = 4
"""Fewer quoted words within a sentence are taken for a term unless a verb of speech holds them."""


@dataclass
class Mark:
    """A quotation with the words before and after it, up to the next one or the sentence's end."""

    quotation: Quotation
    before: list[Token]
    after: list[Token]
    words: list[Token]


def marks_in(paragraph: Paragraph, quotations: Sequence[Quotation]) -> Iterator[Mark]:
    """Each quotation that holds a word, with the words between it and its neighbours."""
    doc, base = paragraph.doc, paragraph.span.start
    starts = [base + token.idx for token in doc]
    places = [
        range(bisect_left(starts, one.outer.start), bisect_left(starts, one.outer.end))
        for one in quotations
    ]
    owner = [-1] * len(doc)
    for number, place in enumerate(places):
        owner[place.start : place.stop] = [number] * len(place)
    for number, quotation in enumerate(quotations):
        inside = [i for i in places[number] if owner[i] == number]
        if not inside:
            continue
        words = [doc[i] for i in inside if quotation.inner.start <= starts[i] < quotation.inner.end]
        before: list[Token] = []
        for i in range(inside[0] - 1, -1, -1):
            if owner[i] >= 0 or ends_sentence(doc[i]):
                break
            before.append(doc[i])
        after: list[Token] = []
        for i in range(inside[-1] + 1, len(doc)):
            if owner[i] >= 0:
                break
            after.append(doc[i])
            if ends_sentence(doc[i]):
                break
        yield Mark(quotation, before[::-1], after, words)


def ends_sentence(token: Token) -> bool:
    """Whether no frame of a quotation goes on behind this word."""
    return token.text in _STOPS or (token.is_space and "\n" in token.text)


def is_speech(mark: Mark) -> bool:
    """Whether it is a sentence, or long enough for one."""
    letters = [word for word in mark.words if word.is_alpha]
    whole = bool(letters) and letters[0].text[0].isupper() and mark.words[-1].text[-1:] in ".?!,"
    return whole or len(letters) >= SPEECH_WORDS


def is_title(mark: Mark) -> bool:
    """Whether the marks hold the name of a book or broadcast: “on ABC's ‘This Week’”.

    Every word that is not small has a capital, and what stands before calls for a name: also
    “in his book, ‘The Long Way’”. Several words in nothing but capitals are shouted, unless a
    preposition holds them.
    """
    if not mark.before or mark.quotation.single:
        return False
    words = [word for word in mark.words if word.is_alpha]
    if len(words) > 1 and all(word.is_upper for word in words):
        return mark.before[-1].pos_ == "ADP"
    if mark.before[-1].pos_ not in _BEFORE_TITLE and not _names_a_work(mark.before):
        return False
    return bool(words) and all(
        word.text[0].isupper() or (word.is_stop and word is not words[0]) for word in words
    )


def _names_a_work(before: Sequence[Token]) -> bool:
    """“In his 2012 book, …”: a work, and no verb between it and the comma."""
    if before[-1].text != ",":
        return False
    for word in reversed(before[:-1]):
        if word.pos_ in ("VERB", "AUX"):
            return False
        if word.lemma_.lower() in speech_cues().venue_nouns:
            return True
    return False
