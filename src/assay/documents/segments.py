"""What the parts of a page are: headline, body, and everything that is neither.

Rules look at form and place, never at a topic: a line that asks to subscribe is a plea wherever it
stands. What no rule claims after the headline is body. Markup, where there is any, decides first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assay.documents.date_lines import is_date_line
from assay.documents.furniture import (
    INLINE_RELATED,
    dateline,
    is_caption,
    is_clock,
    is_contact,
    is_earlier_letter,
    is_footer,
    is_listing_head,
    is_newsletter,
    is_note,
    is_notes_head,
    is_other_stories,
    is_page_furniture,
    is_related,
    is_salutation,
    is_source_line,
)
from assay.documents.page import Page
from assay.documents.page_lines import LONG_LINE, Line, lines_of
from assay.model.record import Segment, SegmentRole, Span

_WORD = re.compile(r"\w+")
_LISTED = re.compile(
    r"^(\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2} \w+ \d{4}|\d{4}-\d\d-\d\d)\s*[-–—:|]\s"
)
_HEADLINE_CHARS = 220
_QUESTION_CHARS = 100
"""A longer question opens the text."""
_SENTENCE_END = (".", "!", "?", "…", ".”", '."', ".»", "?”", "!”")
_BOX = "a box of other stories"
_AFTER_NOTES = 3
"""Lines that the last note may go on for; below more of them the text itself goes on."""
_EARLIER = "quoted from an earlier letter"
_MOST_BOXED = 12
"""Stories that a box of them names at most."""
_HEAD_LINES = 10
"""Lines among which the date of a letter or release stands on a line of its own."""
_SHINGLE = 4
_REPEATED = 0.7
"""A paragraph is a teaser if so much of it comes again further down."""


def segments(page: Page) -> tuple[Segment, ...]:
    """The page's parts in order, from its first character that is not white to its last."""
    lines = lines_of(page)
    if not lines:
        return ()
    language = (page.language or "en").split("-")[0].lower()
    lines = _by_themselves(lines)
    lines = _tail(lines)
    lines = _head(lines, page.title, language)
    lines = _teaser(lines)
    lines = _inserted(lines)
    filled = [replace(line, role="body") if line.role is None else line for line in lines]
    return _split_inline(_merged(filled), page.text)


def _by_themselves(lines: list[Line]) -> list[Line]:
    """Lines that their own words give away, and lines next to a clock or a plea."""
    marked = []
    for line in lines:
        role: SegmentRole | None = None
        note = None
        if line.kind == "furniture":
            role, note = "page_furniture", "so marked in the page, or no part of the article"
            if is_newsletter(line.text):
                role = "newsletter_plea"
            elif is_related(line.text):
                role = "related_link"
        elif is_other_stories(line.text):
            role, note = "page_furniture", _BOX
        elif is_page_furniture(line.text) or is_caption(line.text) or is_clock(line.text):
            role, note = "page_furniture", "words of a page, not of an article"
        elif is_newsletter(line.text):
            role, note = "newsletter_plea", "asks to subscribe, follow or give"
        elif is_source_line(line.text):
            role, note = "source_line", "names the source"
        elif is_related(line.text):
            role, note = "related_link", "points to another story"
        elif is_earlier_letter(line.text):
            role, note = "inserted", _EARLIER
        marked.append(replace(line, role=role, note=note))
    return _neighbours(marked)


def _neighbours(lines: list[Line]) -> list[Line]:
    """A short line between or after pleas without a full stop belongs to them; so do contacts."""
    result = list(lines)
    for index, line in enumerate(lines):
        before = result[index - 1] if index else None
        after_plea = before is not None and before.role == "newsletter_plea" and not line.after_gap
        unfinished = not line.text.endswith(_SENTENCE_END) and len(line.text) < LONG_LINE * 2
        if line.role is None and after_plea and unfinished:
            result[index] = replace(line, role="newsletter_plea", note="follows a plea")
        leads = index + 1 < len(lines) and lines[index + 1].note == _EARLIER
        if line.role is None and leads and line.text.endswith(":"):
            # “On 14 March 2031, Karin Holm wrote:”
            result[index] = replace(line, role="inserted", note=_EARLIER)
        if line.role is None and is_contact(line.text) and len(line.text) < LONG_LINE:
            result[index] = replace(line, role="page_furniture", note="an address or a number")
    return _boxed(result)


def _boxed(lines: list[Line]) -> list[Line]:
    """Titles below “Most read” or “Related stories”: they belong to the box, not to the article."""
    result = list(lines)
    for index, head in enumerate(lines):
        other = head.note == _BOX
        if not (other or head.role == "related_link") or re.search(r"[:–—|>»]\s*\S", head.text):
            continue
        for place in range(index + 1, min(index + 1 + _MOST_BOXED, len(lines))):
            line = result[place]
            title = line.kind == "item" or not (line.after_gap or line.text.endswith(_SENTENCE_END))
            if line.role is not None or not title or len(line.text) > _HEADLINE_CHARS:
                break
            role: SegmentRole = "page_furniture" if other else "related_link"
            note = _BOX if other else "points to another story"
            result[place] = replace(line, role=role, note=note)
    return result


