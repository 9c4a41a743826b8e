"""By its first line a table is known as a platform's machine-readable disclosure."""

from __future__ import annotations

import csv

META_TABLE = ("tactic", "technique", "procedure", "indicator")
META_FLAT = ("indicator_type", "indicator_value", "comment", "ds")
TWITTER_COLUMNS = frozenset(("userid", "user_screen_name", "account_creation_date"))
_LONGEST_HEADER = 2_000


def header_of(text: str) -> tuple[str, ...]:
    """The first line's cells, casefolded; empty where the line is no header at all."""
    first = text.split("\n", 1)[0]
    if "," not in first or len(first) > _LONGEST_HEADER:
        return ()
    return tuple(cell.strip().casefold() for cell in next(csv.reader([first]), ()))


def is_disclosure(text: str) -> bool:
    """Whether a text is a table of one of the known layouts."""
    header = header_of(text)
    return header[:4] in (META_TABLE, META_FLAT) or set(header) >= TWITTER_COLUMNS
