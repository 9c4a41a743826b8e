"""The names under which files write a field, read once from the data file beside this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True)
class ColumnNames:
    """Known column names, best first.

    Attributes:
        fields: Field of a post or account to its folded names.
        objects: Kind of share to the folded names of columns that hold its objects.
    """

    fields: dict[str, tuple[str, ...]]
    objects: dict[str, tuple[str, ...]]


def folded(name: str) -> str:
    """A column name reduced to lower-case letters and digits, for comparison."""
    return re.sub(r"[\W_]+", "", name.lower())


@cache
def column_names() -> ColumnNames:
    """The lexicon, parsed once per process."""
    text = resources.files("assay.lexicon").joinpath("columns.yaml").read_text("utf-8")
    raw = yaml.safe_load(text)
    return ColumnNames(fields=_folded_all(raw["fields"]), objects=_folded_all(raw["objects"]))


def _folded_all(names: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(dict.fromkeys(folded(name) for name in spellings))
        for key, spellings in names.items()
    }
