"""Measures of several documents that tell of one act become one event; every claim is kept.

Candidates share a platform and lie within a window of days. They are one event if their numbers
agree, are rounded or bounded by each other, or add up; or, where no numbers speak, if actor,
target and day agree. Two different acts of the same size (two “273”) stay apart by their days.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from assay.documents.base import Reading
from assay.documents.choices import Choice, read_choices
from assay.documents.name_keys import name_key, spoken_key
from assay.documents.page_dates import reference_date
from assay.documents.relations import Told, adds_up, close_bound, compared, relations, same_numbers
from assay.lexicon.word_lists import word_list
from assay.model.record import OWN_WORDS, Event, Measure

_TAKEN_DOWN = frozenset(("remove", "suspend", "block"))
_COMMON = word_list("common_targets")


@dataclass(frozen=True)
class MergeWindow:
    """How far apart tellings of one act may lie.

    Attributes:
        days: Between the days of two documents or acts.
        days_unnumbered: The same where no numbers speak for it.
        days_denied: The same for two denials.
    """

    days: int = 31
    days_unnumbered: int = 10
    days_denied: int = 3


@dataclass(frozen=True)
class _Candidate:
    told: Told
    day: date | None
    text: str


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
        candidates = [
            _Candidate(Told(reading.document.document, measure), _day(reading, measure),
                       reading.text)
            for reading in readings
            for measure in reading.measures
            if measure.segment in OWN_WORDS
        ]  # fmt: skip
        chosen = read_choices(choices)
        parents = list(range(len(candidates)))
        apart = _split_pairs(chosen, candidates)
        joined_by: dict[int, str] = {}
        for one, other, by in _joins(chosen, candidates):
            _unite(parents, one, other, frozenset())
            joined_by[one] = joined_by[other] = by
        for one, other in _pairs(candidates, self.window):
            _unite(parents, one, other, apart)
        for group in _sum_groups(candidates, self.window):
            for other in group[1:]:
                _unite(parents, group[0], other, apart)
        return _events(candidates, parents, joined_by)


def _events(
    candidates: Sequence[_Candidate], parents: list[int], joined_by: dict[int, str]
) -> list[Event]:
    groups: dict[int, list[int]] = {}
    for number in range(len(candidates)):
        groups.setdefault(_root(parents, number), []).append(number)
    found = []
    for numbers in groups.values():
        members = tuple(
            (candidates[n].told.document, candidates[n].told.measure.measure_id) for n in numbers
        )
        by = next((joined_by[n] for n in numbers if n in joined_by), "rules")
        told = [candidates[n].told for n in numbers]
        found.append(
            Event(_event_id(members), members, relations(told), by, _why(told, by))
        )  # fmt: skip
    return found


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


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number


def _unite(parents: list[int], one: int, other: int, apart: frozenset[frozenset[int]]) -> None:
    """Join two groups unless that brings together what a person split."""
    first, second = _root(parents, one), _root(parents, other)
    if first == second:
        return
    mine = [n for n in range(len(parents)) if _root(parents, n) == first]
    theirs = [n for n in range(len(parents)) if _root(parents, n) == second]
    if any(frozenset((a, b)) in apart for a in mine for b in theirs):
        return
    parents[max(first, second)] = min(first, second)


def _numbers_of(choice: Choice, candidates: Sequence[_Candidate]) -> list[int]:
    """The candidates that a choice names: by place, else by measure id."""
    found = []
    for index, (document, measure_id) in enumerate(choice.members):
        place = choice.places[index] if index < len(choice.places) else None
        same = [n for n, one in enumerate(candidates) if one.told.document == document]
        by_place = [n for n in same if place is not None
                    and candidates[n].told.measure.span.start == place]  # fmt: skip
        by_id = [n for n in same if candidates[n].told.measure.measure_id == measure_id]
        found += (by_place or by_id)[:1]
    return found


def _joins(
    chosen: Sequence[Choice], candidates: Sequence[_Candidate]
) -> list[tuple[int, int, str]]:
    """Pairs that people joined; a later split of a pair undoes it."""
    found: dict[frozenset[int], tuple[int, int, str]] = {}
    for choice in chosen:
        numbers = _numbers_of(choice, candidates)
        for one, other in combinations(numbers, 2):
            if choice.choice == "join":
                found[frozenset((one, other))] = (one, other, choice.by)
            else:
                found.pop(frozenset((one, other)), None)
    return list(found.values())


def _split_pairs(
    chosen: Sequence[Choice], candidates: Sequence[_Candidate]
) -> frozenset[frozenset[int]]:
    """Pairs that people split; a later join of a pair undoes it."""
    found: set[frozenset[int]] = set()
    for choice in chosen:
        for pair in combinations(_numbers_of(choice, candidates), 2):
            if choice.choice == "split":
                found.add(frozenset(pair))
            else:
                found.discard(frozenset(pair))
    return frozenset(found)


def _day(reading: Reading, measure: Measure) -> date | None:
    """The day of an act as well as it is known: of the act, its disclosure, or the document."""
    for dated in (measure.acted_on, measure.disclosed_on):
        if dated is None or not dated.value:
            continue
        if dated.precision == "month" and re.fullmatch(r"\d{4}-\d\d", dated.value):
            return date.fromisoformat(f"{dated.value}-15")
        if dated.precision in ("day", "second", "minute"):
            try:
                return date.fromisoformat(dated.value[:10])
            except ValueError:
                continue
    return reference_date(reading.document.dates)


def _pairs(candidates: Sequence[_Candidate], window: MergeWindow) -> Iterable[tuple[int, int]]:
    """Pairs that tell of one act, by platform first."""
    blocks: dict[str, list[int]] = {}
    for number, candidate in enumerate(candidates):
        for name in _platforms(candidate.told.measure) or {"?"}:
            blocks.setdefault(name, []).append(number)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        for one, other in combinations(block, 2):
            if (one, other) not in seen:
                seen.add((one, other))
                if _one_act(candidates[one], candidates[other], window):
                    yield one, other


def _platforms(measure: Measure) -> set[str]:
    named = {name_key(value.value) for value in measure.platform if value.value}
    return named or {name_key(value.value) for value in measure.actor if value.value}


def _one_act(one: _Candidate, other: _Candidate, window: MergeWindow) -> bool:
    first, second = one.told, other.told
    if first.document == second.document:
        return False
    if not _kinds_agree(first.measure, second.measure) or not _days_agree(one, other, window.days):
        return False
    if first.measure.counts and second.measure.counts:
        relation = compared(first, second)
        if relation is None or relation.kind in ("contradicts", "unit_differs"):
            return False
        both = one.day is not None and other.day is not None
        exact = relation.kind in ("equal", "rounding", "sum_of_parts", "subset") or (
            # “more than 160 accounts and 38 pages” beside “169 accounts and 38 pages”.
            relation.kind == "bound"
            and (bool(same_numbers(first, second)) or (both and close_bound(first, second)))
        )
        if relation.kind == "rounding" and not both:
            exact = False
        return (exact or _about_the_same(first.measure, second.measure)) and (
            both or _about_the_same(first.measure, second.measure)
            or _platforms(first.measure) == _platforms(second.measure)
        )  # fmt: skip
    if first.measure.status == second.measure.status == "denied":
        # Denials name no numbers; one platform seldom denies two acts of one kind in three days.
        return _days_agree(one, other, window.days_denied, known=True)
    return _days_agree(one, other, window.days_unnumbered, known=True) and _about_the_same(
        first.measure, second.measure
    )


def _kinds_agree(first: Measure, second: Measure) -> bool:
    mine = {action for action, _ in first.actions}
    theirs = {action for action, _ in second.actions}
    return bool(mine & theirs) or bool(mine & _TAKEN_DOWN and theirs & _TAKEN_DOWN)


def _days_agree(one: _Candidate, other: _Candidate, days: int, *, known: bool = False) -> bool:
    months = [_month(candidate.told.measure) for candidate in (one, other)]
    if None not in months and months[0] != months[1] and known is False and (
        one.day is None or other.day is None
    ):  # fmt: skip
        return False
    if one.day is None or other.day is None:
        return not known
    return abs((one.day - other.day).days) <= days


def _month(measure: Measure) -> str | None:
    """The month in which it was done, also where the year is open: “--11-09”, “2022-02”."""
    value = measure.acted_on.value if measure.acted_on is not None else None
    match = re.match(r"(?:\d{4}|-)-(?P<month>\d\d)", value or "")
    return match.group("month") if match else None


def _about_the_same(first: Measure, second: Measure) -> bool:
    """A name in common among targets, operators and origins."""
    return bool(_names(first) & _names(second))


_NAME = re.compile(r"(?<!^)\b[^\W\d_a-z][\w’'-]+|^[^\W\d_a-z][\w’'-]+(?!\s[a-zа-я])")
"""Capitalised words: names, and no common noun at the beginning of a phrase."""
_SHORT = 3


def _names(measure: Measure) -> set[str]:
    listed = (*measure.target, *measure.operator, *measure.origin)
    words = {
        word
        for value in listed
        if value.value and value.value.casefold() not in _COMMON
        for word in _NAME.findall(value.value)
    }
    own = {spoken_key(name) for name in _platform_names(measure)}
    return {spoken_key(word) for word in words if len(word) > _SHORT} - own


def _platform_names(measure: Measure) -> list[str]:
    return [value.value for value in (*measure.platform, *measure.actor) if value.value]


def _sum_groups(candidates: Sequence[_Candidate], window: MergeWindow) -> Iterable[tuple[int, ...]]:
    """Parts on single platforms that add up to a number over several (13 + 5 = 18)."""
    for whole, one in enumerate(candidates):
        platforms = _platforms(one.told.measure)
        if not one.told.measure.counts or len(platforms) < 2:
            continue
        parts = [
            number
            for number, other in enumerate(candidates)
            if number != whole
            and other.told.measure.counts
            and _platforms(other.told.measure) < platforms
            and _kinds_agree(one.told.measure, other.told.measure)
            and _days_agree(one, other, window.days)
        ][:8]
        for size in (2, 3, 4):
            for group in combinations(parts, size):
                named = [_platforms(candidates[n].told.measure) for n in group]
                if any(a & b for a, b in combinations(named, 2)):
                    continue
                told = [candidates[n].told for n in group]
                if any(
                    adds_up(sum(part.totals.get(unit, 0.0) for part in told), one.told, unit)
                    for unit in one.told.totals
                ):
                    yield (whole, *group)
