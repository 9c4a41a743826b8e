"""The dates of the page itself: published, captured, modified, dateline.

What the file states comes first, then a line that holds the date alone, then the dateline. A year
that the text does not give is inferred only from two independent marks, and the marks are told;
else it stays open.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from assay.documents.date_phrases import YEARS, DatePhrase, find_dates
from assay.documents.date_resolution import resolve
from assay.documents.furniture import dateline_in, is_clock
from assay.documents.page import Page
from assay.model.record import DatedValue, DateRole, Segment, Span

_US_PRESIDENTIAL = re.compile(
    r"\b(?:candidates? for the (?:US|U\.S\.|American) presidency|"
    r"(?:US|U\.S\.|American) presidential (?:election|candidates?|race|campaign|vote))",
    re.IGNORECASE,
)
_UPCOMING = re.compile(
    r"\b(?:upcoming|forthcoming|coming|next|ahead of (?:the|this))\b[^.]{0,60}\belections?\b"
    r"[^.]{0,30}\bNovember\b|\bNovember[^.]{0,30}\belections?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"(?<![\d$€£.,/-])({YEARS})(?![\d%])")

_LABEL_CHARS = 80
_BEFORE_LABEL = (",", "–", "—", "-", "|", "·", "•", ":", "/")


def page_dates(page: Page, segments: Sequence[Segment]) -> tuple[DatedValue, ...]:
    """Every date of the page, the surest first within its role."""
    language = (page.language or "en").split("-")[0].lower()
    found: list[DatedValue] = []
    found += _stated("published", page.published)
    found += _stated("modified", page.modified)
    found += _stated("captured", page.captured)
    found += _lines(page, segments, language)
    if not any(one.role == "published" for one in found):
        found += _labelled(page, segments, language)
    lead = _dateline(page, segments, language, [one for one in found if one.role == "published"])
    return tuple(found + lead)


def reference_date(dates: Iterable[DatedValue]) -> date | None:
    """The day that phrases such as “on Thursday” are counted from; None if no full day is known."""
    listed = list(dates)
    for role in ("published", "dateline"):
        for one in listed:
            if one.role == role and one.precision in ("day", "second", "minute") and one.value:
                try:
                    return date.fromisoformat(one.value[:10])
                except ValueError:
                    continue
    return None


def _stated(role: DateRole, text: str | None) -> list[DatedValue]:
    """A date that the file's own markup or headers give."""
    if not text:
        return []
    how = "stated by the file"
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        phrases = find_dates(text, Span(0, len(text)))
        if not phrases or not phrases[0].year:
            return []
        meant = resolve(phrases[0], None)
        return [DatedValue(role, meant.value, meant.precision, None, how)]
    if len(text) <= 10:
        return [DatedValue(role, text, "day", None, how)]
    return [DatedValue(role, moment.isoformat(), "second", None, how)]


def _lines(page: Page, segments: Sequence[Segment], language: str) -> list[DatedValue]:
    """Lines that hold a date alone, and the date beside a clock in the page's head."""
    found: list[DatedValue] = []
    for segment in segments:
        if segment.role == "date_line":
            phrase = _first_full(find_dates(page.text, segment.span, language))
            if phrase is not None:
                found.append(_read("published", phrase, page, language, "a date line"))
        elif segment.role == "page_furniture":
            lines = segment.span.of(page.text).split("\n")
            if any(is_clock(line.strip()) for line in lines):
                phrase = _first_full(find_dates(page.text, segment.span, language))
                if phrase is not None:
                    how = "the clock in the page's head: when it was saved"
                    found.append(_read("captured", phrase, page, language, how))
    return found


def _labelled(page: Page, segments: Sequence[Segment], language: str) -> list[DatedValue]:
    """A date at the end of a line below the headline: “Briefing note, October 2020”."""
    for segment in segments:
        if segment.role != "subtitle" or len(segment.span.of(page.text)) > _LABEL_CHARS:
            continue
        for phrase in find_dates(page.text, segment.span, language):
            before = page.text[segment.span.start : phrase.span.start].rstrip()
            ends = phrase.span.end == segment.span.end
            if ends and phrase.year and phrase.month and before.endswith(_BEFORE_LABEL):
                how = "at the end of a line below the headline"
                return [_read("published", phrase, page, language, how)]
    return []


