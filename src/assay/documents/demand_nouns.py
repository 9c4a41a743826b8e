"""Demands that a noun carries: “issued a warning to …”, “will send a note to … over …”."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.documents.clause_spans import clause_span, has_to, prep_of, trimmed_span
from assay.documents.demand_forms import Asked, is_ahead
from assay.documents.grammar import agent, phrase, subject
from assay.documents.parse import Paragraph
from assay.lexicon.word_lists import word_list
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Span as Words
    from spacy.tokens import Token

_NOUNS = word_list("demand_nouns")
_CONVEYING = word_list("conveying_verbs")
_ABOUT = ("over", "about", "concerning", "regarding", "on")


def by_noun(paragraph: Paragraph, token: Token, sentence: Words) -> Asked | None:
    """“issued a warning to four companies over …”, “will send a note to the United States”."""
    if token.pos_ != "NOUN" or token.lemma_.lower() not in _NOUNS:
        return None
    passive = token.dep_ == "nsubjpass"
    if token.dep_ not in ("dobj", "nsubjpass", "conj"):
        return None
    carrier = token.head if token.dep_ != "conj" else token.head.head
    if carrier.lemma_.lower() not in _CONVEYING or any(
        one.dep_ == "neg" for one in carrier.children
    ):
        return None
    receiver = next(
        (found for one in (token, *token.conjuncts, carrier)
         if (found := prep_of(one, ("to",))) is not None), None,
    )  # fmt: skip
    if receiver is None:
        receiver = next((one for one in carrier.children if one.dep_ == "dative"), None)
        receiver = prep_of(receiver, ("to",)) or receiver if receiver is not None else None
    if receiver is not None and receiver.dep_ == "prep":
        receiver = next((one for one in receiver.children if one.dep_ == "pobj"), None)
    if receiver is None:
        return None
    note = token.lemma_.lower() in ("note", "letter", "notice")
    start = min([one for one in carrier.children if one.dep_ in ("aux", "auxpass")] + [carrier],
                key=lambda one: one.i)  # fmt: skip
    trigger = paragraph.between(start, token) if start.i < token.i else paragraph.span_of(token)
    empty = False
    content = _after_colon(paragraph, token, sentence)
    if content is None:
        about = next(
            (found for one in (token, carrier, receiver, *receiver.conjuncts)
             if (found := _topic(one, carrier)) is not None), None,
        )  # fmt: skip
        inner = next((one for one in (*token.children, *carrier.children)
                      if one.dep_ in ("acl", "xcomp", "advcl") and has_to(one)), None)  # fmt: skip
        if inner is not None:
            content = clause_span(paragraph, inner)
        elif about is not None:
            content = trimmed_span(paragraph, phrase(paragraph, about, whole=True))
        elif note:
            content, empty = phrase(paragraph, token, whole=True), True
        else:
            return None
    return Asked(
        trigger=trigger,
        asker=agent(carrier) if passive else subject(carrier),
        asked=(receiver, *(one for one in receiver.conjuncts if one.i > receiver.i)),
        content=content,
        announced=is_ahead(carrier),
        diplomatic=note,
        empty=empty,
    )


def _topic(noun: Token, carrier: Token) -> Token | None:
    """What it is about; “On 14 November we sent …” is a day."""
    found = prep_of(noun, _ABOUT)
    if found is None or (found.i < carrier.i and found.head.lower_ == "on"):
        return None
    return None if found.head.lower_ == "on" and found.pos_ in ("NUM", "PROPN") else found


def _after_colon(paragraph: Paragraph, noun: Token, sentence: Words) -> Span | None:
    """“one proposal to the owners: let us …”."""
    doc = paragraph.doc
    colon = next((one for one in sentence if one.text == ":" and one.i > noun.i), None)
    if colon is None or colon.i + 1 >= len(doc):
        return None
    return trimmed_span(paragraph, paragraph.between(doc[colon.i + 1], sentence[-1]))
