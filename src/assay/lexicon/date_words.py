"""Words that dates are written with, by language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from assay.lexicon.read_data import read_yaml

Part = Literal["early", "mid", "late"]
Unit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True)
class DateWords:
    """The vocabulary of one language, casefolded.

    Attributes:
        months: Each word for a month, with its number.
        weekdays: Each word for a day of the week, Monday = 0.
        days: Words for a day near the day of writing, with the distance in days.
        last: Words such as “last”.
        next: Words such as “next”.
        this: Words such as “this”.
        units: Words for day, week, month and year, each with that name.
        ago: Words that follow a distance back in time.
        parts: Words for ``early``, ``mid`` and ``late``.
        numbers: Number words.
        ordinals: Ordinals of quarters.
        quarter: Words for a quarter of a year.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days: Mapping[str, int]
    last: frozenset[str]
    next: frozenset[str]
    this: frozenset[str]
    units: Mapping[str, Unit]
    ago: frozenset[str]
    parts: Mapping[str, Part]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    quarter: frozenset[str]


@cache
def date_words() -> Mapping[str, DateWords]:
    """The vocabularies by BCP 47 primary tag."""
    return {
        language: _vocabulary(words) for language, words in read_yaml("date_words.yaml").items()
    }


def _vocabulary(words: dict[str, Any]) -> DateWords:
    return DateWords(
        months={word: number for number, names in enumerate(words["months"], 1) for word in names},
        weekdays={word: number for number, names in enumerate(words["weekdays"]) for word in names},
        days=words["days"],
        last=frozenset(words["last"]),
        next=frozenset(words["next"]),
        this=frozenset(words["this"]),
        units={word: unit for unit, names in words["units"].items() for word in names},
        ago=frozenset(words["ago"]),
        parts={word: part for part, names in words["parts"].items() for word in names},
        numbers=words["numbers"],
        ordinals=words["ordinals"],
        quarter=frozenset(words["quarter"]),
    )
