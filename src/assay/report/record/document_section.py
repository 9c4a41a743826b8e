"""One document: its text with the marks, and beside it every value with a link to its words."""

from __future__ import annotations

from collections.abc import Iterator

from assay.report.markup import Markup, el, facts
from assay.report.record.marks import marked_text
from assay.report.record.view import (
    DocumentView,
    RecordView,
    Row,
    claim_anchor,
    subject_anchor,
)
from assay.report.record.words import (
    ACTIONS,
    STATUS,
    actions_in_words,
    plural,
    slot_name,
)

_HIDDEN_SLOTS = ("cue", "trigger")
"""How something was found; the marks show it, a list of values need not."""


def document_article(record: RecordView, view: DocumentView, *, opened: bool) -> Markup:
    """A document as a card that opens."""
    row = view.row
    found = ", ".join(
        plural(len(rows), name)
        for rows, name in (
            (view.measures, "measure"),
            (view.statements, "statement"),
            (view.demands, "demand"),
        )
        if rows
    )
    head = el(
        "summary",
        el("span", el("bdi", view.title), class_="doc-title"),
        el(
            "span",
            " · ".join(
                part for part in ((row["published"] or "")[:10], found or "nothing read") if part
            ),
            class_="quiet",
        ),
    )
    body = el(
        "div",
        el("div", _about(view), marked_text(view), class_="doc-text", lang=_lang(row)),
        el("div", [*_value_lists(record, view)], class_="doc-values"),
        class_="doc-body",
    )
    return el(
        "details",
        head,
        body,
        open=opened,
        id=f"d{view.number}",
        class_="card doc",
        data_filter=_filter_words(view),
        data_language=row["language"],
    )


def _lang(row: Row) -> str | None:
    return None if row["language"] == "und" else str(row["language"])


def _filter_words(view: DocumentView) -> str:
    names = {view.name, view.title}
    for row in view.measures:
        names |= {row["platform"] or "", row["actor"] or "", *(a["action"] for a in row["actions"])}
    for row in view.demands:
        names |= {row["actor"] or "", row["addressee"] or ""}
    names |= {row["speaker"] or "" for row in view.statements}
    return " ".join(sorted(name for name in names if name)).casefold()


def _about(view: DocumentView) -> Markup:
    row = view.row
    chain = [f"{slot_name(one['role'])}: {one['value']}" for one in row["sources"] if one["value"]]
    return facts(
        [
            ("File", el("bdi", view.name)),
            ("Language", row["language"]),
            ("Date", f"{row['published']} ({row['precision']})" if row["published"] else None),
            ("Sources", ", ".join(chain) or None),
            ("Noted", "; ".join(row["notes"]) or None),
            ("Text", el("code", f"text/{row['sha256'][:12]}….txt")),
        ]
    )


def _value_lists(record: RecordView, view: DocumentView) -> Iterator[Markup]:
    by_subject: dict[str, list[Row]] = {}
    for claim in view.claims:
        by_subject.setdefault(claim["subject"], []).append(claim)
    titles = dict(_titles(view))
    for subject in [*titles, *(name for name in by_subject if name not in titles)]:
        claims = by_subject.get(subject, [])
        if not claims:
            continue
        title, kind = titles.get(subject, (f"{subject}: read by a language model", "value"))
        if subject == "document":
            title, kind = "The page itself", "value"
        yield el(
            "section",
            el("h4", el("span", class_=f"dot on-{kind}"), title),
            el("dl", [_value(record, view, claim) for claim in claims], class_="values"),
            id=subject_anchor(view, subject),
        )


def _titles(view: DocumentView) -> Iterator[tuple[str, tuple[str, str]]]:
    for row in view.measures:
        status = STATUS.get(row["status"], row["status"])
        yield row["measure_id"], (f"Measure: {actions_in_words(row)} ({status})", "measure")
    for row in view.demands:
        yield row["demand_id"], (f"Demand ({row['status']})", "demand")
    for row in view.statements:
        who = row["speaker"] or "nobody named"
        yield row["statement_id"], (f"{row['kind'].capitalize()} of {who}", "statement")


def _value(record: RecordView, view: DocumentView, claim: Row) -> Markup | None:
    if claim["slot"] in _HIDDEN_SLOTS:
        return None
    word = record.words.get(claim["claim_id"])
    shown = claim["value"]
    if claim["slot"] == "action":
        shown = ACTIONS.get(shown, shown)
    if claim["slot"] == "status":
        shown = STATUS.get(shown, shown)
    if len(shown) > 140:
        shown = shown[:139] + "…"
    if claim["comparator"] not in (None, "="):
        shown = f"{claim['comparator']} {shown}"
    body: list[Markup | str] = [_link(view, claim, shown)]
    if word is not None and word.verdict == "rejected":
        body = [el("s", body)]
    elif word is not None and word.verdict == "corrected":
        body = [el("s", body), " ", el("ins", el("bdi", word.value))]
    body += [el("span", f" {note}", class_="quiet") for note in _notes(claim)]
    if word is not None:
        body += [el("span", told, class_="said") for told in word.told]
        if word.disputed:
            body.append(el("span", "reviewers differ", class_="said disputed"))
    return el("div", el("dt", slot_name(claim["slot"])), el("dd", body))


def _link(view: DocumentView, claim: Row, shown: str) -> Markup:
    text = el("bdi", shown)
    if claim["start"] is None:
        return text
    return el("a", text, href=f"#{claim_anchor(view, claim)}")


def _notes(claim: Row) -> Iterator[str]:
    if claim["hedge"]:
        whose = f" ({claim['hedged_by']})" if claim["hedged_by"] else ""
        yield f"hedged: “{claim['hedge']}”{whose}"
    if claim["asserted_by"]:
        yield "on the word of " + ", who has it from ".join(reversed(claim["asserted_by"]))
    if not claim["in_text"]:
        yield f"inferred: {claim['how'] or 'no reason kept'}"
    elif claim["how"] and claim["subject"] == "document":
        yield f"({claim['how']})"
    if claim["segment"] in ("inserted", "related_link"):
        yield "not the document's own words"
    if claim["stage"].startswith("model:"):
        yield f"read by {claim['stage'].removeprefix('model:')}, a language model"
