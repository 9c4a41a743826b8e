"""Who a noun phrase means: a platform, an authority, a country, a person, or nobody known.

An unknown name is no obstacle: in the place of a platform (“Chirpnet removed 300 accounts”)
grammar decides, not the list of names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assay.documents.base import Reading
from assay.documents.document_names import DocumentNames
from assay.documents.gazetteer import Mention
from assay.documents.grammar import phrase
from assay.documents.parse import Paragraph
from assay.documents.party import Party, PartyKind
from assay.documents.places import ended_by
from assay.documents.pronouns import PRONOUNS, pronoun
from assay.lexicon.word_lists import word_list
from assay.model.record import Span, Value

if TYPE_CHECKING:
    from spacy.tokens import Token

_PLATFORM_NOUNS = word_list("platform_nouns")
_PLATFORM_STAFF = word_list("platform_staff")
_AUTHORITY_NOUNS = word_list("authority_nouns")
_TITLES = word_list("titles")
_TWO = 2
_RELATIVE = frozenset(("which", "that", "who"))


class Parties(DocumentNames):
    """Names of one document, and what phrases and pronouns in it mean."""

    def party(self, paragraph: Paragraph, noun: Token) -> Party:
        """Who a noun with everything joined to it means."""
        parts = [self._one(paragraph, noun)]
        for other in noun.conjuncts:
            if other.i > noun.i and other.pos_ in ("NOUN", "PROPN", "PRON"):
                parts.append(self._one(paragraph, other))
        first = parts[0]
        values = tuple(
            value for part in parts if part.kind in (first.kind, "name") for value in part.values
        )
        return Party(first.kind, distinct(values), first.generic)

    def _one(self, paragraph: Paragraph, noun: Token) -> Party:
        lemma = noun.lemma_.lower()
        if noun.lower_ in _RELATIVE and noun.head.dep_ in ("relcl", "acl"):
            return self._one(paragraph, noun.head.head)
        if noun.lower_ in PRONOUNS:
            return pronoun(self, noun.text, paragraph.span_of(noun))
        if self.addressed and _is_yours(noun):
            span = phrase(paragraph, noun)
            told = f"“{span.of(self.text)}”: whom the letter is to"
            return Party("platform", tuple(replace(one, span=span, how=told)
                                           for one in self.addressed), generic=True)  # fmt: skip
        own = next(iter(self.names_at(paragraph.span_of(noun).start)), None)
        if own is not None and own.name.kind in ("platform", "company"):
            if own in self.platforms_inside(own.span) or self._is_actor(noun):
                return Party("platform", (_value(own),))
            own = None
        if own is not None:
            return Party(_kind_of(own), (_value(own),))
        span = phrase(paragraph, noun)
        # Names that are the phrase itself: “social networks Facebook and Twitter”.
        whole = phrase(paragraph, noun, whole=True)
        named = [one for one in self.platforms_inside(whole) if self._names(paragraph, noun, one)]
        if named and (_is_platform_noun(noun) or lemma in _PLATFORM_STAFF):
            return Party("platform", tuple(_value(one) for one in named))
        if lemma in _PLATFORM_STAFF and self._of_platform(paragraph, noun):
            return self._generic(paragraph, noun, span)
        if lemma == "administration" and all(one.dep_ in ("det", "punct", "conj", "cc")
                                             for one in noun.children):  # fmt: skip
            return self._generic(paragraph, noun, span)
        if lemma in _AUTHORITY_NOUNS:
            return Party("authority", (self._body(paragraph, noun, span),), generic=True)
        if _is_platform_noun(noun):
            return self._generic(paragraph, noun, span)
        if noun.pos_ == "PROPN" or _looks_named(noun):
            person = _is_person(noun) or noun.text in self.surnames
            kind: PartyKind = "person" if person else "name"
            return Party(kind, (Value(span.of(self.text), span, how="a name in this place"),))
        return Party("other", (Value(span.of(self.text), span),), generic=True)

    def _body(self, paragraph: Paragraph, noun: Token, span: Span) -> Value:
        """“the ministry” is the one named last; “minister Hanna Lodd” is she."""
        name = next(
            (one for one in noun.children if one.dep_ == "appos" and one.pos_ == "PROPN"), None
        )
        if name is not None:
            named = phrase(paragraph, name)
            return Value(named.of(self.text), named, how=f"{span.of(self.text)}, by name")
        bare = all(one.dep_ in ("det", "punct") for one in noun.lefts)
        definite = any(one.lower_ in ("the", "this") for one in noun.lefts)
        if bare and definite:
            kin = (
                one
                for one in ended_by(self.mentions, span.start)
                if one.name.kind in ("agency", "regulator", "organisation")
                and (
                    noun.lower_ in one.span.of(self.text).casefold()
                    or (noun.lower_ in ("regulator", "watchdog") and one.name.kind == "regulator")
                )
            )
            if (last := next(kin, None)) is not None:
                told = f"“{span.of(self.text)}”: named before"
                return Value(last.name.value, span, how=told)
            body = self.voice.body
            if body is not None and body.value and noun.lower_ in body.value.casefold():
                return Value(body.value, span, how=f"“{span.of(self.text)}”: {body.how}")
        return Value(span.of(self.text), span)

    def _is_actor(self, noun: Token) -> bool:
        return noun.dep_ in ("nsubj", "pobj", "nsubjpass") and noun.i > 0

    def _names(self, paragraph: Paragraph, noun: Token, mention: Mention) -> bool:
        """Whether a name inside a phrase names the phrase, or whose it is."""
        for token in noun.subtree:
            if paragraph.span.start + token.idx == mention.span.start:
                here = token
                while here.i != noun.i and here.dep_ in ("conj", "compound", "appos", "poss"):
                    here = here.head
                return here.i == noun.i
        return False

    def _of_platform(self, paragraph: Paragraph, noun: Token) -> bool:
        """“the administration of the social networks”, “an investigation by the website’s …”."""
        return any(one.i != noun.i and _is_platform_noun(one) for one in noun.subtree)

    def _generic(self, paragraph: Paragraph, noun: Token, span: Span) -> Party:
        """“the company” is the platform named last; “US platforms” stay who they are."""
        singular = noun.tag_ in ("NN", "NNP")
        definite = (
            any(child.lower_ in ("the", "this", "that", "its") for child in noun.children)
            or noun.lemma_.lower() in _PLATFORM_STAFF
        )
        group = self.groups_before(span.start)
        if singular and definite and group:
            named = group[-1] if len(group) == 1 else None
            listed = (named,) if named else tuple(group)
            return Party(
                "platform",
                tuple(
                    Value(one.name.value, span, how=f"“{span.of(self.text)}”: named before")
                    for one in listed
                ),
                generic=True,
            )
        several = self._several(noun, span, definite) if not singular else ()
        if several:
            return Party("platform", several, generic=True)
        return Party("platform", (Value(span.of(self.text), span),), generic=True)

    def _several(self, noun: Token, span: Span, definite: bool) -> tuple[Value, ...]:
        """“both platforms”, “the companies”: those named together last; else all named so far."""
        words = {one.lower_ for one in noun.children}
        plain = all(one.dep_ in ("det", "nummod", "predet", "punct", "amod") and (
            one.dep_ != "amod" or one.lower_ == "other") for one in noun.lefts)  # fmt: skip
        if not plain or not (definite or words & {"both", "these", "two", "those"}):
            return ()
        group = self.groups_before(span.start)
        if len(group) < _TWO:
            named = {one.name.value: one for one in self.platforms if one.span.end <= span.start}
            group = list(named.values()) if len(named) == _TWO or "all" in words else []
        told = f"“{span.of(self.text)}”: named before"
        return tuple(Value(one.name.value, span, how=told) for one in group)


def parties_of(reading: Reading) -> Parties:
    """The names of a document, looked up once for all stages."""
    if reading.names is None:
        reading.names = Parties(reading)
    return reading.names


def _value(mention: Mention) -> Value:
    how = None
    if mention.name.form == "capital":
        how = "the seat of government stands for the state"
    elif mention.name.form == "adjective":
        how = "by its adjective"
    return Value(mention.name.value, mention.span, how=how)


def _kind_of(mention: Mention) -> PartyKind:
    kinds: dict[str, PartyKind] = {
        "regulator": "authority",
        "agency": "authority",
        "organisation": "authority",
        "country": "country",
        "outlet": "outlet",
        "researcher": "researcher",
        "operator": "other",
    }
    return kinds.get(mention.name.kind, "name")


def _is_yours(noun: Token) -> bool:
    """“your company”, “your moderators”: in a letter, whom it is written to."""
    yours = any(one.dep_ == "poss" and one.lower_ == "your" for one in noun.children)
    return yours and (noun.lemma_.lower() in _PLATFORM_NOUNS or noun.lower_ in _PLATFORM_STAFF)


def _is_platform_noun(noun: Token) -> bool:
    lemma = noun.lemma_.lower()
    if lemma in ("network", "media"):
        return any(child.lower_ == "social" for child in noun.children)
    if lemma == "administration":
        return False
    if lemma in ("firm", "company", "giant", "provider"):
        return True
    return lemma in _PLATFORM_NOUNS


def _looks_named(noun: Token) -> bool:
    """“Chirpnet” that the tagger takes for a common noun: a capital inside or before a verb."""
    return (
        noun.text[:1].isupper()
        and noun.pos_ in ("NOUN", "ADJ", "X", "VERB")
        and (noun.dep_ in ("nsubj", "pobj", "nsubjpass", "compound", "conj") and noun.tag_ != "NNS")
    )


def _is_person(noun: Token) -> bool:
    """A first and a last name, or a title before it."""
    compounds = [child for child in noun.children if child.dep_ == "compound"]
    if any(child.lower_.strip(".") in _TITLES for child in compounds):
        return True
    named = [child for child in compounds if child.text[:1].isupper()]
    return len(named) == 1 and all(word.text[1:].islower() for word in (*named, noun))


def distinct(values: Sequence[Value]) -> tuple[Value, ...]:
    """Each value once, the first of each."""
    kept: dict[str | None, Value] = {}
    for value in values:
        kept.setdefault(value.value, value)
    return tuple(kept.values())
