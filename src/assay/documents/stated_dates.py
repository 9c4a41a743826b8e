"""Dates that markup, headers and addresses state, in whichever spelling.

ISO 8601, RFC 9110's (“Wed, 05 Mar 2031 10:00:00 GMT”), seconds since 1970 and dates in words occur;
so do values that stand for no date at all: the year 1, the first second of 1970.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from assay.documents.date_phrases import YEARS, find_dates
from assay.documents.date_resolution import resolve
from assay.lexicon.date_words import date_words
from assay.model.record import Precision, Span

Told = tuple[str, Precision]
"""An ISO 8601 value and how fine it is."""

_NO_DAYS = (date(1969, 12, 31), date(1970, 1, 1))
"""The first second of 1970, by the clocks of the west too."""
_FIRST_YEAR = 1800
_SECONDS = re.compile(r"\d{10}(?:\d{3})?")
_YEAR_FIRST = re.compile(r"(\d{4})/(\d\d)/(\d\d)")
_ZONE = re.compile(r"\s?(?:UTC|GMT)$")
_MONTH = r"(?P<month>0?[1-9]|1[0-2]|[a-z]{3,9})"
_ON_DAY = re.compile(
    rf"(?<![a-z0-9])(?P<year>{YEARS})"
    rf"(?:(?P<mark>[/_-]){_MONTH}(?P=mark)(?P<day>0?[1-9]|[12]\d|3[01])|"
    r"(?P<month_2>0[1-9]|1[0-2])(?P<day_2>0[1-9]|[12]\d|3[01]))(?!\d)"
)
_IN_MONTH = re.compile(rf"/(?P<year>{YEARS})/{_MONTH}(?=/)")


def stated(text: str | None, language: str = "en", *, by_clock: bool = False) -> Told | None:
    """The date that a value means; None if it means none.

    Args:
        text: The value.
        language: In which words are read.
        by_clock: Whether a clock wrote it: midnight sharp is a moment then. Elsewhere it is how a
            day is written where a field wants a time.
    """
    text = (text or "").strip()
    moment = _moment(text)
    if moment is None:
        phrase = next((one for one in find_dates(text, Span(0, len(text)), language)), None)
        meant = resolve(phrase, None) if phrase is not None and phrase.year else None
        return (meant.value, meant.precision) if meant is not None and meant.value else None
    if moment.year < _FIRST_YEAR or moment.date() in _NO_DAYS:
        return None
    if not (by_clock or moment.hour or moment.minute or moment.second):
        return moment.date().isoformat(), "day"
    return moment.isoformat(), "second"


def _moment(text: str) -> datetime | None:
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    for spelled in (_ZONE.sub("+00:00", text), _YEAR_FIRST.sub(r"\1-\2-\3", text)):
        try:
            return datetime.fromisoformat(spelled)
        except ValueError:
            continue  # another spelling, tried next
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # not of this form, or a year with twenty digits
        return None


def in_address(address: str | None) -> Told | None:
    """The day or month that the path of an address names: ``/2031/03/05/``, ``/2031/mar/``."""
    try:
        path = urlsplit((address or "").lower()).path
    except ValueError:  # no address at all, such as “http://[”
        return None
    for match in _ON_DAY.finditer(path):
        year, month = int(match["year"]), _month(match["month"] or match["month_2"])
        day = int(match["day"] or match["day_2"])
        if month is not None and day <= monthrange(year, month)[1]:
            return f"{year}-{month:02}-{day:02}", "day"
    for match in _IN_MONTH.finditer(path):
        month = _month(match["month"])
        if month is not None:
            return f"{match['year']}-{month:02}", "month"
    return None


def _month(said: str) -> int | None:
    return int(said) if said.isdigit() else date_words()["en"].months.get(said)
