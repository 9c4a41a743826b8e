"""Tellings of one demand inside a document become one: headline’s, quoted and reported ones.

The first telling of the body leads; further ones are its mentions and add laws and addressees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assay.model.record import Demand, Span, Value

NEAR = 700
"""Characters within which a general word (“officials”, “four companies”) means those just named."""

_WORD = re.compile(r"[a-zа-яёà-ÿ]{4,}", re.IGNORECASE)
_EMPTY = frozenset(
    ("that", "this", "these", "such", "their", "with", "from", "they", "them", "will", "have")
)


_ARTICLE = re.compile(r"^(?:the|all|both|these)\s", re.IGNORECASE)


@dataclass
class _Folded:
    demand: Demand
    headline: bool


def fold_demands(text: str, found: Sequence[tuple[Demand, bool]]) -> list[Demand]:
    """Demands in the order in which they are first made.

    Args:
        text: The document's text.
        found: Each demand as told, and whether it was told in the headline.
    """
    kept: list[_Folded] = []
    for demand, headline in found:
        told = _Folded(demand, headline)
        same = next((one for one in kept if _same(text, one, told)), None)
        if same is None:
            kept.append(told)
        else:
            _join(same, told)
    return [one.demand for one in kept]


def _same(text: str, one: _Folded, other: _Folded) -> bool:
    first, second = one.demand, other.demand
    expressed = {first.status, second.status}
    if "expressed" in expressed and len(expressed) == 2:
        return False
    if first.trigger == second.trigger:
        return True
    if _to_others(first.addressee, second.addressee):
        return False
    shared = _words(text, first.content) & _words(text, second.content)
    if one.headline or other.headline:
        return bool(shared) or bool(_names(first.addressee) & _names(second.addressee))
    if len(shared) >= 2:
        return True
    close = abs(first.trigger.start - second.trigger.start) < NEAR
    general = _is_general(text, first.addressee) != _is_general(text, second.addressee)
    return close and general and bool(first.addressee) and bool(second.addressee)


def _to_others(one: Sequence[Value], other: Sequence[Value]) -> bool:
    """Both ask by name, with a capital in every word, and nobody is asked by both."""
    words = [word for value in (*one, *other) if value.value for word in value.value.split()]
    named = all(word[:1].isupper() for word in words)
    return named and bool(one) and bool(other) and not _names(one) & _names(other)


def _words(text: str, span: Span) -> set[str]:
    return {
        word.group(0).lower()[:7]
        for word in _WORD.finditer(text, span.start, span.end)
        if word.group(0).lower() not in _EMPTY
    }


def _names(values: Sequence[Value]) -> set[str]:
    return {value.value.casefold() for value in values if value.value}


def _is_general(text: str, values: Sequence[Value]) -> bool:
    """Common nouns only: “four American companies”."""
    return all(
        value.span is not None
        and value.value == value.span.of(text)
        and not _ARTICLE.sub("", value.value)[:1].isupper()
        for value in values
    )


def _join(one: _Folded, other: _Folded) -> None:
    leads = one.headline and not other.headline
    first, second = (other, one) if leads else (one, other)
    if _better(second.demand, first.demand) and not second.headline:
        first, second = second, first
    lead, rest = first.demand, second.demand
    known = {value.value for value in lead.legal_basis}
    one.demand = replace(
        lead,
        actor=_actor(lead, rest),
        addressee=lead.addressee or rest.addressee,
        legal_basis=(*lead.legal_basis, *(v for v in rest.legal_basis if v.value not in known)),
        counts=(*lead.counts, *(c for c in rest.counts if c not in lead.counts)),
        demanded_on=lead.demanded_on or rest.demanded_on,
        mentions=tuple(sorted({*lead.mentions, *rest.mentions, _whole(rest)})),
    )  # fmt: skip
    one.headline = first.headline


def _actor(lead: Demand, rest: Demand) -> tuple[Value, ...]:
    """“officials” are those of the body named beside them."""
    named = any(value.value and value.value[:1].isupper() for value in lead.actor)
    theirs = any(value.value and value.value[:1].isupper() for value in rest.actor)
    return rest.actor if theirs and not named else (lead.actor or rest.actor)


def _better(second: Demand, first: Demand) -> bool:
    """A telling that names whom it addresses, where the other says “companies”."""
    named = {v.value for v in second.addressee if v.value and v.value[:1].isupper()}
    before = {v.value for v in first.addressee if v.value and v.value[:1].isupper()}
    return len(named) > len(before) and not before


def _whole(demand: Demand) -> Span:
    """From the first word of a demand to its last, trigger and content."""
    return Span(
        min(demand.trigger.start, demand.content.start), max(demand.trigger.end, demand.content.end)
    )
