"""What the documents benchmark counts, and when two readings of one thing are the same.

A statement or demand is found if its characters overlap with the truth's by at least half of those
of both together (Jaccard); a measure must overlap the truth's clause, with an action in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.model.record import Count, Measure, Span, Spend, Value


@dataclass
class Score:
    """Right, found and true things of one row of the table."""

    right: int = 0
    found: int = 0
    true: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float | None:
        """Of precision and recall; None where there is nothing to find and nothing was."""
        return 2 * self.right / (self.found + self.true) if self.found + self.true else None

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 where nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is true that was found; 0 where there is nothing to find."""
        return self.right / self.true if self.true else 0.0

    def add(self, right: int, found: int, true: int, miss: str = "") -> None:
        """Count one comparison; the miss is kept if there is anything wrong or missed."""
        self.right += right
        self.found += found
        self.true += true
        if miss and (found > right or true > right):
            self.misses.append(miss)


@dataclass
class Scores:
    """Every row, made when it is first named."""

    rows: dict[str, Score] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Score:
        """The row of a name."""
        return self.rows.setdefault(name, Score())

    def share(self, name: str, right: bool, miss: str = "") -> None:
        """One more case of a row that is a share of cases."""
        self[name].add(int(right), 1, 1, miss)

    def pairs(self, name: str, matched: int, found: Sequence[Any], true: Sequence[Any]) -> None:
        """More things of a row that is an F1."""
        self[name].add(matched, len(found), len(true))


def matched(
    found: Sequence[Any], true: Sequence[Any], same: Callable[[Any, Any], bool]
) -> list[tuple[Any, Any]]:
    """Each true thing with the first that is the same and not yet taken."""
    left = list(found)
    pairs = []
    for wanted in true:
        got = next((one for one in left if same(one, wanted)), None)
        if got is not None:
            left.remove(got)
            pairs.append((got, wanted))
    return pairs


def missing(
    score: Score,
    name: str,
    pairs: list[tuple[Any, Any]],
    true: Sequence[Any],
    span: Callable[[Any], Span],
) -> None:
    """Note where true things that nobody found stand."""
    got = {id(wanted) for _, wanted in pairs}
    score.misses += [f"{name} missed at {span(one)}" for one in true if id(one) not in got]


def same_statement(found: Any, true: Any) -> bool:
    """Half of the characters of both together, at least, are shared."""
    have = {place for span in found.spans for place in range(span.start, span.end)}
    want = {place for span in true.spans for place in range(span.start, span.end)}
    return len(have & want) / len(have | want) >= 0.5


def same_measure(found: Measure, true: Measure) -> bool:
    """An action in common, told at an overlapping place."""
    have, want = ({action for action, _ in one.actions} for one in (found, true))
    if not have & want:
        return False
    places = (found.span, *found.mentions, *(span for _, span in found.actions))
    return any(overlap(place, true.span) for place in places)


def same_count(found: Count, true: Count) -> bool:
    """The same number of the same things."""
    return found.n == true.n and unit(found.unit) == unit(true.unit)


def same_sum(found: Spend, true: Spend) -> bool:
    """The same amount in the same currency."""
    return (found.amount, found.currency) == (true.amount, true.currency)


def unit(unit: str) -> str:
    """A unit with its kinds in order."""
    return "+".join(sorted(unit.split("+")))


def same_names(found: Iterable[Value], true: Iterable[Value]) -> bool:
    """Every true name is among those found."""
    have = [one.value for one in found]
    return all(any(same(one, want.value) for one in have) for want in true)


def same(one: str | None, other: str | None) -> bool:
    """The same name, or one that holds the other's words (“Vance” and “Teodor Vance”)."""
    if one is None or other is None:
        return one is other
    left, right = squeeze(one), squeeze(other)
    if not left or not right:
        return left == right
    mine, theirs = ({*name.split()} - _SMALL for name in (left, right))
    if left in right or right in left:
        return True
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


_SMALL = frozenset(("of", "the", "for", "and", "affairs"))


def squeeze(text: str) -> str:
    """The words alone, without case and marks."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def told(values: Iterable[Value]) -> list[str | None]:
    """The values' names."""
    return [one.value for one in values]


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end


def jaccard(one: Span, other: Span) -> float:
    """Shared characters over all characters of two spans."""
    shared = max(0, min(one.end, other.end) - max(one.start, other.start))
    return shared / (one.end - one.start + other.end - other.start - shared)
