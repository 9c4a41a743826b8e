"""Things that stand in the order of a text: a stretch of it is looked up, not scanned.

Every act and every demand of a document asks for the names and numbers around it. Going through
all of them each time would make a long list of acts take the square of its length.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from assay.model.record import Span


class Placed(Protocol):
    """Something that stands at a place of the text."""

    @property
    def span(self) -> Span:
        """Where it stands."""


P = TypeVar("P", bound=Placed)


class Covering:
    """Which of several things cover a character, where things may lie inside of one another.

    Args:
        things: The stretches of each.
    """

    def __init__(self, things: Iterable[Sequence[Span]]) -> None:
        edges: dict[int, Counter[int]] = {}
        for number, spans in enumerate(things):
            for span in spans:
                edges.setdefault(span.start, Counter())[number] += 1
                edges.setdefault(span.end, Counter())[number] -= 1
        open_here: Counter[int] = Counter()
        self._edges = sorted(edges)
        self._open = []
        for edge in self._edges:
            open_here.update(edges[edge])
            # Drops what is closed: unary plus keeps what is counted.
            open_here = +open_here
            self._open.append(sorted(open_here))

    def at(self, position: int) -> Sequence[int]:
        """The things, by their numbers in order, that a character belongs to."""
        edge = bisect_right(self._edges, position) - 1
        return self._open[edge] if edge >= 0 else ()


def _begin(thing: Placed) -> int:
    return thing.span.start


def beginning_in(things: Sequence[P], stretch: Span) -> Sequence[P]:
    """Those of the things, in the order of the text, that begin inside a stretch of it."""
    first = bisect_left(things, stretch.start, key=_begin)
    return things[first : bisect_left(things, stretch.end, lo=first, key=_begin)]


def ended_by(things: Sequence[P], position: int) -> Iterator[P]:
    """Those of the things, in the order of the text, that end before a position, the last first."""
    for at in range(bisect_left(things, position, key=_begin) - 1, -1, -1):
        if things[at].span.end <= position:
            yield things[at]


def begun_from(things: Sequence[P], position: int) -> Iterator[P]:
    """Those of the things, in the order of the text, that begin at a position or after it."""
    for at in range(bisect_left(things, position, key=_begin), len(things)):
        yield things[at]
