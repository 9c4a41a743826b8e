"""``record.html``: the documents with what was read from them, one file, no network."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from assay import __version__
from assay.model.record_folder import RecordFolder
from assay.report import assets
from assay.report.html_page import LARGEST_PAGE_BYTES, page_head, whole_page
from assay.report.markup import Markup, el, facts, table
from assay.report.record.actor_section import actors_section
from assay.report.record.document_section import document_article
from assay.report.record.event_section import event_article, event_date
from assay.report.record.timeline import timeline_section
from assay.report.record.view import DocumentView, RecordView, Word, read_view
from assay.report.record.words import ACTIONS, STANDS_FOR_NOTHING, plural

OPEN_DOCUMENTS = 3
"""Up to so many documents stand open; of more, each opens when it is asked for."""

SPARE_BYTES = 30_000
"""Left free under the limit, for the page's frame."""

_LEFT_OUT_NAMED = 200


def write_record_page(folder: RecordFolder, words: Mapping[str, Word] | None = None) -> Path:
    """Write ``record.html`` into a record's folder.

    The page is at most 25 MB: documents that do not fit are counted and named in it, those from
    which nothing was read first; their texts and rows lie beside it.

    Args:
        folder: A record.
        words: What people said of claims, by claim id.

    Raises:
        InputError: The record is not whole.
        AssayError: The front end is not built.
    """
    record = read_view(folder, words or {})
    text = record_html(record)
    unfinished = folder.page.with_name(folder.page.name + ".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(folder.page)
    return folder.page


def record_html(record: RecordView, largest_bytes: int = LARGEST_PAGE_BYTES) -> str:
    """The whole page.

    Args:
        record: The record.
        largest_bytes: What the page may weigh.
    """
    script, style = assets.record_script(), assets.record_style()
    room = largest_bytes - len(script.encode()) - len(style.encode()) - SPARE_BYTES
    events, event_bytes, left_events = _events(record, room // 3)
    summary = _summary(record)
    actors = actors_section(record)
    timeline = timeline_section(record)
    if actors is not None and len(actors.encode()) > room // 4:
        actors = el("section", el("p", "Too many actors for a page; see the tables."), id="actors")
    used = event_bytes + sum(
        len(part.encode()) for part in (summary, actors, timeline) if part is not None
    )
    documents, left = _documents(record, room - used)
    sections = [
        ("summary", "Summary", summary),
        ("events", "Events", _events_section(events, left_events)),
        ("timeline", "Timeline", timeline),
        ("actors", "Actors and demands", actors),
        ("documents", "Documents", documents),
        ("refused", "Not read", _refused(record)),
    ]
    shown = [(name, title, part) for name, title, part in sections if part is not None]
    return _to_those_left_out(_frame(shown, script, style), left)


def _to_those_left_out(page: str, left: Sequence[DocumentView]) -> str:
    """Links into documents that did not fit lead to the list of these."""
    numbers = {str(view.number) for view in left}

    def lead(found: re.Match[str]) -> str:
        return 'href="#left-out"' if found.group(1) in numbers else found.group(0)

    # Quotes inside of texts are escaped, so only true links look like this.
    return re.sub(r'href="#d(\d+)-[^"]*"', lead, page) if numbers else page


def _frame(sections: list[tuple[str, str, Markup]], script: str, style: str) -> str:
    head = page_head("Record of documents · Assay", style, script=script)
    links = [el("li", el("a", title, href=f"#{name}")) for name, title, _ in sections]
    body = el(
        "body",
        el("a", "Skip to the record", href="#main", class_="skip"),
        el(
            "header",
            el("div", el("p", "Assay", class_="brand"), el("h1", "Record of documents")),
            el("button", "Dark", type="button", id="theme", class_="script-only"),
            class_="page-header",
        ),
        el(
            "div",
            el("nav", el("ul", links), _filters(), aria_label="Sections"),
            el("main", [part for _, _, part in sections], id="main", tabindex="-1"),
            class_="layout",
        ),
        el(
            "footer",
            el(
                "p",
                f"Made by Assay {__version__}. This file is complete in itself and contacts no "
                "one. Tables, texts and record.json lie beside it.",
            ),
            class_="page-footer",
        ),
        el("script", Markup(script)),
    )
    return whole_page(head, body)


def _filters() -> Markup:
    options = [el("option", "every measure", value="")]
    options += [el("option", words, value=name) for name, words in ACTIONS.items()]
    return el(
        "form",
        el("label", "Find", for_="find"),
        el("input", type="search", id="find", placeholder="any words"),
        el("label", "Measure", for_="action"),
        el("select", options, id="action"),
        el("p", id="shown", role="status", class_="quiet"),
        class_="script-only filters",
        role="search",
    )


def _summary(record: RecordView) -> Markup:
    views = record.documents
    numbers = (
        ("documents", len(views)),
        ("events", len(record.events)),
        ("measures", sum(len(view.measures) for view in views)),
        ("statements", sum(len(view.statements) for view in views)),
        ("demands", sum(len(view.demands) for view in views)),
        ("values with their places", sum(len(view.claims) for view in views)),
    )
    told = sum(len(event["members"]) > 1 for event in record.events)
    headline = (
        f"{plural(len(views), 'document')} "
        f"{'tells' if len(views) == 1 else 'tell'} of {plural(len(record.events), 'event')}"
        + (f"; {told:,} of them in more than one telling." if told else ".")
    )
    said = plural(len(record.words), "value") + " reviewed by people" if record.words else None
    return el(
        "section",
        el("h2", "Summary"),
        el("p", headline, class_="headline"),
        el(
            "dl",
            [el("div", el("dt", name), el("dd", f"{number:,}")) for name, number in numbers],
            class_="tiles",
        ),
        el("p", STANDS_FOR_NOTHING, class_="callout-line"),
        facts([("Reviewed", said), ("Not read", len(record.refused) or None)]),
        el("h3", "How text is marked"),
        el(
            "p",
            *(
                [el("mark", name, class_=f"on-{name}"), " "]
                for name in ("measure", "demand", "statement", "value")
            ),
            "Marks overlap; a link on a value leads to its words, and a pointer on words names "
            "what was read from them.",
            class_="legend",
        ),
        id="summary",
    )


def _events(record: RecordView, room: int) -> tuple[list[Markup], int, int]:
    """Cards of events by date as far as they fit, their bytes, and how many do not."""
    dated = sorted(
        record.events,
        key=lambda event: (event_date(record, event)[0] or "9999", event["event_id"]),
    )
    cards: list[Markup] = []
    used = 0
    for event in dated:
        card = event_article(record, event)
        size = len(card.encode())
        if used + size > room:
            return cards, used, len(dated) - len(cards)
        cards.append(card)
        used += size
    return cards, used, 0


def _events_section(cards: list[Markup], left: int) -> Markup | None:
    if not cards:
        return None
    return el(
        "section",
        el("h2", "Events"),
        cards,
        el("p", f"{plural(left, 'event')} did not fit; see events.parquet.", class_="left-out")
        if left
        else None,
        id="events",
    )


def _documents(record: RecordView, room: int) -> tuple[Markup, list[DocumentView]]:
    """The section as far as the documents fit, and those that do not."""
    opened = len(record.documents) <= OPEN_DOCUMENTS
    cards: dict[int, Markup] = {}
    # Those from which something was read come first where not all fit.
    for view in sorted(record.documents, key=lambda view: (not view.told, view.number)):
        card = document_article(record, view, opened=opened)
        size = len(card.encode())
        if size <= room:
            cards[view.number] = card
            room -= size
    left = [view for view in record.documents if view.number not in cards]
    section = el(
        "section",
        el("h2", "Documents"),
        [cards[number] for number in sorted(cards)],
        _left_out(left) if left else None,
        id="documents",
    )
    return section, left


def _left_out(left: list[DocumentView]) -> Markup:
    named = ", ".join(view.name for view in left[:_LEFT_OUT_NAMED])
    more = f" and {len(left) - _LEFT_OUT_NAMED:,} more" if len(left) > _LEFT_OUT_NAMED else ""
    return el(
        "p",
        f"{plural(len(left), 'document')} did not fit into the page; their texts and rows lie "
        f"beside it: {named}{more}.",
        class_="left-out",
        id="left-out",
    )


def _refused(record: RecordView) -> Markup | None:
    if not record.refused:
        return None
    rows = [[el("bdi", row["document"]), row["reason"], row["fix"]] for row in record.refused[:500]]
    columns = [("Document", False), ("Reason", False), ("What to do", False)]
    return el(
        "section",
        el("h2", "Not read"),
        table("Documents that could not be read", columns, rows),
        id="refused",
    )
