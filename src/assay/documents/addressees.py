"""To whom something is said, and where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assay.documents.cues import lemma_of
from assay.documents.parse import Paragraph
from assay.lexicon.speech_cues import speech_cues
from assay.model.record import Span, Value

if TYPE_CHECKING:
    from spacy.tokens import Token

_TOLD = frozenset(
    [
        "tell",
        "inform",
        "notify",
        "remind",
        "assure",
        "ask",
        "urge",
        "advise",
        "warn",
        "brief",
        "instruct",
        "order",
        "request",
        "beg",
        "beseech",
        "invite",
        "encourage",
        "press",
        "persuade",
        "convince",
    ]
)
_CALLED = frozenset(("call", "appeal", "prevail"))
_PLACES = ("in", "during", "at", "on", "to", "via")


def addressees(paragraph: Paragraph, verb: Token, content: Span) -> tuple[Value, ...]:
    """Whom a verb names as told: told reporters; urged platforms to; said to the committee."""
    found: list[Value] = []
    if verb.pos_ not in ("VERB", "AUX") or verb.lower_ == "according":
        return ()
    for child in verb.children:
        named = _told(verb, child)
        if named is None:
            continue
        span = phrase(paragraph, named)
        if span.start >= content.start and span.end <= content.end and lemma_of(verb) not in _TOLD:
            continue
        found.append(Value(_text(paragraph, span), span))
    return tuple(found)


def _told(verb: Token, child: Token) -> Token | None:
    lemma = lemma_of(verb)
    if child.dep_ == "dative" and child.pos_ in ("NOUN", "PROPN", "PRON"):
        return child
    if child.dep_ == "dobj" and lemma in _TOLD and child.pos_ in ("NOUN", "PROPN", "PRON"):
        return child
    if child.dep_ in ("nsubj",) and child.i > verb.i and lemma in _TOLD:
        return None
    if child.dep_ in ("prep", "dative") and (
        child.lower_ == "to" or (child.lower_ in ("on", "upon", "to") and lemma in _CALLED)
    ):
        return next((word for word in child.children if word.dep_ == "pobj"), None)
    return None


def venue(paragraph: Paragraph, verb: Token) -> Value | None:
    """Where it was said: in an interview with …, in a statement, at a briefing."""
    nouns = speech_cues().venue_nouns
    for preposition in _prepositions(verb):
        for word in preposition.children:
            if word.dep_ == "pobj" and word.lemma_.lower() in nouns:
                span = phrase(paragraph, word, with_modifiers=True)
                return Value(_text(paragraph, span), span)
    return None


def _prepositions(verb: Token) -> Iterator[Token]:
    for child in verb.children:
        if child.dep_ == "prep" and child.lower_ in _PLACES:
            yield child


def phrase(paragraph: Paragraph, noun: Token, with_modifiers: bool = False) -> Span:
    """A noun phrase without its article, and without clauses that hang on it."""
    words = [noun]
    for word in noun.children:
        close = word.dep_ in ("compound", "amod", "poss", "nmod", "nummod", "conj", "cc")
        if close or (word.dep_ == "prep" and (with_modifiers or word.lower_ == "of")):
            words.extend(word.subtree)
    words.sort(key=lambda word: word.i)
    unbroken = [noun]
    for word in reversed([one for one in words if one.i < noun.i]):
        if word.i == unbroken[0].i - 1:
            unbroken.insert(0, word)
    for word in [one for one in words if one.i > noun.i]:
        if word.i == unbroken[-1].i + 1:
            unbroken.append(word)
    if unbroken[0].pos_ == "DET":
        unbroken = unbroken[1:] or unbroken
    return paragraph.between(unbroken[0], unbroken[-1])


def _text(paragraph: Paragraph, span: Span) -> str:
    base = paragraph.span.start
    return paragraph.text[span.start - base : span.end - base]
