"""One card for each finding: its sentence, figures, timeline, example pairs and evidence files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.report.context import Context, community_of
from assay.report.markup import Markup, bdi, el, facts, table
from assay.report.timeline import describe_timeline, draw_timeline
from assay.report.words import chance, count, counted, figure, moment, span

OPEN_CARDS = 8
CARDS_WITH_EXAMPLES = 40
MOST_CARDS = 400
EXAMPLES = 4
NAMED = 60
STATISTICS = (
    ("possible_pairs", "Possible pairs"),
    ("coincidences", "Co-timed objects, summed over its pairs"),
    ("not_co_timed", "Common objects that were not co-timed"),
    ("tested_coincidences", "Coincidences found by the test"),
    ("expected_coincidences", "Coincidences expected by chance"),
    ("median_objects_per_pair", "Co-timed objects of the median pair"),
    ("median_accounts_per_object", "Accounts on the median object"),
    ("median_gap_s", "Median gap in seconds"),
    ("objects_with_others", "Objects that others shared at the same moments"),
    ("smallest_q", "Smallest q of a pair"),
    ("largest_q", "Largest q of a pair"),
)
"""Figures of a finding that the card shows, in this order; all of them are in findings.json."""


def groups_section(context: Context) -> Markup:
    """All findings; the first are open, the others fold out."""
    findings = context.gathered.findings
    known = {community_of(finding) for finding in findings}
    lone = [row for row in context.gathered.communities if row["community"] not in known]
    if not findings and not lone:
        return el(
            "section",
            el("h2", "Groups"),
            el("p", "There is none: no pair of accounts passed the test."),
            id="groups",
        )
    cards = [_card(context, finding, place) for place, finding in enumerate(findings[:MOST_CARDS])]
    cards += [
        _card(context, _bare(row), place)
        for place, row in enumerate(lone[: MOST_CARDS - len(cards)], len(cards))
    ]
    rest = len(findings) + len(lone) - len(cards)
    return el(
        "section",
        el("h2", "Groups and their evidence"),
        el(
            "p",
            "A group is a part of the network whose accounts are joined more closely to each other "
            "than to the rest. Bars show its shares over time; the coloured part was shared at the "
            "same moment as by another account of the network.",
        ),
        cards,
        el("p", f"{counted(rest, 'more finding')} in findings.json.", class_="left-out")
        if rest
        else None,
        id="groups",
    )


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    """A community that no finding speaks of."""
    return {
        "id": f"community-{row['community']}",
        "statement": f"{counted(row['size'], 'account')}, joined by "
        f"{counted(row['edges'], 'pair')}.",
        "statistic": {"community": row["community"]},
        "q_value": row.get("q_value"),
    }


def _card(context: Context, finding: dict[str, Any], place: int) -> Markup:
    community = community_of(finding)
    title = f"Group {community}" if community is not None else str(finding.get("kind", "Finding"))
    strength = finding.get("strength")
    q_value = finding.get("q_value")
    inside = [
        el("p", finding.get("statement", ""), class_="statement"),
        _reason(finding),
        _timeline(context, community),
        _figures(context, finding, community),
        _members(context, finding, community),
        _examples(context, community) if place < CARDS_WITH_EXAMPLES else None,
        _explanations(finding),
        _sensitivity(finding),
        _limits(finding),
        _files(finding),
    ]
    return el(
        "details",
        el(
            "summary",
            el("h3", title),
            el("span", finding.get("claim") or "synchronous", class_="tag"),
            el("span", strength, class_="tag") if strength else None,
            el(
                "span",
                f"q ≤ {figure(q_value)}" if q_value else f"q {chance(q_value)}",
                class_="tag quiet",
            )
            if q_value is not None
            else None,
            el("span", counted(len(finding["subjects"]), "account"), class_="tag quiet")
            if finding.get("subjects")
            else None,
        ),
        inside,
        class_="card",
        id=str(finding.get("id")),
        open=place < OPEN_CARDS,
    )


def _reason(finding: dict[str, Any]) -> Markup | None:
    return el("p", finding["reason"]) if finding.get("reason") else None


def _timeline(context: Context, community: int | None) -> Markup | None:
    timeline = context.timelines.get(community) if community is not None else None
    if timeline is None:
        return None
    note = f"In steps of {span(timeline.bin_s)}. {describe_timeline(timeline)}"
    return el("figure", draw_timeline(timeline), el("figcaption", note))


def _figures(context: Context, finding: dict[str, Any], community: int | None) -> Markup:
    row = next((r for r in context.gathered.communities if r["community"] == community), None)
    rows: list[tuple[Any, Any]] = []
    if row:
        rows += [
            ("Accounts", count(row["size"])),
            ("Pairs that passed", count(row["edges"])),
            ("Different objects", count(row["objects"])),
            ("From", moment(row["first_at"]) + " UTC"),
            ("To", moment(row["last_at"]) + " UTC"),
            ("Stability of the group", figure(row["stability"]) if row["stability"] else None),
        ]
    statistic = finding.get("statistic") or {}
    for name, label in STATISTICS:
        value = statistic.get(name)
        if isinstance(value, int | float):
            write = chance if name.endswith("_q") else figure if isinstance(value, float) else count
            rows.append((label, write(value)))
    return facts(rows)


def _members(context: Context, finding: dict[str, Any], community: int | None) -> Markup | None:
    subjects = finding.get("subjects") or []
    handles = dict(
        zip(context.gathered.accounts.ids, context.gathered.accounts.handles, strict=True)
    )
    names = [handles.get(subject, subject) for subject in subjects]
    if not names and community is not None:
        own = np.nonzero(context.gathered.accounts.community == community)[0]
        names = [context.gathered.accounts.handles[k] for k in own.tolist()]
    if not names:
        return None
    rest = len(names) - NAMED
    return el(
        "details",
        el("summary", f"The {counted(len(names), 'account')}"),
        el("p", [[bdi(name), " · "] for name in names[:NAMED][:-1]], bdi(names[:NAMED][-1])),
        el("p", f"{count(rest)} more in the table of accounts.", class_="left-out")
        if rest > 0
        else None,
        class_="fold",
    )


def _examples(context: Context, community: int | None) -> Markup | None:
    """The heaviest pairs of the group, each with its first co-timed posts side by side."""
    if community is None:
        return None
    accounts, edges, pairs = (
        context.gathered.accounts,
        context.gathered.edges,
        context.evidence.pairs,
    )
    inner = (accounts.community[edges.a] == community) & (accounts.community[edges.b] == community)
    blocks = []
    for edge in np.nonzero(inner)[0][:EXAMPLES].tolist():
        rows = context.evidence.rows_of(edge)
        near = rows[pairs.co_timed[rows]]
        if len(near):
            blocks.append(_pair_rows(context, edge, near[:2]))
    if not blocks:
        return None
    return el(
        "details",
        el("summary", "Example pairs of posts"),
        el(
            "p",
            "From the pairs with the most objects in common. Every other pair opens from the "
            "network or the table of pairs, and lies in the evidence files.",
        ),
        blocks,
        class_="fold",
    )


def _pair_rows(context: Context, edge: int, rows: np.ndarray) -> Markup:
    accounts, edges = context.gathered.accounts, context.gathered.edges
    a, b = (accounts.handles[int(side[edge])] for side in (edges.a, edges.b))
    return el(
        "div",
        el("h4", bdi(a), " and ", bdi(b), f": {counted(int(edges.weight[edge]), 'object')}"),
        [_one_pair(context, (a, b), row) for row in rows.tolist()],
        class_="pair",
    )


def _one_pair(context: Context, names: tuple[str, str], row: int) -> Markup:
    pairs = context.evidence.pairs
    gap_s = abs(int(pairs.at_b_us[row]) - int(pairs.at_a_us[row])) / 1e6
    shared = pairs.object_table.slice(int(pairs.objects[row]), 1).to_pylist()[0]
    sides = []
    for name, post, at_us in (
        (names[0], pairs.post_a[row].as_py(), pairs.at_a_us[row]),
        (names[1], pairs.post_b[row].as_py(), pairs.at_b_us[row]),
    ):
        text, url = _post(context, post)
        when = moment(int(at_us), resolution_s=context.gathered.resolution_s)
        sides.append(
            el(
                "article",
                el(
                    "header", el("strong", bdi(name)), " ", el("span", f"{when} UTC", class_="time")
                ),
                el("p", text, dir="auto", class_="post") if text else None,
                el("p", f"{url or post}", class_="address"),
            )
        )
    return el(
        "div",
        el("p", f"{shared['kind']}: ", bdi(shared["object_id"]), f" · {figure(gap_s)} s apart",
           class_="shared"),
        el("div", sides, class_="sides"),
    )  # fmt: skip


def _post(context: Context, post_id: str) -> tuple[str | None, str | None]:
    posts = context.evidence.posts
    place = pc.index(posts["post_id"], pa.scalar(post_id)).as_py()
    if place < 0:
        return None, None
    return posts["text"][place].as_py(), posts["url"][place].as_py()


def _explanations(finding: dict[str, Any]) -> Markup | None:
    """The honest and the dishonest explanations, weighed."""
    weighed = finding.get("explanations") or []
    if not weighed:
        return None
    columns = [("Explanation", False), ("Speaks for it", False), ("Speaks against it", False)]
    return el(
        "details",
        el("summary", "Explanations considered"),
        table(
            "What speaks for and against each way in which the same timing can come about",
            columns,
            [
                (item.get("name", ""), item.get("speaks_for", ""), item.get("speaks_against", ""))
                for item in weighed
            ],
            class_="prose",
        ),
        class_="fold",
    )


def _sensitivity(finding: dict[str, Any]) -> Markup | None:
    """Pairs that would be left under other windows, Δ, minimum counts and thresholds."""
    told = (finding.get("statistic") or {}).get("sensitivity")
    if not isinstance(told, dict):
        return None
    rows = []
    for row in told.get("window_and_delta") or []:
        setting = f"window {span(row['window_s'])}, Δ {span(row['delta_s'])}"
        rows.append((setting, count(row["pairs"])))
    for row in told.get("min_shared") or []:
        rows.append((f"at least {count(row['min_shared'])} objects a pair", count(row["pairs"])))
    for row in told.get("fdr") or []:
        rows.append((f"q ≤ {figure(row['fdr'])}", count(row["pairs"])))
    if not rows:
        return None
    return el(
        "details",
        el("summary", "Where this finding disappears"),
        table(
            "Pairs of this group that are left under other choices",
            [("Choice", False), ("Pairs left", True)],
            rows,
        ),
        class_="fold",
    )


def _limits(finding: dict[str, Any]) -> Markup | None:
    limits = finding.get("limits") or []
    if not limits:
        return None
    return el("div", el("h4", "Limits"), el("ul", [el("li", limit) for limit in limits]))


def _files(finding: dict[str, Any]) -> Markup | None:
    references = finding.get("evidence") or []
    if not references:
        return None
    return el(
        "details",
        el("summary", "Evidence files"),
        table(
            "Frozen rows behind this finding",
            [("File", False), ("Holds", False), ("Rows", True), ("SHA-256", False)],
            [
                (
                    el("code", reference["path"]),
                    reference.get("holds", ""),
                    count(reference.get("rows")),
                    el("code", reference.get("sha256", ""), class_="hash"),
                )
                for reference in references
            ],
        ),
        class_="fold",
    )
