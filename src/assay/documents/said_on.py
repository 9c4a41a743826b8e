"""When something was said: the phrase of time that belongs to the word that marks it as said.

“Kadrik said on Friday it terminated …” dates the saying, not what is said: the words are not part
of the statement. “Tukan said it had acted in July” dates the act.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.documents.base import Reading
from assay.documents.date_phrases import DatePhrase, find_dates
from assay.documents.parse import Paragraph
from assay.documents.slots_time import dated
from assay.model.record import DatedValue, Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_NEAR = 60
_SOUGHT = 4 * _NEAR
"""So far from the cue phrases of time are sought: farther than they may stand, so that none that
may is cut in two."""
_BETWEEN = re.compile(
    r"\s*(?:(?:late|early|earlier)\s)?(?:on|in\sa\s(?:statement|letter|post|report|briefing|call|news\s"
    r"conference|press\sconference|press\sbriefing|blog\spost)(?:\sissued|\spublished|\sreleased)?(?:\son)?)?"
    r"\s*(?:late\s|early\s)?$"
)
_OPENS = re.compile(r"(?:on\s|late\s|early\s|earlier\s)?$")


def day_before_content(reading: Reading, cue: Span, content: Span) -> Span:
    """The content without a weekday or date that follows the cue at once and dates the saying."""
    text = reading.text
    if not 0 <= content.start - cue.end <= 1:
        return content
    for found in find_dates(text, Span(content.start, min(content.end, content.start + 40)), "en"):
        if not _OPENS.fullmatch(text[content.start : found.span.start]):
            break
        rest = re.compile(r"(?:\s(?:morning|afternoon|evening|night))?,?\s(?:that\s)?").match(
            text, found.span.end
        )
        if rest is None or rest.end() >= content.end:
            break
        # “on Friday in Lind, …”: a clause must follow, with its own subject.
        if not re.match(r"[a-z]*\s*\w", text[rest.end() : content.end]):
            break
        return Span(rest.end(), content.end)
    return content


def said_on(
    reading: Reading, paragraph: Paragraph, cue: tuple[Token, Token], content: tuple[Span, ...]
) -> DatedValue | None:
    """The day on which something was said, where its cue gives one.

    Args:
        reading: The document, for the day that weekdays count from.
        paragraph: Where the cue stands.
        cue: First and last word of the cue.
        content: What is said; its dates are its own.
    """
    verb = cue[0]
    place = paragraph.between(*cue)
    sentence = paragraph.span_of(verb.sent)
    near = Span(max(sentence.start, place.start - _SOUGHT), min(sentence.end, place.end + _SOUGHT))
    for found in find_dates(reading.text, near, "en"):
        if any(span.start <= found.span.start < span.end for span in content):
            continue
        if _follows(reading.text, place, found) or _hangs_on(paragraph, verb, found):
            return dated(reading, found, "said")
    return None


def _follows(text: str, cue: Span, found: DatePhrase) -> bool:
    between = text[cue.end : found.span.start]
    return 0 <= found.span.start - cue.end < _NEAR and _BETWEEN.fullmatch(between) is not None


def _hangs_on(paragraph: Paragraph, verb: Token, found: DatePhrase) -> bool:
    """Whether the grammar hangs a phrase of time on the verb of saying, nearby."""
    token = paragraph.word_at(found.span.start)
    if token is None or abs(token.idx - verb.idx) > 2 * _NEAR:
        return False
    for above in token.ancestors:
        if above.i == verb.i:
            return True
        if above.pos_ in ("VERB", "AUX") or above.dep_ in ("nsubj", "nsubjpass", "dobj"):
            return False
    return False
