"""Whether two documents' tellings are of one act: kind, days, and numbers or names that fit.

They are if their numbers agree, are rounded or bounded by each other, or add up; or, where no
numbers speak, if targets and days agree. Two different acts of the same size (two “273”) stay
apart by their days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from assay.documents.base import Reading
from assay.documents.name_keys import name_key, spoken_key
from assay.documents.page_dates import reference_date
from assay.documents.relations import Told, close_bound, compared, same_numbers
from assay.lexicon.word_lists import word_list
from assay.model.record import Measure, Value

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

    @property
    def longest(self) -> int:
        """Beyond so many days nothing is joined whose days are known."""
        return max(self.days, self.days_unnumbered, self.days_denied)


@dataclass(frozen=True)
class Act:
    """What a telling says of its act, as far as joining looks at it; equal for copies of a story.

    Attributes:
        platforms: Keys of the platforms, else of those who acted.
        actions: What was done.
        day: Of the act as well as it is known: its own, its disclosure's, or the document's.
        month: In which it was done, also where the year is open.
        figures: Its numbers, each as far as it is compared.
        names: Keys of names among targets, operators and origins.
        denied: Whether it is a denial.
        told: One telling that says all this.
    """

    platforms: frozenset[str]
    actions: frozenset[str]
    day: date | None
    month: str | None
    figures: tuple[tuple[object, ...], ...]
    names: frozenset[str]
    denied: bool
    told: Told = field(compare=False)


def act_of(reading: Reading, measure: Measure) -> Act:
    """The act that a document's measure tells of."""
    named = _keys(measure.platform) or _keys(measure.actor)
    told = Told(reading.document.document, measure)
    return Act(
        platforms=named,
        actions=frozenset(action for action, _ in measure.actions),
        day=_day(reading, measure),
        month=_month(measure),
        figures=told.figures,
        names=_names(measure),
        denied=measure.status == "denied",
        told=told,
    )


def one_act(one: Act, other: Act, window: MergeWindow) -> bool:
    """Whether tellings by two documents are of one act."""
    if not kinds_agree(one, other) or not days_agree(one, other, window.days):
        return False
    about_the_same = not one.names.isdisjoint(other.names)
    if one.figures and other.figures:
        return _numbers_agree(one, other, about_the_same)
    if one.denied and other.denied:
        # Denials name no numbers; one platform seldom denies two acts of one kind in three days.
        return days_agree(one, other, window.days_denied, known=True)
    return about_the_same and days_agree(one, other, window.days_unnumbered, known=True)


def _numbers_agree(one: Act, other: Act, about_the_same: bool) -> bool:
    relation = compared(one.told, other.told)
    if relation is None or relation.kind in ("contradicts", "unit_differs"):
        return False
    if about_the_same:
        return True
    both_dated = one.day is not None and other.day is not None
    if relation.kind == "rounding":
        return both_dated
    exact = relation.kind in ("equal", "sum_of_parts", "subset") or (
        # “more than 160 accounts and 38 pages” beside “169 accounts and 38 pages”.
        relation.kind == "bound"
        and (
            bool(same_numbers(one.told, other.told))
            or (both_dated and close_bound(one.told, other.told))
        )
    )
    return exact and (both_dated or one.platforms == other.platforms)


def kinds_agree(one: Act, other: Act) -> bool:
    """Whether an action is the same; newsrooms use removing and blocking for one another."""
    if not one.actions.isdisjoint(other.actions):
        return True
    return bool(one.actions & _TAKEN_DOWN and other.actions & _TAKEN_DOWN)


def days_agree(one: Act, other: Act, days: int, *, known: bool = False) -> bool:
    """Whether two days lie so near; with a day unknown, only if it need not be and months agree."""
    if one.day is not None and other.day is not None:
        return abs((one.day - other.day).days) <= days
    return not known and (None in (one.month, other.month) or one.month == other.month)


def _day(reading: Reading, measure: Measure) -> date | None:
    for dated in (measure.acted_on, measure.disclosed_on):
        if dated is None or not dated.value:
            continue
        if dated.precision == "month" and re.fullmatch(r"\d{4}-\d\d", dated.value):
            return date.fromisoformat(f"{dated.value}-15")
        if dated.precision in ("day", "second", "minute"):
            try:
                return date.fromisoformat(dated.value[:10])
            except ValueError:
                # A day without its year, “--11-09”: the next best day stands for it.
                continue
    return reference_date(reading.document.dates)


def _month(measure: Measure) -> str | None:
    """The month in which it was done, also where the year is open: “--11-09”, “2022-02”."""
    value = measure.acted_on.value if measure.acted_on is not None else None
    match = re.match(r"(?:\d{4}|-)-(?P<month>\d\d)", value or "")
    return match.group("month") if match else None


_NAME = re.compile(r"(?<!^)\b[^\W\d_a-z][\w’'-]+|^[^\W\d_a-z][\w’'-]+(?!\s[a-zа-я])")
"""Capitalised words: names, and no common noun at the beginning of a phrase."""
_SHORT = 3


def _names(measure: Measure) -> frozenset[str]:
    listed = (*measure.target, *measure.operator, *measure.origin)
    words = {
        word
        for value in listed
        if value.value and value.value.casefold() not in _COMMON
        for word in _NAME.findall(value.value)
    }
    own = {spoken_key(one.value) for one in (*measure.platform, *measure.actor) if one.value}
    return frozenset(spoken_key(word) for word in words if len(word) > _SHORT) - own


def _keys(values: Iterable[Value]) -> frozenset[str]:
    return frozenset(name_key(value.value) for value in values if value.value)
