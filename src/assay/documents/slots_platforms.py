"""Where an act was done: the platform that acts, that the targets stand on, that a number names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assay.documents.actions import Act
from assay.documents.grammar import phrase
from assay.documents.parties import Parties, distinct
from assay.documents.places import ended_by
from assay.documents.slots_counts import word_ending
from assay.model.record import Count, Span, Value

if TYPE_CHECKING:
    from spacy.tokens import Token


def platforms_of(parties: Parties, act: Act, clause: Span) -> tuple[Value, ...]:
    """Where: the platform that acts, the one on the targets, or the one named after “on”."""
    found: list[Value] = []
    for one in act.objects:
        whole = phrase(act.paragraph, one, whole=True)
        words = {one.i} | {child.i for child in one.subtree}
        for mention in parties.platforms_inside(whole):
            token = word_ending(act.paragraph, mention.span.end)
            if token is not None and token.i in words and _on_target(token, one):
                found.append(Value(mention.name.value, mention.span))
    actor = act.actor
    if actor is not None and actor.kind in ("platform", "name"):
        # “Western social networks” says who, but names no platform.
        theirs = [
            value
            for value in actor.values
            if value.value and not (actor.generic and value.how is None and value.span is not None
                                    and value.value == value.span.of(parties.text))
        ]  # fmt: skip
        # “35 accounts and 88 Instagram accounts”: the first number is the actor's own.
        if len(found) < len(act.objects):
            found = [*theirs, *found]
        return distinct(found)
    for mention in parties.platforms_inside(clause):
        before = parties.text[max(0, mention.span.start - 14) : mention.span.start]
        near = re.search(r"\b(?:on|from|in|via|engine,|by)\s(?:the\s)?$", before)
        if near or mention.span.end >= clause.end - 1:
            found.append(Value(mention.name.value, mention.span))
    return distinct(found)


def only_platform(parties: Parties, act: Act) -> tuple[Value, ...]:
    """The document's one platform, where it was named last before the act."""
    last = next(ended_by(parties.platforms, act.steps[0][1].start), None)
    if last is None or len(parties.platform_names) != 1:
        return ()
    return (Value(last.name.value, last.span, how="the only platform that the document names"),)


def counted_on(parties: Parties, counts: Sequence[Count]) -> list[Value]:
    """Platforms that numbers name themselves: “88 Instagram accounts”."""
    return [
        Value(mention.name.value, mention.span)
        for count in counts
        for mention in parties.platforms_inside(count.phrase)
    ]


def _on_target(token: Token, target: Token) -> bool:
    """“Instagram accounts”, “accounts on Instagram”, “YouTube’s channel”."""
    here = token
    for _ in range(4):
        if here.i == target.i:
            return True
        # “35 accounts and 88 Instagram accounts”: the second number's platform is its own.
        if here.dep_ in ("relcl", "acl", "advcl", "ccomp", "appos") or (
            here.dep_ == "conj" and here.pos_ == "NOUN"
        ):
            return False
        here = here.head
    return False


_ON = re.compile(r"\son\s(?:the\s)?$")


def behind_on(parties: Parties, count: Count) -> Count:
    """“12 accounts on Instagram”: the number is of the platform named right behind it."""
    if count.platform is not None:
        return count
    behind = next(
        iter(parties.platforms_inside(Span(count.phrase.end, count.phrase.end + 12))), None
    )
    if behind is None or not _ON.fullmatch(parties.text[count.phrase.end : behind.span.start]):
        return count
    return replace(count, platform=behind.name.value)


def on_platform(count: Count, platforms: Sequence[Value]) -> Count:
    """A number without a platform of its own belongs to the only one there is."""
    if count.platform is not None or not platforms:
        return count
    if len(platforms) == 1:
        return replace(count, platform=platforms[0].value)
    return count
