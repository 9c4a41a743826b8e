"""Sums of money with currency, exactness and the time that they cover."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from assay.documents.base import Reading
from assay.documents.date_phrases import find_dates
from assay.documents.date_resolution import resolve
from assay.documents.lowered import lowered
from assay.documents.numbers import alternatives, value_of
from assay.documents.page_dates import reference_date
from assay.documents.parse import PARSED_ROLES
from assay.documents.sentences import sentence_around
from assay.lexicon.numbers import currencies, number_words
from assay.model.record import CURRENCY_OPEN, Span, Spend


class Money:
    """Reads every sum of money."""

    name = "money"
    languages: Sequence[str] = ()

    def read(self, reading: Reading) -> None:
        """Add the sums of headline, body and marked parts, in the order of the text."""
        language = reading.document.language.split("-")[0]
        for segment in reading.document.segments:
            if segment.role in PARSED_ROLES:
                for spend in find_money(reading.text, segment.span, language):
                    reading.spends.append(_dated(reading, spend, language))


def find_money(text: str, span: Span, language: str = "en") -> list[Spend]:
    """Every sum in a span; the period is left open."""
    found = []
    words = number_words(language)
    code = language if language in ("en", "ru", "fr", "de") else "en"
    for match in _pattern(code).finditer(lowered(text), span.start, span.end):
        amount = value_of(match.group("a") or match.group("b"), code)
        sign = text[slice(*match.span("sign" if match.group("sign") else "after"))]
        if amount is None:
            continue
        before = (match.group("before") or "").casefold().strip()
        found.append(
            Spend(
                amount=amount,
                currency=_currency(sign),
                span=Span(match.start(), match.end()),
                comparator=words.comparators.get(re.sub(r"\s+", " ", before), "="),
            )
        )
    return found


def _currency(sign: str) -> str:
    known = currencies()
    return known.get(sign) or known.get(sign.casefold(), CURRENCY_OPEN)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = number_words(language)
    scale = alternatives(words.scales)
    figure = r"\d[\d,.’'  ]*\d|\d"
    amount = rf"(?:{figure})(?:\s?(?:{scale})(?!\w))?"
    worded = rf"(?:{alternatives(words.small)})(?:\s(?:{scale})(?!\w))*"
    signs = alternatives(sign.lower() for sign in currencies())
    before = alternatives(words.comparators)
    return re.compile(
        rf"(?<![\w.,])(?:(?P<before>{before})\s)?"
        rf"(?:(?P<sign>{signs})\s?(?P<a>{amount})"
        rf"|(?P<b>{amount}|{worded})\s?(?P<after>{signs})(?!\w))"
    )


_RANGE = re.compile(
    r"\b(?:between|from|since)\s(?:the\s)?(?:start\sof\s|early\s|late\s)?$", re.IGNORECASE
)
_LINK = re.compile(
    r"\s(?:and|to|until|till|through)\s(?:the\send\sof\s|early\s|late\s)?", re.IGNORECASE
)
_REACH = 160


def _framed(reading: Reading, spend: Spend, language: str) -> Spend | None:
    """“between May 2021 and June 2023”, before or after the sum in its sentence."""
    text = reading.text
    sentence = sentence_around(text, spend.span)
    around = Span(
        max(sentence.start, spend.span.start - _REACH), min(sentence.end, spend.span.end + _REACH)
    )
    phrases = find_dates(text, around, language)
    for first, second in pairwise(phrases):
        lead = text[max(around.start, first.span.start - 24) : first.span.start]
        if not _RANGE.search(lead) or not _LINK.fullmatch(text[first.span.end : second.span.start]):
            continue
        until = resolve(second, reference_date(reading.document.dates))
        same_year = first.year is None and second.year is not None and first.month is not None
        opened = replace(first, year=second.year) if same_year else first
        since = resolve(opened, reference_date(reading.document.dates))
        if since.value and until.value:
            return replace(spend, period=f"{since.value}/{until.value}")
    return None


def _dated(reading: Reading, spend: Spend, language: str) -> Spend:
    """The time that a sum covers, where the rest of its sentence gives a year or a range."""
    text = reading.text
    framed = _framed(reading, spend, language)
    if framed is not None:
        return framed
    ends = sentence_around(text, spend.span).end
    rest = Span(spend.span.end, min(ends, spend.span.end + _REACH))
    for phrase in find_dates(text, rest, language):
        ranged = phrase.until is not None
        if not ranged and phrase.year is None:
            continue
        meant = resolve(phrase, reference_date(reading.document.dates))
        if meant.value:
            return replace(spend, period=meant.value)
    return spend
