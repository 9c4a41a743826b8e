"""The names under which files write a field, read once from the data file beside this module."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assay.lexicon.read_data import read_yaml

NOBODY = frozenset({"[deleted]", "[removed]"})
"""What stands where an author was; all who are gone would be one account."""
NAMELESS = NOBODY | {
    "anonymous", "deleted account", "deleted user", "n/a", "#n/a", "#name?", "#ref!", "#value!",
    "-", "--", "?", "undefined", "unknown",
}  # fmt: skip
"""What stands where a file has no author, in lower case; who goes by it is nobody, not one."""
NOTHING = ("NaN", "nan", "NaT", "None", "NULL", "Null", "null", "<NA>", "N/A", "n/a", "#N/A",
           "undefined")  # fmt: skip
"""What programs write where an id is missing."""


@dataclass(frozen=True)
class ColumnNames:
    """Known column names, best first.

    Attributes:
        fields: Field of a post or account to its folded names.
        objects: Kind of share to the folded names of columns that hold its objects.
        share_kind: Folded names of the column of a share table that says each object's kind.
        accounts: Field of an account to its folded names in a table of accounts.
    """

    fields: dict[str, tuple[str, ...]]
    objects: dict[str, tuple[str, ...]]
    share_kind: tuple[str, ...]
    accounts: dict[str, tuple[str, ...]]


def folded(name: str) -> str:
    """A column name reduced to lower-case letters and digits, for comparison."""
    return re.sub(r"[\W_]+", "", name.lower())


@cache
def column_names() -> ColumnNames:
    """The lexicon, parsed once per process."""
    raw = read_yaml("columns.yaml")
    return ColumnNames(
        fields=_folded_all(raw["fields"]),
        objects=_folded_all(raw["objects"]),
        share_kind=tuple(folded(name) for name in raw["share_kind"]),
        accounts=_folded_all(raw["accounts"]),
    )


def _folded_all(names: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {
        key: tuple(dict.fromkeys(folded(name) for name in spellings))
        for key, spellings in names.items()
    }
