"""Tellings of one demand inside a document become one: headline’s, quoted and reported ones.

The first telling of the body leads; further ones are its mentions and add laws and addressees.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assay.model.record import Demand, Span, Value

NEAR = 700
"""Characters within which a general word (“officials”, “four companies”) means those just named."""

_WORD = re.compile(r"[a-zа-яёà-ÿ]{4,}", re.IGNORECASE)
_EMPTY = frozenset(
    ("that", "this", "these", "such", "their", "with", "from", "they", "them", "will", "have")
)
_BEHIND_HEAD = re.compile(r"\s(?:of|for|on|in|at|to|and)\b", re.IGNORECASE)
"""What the head of a name stands before: “Council of Regulators”, “Fund for press freedom”."""
_COMMON_NOUN = re.compile(r"[a-zß-ÿ’'-]+")
_ANYBODY, _OPEN = "*", ""
"""Whom demands ask: whoever it is; somebody without a name."""


@dataclass(frozen=True)
class _Told:
    """One demand as told, with what it is compared by.

    Attributes:
        demand: As told.
        headline: Whether it was told in the headline.
        words: Of its content, cut to their stems.
        names: Of those asked.
        named: Whether all of those asked, and there are some, are asked by name.
        general: Whether nobody is asked by name.
    """

    demand: Demand
    headline: bool
    words: frozenset[str]
    names: frozenset[str]
    named: bool
    general: bool


class _Kept:
    """The demands so far, each as what was told of it, found by words and names in common.

    Two demands of the body share two words, or stand near one another; those to others, by name,
    are never one. So a telling is compared only with the ones that share a word with it and do not
    ask somebody else, with those just before it and with the headline's.
    """

    def __init__(self) -> None:
        self.all: list[_Told] = []
        self._with: dict[tuple[str, str], set[int]] = {}
        self._headlines: set[int] = set()
        self._places: list[tuple[int, int]] = []

    def put(self, number: int, told: _Told) -> None:
        """Keep a demand under the next number, or under its own once another telling joined it."""
        self.all[number : number + 1] = [told]
        insort(self._places, (told.demand.trigger.start, number))
        if told.headline:
            self._headlines.add(number)
        for scope in (_ANYBODY, *(told.names if told.named else (_OPEN,))):
            for word in told.words:
                self._with.setdefault((word, scope), set()).add(number)

    def like(self, told: _Told) -> Iterable[int]:
        """Numbers of the demands that it may be another telling of, in their order."""
        if told.headline:
            return range(len(self.all))
        scopes = (_OPEN, *told.names) if told.named else (_ANYBODY,)
        shared = (self._with.get((word, scope), ()) for scope in scopes for word in told.words)
        return sorted(self._headlines.union(self._near(told), *shared))

    def _near(self, told: _Told) -> Iterator[int]:
        start = told.demand.trigger.start
        first = bisect_left(self._places, (start - NEAR, 0))
        until = bisect_left(self._places, (start + NEAR, 0), first)
        return (number for _, number in self._places[first:until])


def fold_demands(text: str, found: Sequence[tuple[Demand, bool]]) -> list[Demand]:
    """Demands in the order in which they are first made.

    Args:
        text: The document's text.
        found: Each demand as told, in the order of the text, and whether the headline told it.
    """
    kept = _Kept()
    for demand, headline in found:
        told = _told(text, demand, headline)
        same = next((n for n in kept.like(told) if _same(kept.all[n], told)), None)
        if same is None:
            kept.put(len(kept.all), told)
        else:
            kept.put(same, _told(text, *_joined(kept.all[same], told)))
    return [one.demand for one in kept.all]


def _told(text: str, demand: Demand, headline: bool) -> _Told:
    asked = [value.value for value in demand.addressee if value.value]
    names = [name for name in asked if _is_name(name)]
    return _Told(
        demand,
        headline,
        frozenset(_words(text, demand.content)),
        frozenset(name.casefold().removeprefix("the ") for name in asked),
        named=bool(names) and len(names) == len(asked),
        general=not names,
    )


def _same(one: _Told, other: _Told) -> bool:
    first, second = one.demand, other.demand
    expressed = {first.status, second.status}
    if "expressed" in expressed and len(expressed) == 2:
        return False
    if first.trigger == second.trigger:
        return True
    common = one.names & other.names
    if one.named and other.named and not common:
        return False
    shared = one.words & other.words
    if one.headline or other.headline:
        return bool(shared or common)
    if len(shared) >= 2:
        return True
    asked = bool(first.addressee) and bool(second.addressee)
    close = abs(first.trigger.start - second.trigger.start) < NEAR
    return close and one.general != other.general and asked


def _is_name(asked: str) -> bool:
    """Whether somebody is told by name: the head of the phrase is no common noun.

    “Ministry of Information”, “eBay” and “4chan” are names, “American companies” are not.
    """
    head = _BEHIND_HEAD.split(asked, maxsplit=1)[0].split()
    return bool(head) and not _COMMON_NOUN.fullmatch(head[-1])


def _words(text: str, span: Span) -> set[str]:
    return {
        word.group(0).lower()[:7]
        for word in _WORD.finditer(text, span.start, span.end)
        if word.group(0).lower() not in _EMPTY
    }


def _joined(one: _Told, other: _Told) -> tuple[Demand, bool]:
    """What two tellings say together, and whether the headline's leads."""
    leads = one.headline and not other.headline
    first, second = (other, one) if leads else (one, other)
    if _better(second.demand, first.demand) and not second.headline:
        first, second = second, first
    lead, rest = first.demand, second.demand
    known = {value.value for value in lead.legal_basis}
    demand = replace(
        lead,
        actor=_actor(lead, rest),
        addressee=lead.addressee or rest.addressee,
        legal_basis=(*lead.legal_basis, *(v for v in rest.legal_basis if v.value not in known)),
        counts=(*lead.counts, *(c for c in rest.counts if c not in lead.counts)),
        demanded_on=lead.demanded_on or rest.demanded_on,
        mentions=tuple(sorted({*lead.mentions, *rest.mentions, _whole(rest)})),
    )  # fmt: skip
    return demand, first.headline


def _actor(lead: Demand, rest: Demand) -> tuple[Value, ...]:
    """“officials” are those of the body named beside them."""
    theirs = any(_named(rest.actor)) and not any(_named(lead.actor))
    return rest.actor if theirs else (lead.actor or rest.actor)


def _better(second: Demand, first: Demand) -> bool:
    """A telling that names whom it addresses, where the other says “companies”."""
    return any(_named(second.addressee)) and not any(_named(first.addressee))


def _named(values: Iterable[Value]) -> Iterator[bool]:
    return (_is_name(value.value) for value in values if value.value)


def _whole(demand: Demand) -> Span:
    """From the first word of a demand to its last, trigger and content."""
    return Span(
        min(demand.trigger.start, demand.content.start), max(demand.trigger.end, demand.content.end)
    )