def _tail(lines: list[Line]) -> list[Line]:
    """The foot: lists of other releases, and what follows the last words of the article."""
    result = list(lines)
    for index, line in enumerate(result):
        listing = line.role in (None, "page_furniture") and is_listing_head(line.text)
        if listing and index and not _goes_on_after_box(result, index):
            body_before = any(one.role is None and len(one.text) > 60 for one in result[:index])
            if body_before:
                return result[:index] + [_foot(one, "other_releases") for one in result[index:]]
    listed = [index for index, line in enumerate(result) if _LISTED.match(line.text)]
    if len(listed) >= 3 and listed[0] > 1:
        first = listed[0]
        return result[:first] + [_foot(one, "other_releases") for one in result[first:]]
    noted = next(
        (
            index
            for index in range(1, len(result) - 1)
            if is_notes_head(result[index].text, result[index + 1].text)
        ),
        None,
    )
    if noted is not None:
        end = _end_of_notes(result, noted)
        notes = [_foot(one, "footer") for one in result[noted:end]]
        return result[:noted] + notes + _tail(result[end:])
    end = len(result)
    cut = end
    for index in range(end - 1, -1, -1):
        line = result[index]
        if is_footer(line.text) or line.role in ("newsletter_plea", "page_furniture"):
            cut = index
        elif line.role == "source_line":
            continue
        elif not (end - 1 - index < 4 and index > 0 and _short_furniture(line)):
            break
    return [
        _foot(line, "footer") if index >= cut and line.role != "source_line" else line
        for index, line in enumerate(result)
    ]


def _end_of_notes(lines: list[Line], head: int) -> int:
    """Where the text goes on below notes, which count up from one; the end where it does not."""
    last, number = head, 1
    for index in range(head + 1, len(lines)):
        if is_note(lines[index].text, number):
            last, number = index, number + 1
    return len(lines) if len(lines) - 1 - last <= _AFTER_NOTES else last + 1


def _goes_on_after_box(lines: list[Line], index: int) -> bool:
    """Whether the head at a place has its box of stories and the article goes on below it."""
    boxed = index + 1 < len(lines) and lines[index + 1].note == _BOX
    return boxed and any(
        line.role is None and line.kind == "paragraph" and line.text.endswith(_SENTENCE_END)
        for line in lines[index + 1 :]
    )


def _short_furniture(line: Line) -> bool:
    """A short line among the last ones, such as “(You can cancel at any time)”."""
    return len(line.text) < 60 and (line.text.startswith("(") or not line.text.endswith("."))


def _foot(line: Line, role: SegmentRole) -> Line:
    notes = {"other_releases": "stands in a list of other texts", "footer": "the page's foot"}
    return replace(line, role=role, note=notes.get(role))


def _head(lines: list[Line], title: str | None, language: str) -> list[Line]:
    """Date line, headline and subtitle among the first lines of the article."""
    result = list(lines)
    open_lines = [index for index, line in enumerate(result) if line.role is None]
    if not open_lines:
        return result
    clocks = [n for n, line in enumerate(result) if is_clock(line.text)]
    headline: int | None = _titled(result, open_lines, title)
    for index in open_lines[:8]:
        line = result[index]
        if is_date_line(line.text, language):
            beside = any(abs(clock - index) == 1 for clock in clocks)
            near_clock = beside and (index < clocks[0] or not line.after_gap)
            role: SegmentRole = "page_furniture" if near_clock else "date_line"
            note = "the clock of the page" if near_clock else "the date alone"
            result[index] = replace(line, role=role, note=note)
            continue
        if headline is not None and index >= headline:
            break
        if headline is None:
            if clocks and clocks[0] > index:
                continue
            if _is_headline(line, result, index):
                headline = index
            break
    if headline is None:
        return result
    for index in open_lines:
        if index < headline and result[index].role is None:
            note = "stands above the headline"
            result[index] = replace(result[index], role="page_furniture", note=note)
    result[headline] = replace(result[headline], role="headline", note="the first line")
    return _date_lines(_subtitle(result, headline, language), headline, language)


def _date_lines(lines: list[Line], headline: int, language: str) -> list[Line]:
    """A date alone further down in a letter's or release's head, before the first sentence."""
    result = list(lines)
    if any(line.role == "date_line" for line in lines):
        return result
    for index in range(headline + 1, min(headline + _HEAD_LINES, len(lines))):
        line = lines[index]
        if line.role is None and is_date_line(line.text, language):
            result[index] = replace(line, role="date_line", note="the date alone")
        elif line.role is None and line.text.endswith(_SENTENCE_END):
            break
    return result


