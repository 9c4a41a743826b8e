"""Actors: what each did, asked for, was asked and said; and who asked whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from assay.report.markup import Markup, el, table
from assay.report.record.view import DocumentView, RecordView, Row, subject_anchor
from assay.report.record.words import measure_in_words, plural, split_names

MOST_ACTORS = 150
"""Actors with a card of their own; the rest are counted."""

MOST_LINES = 40
"""Lines of one kind in an actor's card; the rest are counted."""

MATRIX = 12
"""Most rows and columns of the table of who asked whom."""


@dataclass
class Actor:
    """Everything that the record ties to one name."""

    name: str
    did: list[tuple[DocumentView, Row]] = field(default_factory=list)
    asked: list[tuple[DocumentView, Row]] = field(default_factory=list)
    was_asked: list[tuple[DocumentView, Row]] = field(default_factory=list)
    said: list[tuple[DocumentView, Row]] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """How much there is."""
        return len(self.did) + len(self.asked) + len(self.was_asked) + len(self.said)


def gather_actors(record: RecordView) -> list[Actor]:
    """Actors by how much there is of them, then by name."""
    actors: dict[str, Actor] = {}

    def actor(name: str) -> Actor:
        return actors.setdefault(name, Actor(name))

    for view in record.documents:
        for row in view.measures:
            for name in split_names(row["actor"]):
                actor(name).did.append((view, row))
        for row in view.demands:
            for name in split_names(row["actor"]):
                actor(name).asked.append((view, row))
            for name in split_names(row["addressee"]):
                actor(name).was_asked.append((view, row))
        for row in view.statements:
            if row["speaker"]:
                actor(row["speaker"]).said.append((view, row))
    return sorted(actors.values(), key=lambda one: (-one.weight, one.name))


def actors_section(record: RecordView) -> Markup | None:
    """The section; None where nobody is named."""
    actors = gather_actors(record)
    if not actors:
        return None
    shown, rest = actors[:MOST_ACTORS], len(actors) - MOST_ACTORS
    return el(
        "section",
        el("h2", "Actors, demands and replies"),
        _matrix(record),
        [_card(one) for one in shown],
        el("p", f"{rest:,} more actors are in the tables.", class_="left-out")
        if rest > 0
        else None,
        id="actors",
    )


def _matrix(record: RecordView) -> Markup | None:
    pairs: dict[tuple[str, str], int] = {}
    for view in record.documents:
        for row in view.demands:
            for who in split_names(row["actor"]):
                for whom in split_names(row["addressee"]):
                    pairs[who, whom] = pairs.get((who, whom), 0) + 1
    if not pairs:
        return None
    rows, columns = (_largest(pairs, side) for side in (0, 1))
    body = []
    for who in rows:
        cells = [pairs.get((who, whom), 0) for whom in columns]
        body.append([el("bdi", who), *(_cell(number) for number in cells)])
    left = sum(n for (a, b), n in pairs.items() if a not in rows or b not in columns)
    return el(
        "div",
        table(
            "Who asked whom (number of demands)",
            [("Asked by", False), *((el("bdi", name), True) for name in columns)],
            body,
            class_="matrix",
        ),
        el("p", f"{plural(left, 'demand')} between others are in the tables.", class_="left-out")
        if left
        else None,
    )


def _largest(pairs: dict[tuple[str, str], int], side: int) -> list[str]:
    totals: dict[str, int] = {}
    for key, number in pairs.items():
        totals[key[side]] = totals.get(key[side], 0) + number
    return sorted(totals, key=lambda name: (-totals[name], name))[:MATRIX]


def _cell(number: int) -> Markup | str:
    if not number:
        return ""
    return el("span", str(number), class_=f"heat-{min(number, 4)}")


def _card(one: Actor) -> Markup:
    counts = (
        (one.did, "measure"),
        (one.asked, "demand made"),
        (one.was_asked, "demand received"),
        (one.said, "statement"),
    )
    summary = " · ".join(
        plural(len(rows), name, name.replace("demand", "demands") if " " in name else None)
        for rows, name in counts
        if rows
    )
    return el(
        "details",
        el(
            "summary",
            el("span", el("bdi", one.name), class_="doc-title"),
            el("span", summary, class_="quiet"),
        ),
        _lines("Measures", one.did, "measure_id"),
        _lines("Asks", one.asked, "demand_id"),
        _lines("Is asked", one.was_asked, "demand_id"),
        _lines("Says", one.said, "statement_id"),
        class_="card actor",
        data_filter=one.name.casefold(),
    )


def _lines(title: str, rows: list[tuple[DocumentView, Row]], key: str) -> Markup | None:
    if not rows:
        return None
    lines = [el("li", _line(view, row, key)) for view, row in rows[:MOST_LINES]]
    if len(rows) > MOST_LINES:
        lines.append(el("li", f"and {len(rows) - MOST_LINES:,} more in the tables"))
    return el("div", el("h4", title), el("ul", lines))


def _line(view: DocumentView, row: Row, key: str) -> list[Markup | str]:
    target = f"#{subject_anchor(view, row[key])}"
    where = el("span", " – ", el("bdi", view.title), class_="quiet")
    if key == "measure_id":
        return [el("a", el("bdi", measure_in_words(row)), href=target), where]
    quote = el("a", el("q", row["exact"][:240]), href=target)
    if key == "demand_id":
        sides = f"{row['actor'] or 'nobody named'} → {row['addressee'] or 'nobody named'}: "
        answer = f" (answers {row['measure_id']})" if row["measure_id"] else ""
        return [el("bdi", sides), quote, answer, where]
    kind = "" if row["kind"] == "statement" else f"{row['kind']}: "
    return [kind, quote, where]
