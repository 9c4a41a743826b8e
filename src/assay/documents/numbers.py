"""Numbers as they are written: figures with separators, words, scales, and how exact they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from assay.documents.lowered import lowered
from assay.lexicon.numbers import number_words
from assay.model.record import Comparator, Span


@dataclass(frozen=True)
class Number:
    """A number at one place.

    Attributes:
        n: Its value; the lower end of a range.
        span: The number's own characters.
        phrase_start: Where the words that say how exact it is begin.
        comparator: How exact it is said to be.
        most: The upper end of a range.
    """

    n: float
    span: Span
    phrase_start: int
    comparator: Comparator = "="
    most: float | None = None


_FIGURES = r"\d{1,3}(?:[,.’'   ]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_LETTERS = r"[^\W\d_]"


def alternatives(words: Iterable[str]) -> str:
    """An alternation, longest first; matches nothing if there are no words."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


@cache
def _pattern(language: str) -> re.Pattern[str]:
    words = number_words(language)
    small = alternatives(words.small)
    scale = alternatives(words.scales)
    one = (
        rf"(?:(?:{_FIGURES})(?:\s?-?(?:{scale})(?!{_LETTERS}))?"
        rf"|(?:a\s)?(?:{small})(?:[\s-](?:{small}))?(?:\s(?:{scale}))*(?!{_LETTERS})"
        rf"|(?:a|one)\s(?:hundred|thousand|million|dozen)(?!{_LETTERS}))"
    )
    before = alternatives(words.comparators)
    vague = alternatives(words.vague)
    to = r"\s?[-–—]\s?|\sto\s|\sand\s"
    return re.compile(
        rf"(?<![\w.,$€£-])(?:(?P<before>{before})\s?)?"
        rf"(?:(?P<vague>{vague})(?!{_LETTERS})"
        rf"|(?:(?P<between>between\s)|(?P<from>from\s))?(?P<first>{one})"
        rf"(?:(?P<to>{to})(?P<second>{one}))?)"
    )


def find_numbers(text: str, span: Span, language: str = "en") -> list[Number]:
    """Every number in a span, in order, percentages, times and ordinals left out."""
    words = number_words(language)
    found: list[Number] = []
    position = span.start
    pattern = _pattern(language)
    small = lowered(text)
    while match := pattern.search(small, position, span.end):
        position = max(match.end(), match.start() + 1)
        sign = _sign(match.group("before"), language)
        if match.group("vague"):
            size = words.vague[_spaced(match.group("vague"))]
            at = Span(match.start("vague"), match.end("vague"))
            found.append(Number(float(size), at, match.start(), "vague"))
            continue
        first = value_of(match.group("first"), language)
        end = match.end("first")
        second = match.group("second")
        most: float | None = None
        if second is not None:
            joined = match.group("to").strip()
            most = value_of(second, language)
            ranged = joined in "-–—" or match.group("between") or joined == "to"
            if not ranged or first is None or most is None or most <= first:
                # “18 and two”: two numbers, not a range.
                most, position = None, match.end("first")
            else:
                end = match.end("second")
        if first is None or _no_number(text, match.start("first"), end):
            continue
        start = match.start("first")
        kind: Comparator = "range" if most is not None else sign
        found.append(Number(first, Span(start, end), match.start(), kind, most))
    return found


def value_of(written: str, language: str = "en") -> float | None:
    """The value of a number as written, None if it is none."""
    words = number_words(language)
    rest = _spaced(written).replace("-", " ")
    total = 1.0
    figures = re.match(r"\d[\d,.’' ]*", rest)
    if figures:
        value = _figures(figures.group(0).strip(), language)
        scales = rest[figures.end() :].split()
    else:
        value, scales, seen = 0.0, [], False
        for word in rest.split():
            if word in words.small and not scales:
                value, seen = value + words.small[word], True
            elif word == "dozen":
                value, seen = max(value, 1.0) * 12, True
            elif word in words.scales:
                scales.append(word)
            elif word not in ("a", "one"):
                return None
        value = value if seen else 1.0
    for scale in scales:
        if scale not in words.scales:
            return None
        total *= words.scales[scale]
    return None if value is None else round(value * total, 6)


def _figures(written: str, language: str) -> float | None:
    """Figures with separators of thousands or a decimal sign, by their grouping."""
    plain = re.sub(r"[’'   ]", "", written)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", plain) or re.fullmatch(r"\d{1,3}(?:\.\d{3})+", plain):
        if language == "en" and "." in plain:
            return float(plain) if plain.count(".") == 1 else None
        if language != "en" and "," in plain and plain.count(",") == 1:
            return float(plain.replace(",", "."))
        return float(re.sub(r"[,.]", "", plain))
    plain = plain.rstrip(".,")
    try:
        return float(plain.replace(",", ".") if language != "en" else plain.replace(",", ""))
    except ValueError:
        return None


def _spaced(written: str) -> str:
    return re.sub(r"\s+", " ", written.casefold()).strip()


def _sign(before: str | None, language: str) -> Comparator:
    if not before:
        return "="
    return number_words(language).comparators.get(_spaced(before), "=")


_AFTER = re.compile(
    r"\s?(?:%|percent\b|per cent\b|проц|Prozent\b|pour cent\b)|:\d|(?:st|nd|rd|th)\b"
)


def _no_number(text: str, start: int, end: int) -> bool:
    """Percentages, clock times and ordinals count nothing."""
    return bool(_AFTER.match(text, end)) or text[max(0, start - 1) : start] in (":", "/", "#")
