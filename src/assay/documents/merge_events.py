"""Measures of several documents that tell of one act become one event; every claim is kept.

Tellings that say the very same are looked at once, however many they are. Those of one platform
are then compared in the order of their days, as far as the window reaches; what makes two tellings
one act is said in :mod:`assay.documents.one_act`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

from assay.documents.base import Reading
from assay.documents.choices import read_choices
from assay.documents.groups import Groups
from assay.documents.merge_choices import ChosenPairs
from assay.documents.one_act import Act, MergeWindow, act_of, days_agree, kinds_agree, one_act
from assay.documents.relations import Told, adds_up, relations
from assay.model.record import OWN_WORDS, Event

_MOST_PARTS = 8
"""A sum is sought among so many parts; among more, one is found by chance."""
_SIZES = (2, 3, 4)
_NOWHERE = ("",)
"""Where tellings stand together that name neither a platform nor who acted."""


class EventMerger:
    """Joins by platform, days and numbers; people's choices come before any rule."""

    name = "events"

    def __init__(self, window: MergeWindow | None = None) -> None:
        self.window = window or MergeWindow()

    def merge(self, readings: Sequence[Reading], choices: Path) -> Sequence[Event]:
        """Every event of the record; a measure told by one document alone is one as well.

        Raises:
            InputError: The file of choices cannot be read.
        """
        acts = [
            act_of(reading, measure)
            for reading in readings
            for measure in reading.measures
            if measure.segment in OWN_WORDS
        ]
        chosen = ChosenPairs(read_choices(choices), [act.told for act in acts])
        groups = Groups(len(acts))
        for one, other in chosen.joined:
            groups.join(one, other)
        groups.keep_apart(chosen.split)
        self._join(groups, _alike(acts))
        joined_by = {number: by for pair, by in chosen.joined.items() for number in pair}
        return [_event(numbers, acts, joined_by) for numbers in groups.all()]

    def _join(self, groups: Groups, alike: Sequence[_Alike]) -> None:
        for one in alike:
            if one_act(one.act, one.act, self.window):
                _link(groups, one, one)
        whole = {one.act for one in alike if groups.together(one.numbers)}
        blocks: dict[str, list[_Alike]] = {}
        for one in alike:
            for name in sorted(one.act.platforms) or _NOWHERE:
                blocks.setdefault(name, []).append(one)
        by_day = {name: _ByDay(block) for name, block in blocks.items()}
        for block in by_day.values():
            for one, other in block.pairs(self.window.longest):
                known = {one.act, other.act} <= whole
                if known and groups.together((one.numbers[0], other.numbers[0])):
                    continue
                if one_act(one.act, other.act, self.window):
                    _link(groups, one, other)
        for one in alike:
            for parts in _sums(one, by_day, self.window):
                for number in (*one.numbers, *(n for part in parts for n in part.numbers)):
                    groups.join(one.numbers[0], number)


@dataclass(frozen=True)
class _Alike:
    """Tellings, by their numbers, that say the very same of their act."""

    act: Act
    numbers: list[int]
    documents: list[str]


def _alike(acts: Sequence[Act]) -> list[_Alike]:
    found: dict[Act, _Alike] = {}
    for number, act in enumerate(acts):
        one = found.setdefault(act, _Alike(act, [], []))
        one.numbers.append(number)
        one.documents.append(act.told.document)
    return list(found.values())


def _link(groups: Groups, one: _Alike, other: _Alike) -> None:
    """Join what different documents tell alike on one side with what they tell on the other.

    Each telling is joined with two of the other side, of different documents: all that pair by pair
    would come together hangs together through these, and two of one document do by nothing else.
    """
    for mine, theirs in ((one, other), (other, one)):
        first = theirs.documents[0]
        second = next((n for n, name in enumerate(theirs.documents) if name != first), 0)
        for number, document in zip(mine.numbers, mine.documents, strict=True):
            for near in (0, second):
                if theirs.documents[near] != document:
                    groups.join(number, theirs.numbers[near])


class _ByDay:
    """Acts of one platform in the order of their days."""

    def __init__(self, block: Iterable[_Alike]) -> None:
        dated: list[tuple[date, _Alike]] = []
        self._undated: list[_Alike] = []
        for one in block:
            if one.act.day is None:
                self._undated.append(one)
            else:
                dated.append((one.act.day, one))
        dated.sort(key=lambda pair: pair[0])
        self._days = [day for day, _ in dated]
        self._dated = [one for _, one in dated]

    def near(self, act: Act, days: int) -> Iterator[_Alike]:
        """Those whose day lies so near, and those whose day is open."""
        first, last = 0, len(self._days)
        if act.day is not None:
            first = bisect_left(self._days, act.day - timedelta(days))
            last = bisect_right(self._days, act.day + timedelta(days))
        yield from self._dated[first:last]
        yield from self._undated

    def pairs(self, days: int) -> Iterator[tuple[_Alike, _Alike]]:
        """Each two that lie so near, or of which one has no day, once."""
        for at, day in enumerate(self._days):
            last = bisect_right(self._days, day + timedelta(days))
            for other in (*self._dated[at + 1 : last], *self._undated):
                yield self._dated[at], other
        yield from combinations(self._undated, 2)


def _sums(
    whole: _Alike, by_day: Mapping[str, _ByDay], window: MergeWindow
) -> Iterator[tuple[_Alike, ...]]:
    """Parts on single platforms, or on none named, that add up to a number over several."""
    act = whole.act
    if not act.figures or len(act.platforms) < 2:
        return
    near = {
        one.numbers[0]: one
        for name in (*act.platforms, *_NOWHERE)
        if name in by_day
        for one in by_day[name].near(act, window.days)
        if one.act.figures
        and one.act.platforms < act.platforms
        and kinds_agree(act, one.act)
        and days_agree(act, one.act, window.days)
    }
    parts = [near[number] for number in sorted(near)[:_MOST_PARTS]]
    for size in _SIZES:
        for group in combinations(parts, size):
            if any(a.act.platforms & b.act.platforms for a, b in combinations(group, 2)):
                continue
            told = [part.act.told for part in group]
            if any(
                adds_up(sum(part.totals.get(unit, 0.0) for part in told), act.told, unit)
                for unit in act.told.totals
            ):
                yield group


def _event(numbers: Sequence[int], acts: Sequence[Act], joined_by: Mapping[int, str]) -> Event:
    told = [acts[number].told for number in numbers]
    members = tuple((one.document, one.measure.measure_id) for one in told)
    by = next((joined_by[number] for number in numbers if number in joined_by), "rules")
    return Event(_event_id(members), members, relations(told), by, _why(told, by))


def _event_id(members: Iterable[tuple[str, str]]) -> str:
    told = "\x1e".join("\x1f".join(member) for member in sorted(members))
    return "E" + hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _why(told: Sequence[Told], by: str) -> str:
    if len(told) == 1:
        return "told by one document"
    names = sorted({value.value for one in told for value in one.measure.platform if value.value})
    on = f" on {', '.join(names)}" if names else ""
    if by != "rules":
        return f"joined by {by}{on}"
    return f"the same kind of act{on}, near in time, with numbers or targets that fit"
