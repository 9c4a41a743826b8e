"""Offices and the bodies behind them, as they stand beside a name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from assay.documents.parse import Paragraph
from assay.lexicon.names import adjectives
from assay.lexicon.people import is_body, is_plain_modifier, is_role, is_title
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token


@dataclass(frozen=True)
class OfficeSpan:
    """An office as written."""

    span: Span
    words: tuple[str, ...]


@dataclass(frozen=True)
class Office:
    """Role and organisation beside a name; each None where the text does not say it there."""

    role: OfficeSpan | None = None
    organisation: Span | None = None


_LONGEST_OF = 7
"""Words of “of …” that may belong to an office: director of the press department."""

NO_OFFICE = Office()


def office_before(paragraph: Paragraph, name: Token) -> Office:
    """Foreign Ministry Spokeswoman | Maria Zakharova; the ministry's spokeswoman, | X."""
    doc, i = paragraph.doc, name.i - 1
    while i >= 0 and (is_title(doc[i].text) or doc[i].text == "."):
        i -= 1
    if i < 0 or not is_role(doc[i].text):
        return Office()
    last = i
    while i > 0 and _modifies(doc[i - 1]):
        i -= 1
    return _office(paragraph, list(doc[i : last + 1]))


def office_of_noun(paragraph: Paragraph, noun: Token) -> Office:
    """The ministry's spokeswoman; a spokesman for the company."""
    if not is_role(noun.text):
        return Office()
    doc, i = paragraph.doc, noun.i
    while i > 0 and _modifies(doc[i - 1]):
        i -= 1
    before = _office(paragraph, list(doc[i : noun.i + 1]))
    role = before.role
    of = next((word for word in noun.rights if word.dep_ == "prep" and word.lower_ == "of"), None)
    if role is not None and of is not None and of.right_edge.i - noun.i <= _LONGEST_OF:
        first = next(
            word for word in noun.doc[i:] if paragraph.span_of(word).start >= role.span.start
        )
        role = _role(paragraph, first, of.right_edge)
    return Office(role, before.organisation or _body_after(paragraph, noun))


def office_after(paragraph: Paragraph, name: Token) -> Office:
    """Maria Zakharova, | the director of the press department of the ministry."""
    doc, i = paragraph.doc, name.i + 1
    if i >= len(doc) or doc[i].text != ",":
        return Office()
    first = i + 1
    for j in range(first, min(first + 9, len(doc))):
        if doc[j].pos_ in ("VERB", "AUX") or doc[j].text in (",", ".", "”", '"'):
            return Office()
        if is_role(doc[j].text):
            last = j
            while (
                last + 1 < len(doc)
                and doc[last + 1].text not in (",", ".", ";", "”", '"')
                and doc[last + 1].pos_ not in ("VERB", "AUX")
            ):
                last += 1
            return Office(
                _role(paragraph, doc[first], doc[last]),
                _body_after(paragraph, doc[j]) or _body_within(paragraph, list(doc[first:j])),
            )
    return Office()


def _role(paragraph: Paragraph, first: Token, last: Token) -> OfficeSpan:
    words = tuple(word.text for word in paragraph.doc[first.i : last.i + 1])
    return OfficeSpan(paragraph.between(first, last), words)


@cache
def _of_countries() -> frozenset[str]:
    return frozenset(adjectives().values())


def of_country(word: str) -> bool:
    """Whether a word is a country's adjective: “Russian”."""
    return word in _of_countries()


def _modifies(word: Token) -> bool:
    if word.text in ("’s", "'s", "-") or word.tag_ == "POS":
        return True
    return word.pos_ in ("PROPN", "NOUN", "ADJ", "DET") and word.dep_ not in ("nsubj", "ROOT")


def _office(paragraph: Paragraph, words: list[Token]) -> Office:
    """A role with its modifiers; a country's adjective belongs to the body, not to the role."""
    while len(words) > 1 and words[0].text in ("’s", "'s", "-"):
        words = words[1:]
    organisation = _body_within(paragraph, words[:-1])
    role = words
    while len(role) > 1 and (
        role[0].pos_ == "DET" or (role[0].pos_ == "ADJ" and of_country(role[0].text))
    ):
        if role[0].pos_ == "DET" and any(word.tag_ == "POS" for word in role):
            break
        role = role[1:]
    return Office(_role(paragraph, role[0], role[-1]), organisation)


def _body_within(paragraph: Paragraph, words: list[Token]) -> Span | None:
    body = [word for word in words if word.tag_ != "POS" and word.text not in ("’s", "'s", ",")]
    while body and body[0].pos_ == "DET":
        body = body[1:]
    for end in range(len(body), 0, -1):
        last = body[end - 1]
        named = last.pos_ == "PROPN" or (last.text[:1].isupper() and not of_country(last.text))
        if is_body(last.text) or (named and not is_plain_modifier(last.text)):
            return paragraph.between(body[0], body[end - 1])
    return None


def _body_after(paragraph: Paragraph, noun: Token) -> Span | None:
    for word in noun.rights:
        if word.dep_ == "prep" and word.lower_ in ("of", "for", "at", "with"):
            for inner in word.children:
                if inner.dep_ != "pobj":
                    continue
                if not (inner.pos_ == "PROPN" or is_body(inner.text)):
                    continue
                parts = [
                    part
                    for part in inner.lefts
                    if part.dep_ in ("compound", "amod", "nmod", "poss", "det")
                ]
                first = min((inner, *parts), key=lambda part: part.i)
                if first.pos_ == "DET":
                    first = first.nbor()
                deeper = _body_after(paragraph, inner)
                end = inner
                if deeper is not None and is_body(inner.text):
                    return deeper
                return paragraph.between(first, end)
    return None
