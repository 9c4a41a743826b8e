"""Where a clause that is asked for begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.documents.parse import Paragraph
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token


def has_to(token: Token) -> bool:
    """Whether a verb stands in the infinitive with “to”."""
    return any(one.dep_ == "aux" and one.lower_ == "to" for one in token.children)


def infinitive_from(token: Token) -> Token:
    """The “to” of an infinitive."""
    return next((one for one in token.children if one.lower_ == "to" and one.dep_ == "aux"), token)


def prep_of(token: Token, prepositions: tuple[str, ...]) -> Token | None:
    """The preposition among these that depends on a word."""
    for child in token.children:
        if child.lower_ in prepositions and child.dep_ in ("prep", "agent", "prt", "dative"):
            return next((one for one in child.children if one.dep_ in ("pobj", "pcomp")), None)
    return None


def clause_span(paragraph: Paragraph, verb: Token) -> Span:
    """Where a clause stands."""
    words = list(verb.subtree)
    return trimmed_span(paragraph, paragraph.between(words[0], words[-1]))


def span_from(paragraph: Paragraph, first: Token, verb: Token) -> Span:
    """From a word to the end of a verb's clause."""
    words = [one for one in verb.subtree if one.i >= first.i]
    return trimmed_span(paragraph, paragraph.between(words[0], words[-1]))


def predicate_span(paragraph: Paragraph, verb: Token, doer: Token | None) -> Span:
    """“stop allowing users …” of “that Apple and Google stop allowing users …”."""
    if doer is None:
        return clause_span(paragraph, verb)
    past = max(one.i for one in doer.subtree)
    words = [one for one in verb.subtree if one.i > past and not one.is_punct]
    ends = [one for one in verb.subtree if one.i > past]
    if not words:
        return clause_span(paragraph, verb)
    return trimmed_span(paragraph, paragraph.between(words[0], ends[-1]))


def trimmed_span(paragraph: Paragraph, span: Span) -> Span:
    """A span without the marks and spaces around it."""
    text = paragraph.text
    start, end = span.start - paragraph.span.start, span.end - paragraph.span.start
    while end > start and text[end - 1] in " ,;:.”\"’'":
        end -= 1
    while start < end and text[start] in ' ,;:“"':
        start += 1
    return Span(start + paragraph.span.start, end + paragraph.span.start)
