"""Times as programs show them, brought to the plainest writing of the same time.

A day of the week and what stands in brackets behind a zone repeat what the rest says; JavaScript
puts ``GMT`` before the offset, Unix the year behind the zone, tables of articles leave every sign
between the numbers away.
"""

from __future__ import annotations

import re

_OFFSET = "(?:Z|[+-][0-9]{2}:?[0-9]{2})"
_DAY = "^((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])"
_CLOCK = r":[0-9]{2}(?:\.[0-9]+)?(?: ?[AaPp][Mm])?"
TIDYINGS: tuple[tuple[str, str], ...] = (
    ("[\u00a0\u2009\u202f]", " "),
    # In brackets behind a zone stands the same again; behind the clock alone, the zone itself.
    (rf"({_OFFSET}| [A-Z]{{3,5}}) *\([^()]*\)$", r"\1"),
    (rf"({_CLOCK}) *\(((?:GMT|UTC)?[+-][0-9]{{2}}:?[0-9]{{2}}|[A-Z]{{3,5}})\)$", r"\1 \2"),
    (r" *\([^()0-9]*\)$", ""),
    (rf"({_OFFSET})(?:\[[A-Za-z0-9/_+-]+\]| [A-Z]{{3,5}})$", r"\1"),
    (r"(:[0-9]{2}) ([A-Z]{3,5}) ([0-9]{4})$", r"\1 \3 \2"),
    (r"(?:GMT|UTC)([+-][0-9]{2})", r"\1"),
    (r"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,? +", ""),
    ("(?:,| at| -| \u00b7) +([0-9]{1,2}:[0-9]{2})", r" \1"),
    (rf"{_DAY}[T ]?([0-2][0-9])([0-5][0-9])([0-5][0-9])((?:\.[0-9]+)?{_OFFSET}?)$",
     r"\1-\2-\3T\4:\5:\6\7"),
    (rf"{_DAY}[T ]?([0-2][0-9])([0-5][0-9])({_OFFSET}?)$", r"\1-\2-\3T\4:\5\6"),
    (rf"{_DAY}(?:\.0)?$", r"\1-\2-\3"),
)  # fmt: skip
"""Expressions and what comes in their place, one after the other; RE2's syntax."""

_TIDYINGS = tuple((re.compile(expression), plain) for expression, plain in TIDYINGS)


def tidied(written: str) -> str:
    """A time in the plainest writing; what is written in none of these ways stays as it is.

    >>> tidied("Tue Jan 02 2024 10:00:00 GMT+0100 (CET)")
    'Jan 02 2024 10:00:00 +0100'
    >>> tidied("20240102T100000Z")
    '2024-01-02T10:00:00Z'
    """
    for expression, plain in _TIDYINGS:
        written = expression.sub(plain, written)
    return written
