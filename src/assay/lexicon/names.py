"""Names of platforms, companies, public bodies, outlets and countries, in all their forms.

The lists lie in ``data``, each with its source and licence. Every country is listed with the same
fields, and bodies that every country has (ministries, courts, embassies) are read by grammar
instead, so that swapping the countries of a text swaps what is read and nothing else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from assay.lexicon.read_data import read_yaml

NameKind = Literal[
    "platform",
    "company",
    "regulator",
    "agency",
    "organisation",
    "operator",
    "outlet",
    "researcher",
    "country",
]
NameForm = Literal["name", "adjective", "capital"]


@dataclass(frozen=True)
class Name:
    """One known name.

    Attributes:
        kind: What bears it.
        value: The canonical name.
        country: ISO 3166-1 alpha-2 of a country itself or of where a body belongs.
        company: Who runs a platform.
        form: Of a country: its name, its adjective or its seat of government.
        ambiguous: The word means other things too, so that it needs company.
    """

    kind: NameKind
    value: str
    country: str | None = None
    company: str | None = None
    form: NameForm = "name"
    ambiguous: bool = False


@cache
def names() -> Mapping[str, tuple[Name, ...]]:
    """What each written form can stand for. A form that ends in ``*`` is a stem."""
    found: dict[str, list[Name]] = {}
    for written, name in (*_platforms(), *_bodies(), *_countries()):
        if name not in found.setdefault(written, []):
            found[written].append(name)
    return {written: tuple(listed) for written, listed in found.items()}


@cache
def adjectives() -> Mapping[str, str]:
    """Each country's first adjective by its canonical name."""
    return {row["name"]: row["adjectives"].split("/")[0] for row in _rows() if row["adjectives"]}


def _read(name: str) -> Any:
    return read_yaml("data", name)


def _platforms() -> Iterator[tuple[str, Name]]:
    lists = _read("platforms.yaml")
    for entry in lists["platforms"]:
        name = Name("platform", entry["name"], company=entry["company"])
        first = Name("platform", entry["name"], None, entry["company"], "name", _open(entry))
        yield entry["name"], first
        for also in entry.get("also", ()):
            yield also, name
    for entry in lists["companies"]:
        first = Name("company", entry["name"], ambiguous=_open(entry))
        yield entry["name"], first
        for also in entry.get("also", ()):
            yield also, Name("company", entry["name"])


def _open(entry: Mapping[str, Any]) -> bool:
    return bool(entry.get("ambiguous", False))


_KINDS: tuple[tuple[str, NameKind], ...] = (
    ("regulators", "regulator"),
    ("agencies", "agency"),
    ("organisations", "organisation"),
    ("operators", "operator"),
    ("outlets", "outlet"),
    ("researchers", "researcher"),
)


def _bodies() -> Iterator[tuple[str, Name]]:
    lists = _read("bodies.yaml")
    for key, kind in _KINDS:
        for entry in lists[key]:
            name = Name(kind, entry["name"], country=entry.get("country"))
            for written in (entry["name"], *entry.get("also", ())):
                yield written, name


def _rows() -> list[dict[str, str]]:
    text = files("assay.lexicon").joinpath("data", "countries.csv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def _countries() -> Iterator[tuple[str, Name]]:
    for row in _rows():
        fields: tuple[tuple[str, NameForm], ...] = (
            (row["name"], "name"),
            (row["also"], "name"),
            (row["adjectives"], "adjective"),
            (row["capital"], "capital"),
        )
        for field, form in fields:
            for written in filter(None, field.split("/")):
                yield written, Name("country", row["name"], row["code"], form=form)