def _titled(lines: list[Line], open_lines: Sequence[int], title: str | None) -> int | None:
    """The line that the format or the markup names as the title."""
    for index in open_lines[:12]:
        if lines[index].kind == "heading" and lines[index].level == 1:
            return index
    if title:
        wanted = _WORD.findall(title.casefold())
        for index in open_lines[:8]:
            own = _WORD.findall(lines[index].text.casefold())
            if own and own == wanted[: len(own)] and len(own) >= 3:
                return index
    return None


def _is_headline(line: Line, lines: list[Line], index: int) -> bool:
    follows = index + 1 < len(lines)
    text = line.text
    asks = text.endswith("?") and len(text) <= _QUESTION_CHARS and follows
    return (
        follows
        and 8 <= len(text) <= _HEADLINE_CHARS
        and (not text.endswith(_SENTENCE_END) or (asks and lines[index + 1].after_gap))
        and dateline(text) is None
        and not is_salutation(text)
        and len(text.split()) >= 2
    )


def _subtitle(lines: list[Line], headline: int, language: str) -> list[Line]:
    result = list(lines)
    for index in range(headline + 1, len(result)):
        line = result[index]
        if line.role is not None:
            continue
        if is_date_line(line.text, language):
            result[index] = replace(line, role="date_line", note="the date alone")
            continue
        heading = line.kind == "heading" and line.level > 1 and index <= headline + 2
        plain = line.kind == "paragraph" and not line.after_gap
        short = len(line.text) <= _HEADLINE_CHARS and not line.text.endswith(_SENTENCE_END)
        first = all(one.role is not None for one in result[headline + 1 : index])
        longer_follows = any(
            one.role is None and len(one.text) > len(line.text) for one in result[index + 1 :]
        )
        if (heading or plain) and short and first and longer_follows and not dateline(line.text):
            result[index] = replace(line, role="subtitle", note="follows the headline")
        break
    return result


def _teaser(lines: list[Line]) -> list[Line]:
    """Paragraphs near the top whose words come again further down."""
    result = list(lines)
    open_lines = [index for index, line in enumerate(result) if line.role is None]
    for place, index in enumerate(open_lines[:3]):
        line = result[index]
        later = [result[other].text for other in open_lines[place + 1 :]]
        words = _WORD.findall(line.text.casefold())
        if len(words) < 3 * _SHINGLE or not later:
            continue
        own = {tuple(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1)}
        after = _WORD.findall(" ".join(later).casefold())
        there = {tuple(after[n : n + _SHINGLE]) for n in range(len(after) - _SHINGLE + 1)}
        if len(own & there) >= _REPEATED * len(own):
            result[index] = replace(
                line, role="teaser_duplicate", note="its words come again in the body"
            )
    return result


def _inserted(lines: list[Line]) -> list[Line]:
    """What stands between the headline and a dateline was put in by somebody else."""
    begins = next(
        (n for n, line in enumerate(lines) if line.role is None and dateline(line.text)), None
    )
    if begins is None:
        return lines
    result = list(lines)
    before = [n for n in range(begins) if result[n].role is None]
    quoted = sum(result[n].text.startswith(("“", '"', "«", ">", "„", "‘")) for n in before)
    if before and quoted:
        for n in before:
            note = "quotations put above the dateline"
            result[n] = replace(result[n], role="inserted", note=note)
    return result


def _merged(lines: list[Line]) -> list[Segment]:
    """Neighbours of one role are one segment."""
    merged: list[Segment] = []
    for line in lines:
        role = line.role or "body"
        if merged and merged[-1].role == role and role != "headline":
            span = Span(merged[-1].span.start, line.span.end)
            merged[-1] = Segment(role, span, merged[-1].note)
        else:
            merged.append(Segment(role, line.span, line.note))
    return merged


def _split_inline(found: list[Segment], text: str) -> tuple[Segment, ...]:
    """Cut pointers to other stories out of the body: “(RELATED: …)”."""
    result: list[Segment] = []
    for segment in found:
        if segment.role != "body":
            result.append(segment)
            continue
        begin = segment.span.start
        for match in INLINE_RELATED.finditer(text, segment.span.start, segment.span.end):
            if match.start() > begin:
                result.append(Segment("body", Span(begin, match.start())))
            pointer = Span(match.start(), match.end())
            result.append(Segment("related_link", pointer, "points to another story"))
            begin = match.end()
        if begin < segment.span.end:
            result.append(Segment("body", Span(begin, segment.span.end)))
    return tuple(segment for segment in result if segment.span.of(text).strip())
