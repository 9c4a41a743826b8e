"""Zones that a time names by letters (``2021-03-04 10:00:00 EST``), as numbers.

Only letters with one meaning stand here, those of RFC 5322 among them. ``CST`` is in America and
in China, ``IST`` in India, Israel and Ireland, ``BST`` in Britain and in Bangladesh, and ``MSK``
was an hour more from 2011 to 2014: there the user must say the zone.
"""

from __future__ import annotations

import re

ZONE_LETTERS = r" ([A-Z]{3,5})$"
"""The letters behind a time; RE2's syntax."""
ZONE_OFFSETS: dict[str, str] = {
    "UTC": "+0000", "GMT": "+0000", "WET": "+0000", "WEST": "+0100",
    "CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "MESZ": "+0200",
    "EET": "+0200", "EEST": "+0300",
    "EST": "-0500", "EDT": "-0400", "MST": "-0700", "MDT": "-0600", "PST": "-0800", "PDT": "-0700",
    "AKST": "-0900", "AKDT": "-0800", "HST": "-1000",
    "JST": "+0900", "KST": "+0900", "HKT": "+0800", "SGT": "+0800", "PKT": "+0500",
    "AEST": "+1000", "AEDT": "+1100", "AWST": "+0800", "NZST": "+1200", "NZDT": "+1300",
    "BRT": "-0300", "ART": "-0300", "SAST": "+0200", "EAT": "+0300",
}  # fmt: skip
"""Letters to the offset from UTC."""

_LETTERS = re.compile(ZONE_LETTERS)


def zone_letters(written: str) -> str | None:
    """The letters of the zone behind a time, if there are any."""
    found = _LETTERS.search(written)
    return found[1] if found else None


def with_offset(written: str) -> str:
    """A time whose zone is told by letters, with the offset instead; others as they are.

    >>> with_offset("2021-03-04 10:00:00 EST")
    '2021-03-04 10:00:00 -0500'
    """
    offset = ZONE_OFFSETS.get(zone_letters(written) or "")
    return written if offset is None else _LETTERS.sub(f" {offset}", written)


def without_letters(written: str) -> str:
    """A time without the letters of a zone that has several meanings; others as they are."""
    return written if zone_letters(written) in ZONE_OFFSETS else _LETTERS.sub("", written)
