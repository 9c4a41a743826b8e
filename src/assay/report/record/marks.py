"""A document's text with what was read from it marked in place, spans nested as they come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from assay.report.markup import Markup, el, join
from assay.report.record.view import DocumentView, claim_anchor

PART_NAMES = {
    "teaser_duplicate": "teaser that repeats the text",
    "date_line": "date line",
    "inserted": "inserted by the republisher",
    "related_link": "link to another story",
    "newsletter_plea": "plea or newsletter box",
    "page_furniture": "page furniture",
    "source_line": "source line",
    "footer": "footer",
    "other_releases": "list of other releases",
}
"""Parts that are not the document's own words, in words."""


@dataclass(frozen=True)
class Mark:
    """A stretch of text that something was read from.

    Attributes:
        start: First character.
        end: After the last.
        kind: ``measure``, ``demand``, ``statement`` or ``value``.
        anchor: Its place on the page.
        label: What a pointer shows.
    """

    start: int
    end: int
    kind: str
    anchor: str
    label: str


def marks_of(view: DocumentView) -> list[Mark]:
    """Every mark of a document in the order of the text, the longer ones first."""
    kinds = {row["measure_id"]: "measure" for row in view.measures}
    kinds |= {row["demand_id"]: "demand" for row in view.demands}
    kinds |= {row["statement_id"]: "statement" for row in view.statements}
    marks = []
    for claim in view.claims:
        if claim["start"] is None:
            continue
        subject = kinds.get(claim["subject"])
        whole = (subject in ("demand", "statement") and claim["slot"] == "content") or (
            subject == "measure" and claim["slot"] == "status"
        )
        kind = subject if whole and subject else "value"
        label = f"{claim['subject']} {claim['slot']}: {claim['value'][:80]}"
        marks.append(Mark(claim["start"], claim["end"], kind, claim_anchor(view, claim), label))
    return sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.anchor))


def marked_text(view: DocumentView) -> Markup:
    """The text part by part; parts that are not the document's own words are said to be so."""
    marks = marks_of(view)
    parts: list[Markup] = []
    position = 0
    for segment in view.row["segments"]:
        if segment["start"] > position:
            parts.append(_part("gap", None, _stretch(view.text, marks, position, segment["start"])))
        role = segment["role"]
        inner = _stretch(view.text, marks, segment["start"], segment["end"])
        parts.append(_part(role, segment["note"], inner))
        position = segment["end"]
    parts.append(_part("gap", None, _stretch(view.text, marks, position, len(view.text))))
    return join(part for part in parts if part)


def _part(role: str, note: str | None, inner: Markup) -> Markup:
    if role == "gap":
        return inner if inner.strip() else Markup("\n")
    if role not in PART_NAMES:
        return el("div", inner, class_=f"part own part-{role}")
    told = f"{PART_NAMES[role]}" + (f": {note}" if note else "")
    return el("div", el("p", told, class_="part-name"), inner, class_="part other")


def _stretch(text: str, marks: Iterable[Mark], start: int, end: int) -> Markup:
    """Characters from start to end, cut wherever a mark begins or ends."""
    inside = [mark for mark in marks if mark.start < end and mark.end > start]
    cuts = sorted(
        {start, end}
        | {place for mark in inside for place in (mark.start, mark.end) if start < place < end}
    )
    opening: dict[int, list[Mark]] = {}
    for mark in inside:
        opening.setdefault(max(mark.start, start), []).append(mark)
    live: list[Mark] = []
    pieces: list[Markup] = []
    for left, right in pairwise(cuts):
        live = [mark for mark in live if mark.end > left] + opening.get(left, [])
        anchors = [
            el("span", id=mark.anchor) for mark in opening.get(left, ()) if mark.start == left
        ]
        pieces.append(join(anchors))
        pieces.append(_piece(text[left:right], live))
    return join(pieces)


def _piece(text: str, live: list[Mark]) -> Markup:
    if not live:
        return el("span", text) if text.strip() else Markup(text)
    kinds = " ".join(sorted({f"on-{mark.kind}" for mark in live}))
    label = "\n".join(dict.fromkeys(mark.label for mark in reversed(live)))
    ids = " ".join(mark.anchor for mark in live)
    return el("mark", text, class_=kinds, title=label, data_for=ids)
