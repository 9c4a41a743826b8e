"""Who a phrase names: the name itself, the office before or after it, the body behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assay.documents.parse import Paragraph
from assay.documents.roles import NO_OFFICE, Office, office_after, office_before, office_of_noun
from assay.lexicon.people import Gender, gender_of, is_role, is_title
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

Reference = Literal["name", "noun", "pronoun", "relative"]

_RELATIVE = frozenset(("who", "which", "that"))
_LINKING = frozenset(
    ("de", "von", "van", "bin", "al", "el", "la", "le", "du", "der", "den", "-", "&")
)


@dataclass(frozen=True)
class Mention:
    """A phrase that stands for somebody.

    Attributes:
        reference: A name, a noun, a pronoun or a relative pronoun.
        span: The name, noun phrase or pronoun itself.
        words: Its words, without titles.
        office: Role and organisation as they stand beside it.
        gender: What the phrase says of it.
        plural: Whether it stands for several.
    """

    reference: Reference
    span: Span
    words: tuple[str, ...]
    office: Office = NO_OFFICE
    gender: Gender | None = None
    plural: bool = False

    @property
    def name(self) -> str:
        """As it would be written alone."""
        return " ".join(self.words)


def mention(paragraph: Paragraph, token: Token) -> Mention:
    """What the source of a statement names."""
    if token.lower_ in _RELATIVE and token.dep_ in ("nsubj", "nsubjpass") and token.pos_ != "NOUN":
        return Mention("relative", paragraph.span_of(token), (token.text,))
    if token.pos_ == "PRON":
        return _pronoun(paragraph, token)
    if token.pos_ == "PROPN":
        return named(paragraph, token)
    apposed = next(
        (child for child in token.children if child.dep_ == "appos" and child.pos_ == "PROPN"), None
    )
    if apposed is not None and is_role(token.text):
        inner = named(paragraph, apposed)
        return Mention(
            "name",
            inner.span,
            inner.words,
            office_of_noun(paragraph, token),
            gender_of((token.text, *inner.words)),
        )
    return _noun(paragraph, token)


def named(paragraph: Paragraph, token: Token) -> Mention:
    """The name that a word is part of, without titles and offices."""
    first, last = _name_run(token)
    doc = paragraph.doc
    words = list(doc[first : last + 1])
    begin = 0
    for position, word in enumerate(words[:-1]):
        if is_role(word.text) or is_title(word.text):
            begin = position + 1
    before = doc[first : first + begin]
    while begin < len(words) - 1 and words[begin].text in (",", "-", "&"):
        begin += 1
    name = words[begin:]
    office = office_before(paragraph, name[0])
    if office.role is None:
        office = office_after(paragraph, name[-1])
    text = tuple(word.text for word in name)
    hints = tuple(word.text for word in before) + text
    if office.role is not None:
        hints = (*office.role.words, *hints)
    return Mention("name", paragraph.between(name[0], name[-1]), text, office, gender_of(hints))


def _name_run(token: Token) -> tuple[int, int]:
    doc = token.doc
    first = last = token.i
    while first > 0 and _in_name(doc[first - 1], doc[first]):
        first -= 1
    while (
        last + 1 < len(doc) and _in_name(doc[last + 1], doc[last]) and doc[last + 1].dep_ != "appos"
    ):
        last += 1
    while first < token.i and doc[first].text in _LINKING:
        first += 1
    while last > token.i and doc[last].text in _LINKING:
        last -= 1
    return first, last


def _in_name(word: Token, beside: Token) -> bool:
    if word.text == "’s" or word.tag_ == "POS":
        return False
    if word.pos_ == "PROPN":
        return True
    if word.text in _LINKING and word.pos_ in ("ADP", "DET", "PUNCT", "X", "CCONJ", "PROPN"):
        return word.text == "-" or (word.text == "&" and beside.pos_ == "PROPN")
    return word.text[:1].isupper() and word.pos_ in ("NOUN",) and word.dep_ == "compound"


def _pronoun(paragraph: Paragraph, token: Token) -> Mention:
    gender: Gender | None = None
    if token.lower_ in ("she", "her", "hers"):
        gender = "female"
    elif token.lower_ in ("he", "him", "his"):
        gender = "male"
    return Mention(
        "pronoun",
        paragraph.span_of(token),
        (token.text,),
        gender=gender,
        plural=token.lower_ in ("they", "their", "them", "we", "some", "others", "many", "both"),
    )


def _noun(paragraph: Paragraph, token: Token) -> Mention:
    """The noun phrase up to its noun, with “of …” and “for …” but no relative clause."""
    first = token
    for word in token.lefts:
        if word.dep_ in ("det", "amod", "compound", "poss", "nmod", "nummod", "predet", "quantmod"):
            first = min((first, *word.subtree), key=lambda inner: inner.i)
    last = token
    for word in token.rights:
        if (
            word.dep_ == "prep"
            and word.lower_ in ("of", "for", "at", "from")
            and word.i == last.i + 1
        ):
            inner = [part for part in word.subtree if part.sent == token.sent]
            if len(inner) <= 8:
                last = inner[-1]
    words = tuple(word.text for word in paragraph.doc[first.i : last.i + 1])
    return Mention(
        "noun",
        paragraph.between(first, last),
        words,
        office_of_noun(paragraph, token),
        gender_of((token.text,)),
        plural=token.tag_ in ("NNS", "NNPS"),
    )
