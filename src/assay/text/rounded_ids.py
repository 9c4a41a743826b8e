"""Ids that a spreadsheet rounded: many accounts would be one.

A spreadsheet takes a long id for a number and keeps fifteen digits of it. What it saves is
``1.23457E+18``, or the number with zeros from the sixteenth digit on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SCIENTIFIC_ID = r"^-?\d(?:[.,]\d+)?[eE]\+\d\d$|^-?\d[.,]\d+[eE]\d\d$"
"""An id in scientific notation; RE2's syntax."""
WHY_ROUNDED = "the id is rounded, as spreadsheets do to long numbers: several have become one"

_SCIENTIFIC = re.compile(SCIENTIFIC_ID)
_EXACT_DIGITS = 15
_LONG_NUMBER = re.compile(rf"-?[1-9]\d{{{_EXACT_DIGITS},}}")
_FEW = 20
"""Up to one in so many are few."""
_ENOUGH_ZEROS = 9
"""Ids that were never rounded would end in so many zeros once in a thousand million times."""


def rounded_id(ids: Sequence[str]) -> str | None:
    """An id that shows that a column was rounded; None if nothing shows it.

    A few rounded ids among whole ones (releases mix their sources) do not spoil the column.

    >>> rounded_id(["123", "1.23457E+18"])
    '1.23457E+18'
    >>> rounded_id(["1234567890123450000", "1234567890123460000", "1234567890123470000"])
    '1234567890123450000'
    """
    scientific = [one for one in ids if _SCIENTIFIC.match(one)]
    if len(scientific) * _FEW > len(ids):
        return scientific[0]
    numbers = [one for one in dict.fromkeys(ids) if _LONG_NUMBER.fullmatch(one)]
    lost = "".join(one.lstrip("-")[_EXACT_DIGITS:] for one in numbers)
    return numbers[0] if len(lost) >= _ENOUGH_ZEROS and not lost.strip("0") else None
