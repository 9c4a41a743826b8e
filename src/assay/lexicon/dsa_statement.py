"""Parts and enumerations of a statement of reasons; see ``data/dsa_statement.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from assay.lexicon.read_data import read_yaml

PartKind = Literal["choice", "choices", "text", "line", "date", "language", "address"]


@dataclass(frozen=True)
class Part:
    """One thing that a statement says.

    Attributes:
        name: The database's name of it; ``ground`` and ``explanation`` get theirs by the ground.
        label: What is asked.
        help: A sentence more.
        kind: What its value looks like; ``choices`` may hold several.
        choices: The values that it may have, each with its words; empty where it is free text.
        most: Characters at most; None where the kind bounds it.
        required: Whether there is no statement without it.
        when: The part and the value that make it possible; None where it always is.
        optional: Whether it may be left out where ``when`` holds.
        begins: The field of the decision whose text a form begins with.
        group: Heading that it stands under in a form.
    """

    name: str
    label: str
    help: str
    kind: PartKind
    choices: Mapping[str, str]
    most: int | None
    required: bool
    when: tuple[str, str] | None
    optional: bool
    begins: str
    group: str


@cache
def statement_parts() -> tuple[Part, ...]:
    """Every part, in the order of the form."""
    data = read_yaml("data", "dsa_statement.yaml")
    return tuple(_part(entry, data["enumerations"]) for entry in data["parts"])


@cache
def enumeration(name: str) -> tuple[str, ...]:
    """The values of an enumeration, in the database's spelling."""
    return tuple(read_yaml("data", "dsa_statement.yaml")["enumerations"][name])


def _part(entry: Mapping[str, Any], enumerations: Mapping[str, list[str]]) -> Part:
    named = entry.get("choices")
    when = tuple(entry["when"].split()) if "when" in entry else None
    return Part(
        name=entry["name"],
        label=entry["label"],
        help=entry["help"],
        kind=entry["kind"],
        choices={value: _words(named, value) for value in enumerations[named]} if named else {},
        most=entry.get("most"),
        required=entry.get("required", False),
        when=cast("tuple[str, str] | None", when),
        optional=entry.get("optional", False),
        begins=entry.get("begins", ""),
        group=entry.get("group", ""),
    )


def _words(enumeration: str, value: str) -> str:
    """A value as people read it: ``CONTENT_TYPE_SYNTHETIC_MEDIA`` is “Synthetic media”."""
    if enumeration in ("YES_NO", "TERRITORIAL_SCOPE"):
        return value
    bare = value.removeprefix(enumeration + "_").removeprefix("TYPE_").removeprefix("CONTENT_")
    return _KNOWN.get(value) or bare.replace("_", " ").capitalize()


_KNOWN = {
    "AUTOMATED_DECISION_FULLY": "Fully automated",
    "AUTOMATED_DECISION_NOT_AUTOMATED": "Not automated",
    "AUTOMATED_DECISION_PARTIALLY": "Partly automated",
    "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED": "Content restricted by age",
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED": "Interaction with the content restricted",
    "KEYWORD_VIOLATION_EU_LAW": "Violation of EU law",
    "SOURCE_ARTICLE_16": "Notice under article 16",
    "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE": "Not specified in the notice",
    "STATEMENT_CATEGORY_OTHER_VIOLATION_TC": "Other violation of published terms",
}
