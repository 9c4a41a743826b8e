"""Events: every telling side by side, where they differ, and who answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from assay.report.markup import Markup, el, table
from assay.report.record.view import DocumentView, RecordView, Row, subject_anchor
from assay.report.record.words import (
    RELATIONS,
    SLOTS,
    STATUS,
    actions_in_words,
    joined,
    measure_in_words,
    money_in_words,
    number_in_words,
    plural,
    split_names,
    unless_done,
)

Telling = tuple[DocumentView, Row]


def _column(slot: str) -> Callable[[Row], str]:
    return lambda row: row[slot] or ""


_LINES: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("What", actions_in_words),
    ("Status", lambda row: STATUS.get(row["status"], str(row["status"]))),
    ("By", _column("actor")),
    ("Platform", _column("platform")),
    ("Target", _column("target")),
    ("Number", lambda row: ", ".join(number_in_words(one) for one in row["counts"])),
    ("Money", lambda row: ", ".join(money_in_words(one) for one in row["spend"])),
    *(
        (SLOTS[slot], _column(slot))
        for slot in (
            "origin",
            "operator",
            "ground",
            "legal_basis",
            "evidence",
            "election",
            "disclosed_on",
            "acted_on",
            "asserted_by",
        )
    ),
)
"""The lines of the comparison."""


def tellings_of(record: RecordView, event: Row) -> list[Telling]:
    """The measures that an event joins, each with its document."""
    found = []
    for member in event["members"]:
        view = record.document(member["document"])
        measure = record.measure(member["document"], member["measure_id"])
        if view is not None and measure is not None:
            found.append((view, measure))
    return found


def event_anchor(event: Row) -> str:
    """The place of an event on the page."""
    return f"event-{event['event_id']}"


def event_date(record: RecordView, event: Row) -> tuple[str | None, str]:
    """When: as a telling says, else the date of the earliest document; and how it is known."""
    tellings = tellings_of(record, event)
    for slot in ("acted_on", "disclosed_on"):
        told = sorted(row[slot] for _, row in tellings if row[slot] and row[slot][0].isdigit())
        if told:
            return told[0], "as told"
    dates = sorted(
        view.row["published"]
        for view, _ in tellings
        if view.row["published"] and view.row["published"][0].isdigit()
    )
    return (dates[0], "date of the earliest document") if dates else (None, "no date in the text")


def event_title(record: RecordView, event: Row) -> str:
    """One line that names an event: all platforms, what was done, the number if all give one."""
    rows = [row for _, row in tellings_of(record, event)]
    if not rows:
        return str(event["event_id"])
    titles = {measure_in_words(row) for row in rows}
    if len(titles) == 1:
        return titles.pop()
    who = [name for row in rows for name in split_names(row["platform"] or row["actor"])]
    done = joined(actions_in_words(row) for row in rows) + unless_done(rows)
    numbers = {", ".join(number_in_words(one) for one in row["counts"]) for row in rows} - {""}
    told = f" – {numbers.pop()}" if len(numbers) == 1 else ""
    if len(numbers) > 1:
        told = f" – {len(numbers)} different numbers"
    return f"{joined(who) or 'Nobody named'}: {done}{told}"


def event_article(record: RecordView, event: Row) -> Markup:
    """An event as a card that opens."""
    tellings = tellings_of(record, event)
    when, _ = event_date(record, event)
    differing = [one for one in event["relations"] if one["kind"] != "equal"]
    notes = [
        when[:10] if when else "undated",
        plural(len({view.name for view, _ in tellings}), "document"),
    ]
    if differing:
        notes.append(plural(len(differing), "difference"))
    return el(
        "details",
        el(
            "summary",
            el("span", event_title(record, event), class_="doc-title"),
            el("span", " · ".join(notes), class_="quiet"),
        ),
        _comparison(tellings),
        _relations(event),
        _answers(record, tellings),
        el("p", f"Event {event['event_id']}. {_joined(event)}".strip(), class_="quiet"),
        id=event_anchor(event),
        class_="card event",
        open=len(tellings) > 1,
        data_filter=_filter_words(tellings),
        data_action=" ".join(
            sorted({step["action"] for _, row in tellings for step in row["actions"]})
        ),
    )


def _filter_words(tellings: list[Telling]) -> str:
    names = set()
    for view, row in tellings:
        names |= {view.name, view.title, *(row[slot] or "" for slot in ("actor", "platform"))}
        names |= {row[slot] or "" for slot in ("target", "origin", "operator", "ground")}
    return " ".join(sorted(name for name in names if name)).casefold()


def _comparison(tellings: list[Telling]) -> Markup:
    columns = [("", False), *((_heading(view, row), False) for view, row in tellings)]
    rows: list[list[Markup | str]] = []
    for name, tell in _LINES:
        cells = [tell(row) for _, row in tellings]
        if not any(cells):
            continue
        differ = len({cell for cell in cells if cell}) > 1
        label = el("span", name, el("span", "differs", class_="flag") if differ else None)
        rows.append([label, *(_cell(text) for text in cells)])
    words = [el("q", row["exact"][:400]) for _, row in tellings]
    rows.append(["In its words", *words])
    return table("What each document says", columns, rows, class_="tellings")


def _cell(text: str) -> Markup:
    return el("bdi", text) if text else el("span", "not said", class_="quiet")


def _heading(view: DocumentView, row: Row) -> Markup:
    return el("a", el("bdi", view.title), href=f"#{subject_anchor(view, row['measure_id'])}")


def _joined(event: Row) -> str:
    why = event["why"] or ""
    return f"Joined by {event['joined_by']}: {why}." if len(event["members"]) > 1 else ""


def _relations(event: Row) -> Markup | None:
    if not event["relations"]:
        return None
    # Several pairs of documents often stand to each other in the very same words: said once.
    told = Counter((one["kind"], one["slot"], one["why"]) for one in event["relations"])
    lines = [
        el(
            "li",
            el("strong", RELATIONS.get(kind, kind)),
            f" ({SLOTS.get(slot, slot)}): {why}" + (f" ({times} times)" if times > 1 else ""),
            class_=f"relation-{kind}",
        )
        for (kind, slot, why), times in told.items()
    ]
    return el("div", el("h4", "How the claims stand to each other"), el("ul", lines))


def _answers(record: RecordView, tellings: list[Telling]) -> Markup | None:
    lines = [line for telling in tellings for line in _answers_in(*telling)]
    return el("div", el("h4", "Who answered"), el("ul", lines)) if lines else None


def _answers_in(view: DocumentView, measure: Row) -> Iterator[Markup]:
    for name, key, kind in (
        ("demands", "demand_id", "asks"),
        ("statements", "statement_id", "says"),
    ):
        for row in getattr(view, name):
            if row["measure_id"] != measure["measure_id"]:
                continue
            who = row.get("actor") or row.get("speaker") or "Nobody named"
            to = f" {row['addressee']}" if row["addressee"] and kind == "asks" else ""
            yield el(
                "li",
                el("bdi", who),
                f" {kind}{to}: ",
                el("a", el("q", row["exact"][:200]), href=f"#{subject_anchor(view, row[key])}"),
            )
