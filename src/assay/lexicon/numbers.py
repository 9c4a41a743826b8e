"""Words of number, exactness and money by language; see ``data/numbers.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from assay.lexicon.read_data import read_yaml
from assay.model.record import Comparator


@dataclass(frozen=True)
class NumberWords:
    """The vocabulary of one language, casefolded.

    Attributes:
        small: Number words.
        scales: Words that multiply.
        vague: Words for an order of magnitude, with it.
        comparators: Words before a number, with what they say of it.
        stops: Words that do not stand between a number and what it counts.
    """

    small: Mapping[str, int]
    scales: Mapping[str, int]
    vague: Mapping[str, int]
    comparators: Mapping[str, Comparator]
    stops: frozenset[str]


@cache
def number_words(language: str) -> NumberWords:
    """The vocabulary of a language; English where there is none of its own."""
    lists = _lists()
    code = language if language in lists["small"] else "en"
    return NumberWords(
        small=lists["small"][code],
        scales={word.casefold(): scale for word, scale in lists["scales"][code].items()},
        vague={word.casefold(): size for word, size in lists["vague"][code].items()},
        comparators={
            phrase: cast(Comparator, sign)
            for sign, phrases in lists["comparators"][code].items()
            for phrase in phrases
        },
        stops=frozenset(word.casefold() for word in lists["stops"][code]),
    )


@cache
def currencies() -> Mapping[str, str]:
    """Signs and names of money with their ISO 4217 code."""
    return {written: code for code, listed in _lists()["currencies"].items() for written in listed}


@cache
def _lists() -> dict[str, Any]:
    return cast(dict[str, Any], read_yaml("data", "numbers.yaml"))