def _first_full(phrases: Sequence[DatePhrase]) -> DatePhrase | None:
    return next((one for one in phrases if one.month and (one.day or one.year)), None)


def _read(role: DateRole, phrase: DatePhrase, page: Page, language: str, how: str) -> DatedValue:
    settled = _unambiguous(phrase, page)
    meant = resolve(settled, None)
    weekday = _weekday_agrees(settled, page, language)
    reasons = "; ".join(part for part in (how, _dotted(phrase, page), weekday) if part)
    return DatedValue(role, meant.value, meant.precision, phrase.span, reasons)


def _dotted(phrase: DatePhrase, page: Page) -> str:
    written = phrase.span.of(page.text)
    return "dd.mm.yyyy" if re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2,4}", written) else ""


def _unambiguous(phrase: DatePhrase, page: Page) -> DatePhrase:
    """Settle 3/4/2020 by other dates of the page in the same form."""
    if not phrase.ambiguous:
        return phrase
    for match in re.finditer(r"(?<!\d)(\d{1,2})/(\d{1,2})/\d{4}", page.text):
        first, second = int(match.group(1)), int(match.group(2))
        if second > 12 >= first or first > 12 >= second:
            month, day = (phrase.month, phrase.day) if second > 12 else (phrase.day, phrase.month)
            return DatePhrase(phrase.span, phrase.year, month, day)
    return phrase


def _weekday_agrees(phrase: DatePhrase, page: Page, language: str) -> str:
    """Say so where a weekday named in the text is the date's own."""
    if not (phrase.year and phrase.month and phrase.day):
        return ""
    if phrase.day > calendar.monthrange(phrase.year, phrase.month)[1]:
        return ""
    weekday = date(phrase.year, phrase.month, phrase.day).weekday()
    for other in find_dates(page.text, Span(0, min(len(page.text), 4000)), language):
        if other.weekday == weekday and other.direction is None:
            return f"agrees with “{other.span.of(page.text)}” in the text"
    return ""


def _dateline(
    page: Page, segments: Sequence[Segment], language: str, published: Sequence[DatedValue]
) -> list[DatedValue]:
    """The day in “MOSCOW, September 3 (Agency) – ”, its year from the page if it has one."""
    for segment in segments:
        if segment.role != "body":
            continue
        found = dateline_in(page.text, segment.span)
        if found is None or not found[0].group("when"):
            continue
        match, offset = found
        when = Span(offset + match.start("when"), offset + match.end("when"))
        phrases = find_dates(page.text, when, language)
        if not phrases:
            continue
        phrase = phrases[0]
        reference = reference_date(published)
        meant = resolve(phrase, reference)
        value, how = meant.value, f"dateline; {meant.how}"
        if phrase.year is None and reference is None:
            year, why = _inferred_year(phrase, page.text)
            if year is not None:
                value = f"{year}-{phrase.month:02}-{phrase.day:02}"
            how = f"dateline gives day and month; {why}"
        return [DatedValue("dateline", value, meant.precision, phrase.span, how)]
    return []


def _inferred_year(phrase: DatePhrase, text: str) -> tuple[int | None, str]:
    """A year from two independent marks; None with the reason if it must stay open.

    Marks: an election that falls into certain years only, a weekday beside the day and month,
    years named in the text. One mark alone leaves several years.
    """
    presidential, upcoming = _US_PRESIDENTIAL.search(text), _UPCOMING.search(text)
    years = sorted({int(match.group(1)) for match in _YEAR.finditer(text)})
    if not years:
        if presidential and upcoming:
            return None, (
                f"“{presidential.group(0)}” and “{upcoming.group(0)}” mean a year of a US "
                "presidential election; which one the text does not say: left open"
            )
        return None, "no year anywhere in the text: left open"
    latest = years[-1]
    if presidential and upcoming and latest % 4 == 0:
        return latest, (
            f"year {latest}: the latest named in the text, and “{upcoming.group(0)}” needs a "
            "year of a US presidential election, which it is"
        )
    return (
        None,
        f"years named in the text ({', '.join(map(str, years))}) do not settle it: left open",
    )
