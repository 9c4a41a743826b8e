"""Lines above a table's header: a spreadsheet's ``sep=;``, or what a monitoring tool says first.

The header is the first line that names an account, a time and something posted in known words,
where the first line of all does not.
"""

from __future__ import annotations

import csv
import re
from functools import cache

from assay.lexicon.columns import column_names, folded

_MOST_LINES = 60
_SEPARATOR = re.compile(rb'^"?sep=.?"?\r?$', re.IGNORECASE)
_DELIMITERS = ",\t;|"
_POSTED = ("text", "title", "links", "hashtags", "repost_of", "media")


def lines_above_header(head: bytes) -> tuple[int, int]:
    """How many lines stand above the header, and their bytes with the line breaks.

    Args:
        head: The begin of the file as UTF-8.
    """
    lines = head.split(b"\n", _MOST_LINES + 1)[: _MOST_LINES + 1]
    above = 1 if _SEPARATOR.match(lines[0]) else 0
    if not _is_header(lines[above] if above < len(lines) else b""):
        found = (number for number in range(above + 1, len(lines)) if _is_header(lines[number]))
        above = next(found, above)
    return above, sum(len(line) + 1 for line in lines[:above])


def _is_header(line: bytes) -> bool:
    """Whether the cells of a line name an account, a time and something posted."""
    text = line.decode("utf-8", "replace").strip()
    for delimiter in _DELIMITERS:
        if delimiter not in text:
            continue
        try:
            row = next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error:
            continue  # a lone return, or a cell longer than any name
        names = {folded(cell) for cell in row}
        if all(names & known for known in _known_names()):
            return True
    return False


@cache
def _known_names() -> tuple[frozenset[str], ...]:
    fields = column_names().fields
    return tuple(
        frozenset(name for field in group for name in fields[field])
        for group in (("account_id", "handle", "display_name"), ("created_at",), _POSTED)
    )
