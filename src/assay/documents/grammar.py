"""Questions to a parse: who does it, to what, by whom, under which verb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assay.documents.parse import Paragraph
from assay.lexicon.date_words import date_words
from assay.lexicon.word_lists import word_list
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_CONTAINERS = word_list("containers")
"""“a group of 470 accounts” is about the accounts."""

_LOOSE = frozenset(("relcl", "acl", "advcl", "punct", "ccomp", "parataxis"))


def subject(verb: Token) -> Token | None:
    """The subject of a verb; of the verb that it is joined to where it has none of its own."""
    seen = 0
    here: Token | None = verb
    while here is not None and seen < 6:
        own = [one for one in here.children if one.dep_ in ("nsubj", "nsubjpass", "expl")]
        if own:
            # A dateline (“CITY, September 3 – The ministry urged”) is no subject: the nearest is.
            near = [one for one in own if one.i < here.i]
            return near[-1] if near else own[0]
        if here.dep_ in ("conj", "xcomp", "aux") and here.head.i != here.i:
            here = here.head
        else:
            here = None
        seen += 1
    return None


def is_passive(verb: Token) -> bool:
    """“were removed”, also with the auxiliary before a verb that it is joined to."""
    here, seen = verb, 0
    while seen < 4:
        children = list(here.children)
        if any(child.dep_ == "auxpass" for child in children):
            return True
        own = any(child.dep_ in ("nsubj", "nsubjpass", "dobj", "aux") for child in children)
        if here.dep_ == "conj" and here.tag_ == "VBN" and not own and here.head.pos_ != "NOUN":
            here, seen = here.head, seen + 1
            continue
        if here.dep_ == "conj" and here.tag_ == "VBN":
            passive = any(child.dep_ == "nsubjpass" for child in children)
            return passive
        return False
    return False


def agent(verb: Token) -> Token | None:
    """“by Facebook”."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            for inner in child.children:
                if inner.dep_ == "pobj" and not _is_day(inner):
                    return inner
    # The parser may hang “by …” on the words between, as in “branded an agent by the ministry”.
    for child in verb.children:
        if child.dep_ in ("dobj", "attr", "oprd", "acomp", "prt", "advmod") and child.i > verb.i:
            for inner in child.children:
                if inner.dep_ in ("prep", "agent") and inner.lower_ == "by":
                    return next((one for one in inner.children if one.dep_ == "pobj"), None)
    # The parser may hang “by …” on the last of several verbs or on the object.
    for child in verb.conjuncts:
        if child.i > verb.i and child.tag_ == "VBN":
            for inner in child.children:
                if inner.dep_ == "agent":
                    return next((one for one in inner.children if one.dep_ == "pobj"), None)
    return None


def _is_day(noun: Token) -> bool:
    """“by 15 May”, “by Friday”: until when, and nobody."""
    words = date_words()["en"]
    return noun.pos_ == "NUM" or noun.lower_ in words.months or noun.lower_ in words.weekdays


def direct_object(verb: Token) -> Token | None:
    """What it is done to; shared with a verb joined to it (“blocked and then deleted …”)."""
    for child in verb.children:
        if child.dep_ in ("dobj", "dative", "obj"):
            return child
    for other in verb.conjuncts:
        if other.i > verb.i and other.tag_.startswith("VB"):
            between = [one for one in verb.subtree if verb.i < one.i < other.i]
            if any(one.pos_ in ("NOUN", "PROPN") for one in between):
                continue
            for child in other.children:
                if child.dep_ in ("dobj", "obj"):
                    return child
    return None


def content_heads(noun: Token) -> list[Token]:
    """The nouns that a phrase is about: past “a group of”, with everything joined to them."""
    head = noun
    if noun.tag_ == "CD" or {noun.lemma_.lower(), noun.lower_} & _CONTAINERS:
        for child in noun.children:
            if child.dep_ == "prep" and child.lower_ == "of":
                inner = next((one for one in child.children if one.dep_ == "pobj"), None)
                if inner is not None:
                    head = inner
    return [head, *(one for one in head.conjuncts if one.i > head.i)]


def phrase(paragraph: Paragraph, noun: Token, *, whole: bool = False) -> Span:
    """A noun phrase: without relative clauses, unless the whole is asked for."""
    return paragraph.between(*phrase_edges(noun, whole=whole))


def phrase_edges(noun: Token, *, whole: bool = False) -> tuple[Token, Token]:
    """First and last word of a noun phrase."""
    tokens = list(noun.subtree) if whole else sorted(_core(noun), key=lambda one: one.i)
    while len(tokens) > 1 and tokens[-1].is_punct and tokens[-1].text not in (")", "”", "’", "'"):
        tokens.pop()
    while len(tokens) > 1 and (tokens[0].is_punct or tokens[0].dep_ in ("cc", "mark", "advmod")):
        if tokens[0].text in ("“", "‘", '"'):
            break
        tokens.pop(0)
    return tokens[0], tokens[-1]


def _core(noun: Token) -> Iterator[Token]:
    yield noun
    for child in noun.children:
        if child.dep_ in _LOOSE and child.text not in ("(", ")"):
            continue
        if child.dep_ in ("prep",) and child.i > noun.i and child.lower_ not in ("of", "in"):
            continue
        if child.dep_ in ("conj", "cc", "appos") and child.i > noun.i:
            continue
        yield from _core(child)
