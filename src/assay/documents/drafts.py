"""All drafts of a document: what quotation marks hold and what grammar reports, told apart.

A cue makes one statement: where it holds quoted words, its clause is not read a second time, and
what is reported inside somebody's quotation belongs to the quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.documents.attribution import Draft, reported
from assay.documents.cues import cue_words, subject_of, verb_cue
from assay.documents.parse import Paragraph, Parsed
from assay.documents.places import Covering
from assay.documents.quoted import quoted_speech
from assay.documents.quotes import Quotation
from assay.lexicon.people import is_role
from assay.lexicon.speech_cues import speech_cues
from assay.model.record import Span

if TYPE_CHECKING:
    from spacy.tokens import Token

_SPOKEN_ROLES = ("headline", "subtitle", "body", "inserted")
_DATELINE = re.compile(
    r"[A-Z][A-Z.’' -]{2,}(?:,\s[\w. ]{2,20})?(?:,\s\w+\.? \d{1,2})?\.?\s*"
    r"(?:\([^)]{2,30}\)|/[^/]{2,30}/\.?)?\s*(?:[–—]|--?)\s+"
)
_LABEL_WORDS = 6
_CHAINED = ("clause", "quote", "mixed", "embedded", "predicate", "according", "label")
"""Frames in which a statement within another is kept."""
_CARRY = 3
"""Paragraphs of nothing but quotation that one speaker may go on for."""


@dataclass
class _Last:
    """What the paragraph before leaves behind for one that names nobody."""

    draft: Draft | None = None
    paragraph: Paragraph | None = None
    carried: int = 0


def drafts_of(parsed: Parsed, quotations: Sequence[Quotation]) -> list[Draft]:
    """Everything said in a document, in the order of its text."""
    found: list[Draft] = []
    last = _Last()
    for paragraph in parsed.paragraphs:
        if paragraph.role not in _SPOKEN_ROLES:
            last = _Last()
            continue
        own = [
            one
            for one in quotations
            if paragraph.span.start <= one.outer.start < paragraph.span.end
        ]
        drafts = _joined(_in_paragraph(paragraph, own), own, found)
        for draft in [one for one in drafts if one.quoted and one.cue is None]:
            _carry(draft, last)
        found += sorted(drafts, key=lambda draft: draft.start)
        spoken = [one for one in drafts if one.quoted]
        if own and own[0].continues and not spoken:
            last = _Last(last.draft, paragraph, last.carried)
        elif spoken:
            carried = last.carried + 1 if spoken[-1].cue is None else 0
            last = _Last(spoken[-1], paragraph, carried)
        else:
            last = _Last(None, paragraph)
    named = [draft for draft in found if draft.source is not None or draft.cue is not None]
    covering = Covering(draft.spans for draft in named)
    return [
        draft for number, draft in enumerate(named) if not _part_of_another(draft, number, covering)
    ]


def _part_of_another(draft: Draft, number: int, drafts: Covering) -> bool:
    """Whether a wish, or a mere mention, is part of what somebody else is reported to say.

    What one says that another *said* stays a statement of its own, with who passed it on.
    """
    if draft.cue is None or (draft.kind != "attitude" and draft.frame in _CHAINED):
        return False
    at = (draft.carried_from or draft.paragraph).span.start + draft.cue[0].idx
    return any(other != number for other in drafts.at(at))


def _joined(drafts: list[Draft], own: Sequence[Quotation], before: list[Draft]) -> list[Draft]:
    """A quotation over several paragraphs is one statement, whoever is named at its end."""
    if not own or not own[0].continues:
        return drafts
    opened = next((one for one in reversed(before) if one.quoted), None)
    going_on = next((one for one in drafts if own[0].inner in one.spans), None)
    if opened is None or going_on is None:
        return drafts
    if going_on.cue is None:
        opened.spans += going_on.spans
        return [one for one in drafts if one is not going_on]
    if opened.cue is None:
        before.remove(opened)
        going_on.spans = opened.spans + going_on.spans
    return drafts


def _in_paragraph(paragraph: Paragraph, quotations: Sequence[Quotation]) -> list[Draft]:
    quoted, inside = quoted_speech(paragraph, quotations)
    reports = list(reported(paragraph, inside))
    quoted = [one for one in quoted if one.frame != "embedded" or not _covered(one, reports)]
    cues = {one.cue[0].i for one in quoted if one.cue is not None}
    reports = [
        one
        for one in reports
        if one.cue is None or one.cue[0].i not in cues or one.frame == "infinitive"
    ]
    reports = [one for one in reports if not _credits(one, quoted)]
    if not quoted and not reports:
        return _labelled(paragraph)
    return _without_dateline(paragraph, quoted + _widened(reports, quotations))


def _without_dateline(paragraph: Paragraph, drafts: list[Draft]) -> list[Draft]:
    """The place that a report begins with is not said by anybody."""
    matched = _DATELINE.match(paragraph.text)
    if matched is None:
        return drafts
    begins = paragraph.span.start + matched.end()
    for draft in drafts:
        first = draft.spans[0]
        if first.start < begins < first.end:
            draft.spans[0] = Span(begins, first.end)
    return drafts


def _credits(report: Draft, quoted: Sequence[Draft]) -> bool:
    """Whether “according to X” credits a quotation that somebody else is said to have said."""
    if report.frame != "according" or report.source is None:
        return False
    base = report.paragraph.span.start
    for one in quoted:
        if one.cue is None or one.cue[0].lower_ == "according":
            continue
        at = base + one.cue[0].idx
        if any(span.start <= at < span.end for span in report.spans) or (
            report.source.sent == one.cue[0].sent and report.spans[0].end <= at
        ):
            one.credit = report.source
            return True
    return False


def _covered(draft: Draft, reports: Sequence[Draft]) -> bool:
    return any(
        one.spans[0].start <= draft.spans[0].start and draft.spans[-1].end <= one.spans[-1].end
        for one in reports
    )


def _widened(reports: list[Draft], quotations: Sequence[Quotation]) -> list[Draft]:
    """A span that ends within a quotation takes all of it or its words alone."""
    for draft in reports:
        spans = []
        for span in draft.spans:
            start, end = span.start, span.end
            for one in quotations:
                if one.outer.start < end <= one.outer.end and start < one.outer.start:
                    end = max(end, one.inner.end)
                if one.outer.start <= start < one.inner.start and end > one.outer.end:
                    start = one.outer.start
                elif one.outer.start <= start < one.inner.start:
                    start = one.inner.start
                if start >= one.inner.start and one.inner.end < end <= one.outer.end:
                    end = one.inner.end
                if start < one.outer.start and end == one.inner.end:
                    end = one.outer.end
            spans.append(Span(start, end))
        draft.spans = spans
    return reports


def _carry(draft: Draft, last: _Last) -> None:
    """Who says a paragraph of nothing but quotation: who was introduced, or who spoke before."""
    if last.paragraph is None:
        return
    introduced = _introduced(last.paragraph)
    if introduced is not None:
        draft.source = subject_of(introduced)
        draft.cue = cue_words(introduced)
        draft.carried_from = last.paragraph
        return
    labelled = _label(last.paragraph)
    if labelled is not None and last.draft is None:
        draft.source, draft.carried_from = labelled, last.paragraph
        return
    if last.draft is not None and last.carried < _CARRY:
        draft.source = last.draft.source
        draft.carried_from = last.draft.carried_from or last.draft.paragraph
        if draft.source is None:
            draft.cue = None


def _introduced(paragraph: Paragraph) -> Token | None:
    """The verb of a paragraph that ends in a colon: X said in a statement:"""
    doc = paragraph.doc
    if not len(doc) or doc[-1].text not in (":", "--", "—"):
        return None
    for token in reversed(doc):
        cue = verb_cue(token)
        if cue is not None and cue.takes("quote") and subject_of(token) is not None:
            return token
    return None


def _label(paragraph: Paragraph) -> Token | None:
    """A line that only names somebody, as above a quotation set apart: “Jane Roe, 2016”."""
    doc = paragraph.doc
    words = [token for token in doc if token.is_alpha]
    if not words or len(doc) > 2 * _LABEL_WORDS + 4 or doc[-1].text in (".", "!", "?"):
        return None
    if any(token.pos_ in ("VERB", "AUX") for token in doc[: _LABEL_WORDS - 2]):
        return None
    first = next((token for token in doc if token.is_alpha), None)
    return first if first is not None and first.text[:1].isupper() else None


def _labelled(paragraph: Paragraph) -> list[Draft]:
    """A name, a colon and what it says: “Jane Roe: The rules will change”."""
    doc = paragraph.doc
    colon = next((token for token in doc[: _LABEL_WORDS + 1] if token.text == ":"), None)
    if colon is None or colon.i == 0:
        return []
    before = [word for word in doc[: colon.i] if word.is_alpha]
    after = doc[colon.i + 1 :]
    if not before or len([word for word in after if word.is_alpha]) < _LABEL_WORDS - 2:
        return []
    if before[-1].lower_ in speech_cues().labels or not doc[colon.i + 1].text[:1].isupper():
        return []
    documents = speech_cues().documents
    names = all(word.pos_ == "PROPN" for word in before)
    if not names and not (before[-1].lower_ in documents or is_role(before[-1].text)):
        return []
    words = [word for word in after if not word.is_space]
    while len(words) > 1 and words[-1].text == ".":
        words.pop()
    return [
        Draft(
            paragraph,
            [paragraph.between(words[0], words[-1])],
            (colon, colon),
            before[-1],
            frame="label",
        )
    ]
