"""What an act was done to, beyond what the numbers say already."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assay.documents.actions import Act
from assay.documents.gazetteer import Mention
from assay.documents.grammar import phrase
from assay.documents.parse import Paragraph
from assay.documents.parties import Parties, distinct
from assay.documents.places import begun_from
from assay.model.record import Count, Span, Value

if TYPE_CHECKING:
    from spacy.tokens import Token


def targets_of(act: Act, text: str, parties: Parties, counts: Sequence[Count]) -> tuple[Value, ...]:
    """On what, beyond what the numbers say already."""
    paragraph = act.paragraph
    found: list[Value] = []
    for one in act.objects:
        if one.lower_ in ("it", "them"):
            before = _antecedent(act)
            if before is not None:
                span = phrase(paragraph, before)
                found.append(Value(span.of(text), span, how=f"“{one.text}”"))
            continue
        if one.lower_ in ("that", "which", "who", "this", "these", "those"):
            continue
        span = _uncounted(paragraph, one, act)
        named = [
            mention
            for mention in parties.inside(phrase(paragraph, one))
            if mention.name.kind in ("outlet", "operator", "organisation", "researcher")
            and mention.span.end >= paragraph.span_of(one).end
        ]
        listed = _listed_after(parties, paragraph.span_of(one).end)
        if listed and not named:
            found += [Value(mention.name.value, mention.span) for mention in listed]
        elif named:
            found.append(Value(named[-1].name.value, named[-1].span))
        elif span.end > span.start and not (counts and _is_bare(span.of(text))):
            found.append(Value(span.of(text), span))
    return distinct(found)


def _is_bare(words: str) -> bool:
    """“accounts” beside “18 accounts” says nothing more."""
    return " " not in words.strip() and words[:1].islower()


def _listed_after(parties: Parties, end: int) -> list[Mention]:
    """“news agencies A and B”: the names right behind a noun."""
    found: list[Mention] = []
    for mention in begun_from(parties.mentions, end):
        if mention.span.start - end > len(", and "):
            break
        if mention.name.kind not in ("outlet", "operator") or mention.span.start < end:
            continue
        between = parties.text[end : mention.span.start]
        if not re.fullmatch(r"\s" if not found else r",?\s(?:and\s|or\s)?", between):
            break
        found.append(mention)
        end = mention.span.end
    return found


def _uncounted(paragraph: Paragraph, noun: Token, act: Act) -> Span:
    """A target without its number; with what describes it, where it has none."""
    words = sorted(
        (one for one in noun.subtree if _describes(one, noun, act)), key=lambda one: one.i
    )
    while len(words) > 1 and (
        words[0].tag_ in ("CD", "$") or words[0].dep_ in ("nummod", "quantmod", "predet", "cc")
        or (words[0].is_punct and words[0].text not in ("“", "‘"))
        or (words[0].i < noun.i and words[0].tag_ in ("RB", "IN", "JJR", "JJS", "RBR")
        and any(later.tag_ == "CD" for later in words[1:4]))
    ):  # fmt: skip
        words.pop(0)
    while len(words) > 1 and words[-1].is_punct and words[-1].text not in (")", "”", "’"):
        words.pop()
    return paragraph.between(words[0], words[-1])


def _describes(word: Token, noun: Token, act: Act) -> bool:
    if word.i == act.verb.i or (act.verb.is_ancestor(word) and noun.is_ancestor(act.verb)):
        return False
    here = word
    counted = _has_number(noun) or (noun.dep_ == "conj" and _has_number(noun.head))
    while here.i != noun.i:
        if here.dep_ in ("conj", "cc") and here.head.i == noun.i:
            return False
        if here.dep_ in ("relcl", "advcl", "appos", "agent"):
            return here.dep_ == "appos" and here.head.i == noun.i and not counted
        if counted and here.head.i == noun.i and here.dep_ in ("acl", "prep") and here.i > noun.i:
            return False
        here = here.head
    return True


def _antecedent(act: Act) -> Token | None:
    """“it” in “says that the app is illegal, and has moved to block it”."""
    here: Token = act.verb
    while here.head.i != here.i:
        here = here.head
        for child in here.children:
            if child.dep_ in ("nsubj", "nsubjpass") and child.pos_ in ("NOUN", "PROPN") and (
                act.actor is None
                or all(value.span is None or value.span.start
                       != act.paragraph.span_of(child).start for value in act.actor.values)
            ):  # fmt: skip
                return child
    return None


def _has_number(noun: Token) -> bool:
    return any(child.dep_ == "nummod" for child in noun.children)
