"""A document's measures found by where they are told and whom they name, without going through all.

Every statement and every demand of a document asks which measure it is about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence

from assay.model.record import Measure, Span, Value

_Place = tuple[int, int]
"""Where a measure, by its number, is told: character and number, so that places sort."""


class MeasureIndex:
    """Measures by place and by name.

    Args:
        measures: In the document's order; of several that fit alike the first is given.
        known: The names that stretches of the text may be asked for with.
    """

    def __init__(self, measures: Sequence[Measure], known: Collection[str]) -> None:
        self._measures = measures
        self.by_id = {one.measure_id: one for one in measures}
        self._told = sorted(
            (span.start, number)
            for number, one in enumerate(measures)
            for span in (*(span for _, span in one.actions), *one.mentions)
        )
        self._clauses = sorted((one.span.start, number) for number, one in enumerate(measures))
        self._longest = max((one.span.end - one.span.start for one in measures), default=0)
        self._naming: dict[tuple[frozenset[str], frozenset[str]], list[_Place]] = {}
        for place in self._clauses:
            one = measures[place[1]]
            on = names_of((*one.target, *one.operator)) & set(known)
            self._naming.setdefault((actors_of(one) & set(known), on), []).append(place)

    def told_in(self, spans: Iterable[Span]) -> Measure | None:
        """The first measure that is told, or mentioned again, inside one of the stretches."""
        return self._first(n for span in spans for _, n in _between(self._told, span))

    def beside(self, stretch: Span) -> Measure | None:
        """The first measure whose clause shares a character with a stretch."""
        reach = Span(stretch.start - self._longest, stretch.end)
        return self._first(
            number
            for _, number in _between(self._clauses, reach)
            if stretch.start < self._measures[number].span.end
        )

    def naming(self, told: Collection[str], position: int) -> Measure | None:
        """The measure that shares most names with a stretch, targets twice; then the nearest."""
        scored = [
            (-score, *nearest(places, position))
            for (own, on), places in self._naming.items()
            if (score := 2 * len(on.intersection(told)) + len(own.intersection(told)))
        ]
        return self._measures[min(scored)[2]] if scored else None

    def _first(self, numbers: Iterable[int]) -> Measure | None:
        number = min(numbers, default=None)
        return None if number is None else self._measures[number]


def actors_of(measure: Measure) -> frozenset[str]:
    """Names of who acted, and where."""
    return names_of((*measure.actor, *measure.platform))


def names_of(values: Iterable[Value]) -> frozenset[str]:
    """The values that are named."""
    return frozenset(value.value for value in values if value.value)


def _between(places: Sequence[_Place], stretch: Span) -> Iterator[_Place]:
    first = bisect_left(places, (stretch.start, -1))
    return iter(places[first : bisect_left(places, (stretch.end, -1))])


def nearest(places: Sequence[_Place], position: int) -> _Place:
    """How far the nearest place is, and its number: of several as near the first."""
    after = bisect_left(places, (position, -1))
    near = list(places[after : after + 1])
    if after:
        # Several may begin at the last character before: the first of them.
        near.append(places[bisect_left(places, (places[after - 1][0], -1))])
    return min((abs(start - position), number) for start, number in near)
