"""On whose word something stands: the chain from the innermost speaker to the writer's source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.documents.base import Reading
from assay.documents.grammar import phrase, subject
from assay.documents.parse import Paragraph
from assay.lexicon.word_lists import word_list
from assay.model.record import Span, Statement, Value

if TYPE_CHECKING:
    from spacy.tokens import Span as Words
    from spacy.tokens import Token

_SAYING = word_list("saying")
_ACCORDING = re.compile(r"\b(?:according to|citing)\s$", re.IGNORECASE)


def asserted_by(
    reading: Reading, paragraph: Paragraph, sentence: Words, place: Span
) -> tuple[Value, ...]:
    """Who says what stands at a place, innermost first; empty where the document itself does.

    Statements say it where they were read; where a document has none, the sentence's own grammar.
    """
    if not reading.statements:
        return _by_sentence(reading, paragraph, sentence, place)
    return statement_chain(reading, place)


def statement_chain(reading: Reading, place: Span) -> tuple[Value, ...]:
    """The speakers of the statements that a place stands in, innermost first."""
    chain: list[Value] = []
    for statement in innermost_first(reading.statements_at(place.start)):
        speaker = Value(statement.speaker.value, statement.speaker.span)
        for value in (speaker, *statement.through):
            if value.value and all(value.value != one.value for one in chain):
                chain.append(value)
    return tuple(chain)


def innermost_first(statements: Sequence[Statement]) -> list[Statement]:
    """Statements that stand in one another: the fewer words, the further inside."""
    return sorted(statements, key=lambda one: sum(part.end - part.start for part in one.spans))


def _by_sentence(
    reading: Reading, paragraph: Paragraph, sentence: Words, place: Span
) -> tuple[Value, ...]:
    for token in sentence:
        if token.lemma_.lower() in _SAYING and token.pos_ == "VERB":
            speaker = subject(token)
            said = _said(token)
            if speaker is None or said is None or speaker.dep_ == "nsubjpass":
                continue
            stretch = paragraph.between(*_ends(said))
            if stretch.start <= place.start < stretch.end:
                span = phrase(paragraph, speaker)
                return (Value(span.of(reading.text), span),)
        if token.dep_ == "pobj":
            span = phrase(paragraph, token)
            if _ACCORDING.search(reading.text, max(0, span.start - 14), span.start):
                return (Value(span.of(reading.text), span),)
    return ()


def _said(verb: Token) -> Token | None:
    return next((one for one in verb.children if one.dep_ == "ccomp"), None)


def _ends(token: Token) -> Sequence[Token]:
    words = list(token.subtree)
    return words[0], words[-1]
