"""From a phrase of time and the document's own date to a date with its precision.

Reports tell what has happened, so a phrase without a year points to the past: the latest such
day not after the document's. “Next”, “coming” and a sentence about the future turn it round.
Where the document has no date, the year stays open: ``--09-03`` (ISO 8601:2000) and a weekday
stays a weekday.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from assay.documents.date_phrases import DatePhrase
from assay.model.record import Precision

_SLACK_DAYS = 2
"""A day this little after the document's own counts as past: time zones, early editions."""


@dataclass(frozen=True)
class Resolved:
    """What a phrase means.

    Attributes:
        value: ISO 8601 as far as it is known; ``a/b`` for a range; None if it stays open.
        precision: How fine.
        how: The reasoning, in a few words.
    """

    value: str | None
    precision: Precision
    how: str


def resolve(phrase: DatePhrase, reference: date | None, *, future: bool = False) -> Resolved:
    """Resolve a phrase.

    Args:
        phrase: From :func:`assay.documents.date_phrases.find_dates`.
        reference: The day on which the document was written; None if unknown.
        future: Whether its sentence speaks of what is to come.
    """
    if phrase.until is not None:
        begin = resolve(phrase.__class__(phrase.span, phrase.year, phrase.month), reference)
        end = resolve(phrase.until, reference)
        return Resolved(f"{begin.value}/{end.value}", begin.precision, "a range, as written")
    if phrase.ambiguous:
        return Resolved(
            str(phrase.year), "year", "day and month could be the other way round: left open"
        )
    if phrase.days_away is not None:
        return _near(phrase.days_away, reference)
    if phrase.unit is not None:
        return _unit(phrase, reference)
    if phrase.weekday is not None and phrase.day is None and phrase.month is None:
        return _weekday(phrase, reference, future=future)
    if phrase.quarter is not None:
        return _quarter(phrase, reference)
    if phrase.month is not None:
        return _month(phrase, reference, future=future)
    if phrase.year is not None:
        return Resolved(str(phrase.year), "year", "as written")
    return Resolved(None, "unknown", "the phrase says no date")


def _near(days: int, reference: date | None) -> Resolved:
    if reference is None:
        return Resolved(None, "unknown", "counted from a day that the document does not give")
    day = reference + timedelta(days=days)
    return Resolved(day.isoformat(), "day", f"counted from {reference.isoformat()}")


def _weekday(phrase: DatePhrase, reference: date | None, *, future: bool) -> Resolved:
    assert phrase.weekday is not None
    if reference is None:
        return Resolved(None, "weekday", "a weekday alone; the document gives no date")
    back = (reference.weekday() - phrase.weekday) % 7
    if phrase.direction == "next" or (future and phrase.direction is None):
        ahead = (phrase.weekday - reference.weekday()) % 7 or 7
        day = reference + timedelta(days=ahead)
        return Resolved(day.isoformat(), "day", f"the next one after {reference.isoformat()}")
    if phrase.direction == "last" and back == 0:
        back = 7
    day = reference - timedelta(days=back)
    same = " (that day itself)" if back == 0 else ""
    return Resolved(day.isoformat(), "day", f"the latest not after {reference.isoformat()}{same}")


def _unit(phrase: DatePhrase, reference: date | None) -> Resolved:
    if reference is None:
        return Resolved(None, "unknown", "counted from a day that the document does not give")
    counted_from = f"counted from {reference.isoformat()}"
    if phrase.amount is not None:
        steps = -phrase.amount
    else:
        steps = {"last": -1, "this": 0, "next": 1}[phrase.direction or "this"]
    if phrase.unit == "day":
        return Resolved((reference + timedelta(days=steps)).isoformat(), "day", counted_from)
    if phrase.unit == "week":
        if phrase.amount is not None:
            about = reference + timedelta(weeks=steps)
            return Resolved(about.isoformat()[:7], "month", f"{counted_from}; the week is rough")
        monday = reference + timedelta(days=-reference.weekday(), weeks=steps)
        year, week, _ = monday.isocalendar()
        return Resolved(f"{year}-W{week:02}", "week", f"{counted_from}, Monday to Sunday")
    if phrase.unit == "month":
        months = reference.year * 12 + reference.month - 1 + steps
        return Resolved(f"{months // 12:04}-{months % 12 + 1:02}", "month", counted_from)
    return Resolved(str(reference.year + steps), "year", counted_from)


def _quarter(phrase: DatePhrase, reference: date | None) -> Resolved:
    assert phrase.quarter is not None
    year, how = phrase.year, "as written"
    if year is None and reference is not None:
        past = (reference.month - 1) // 3 + 1 >= phrase.quarter
        year = reference.year if past else reference.year - 1
        how = f"the latest not after {reference.isoformat()}"
    if year is None:
        return Resolved(None, "quarter", "the year is not given")
    return Resolved(f"{year}-Q{phrase.quarter}", "quarter", how)


def _month(phrase: DatePhrase, reference: date | None, *, future: bool) -> Resolved:
    assert phrase.month is not None
    precision: Precision = "day" if phrase.day else "month"
    how = "as written" if phrase.year else ""
    year = phrase.year
    if year is None and reference is not None:
        year, how = _year_of(phrase, reference, future=future)
    if year is None:
        tail = f"-{phrase.day:02}" if phrase.day else ""
        return Resolved(f"--{phrase.month:02}{tail}", precision, "the year is not given: left open")
    if phrase.day and phrase.day > calendar.monthrange(year, phrase.month)[1]:
        return Resolved(
            f"{year}-{phrase.month:02}", "month", f"there is no day {phrase.day} in that month"
        )
    if phrase.part:
        how += f"; {phrase.part} in the month"
    tail = f"-{phrase.day:02}" if phrase.day else ""
    return Resolved(f"{year}-{phrase.month:02}{tail}", precision, how)


def _year_of(phrase: DatePhrase, reference: date, *, future: bool) -> tuple[int, str]:
    """The year that a month without one means."""
    assert phrase.month is not None
    forward = phrase.direction == "next" or (future and phrase.direction is None)
    if phrase.day:
        last_day = calendar.monthrange(reference.year, phrase.month)[1]
        here = date(reference.year, phrase.month, min(phrase.day, last_day))
        past = here <= reference + timedelta(days=_SLACK_DAYS)
    else:
        past = phrase.month <= reference.month
    if forward:
        ahead = reference.month <= phrase.month
        year = reference.year if ahead else reference.year + 1
        return year, f"the next one from {reference.isoformat()}: the sentence looks ahead"
    if phrase.direction == "last" and phrase.month == reference.month and not phrase.day:
        return reference.year - 1, f"the one before {reference.isoformat()}"
    year = reference.year if past else reference.year - 1
    return year, f"the latest not after {reference.isoformat()}"
