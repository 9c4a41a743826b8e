"""Numbers of things: “18 accounts and two pages”, “more than 10 foreign firms”, “273 accounts and
pages”, in four languages, each with the characters it was read from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from assay.documents.base import Reading
from assay.documents.gazetteer import find_names
from assay.documents.numbers import Number, alternatives, find_numbers
from assay.documents.parse import PARSED_ROLES
from assay.lexicon.date_words import date_words
from assay.lexicon.enforcement import enforcement_words
from assay.lexicon.numbers import currencies, number_words
from assay.model.record import OWN_WORDS, Count, Span

_YEAR_BEFORE = re.compile(
    r"\b(?:the|in|of|during|since|by|from|until|till|late|early|mid|before|after|for|through|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)"
    r"[\s-]*$",
    re.IGNORECASE,
)
_DEFINITE = re.compile(r"\b(?:the|these|those|all|both|our|its|their)\s+$", re.IGNORECASE)
_MODIFIERS = 6
"""Words that may stand between a number and what it counts."""


class Counts:
    """Reads every number of things in the parts that are read."""

    name = "counts"
    languages: Sequence[str] = ()

    def read(self, reading: Reading) -> None:
        """Add the counts of headline, body and marked parts, in the order of the text."""
        language = reading.document.language.split("-")[0]
        for segment in reading.document.segments:
            if segment.role in PARSED_ROLES:
                known = reading.counts if segment.role in OWN_WORDS else []
                counts = find_counts(reading.text, segment.span, language)
                if language == "en":
                    counts = _with_those_of_them(reading.text, segment.span, counts)
                for count in counts:
                    if not _said_before(reading.text, count, known):
                        reading.counts.append(count)


def find_counts(text: str, span: Span, language: str = "en") -> list[Count]:
    """Every number of things in a span.

    Args:
        text: The document's text.
        span: Where to look.
        language: Primary tag; languages without words of their own are read as English.
    """
    found = []
    code = language if language in ("en", "ru", "fr", "de") else "en"
    for number in find_numbers(text, span, code):
        if _is_year(text, number):
            continue
        match = _counted(code).match(text, number.span.end, span.end)
        if match is None or _stopped(match.group("before"), code):
            continue
        units = _units(match, code)
        if units is None or (number.n != 1 and _singular(match, code)):
            continue
        phrase = Span(number.phrase_start, match.end())
        found.append(
            Count(
                n=number.n,
                unit="+".join(units),
                span=number.span,
                phrase=phrase,
                comparator=number.comparator,
                most=number.most,
                platform=_platform(text, Span(number.span.end, match.end())),
            )
        )
    return found


_OF_THEM = re.compile(r"\sof\s(?:them|which|whom)\b")
_THEM_REACH = 600


def _with_those_of_them(text: str, span: Span, counts: list[Count]) -> list[Count]:
    """“six of which”, “460 of them”: of what was counted last."""
    found = list(counts)
    for number in find_numbers(text, span, "en"):
        match = _OF_THEM.match(text, number.span.end, span.end)
        if match is None:
            continue
        before = [
            one
            for one in counts
            if one.phrase.end <= number.phrase_start
            and number.phrase_start - one.phrase.end < _THEM_REACH
            and one.n >= number.n
        ]
        unit = before[-1].unit if before else _named_before(text, span, number)
        if unit is None:
            continue
        phrase = Span(number.phrase_start, match.end())
        platform = before[-1].platform if before else None
        found.append(
            Count(number.n, unit, number.span, phrase, number.comparator, number.most, platform)
        )
    return sorted(found, key=lambda one: one.span.start)


def _named_before(text: str, span: Span, number: Number) -> str | None:
    """The kind of online things that “them” means, where no number stood with it."""
    start = max(span.start, number.phrase_start - _THEM_REACH)
    named = [
        _unit_of(one.group(0), "en")
        for one in _single("en").finditer(text, start, number.phrase_start)
        if not _singular_noun(one.group(0), "en")
    ]
    online = enforcement_words().online_nouns.values()
    return next((unit for unit in reversed(named) if unit in online), None)


def online_noun(text: str, span: Span, language: str) -> Span | None:
    """The first noun in a span for things that live on platforms."""
    online = {unit.name for unit in enforcement_words().units if unit.online}
    for match in _single(language).finditer(text, span.start, span.end):
        if _unit_of(match.group(0), language) in online:
            return Span(match.start(), match.end())
    return None


def unit_of_noun(noun: str) -> str | None:
    """The unit that an English noun counts: “accounts” for “profiles”."""
    return _unit_of(noun.casefold(), "en")


def _said_before(text: str, count: Count, known: list[Count]) -> bool:
    """“the four American firms” points back at “four American companies”."""
    if not _DEFINITE.search(text, max(0, count.phrase.start - 12), count.phrase.start):
        return False
    return any((one.n, one.unit) == (count.n, count.unit) for one in known)


def _is_year(text: str, number: Number) -> bool:
    written = number.span.of(text)
    if not re.fullmatch(r"(?:1[89]|20)\d\d", written):
        return False
    return bool(_YEAR_BEFORE.search(text, max(0, number.span.start - 12), number.span.start))


@cache
def _nouns(language: str) -> Mapping[str, str]:
    """Nouns of count with their unit; stems keep their star."""
    return {
        word if language == "de" else word.casefold(): unit.name
        for unit in enforcement_words().units
        for word in unit.words[language]
    }


@cache
def _noun_pattern(language: str) -> str:
    """One noun of count in any form of its language."""
    stems = [word[:-1] for word in _nouns(language) if word.endswith("*")]
    plain = [word for word in _nouns(language) if not word.endswith("*")]
    endings = {
        "en": r"(?:s|es)?",
        "fr": r"(?:s|x)?",
        "de": r"(?:e|s|n|en|ern)?",
        "ru": r"",
    }[language]
    forms = [re.escape(word) for word in sorted(plain, key=len, reverse=True)]
    if language == "en":
        forms += [re.escape(word[:-1]) + "ies" for word in plain if word.endswith("y")]
    parts = [rf"(?:{'|'.join(forms) or '(?!)'}){endings}"]
    if stems:
        parts.append(rf"(?:{alternatives(stems)})\w{{0,4}}")
        parts.append(rf"(?:{'|'.join(_several_stems(stems)) or '(?!)'})")
    return rf"(?:(?:{'|'.join(parts)})(?!\w))"


def _several_stems(stems: list[str]) -> list[str]:
    """“учетн* запис*”: both words end freely."""
    return [
        r"\w{0,4}\s".join(re.escape(part.rstrip("*")) for part in stem.split()) + r"\w{0,4}"
        for stem in stems
        if " " in stem
    ]


@cache
def _counted(language: str) -> re.Pattern[str]:
    """What follows a number: modifiers and one or several nouns of count."""
    noun = _noun_pattern(language)
    words = number_words(language)
    amount = alternatives((*words.small, *words.vague, *words.scales))
    word = rf"(?!(?:{amount})(?!\w))[^\W\d_][\w’'./&-]*"
    # “21 videos and made the accounts …”: an article begins something that is not counted.
    joined = rf"(?!(?:the|an?|its|their|our)\s){word}" if language == "en" else word
    plus = {"en": "and|or", "ru": "и|или", "fr": "et|ou", "de": "und|oder"}[language]
    hyphen = r"(?:[\w.]+-)?" if language in ("de", "ru") else r"(?:[A-Za-z]+-)?"
    link = r"\s+(?:de\s+|d[’'])?" if language == "fr" else r"\s+"
    one = rf"{hyphen}{noun}"
    # “86 of the accounts”
    of_them = {
        "en": r"\s+of\s+(?:the|these|those|its|their|our|his|her|my)(?:\s+\d[\d,.]*)?(?=\s)",
        "ru": r"\s+из(?=\s)",
        "fr": r"\s+des(?=\s)",
        "de": r"\s+der(?=\s)",
    }[language]
    return re.compile(
        rf"(?:{of_them})?(?P<before>(?:\s+(?:“|\")?{word}(?:”|\")?,?){{0,{_MODIFIERS}}}?){link}(?P<noun>{one})"
        rf"(?P<rest>(?:,\s+(?:{word}\s)?{one})*,?\s+(?:{plus})\s+(?:(?:{joined}\s){{0,2}}?){one})?",
        re.IGNORECASE if language != "de" else 0,
    )


def _stopped(between: str, language: str) -> bool:
    stops = number_words(language).stops
    words = re.findall(r"[^\W\d_][\w’'-]*", between.casefold())
    known = date_words().get(language)
    if known is not None and words and words[0] in known.months:
        # “on 12 August accounts were …” counts days of the month.
        return True
    return any(word in stops or word in _money_words() for word in words)


@cache
def _money_words() -> frozenset[str]:
    return frozenset(word.casefold() for word in currencies())


def _units(match: re.Match[str], language: str) -> list[str] | None:
    """The units in the order in which they stand."""
    found: list[str] = []
    text = match.group("noun") + (match.group("rest") or "")
    for noun in _single(language).finditer(text):
        unit = _unit_of(noun.group(0), language)
        if unit and unit not in found:
            found.append(unit)
    return found or None


@cache
def _single(language: str) -> re.Pattern[str]:
    flags = re.IGNORECASE if language != "de" else 0
    return re.compile(rf"(?:(?<!\w)|(?<=-)){_noun_pattern(language)}", flags)


@cache
def _unit_of(written: str, language: str) -> str | None:
    folded = written if language == "de" else re.sub(r"\s+", " ", written.casefold())
    best: tuple[int, str] | None = None
    for word, unit in _nouns(language).items():
        stem = word.rstrip("*")
        if word.endswith("*") and " " in stem:
            parts = [part.rstrip("*") for part in stem.split()]
            said = folded.split()
            same = len(said) == len(parts) and all(
                part.startswith(start) for part, start in zip(said, parts, strict=True)
            )
        else:
            plural = stem[:-1] + "ies" if stem.endswith("y") else stem
            same = folded.startswith(stem) or folded == plural
        if same and (best is None or len(stem) > best[0]):
            best = (len(stem), unit)
    return best[1] if best else None


def _singular(match: re.Match[str], language: str) -> bool:
    """“2016 campaign”: in English a number over one needs a plural."""
    return _singular_noun(match.group("noun"), language)


def _singular_noun(noun: str, language: str) -> bool:
    return language == "en" and not noun.casefold().rstrip().endswith("s")


def _platform(text: str, span: Span) -> str | None:
    """The platform named between the number and the noun, if exactly one is."""
    named = {one.name.value for one in find_names(text, span, frozenset(("platform",)))}
    return next(iter(named)) if len(named) == 1 else None
