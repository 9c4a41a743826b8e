"""The dates of the page itself: published, captured, modified, dateline.

What the file states comes first, then its address, then a line that holds the date alone or sets
it off below the headline, then the dateline. A year
that the text does not give is inferred only from two independent marks, and the marks are told;
else it stays open.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from assay.documents.date_lines import dates_in_line, days_told
from assay.documents.date_phrases import YEARS, DatePhrase, find_dates
from assay.documents.date_resolution import resolve
from assay.documents.furniture import dateline_in, is_clock
from assay.documents.page import Page
from assay.documents.stated_dates import in_address, stated
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

_HEAD_LINES = 12
"""Lines below the headline among which the page's own dates stand."""
_PARAGRAPH_CHARS = 120
_REGION_LETTERS = 2
_ADDRESSES = ("canonical", "og:url", "url")


def page_dates(page: Page, segments: Sequence[Segment]) -> tuple[DatedValue, ...]:
    """Every date of the page, the surest first within its role, full days before the others."""
    language = (page.language or "en").split("-")[0].lower()
    found: list[DatedValue] = []
    found += _stated("published", page.published, page.published_how, language)
    printed = list(_printed(page, segments, language))
    found += _addressed(page, found, printed)
    found += _stated("modified", page.modified, "stated by the file", language)
    found += _stated("captured", page.captured, "stated by the file", language)
    found += _clock(page, segments, language)
    found += printed
    found.sort(key=lambda one: one.role == "published" and one.precision in ("month", "year"))
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


def _stated(role: DateRole, text: str | None, how: str, language: str) -> list[DatedValue]:
    """A date that the file's own markup or headers give."""
    told = stated(text, language, by_clock=role == "captured")
    return [] if told is None else [DatedValue(role, *told, None, how)]


def _addressed(
    page: Page, stated_dates: Sequence[DatedValue], printed: Sequence[DatedValue]
) -> list[DatedValue]:
    """The date in the page's address, where nothing states one; a month, where none is printed."""
    if stated_dates:
        return []
    for key in _ADDRESSES:
        told = in_address(page.metadata.get(key))
        if told is not None and (told[1] == "day" or not _has_published(printed)):
            return [DatedValue("published", *told, None, "named in the page's address")]
    return []


def _has_published(dates: Iterable[DatedValue]) -> bool:
    return any(one.role == "published" for one in dates)


def _printed(page: Page, segments: Sequence[Segment], language: str) -> Iterator[DatedValue]:
    """Dates that stand alone in a line, or are set off in one of the lines below the headline."""
    roles: set[DateRole] = set()
    for line, how, of_body in _head_lines(page, segments):
        found = list(dates_in_line(page.text, line, language, of_body=of_body))
        if how == _DATE_LINE and not found:
            phrase = _first_full(days_told(page.text, line, language))
            found = [("published", phrase)] if phrase is not None else []
        for role, phrase in found:
            if role not in roles or how == _DATE_LINE:
                roles.add(role)
                yield _read(role, phrase, page, language, how)


_DATE_LINE, _BELOW = "a date line", "in a line below the headline"
_BODY_ROLES = ("body", "page_furniture")
_HEAD_ROLES = ("subtitle", *_BODY_ROLES, "source_line")


def _head_lines(page: Page, segments: Sequence[Segment]) -> Iterator[tuple[Span, str, bool]]:
    """Date lines, and the lines from the headline to the first paragraph; which are its body."""
    left = 0
    for segment in segments:
        if segment.role == "headline":
            left = _HEAD_LINES
        for line in _lines_of(page.text, segment.span):
            if segment.role == "date_line":
                yield line, _DATE_LINE, False
            elif left and segment.role in _HEAD_ROLES:
                left = 0 if line.end - line.start > _PARAGRAPH_CHARS else left - 1
                yield line, _BELOW, segment.role in _BODY_ROLES


def _lines_of(text: str, span: Span) -> Iterator[Span]:
    for match in _LINE.finditer(text, span.start, span.end):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        yield Span(start, start + len(match.group().strip()))


_LINE = re.compile(r"[^\n]*\S[^\n]*")


def _clock(page: Page, segments: Sequence[Segment], language: str) -> list[DatedValue]:
    """The date beside a clock in the page's head."""
    found: list[DatedValue] = []
    for segment in segments:
        lines = segment.span.of(page.text).split("\n")
        if segment.role == "page_furniture" and any(is_clock(line.strip()) for line in lines):
            phrase = _first_full(find_dates(page.text, segment.span, language))
            if phrase is not None:
                how = "the clock in the page's head: when it was saved"
                found.append(_read("captured", phrase, page, language, how))
    return found


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
    """Settle 3/4/2020 by other dates of the page in the same form, else by the page's region."""
    if not phrase.ambiguous:
        return phrase
    for match in re.finditer(r"(?<!\d)(\d{1,2})/(\d{1,2})/\d{4}", page.text):
        first, second = int(match.group(1)), int(match.group(2))
        if second > 12 >= first or first > 12 >= second:
            month, day = (phrase.month, phrase.day) if second > 12 else (phrase.day, phrase.month)
            return DatePhrase(phrase.span, phrase.year, month, day)
    language, *subtags = (page.language or "").lower().split("-")
    region = next((one for one in subtags if len(one) == _REGION_LETTERS), "")
    if region == "us":
        return replace(phrase, ambiguous=False)
    if phrase.month and phrase.day and (region or language not in ("", "en", "und")):
        return DatePhrase(phrase.span, phrase.year, phrase.day, phrase.month)
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
