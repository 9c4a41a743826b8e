"""Lines of a page's head that date it: “January 25, 2021”, “By Ann Writer | 5 March 2031, 10:30”.

A date in such a line stands alone, behind a label (“Published on”), a place (“Northport, ”), a
name or a mark that sets it off; in a sentence it dates what is told, not the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.documents.date_phrases import DatePhrase, find_dates
from assay.lexicon.date_words import date_words
from assay.model.record import DateRole, Span

_WORD = re.compile(r"\w+")
_ALONE_CHARS, _LINE_CHARS = 80, 120
_MOST_WORDS_BEHIND = 8
_SENTENCE_END = (".", "!", "?", "…", "”", "»")
_CLOCK = re.compile(
    r"\d{1,2}\s?[:.h]\s?\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?|"
    r"\d{1,2}\s?[ap]\.?m\.?|\b[A-Z]{2,4}T?\b",
)
_SET_OFF = re.compile(r"[,–—|·•:;/()]|\s-\s|--")
_BAR = re.compile(r"[|•·]\s*$")
_TO = re.compile(r"\s*(?:[–—-]|\bto|\bthrough|\bпо|\bbis|\bà)\s*$")
_UPDATED = re.compile(r"updat|modif|edited|обновл|изменен|mis à jour|aktualisiert", re.IGNORECASE)
_COMPANY = frozenset(
    _WORD.findall(
        "published updated posted issued released first last modified edited date dated on at the "
        "of by am pm utc gmt for immediate release press statement notice news "
        "опубликовано обновлено дата от пресс релиз в г publié le mis à jour communiqué de presse "
        "du n no nr par den der vom veröffentlicht am um von aktualisiert uhr stand "
        "pressemitteilung"
    )
)
"""Words that may stand beside a date on its own line."""


def is_date_line(text: str, language: str) -> bool:
    """Whether a line holds a date, a time, a place or a label perhaps, and nothing else."""
    if len(text) > _ALONE_CHARS or text.endswith((":", "?")):
        return False
    phrases = find_dates(text, Span(0, len(text)), language)
    if not phrases or not any(one.day or one.month or one.year for one in phrases):
        return False
    first = phrases[0].span.start
    rest = text
    for phrase in reversed(phrases):
        rest = rest[: phrase.span.start] + rest[phrase.span.end :]
    place = _PLACE.match(text[:first])
    # “Ann Writer, 2014” says whose words stand below and not when the page was written.
    if place is not None and phrases[0].day:
        rest = rest[place.end() :]
    return all(word in _COMPANY for word in _WORD.findall(_CLOCK.sub("", rest).casefold()))


_PLACE = re.compile(r"(?:г\.\s)?[A-ZÀ-ÞА-ЯЁ][\w.'’-]+(?:[ -][A-ZÀ-ÞА-ЯЁ][\w.'’-]+){0,2},\s")


def dates_in_line(
    text: str, line: Span, language: str, *, of_body: bool = False
) -> Iterator[tuple[DateRole, DatePhrase]]:
    """Dates that a line of the page's head gives it, each with what it says of it.

    Args:
        text: The page's text.
        line: One line, without white space around it.
        language: Of the page.
        of_body: Whether the line is no part of the head by its form: it may be a picture's words
            then (“A rally in Northport, 2 March 2014”), so that it must begin with a label or name.
    """
    written = line.of(text)
    if len(written) > _LINE_CHARS or written.endswith(_SENTENCE_END):
        return
    phrases = find_dates(text, line, language)
    days = days_told(text, line, language)
    edges = [line.start, *(phrase.span.end for phrase in phrases)]
    ends = [*(phrase.span.start for phrase in phrases[1:]), line.end]
    for phrase, left, right in zip(phrases, edges, ends, strict=False):
        before = text[left : phrase.span.start]
        if phrase not in days:
            continue
        behind = _WORD.findall(_CLOCK.sub("", text[phrase.span.end : right]))
        full = phrase.year and phrase.month
        closes = phrase.day or phrase.span.end == line.end
        if full and closes and _sets_off(before, of_body) and len(behind) <= _MOST_WORDS_BEHIND:
            yield "modified" if _UPDATED.search(before) else "published", phrase


def days_told(text: str, line: Span, language: str) -> list[DatePhrase]:
    """Dates in a line but those of the time that a report covers: “July – December 2022”."""
    phrases = find_dates(text, line, language)
    covered: list[DatePhrase] = []
    left = line.start
    for number, phrase in enumerate(phrases):
        before = text[left : phrase.span.start]
        first = phrases[number - 1] if number else None
        if first is not None and first.month and phrase.month and _TO.fullmatch(before):
            covered += (first, phrase)
        elif _ends_with_month(before, language):
            covered.append(phrase)
        left = phrase.span.end
    return [phrase for phrase in phrases if phrase not in covered]


def _ends_with_month(before: str, language: str) -> bool:
    """“July – ” before a date."""
    led = _TO.search(before)
    word = _WORD.findall(before[: led.start()])[-1:] if led is not None else []
    known = date_words().get(language)
    return bool(word) and known is not None and word[0].casefold() in known.months


def _sets_off(before: str, of_body: bool) -> bool:
    """Whether what stands before a date is a label, a name, or closed by a mark."""
    chunks = _SET_OFF.split(_CLOCK.sub("", before))
    if _BAR.search(before) and len(_WORD.findall(before)) <= _MOST_WORDS_BEHIND:
        # “By our own staff | 1 April 2024”: a bar parts the date from whatever it is.
        return True
    words = _WORD.findall(" ".join((chunks[0], chunks[-1]) if of_body else chunks[-1:]))
    return all(word.casefold() in _COMPANY or not word[:1].islower() for word in words)
