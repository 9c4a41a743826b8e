"""Enforcement and demands in languages that are read without a parser."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

from assay.lexicon.read_data import read_yaml
from assay.model.record import Action


@dataclass(frozen=True)
class ForeignWords:
    """One language's forms.

    Attributes:
        verbs: Forms of verbs by action.
        negation: What before (or in) a verb makes it not done.
        future: What before (or in) a verb makes it announced.
        untold: What before a verb leaves open whether it was done: an accusation, hearsay; matches
            nothing if the language has no such form here.
        by: The word before who did it, in the passive; matches nothing if there is none.
        ground: How a ground is given, with the group ``what``.
        ground_after: How the sentence after a measure begins that gives its ground, likewise.
        demands: How a demand is made, with groups ``trigger``, ``to`` and ``content``.
    """

    verbs: Mapping[Action, re.Pattern[str]]
    negation: re.Pattern[str]
    future: re.Pattern[str]
    untold: re.Pattern[str]
    by: re.Pattern[str]
    ground: re.Pattern[str]
    ground_after: re.Pattern[str]
    demands: tuple[re.Pattern[str], ...]


@cache
def foreign_words() -> Mapping[str, ForeignWords]:
    """The languages by their primary tag."""
    return {
        language: ForeignWords(
            verbs={
                cast(Action, action): re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")
                for action, pattern in entry["verbs"].items()
            },
            negation=re.compile(entry["negation"], re.IGNORECASE),
            future=re.compile(entry["future"], re.IGNORECASE),
            untold=re.compile(entry["untold"], re.IGNORECASE),
            by=re.compile(entry["by"] or r"(?!)"),
            ground=re.compile(entry["ground"]),
            ground_after=re.compile(rf"[ .]*(?:{entry['ground_after']})"),
            demands=tuple(re.compile(pattern) for pattern in entry["demands"]),
        )
        for language, entry in read_yaml("data", "enforcement_foreign.yaml").items()
    }
