"""Phrases of time in running text, found by grammar: “September 3”, “late October”, “Thursday”.

Finding and resolving are apart: a phrase says what is written, :mod:`date_resolution` what day
that is. English, Russian, French and German.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from assay.documents.lowered import lowered
from assay.lexicon.date_words import DateWords, Part, Unit, date_words
from assay.model.record import Span

Direction = Literal["last", "this", "next"]

YEARS = r"(?:1[89]|20)\d\d"


@dataclass(frozen=True)
class DatePhrase:
    """What a phrase of time says, with nothing added.

    Attributes:
        span: Where it stands.
        year: As written.
        month: 1 to 12.
        day: Of the month.
        weekday: Monday = 0.
        quarter: 1 to 4.
        part: Early, mid or late in the month or year.
        days_away: “yesterday” is -1.
        direction: “last”, “this”, “next”, of the weekday, month or unit.
        unit: Of “last week”, “two months ago”.
        amount: How many units ago.
        until: The end of a range; this phrase is its beginning.
        ambiguous: Day and month could be the other way round.
    """

    span: Span
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    quarter: int | None = None
    part: Part | None = None
    days_away: int | None = None
    direction: Direction | None = None
    unit: Unit | None = None
    amount: int | None = None
    until: DatePhrase | None = None
    ambiguous: bool = False


def find_dates(text: str, span: Span, language: str = "en") -> tuple[DatePhrase, ...]:
    """Every phrase of time inside a span, in order, the longest reading of each place.

    Args:
        text: The document's text.
        span: Where to look.
        language: BCP 47; languages without a vocabulary are read by numbers alone.
    """
    words = date_words().get(language.split("-", maxsplit=1)[0])
    found = list(_numeric(text, span))
    if words is not None:
        found += _worded(text, span, words, _patterns(language.split("-", maxsplit=1)[0]))
    return _longest(found)


def _longest(found: Iterable[DatePhrase]) -> tuple[DatePhrase, ...]:
    """Phrases that do not overlap; where they would, the longest stays."""
    kept: list[DatePhrase] = []
    for phrase in sorted(found, key=lambda one: (one.span.start, -one.span.end)):
        if not kept or phrase.span.start >= kept[-1].span.end:
            kept.append(phrase)
        elif phrase.span.end - phrase.span.start > kept[-1].span.end - kept[-1].span.start:
            kept[-1] = phrase
    return tuple(kept)


_ISO = re.compile(rf"(?<![\d.,/-])({YEARS})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?![\d/-])")
_DOTTED = re.compile(rf"(?<![\d.,/-])(\d{{1,2}})\.(\d{{1,2}})\.({YEARS}|\d\d)(?![\d/-])")
_SLASHED = re.compile(rf"(?<![\d.,/-])(\d{{1,2}})/(\d{{1,2}})/({YEARS})(?![\d/-])")
_QUARTER = re.compile(rf"\bQ([1-4])[ /-]?\s?({YEARS})?\b|\b({YEARS})[ -]?Q([1-4])\b")
_YEAR_RANGE = re.compile(rf"(?<![\d$€£,.-])({YEARS})\s?[-–—]\s?({YEARS}|\d\d)(?![\d-])")


def _numeric(text: str, span: Span) -> Iterator[DatePhrase]:
    """Phrases that are written in figures."""
    for match in _ISO.finditer(text, span.start, span.end):
        year, month, day = match.groups()
        yield DatePhrase(_of(match), int(year), int(month), int(day) if day else None)
    for match in _DOTTED.finditer(text, span.start, span.end):
        day_n, month_n, year = (int(part) for part in match.groups())
        if 1 <= month_n <= 12 and 1 <= day_n <= 31:
            # Two figures are a year only as late as 2069 (POSIX).
            full = year if year > 99 else year + (2000 if year < 69 else 1900)
            yield DatePhrase(_of(match), full, month_n, day_n)
    for match in _SLASHED.finditer(text, span.start, span.end):
        first, second, year = (int(part) for part in match.groups())
        if first > 12 >= second >= 1 and first <= 31:
            yield DatePhrase(_of(match), year, second, first)
        elif second > 12 >= first >= 1 and second <= 31:
            yield DatePhrase(_of(match), year, first, second)
        elif 1 <= first <= 12 and 1 <= second <= 12:
            yield DatePhrase(_of(match), year, first, second, ambiguous=first != second)
    for match in _QUARTER.finditer(text, span.start, span.end):
        quarter = int(match.group(1) or match.group(4))
        written = match.group(2) or match.group(3)
        yield DatePhrase(_of(match), int(written) if written else None, quarter=quarter)
    for match in _YEAR_RANGE.finditer(text, span.start, span.end):
        first = int(match.group(1))
        second = int(match.group(2))
        last = second if second > 99 else first // 100 * 100 + second
        if first < last <= first + 100:
            yield DatePhrase(
                _of(match), first, until=DatePhrase(Span(match.start(2), match.end(2)), last)
            )


def _of(match: re.Match[str]) -> Span:
    return Span(match.start(), match.end())


def _any(words: Iterable[str]) -> str:
    """An alternation, longest first, so that “sept” does not stop “september”."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    """The grammar of one language, for a text in small letters."""
    words = date_words()[language]
    month = rf"(?P<month>{_any(words.months)})\b\.?"
    weekday = rf"(?P<weekday>{_any(words.weekdays)})\b"
    day = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|er|re)?\.?(?![\d:%,]\d)(?!\d)"
    year = rf",?\s?(?P<year>{YEARS})\b(?:\s?(?:г(?:ода?|оду)?\.?)(?![^\W\d_]))?"
    part = rf"(?:(?P<part>{_any(words.parts)})\s?-?\s?)?"
    direction = _any(words.last | words.next | words.this)
    unit = _any(words.units)
    number = rf"\d{{1,3}}|{_any(words.numbers)}"
    of = r"(?:\s?(?:of|de|d’|d'|des|im|в|,))?\s"
    # Monday, January 18; am Montag, dem 3. September
    on_weekday = rf"(?:\b{weekday},?\s(?:(?:the|dem|den)\s)?)?"
    grammar = {
        # 3 September 2020; the 3rd of September
        "day_month": rf"{on_weekday}(?<![\d.,:/-]){day}{of}?\s?{month}(?:{year})?",
        # September 3, 2020
        "month_day": rf"{on_weekday}\b{month}\s{day}(?:{year})?",
        # late October 2017; the end of March
        "month": rf"\b{part}(?:of\s)?(?:(?P<direction>{direction})\s)?{month}(?:(?:\sof)?{year})?",
        "weekday": rf"\b(?:(?P<direction>{direction})\s)?{weekday}"
        rf"(?:\s(?P<after>{_any(words.last | words.next)})\b)?",
        "near": rf"\b(?P<near>{_any(words.days)})\b",
        "unit": rf"\b{part}(?:of\s)?(?P<direction>{direction})\s(?P<unit>{unit})\b",
        "unit_after": rf"\b(?:l[ea]s?\s|l’|l')?(?P<unit>{unit})\s"
        rf"(?P<direction>{_any(words.last | words.next)})\b",
        "ordinal_quarter": rf"\b(?P<ordinal>{_any(words.ordinals)}|[1-4])(?:er|e|-й|-м|\.)?\s"
        rf"(?:{_any(words.quarter)})\b(?:{of}?(?P<year>{YEARS})\b)?",
        "year": rf"(?:\b(?P<part>{_any(words.parts)})\s?-?\s?|(?<![\d$€£.,/-])(?<!no\. ))"
        rf"(?P<year>{YEARS})(?![\d%/.,-]*\d)\b"
        rf"(?!\s?(?:{_counted}))",
    }
    if words.ago:
        grammar["ago"] = rf"\b(?P<number>{number})\s(?P<unit>{unit})\s(?:{_any(words.ago)})\b"
    if language == "fr":
        grammar["ago"] = rf"\bil y a\s(?P<number>{number})\s(?P<unit>{unit})\b"
    if language == "de":
        grammar["ago"] = rf"\bvor\s(?P<number>{number})\s(?P<unit>{unit})\b"
    return {name: re.compile(pattern) for name, pattern in grammar.items()}


_counted = (
    r"accounts?|pages?|groups?|users?|posts?|tweets?|channels?|ads?|people|dollars?|euros?|"
    r"аккаунт|страниц|групп|comptes?|publications?|konten|seiten|beiträge"
)
"""After these a number between 1800 and 2099 is a count, no year."""

_MAY_AND_MARCH = re.compile(r"(may|march|mar|mai|mars|sept|dec|jan)$", re.IGNORECASE)
"""Months that are other words too: alone they need a capital letter and company."""

_BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|since|until|by|during|of|from|through|between|and|to|last|next|this|early|mid|late|"
    r"en|depuis|de|du|fin|début|im|seit|ende|anfang|в|с|до|конце|начале)|[-–—(])\s?$",
    re.IGNORECASE,
)
_BEFORE_YEAR = re.compile(
    r"(?:\b(?:in|since|until|by|during|of|from|through|and|to|the|for|before|after|between|late|"
    r"early|mid|en|depuis|de|dès|jusqu’en|année|im|seit|bis|jahr|jahre|в|с|до|к|за|на|"
    r"election|campaign|elections)|[-–—(,])\s?$",
    re.IGNORECASE,
)
_AFTER_YEAR = re.compile(r"\s(?:году?|года|election|presidential|campaign|midterm|vote|г\.)", re.I)


def _worded(
    text: str, span: Span, words: DateWords, patterns: Mapping[str, re.Pattern[str]]
) -> Iterator[DatePhrase]:
    """Phrases that are written with words."""
    for name, pattern in patterns.items():
        for match in pattern.finditer(lowered(text), span.start, span.end):
            phrase = _phrase(name, match, text, words)
            if phrase is not None:
                yield phrase


def _phrase(name: str, match: re.Match[str], text: str, words: DateWords) -> DatePhrase | None:
    """The phrase that a match of one rule stands for, unless its words mean something else."""
    said = {key: value.casefold() for key, value in match.groupdict().items() if value}
    before = text[max(0, match.start() - 24) : match.start()]
    if name == "month" and not _is_month(text[slice(*match.span("month"))], said, before):
        return None
    if name == "year" and not (
        _BEFORE_YEAR.search(before) or _AFTER_YEAR.match(text, match.end()) or "part" in said
    ):
        return None
    if name == "near" and "near" in said:
        return DatePhrase(_of(match), days_away=words.days[said["near"]])
    end = match.end()
    while end > match.start() and text[end - 1] in " ,":
        end -= 1
    direction = _direction(said.get("direction") or said.get("after"), words)
    number = said.get("number")
    month = said.get("month")
    quarter = said.get("ordinal")
    return DatePhrase(
        Span(match.start(), end),
        year=int(said["year"]) if "year" in said else None,
        month=words.months[month] if month else None,
        day=int(said["day"]) if "day" in said else None,
        weekday=words.weekdays[said["weekday"]] if "weekday" in said else None,
        quarter=(int(quarter) if quarter.isdigit() else words.ordinals[quarter])
        if quarter
        else None,
        part=words.parts[said["part"]] if "part" in said else None,
        direction=direction,
        unit=words.units[said["unit"]] if "unit" in said else None,
        amount=(int(number) if number.isdigit() else words.numbers[number]) if number else None,
    )


def _is_month(written: str, said: Mapping[str, str], before: str) -> bool:
    """Whether a word that may be a month is one: “may” and “march” are verbs as well."""
    if "year" in said or "part" in said or "direction" in said:
        return True
    if _MAY_AND_MARCH.match(written):
        return written[:1].isupper() and bool(_BEFORE_MONTH.search(before))
    if len(written) <= 4 and not _BEFORE_MONTH.search(before):
        return False
    # Latin-script months carry a capital in English and German; French and Russian ones do not.
    return written[:1].isupper() or bool(_BEFORE_MONTH.search(before))


def _direction(word: str | None, words: DateWords) -> Direction | None:
    if word is None:
        return None
    if word in words.last:
        return "last"
    return "next" if word in words.next else "this"
