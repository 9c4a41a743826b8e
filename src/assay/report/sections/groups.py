"""One card for each finding: its sentence, figures, timeline, example pairs and evidence files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from assay.report.context import Context
from assay.report.findings import community_of, is_affiliated
from assay.report.markup import Markup, bdi, el, facts
from assay.report.sections.evidence_files import evidence_files
from assay.report.sections.examples import example_pairs
from assay.report.sections.firmness import firmness
from assay.report.sections.weighing import common_limits, explanations, limits, sensitivity
from assay.report.timeline import describe_timeline, draw_timeline
from assay.report.words import (
    OPENLY_AFFILIATED,
    chance,
    count,
    counted,
    figure,
    listed,
    moment,
    span,
)

OPEN_CARDS = 3
CARDS_WITH_EXAMPLES = 40
CARDS_WITH_PICTURES = 40
MOST_CARDS = 400
NAMED = 60
MEMBERS = (
    (
        "passed",
        "tested against the others of the group on objects held out from finding it, and passed",
    ),
    ("not passed", "tested likewise and not passed: neighbours of the others, no more"),
    (
        "untested",
        "could not be tested by themselves: they stand here as neighbours of the others, no more",
    ),
)
"""Sorts of account in a group."""
FIRST_STATISTICS = (
    ("tested_coincidences", "Coincidences found by the test"),
    ("expected_coincidences", "Coincidences expected by chance"),
    ("median_gap_s", "Median gap in seconds"),
)
"""Figures of a finding that its card shows at once."""
MORE_STATISTICS = (
    ("possible_pairs", "Possible pairs"),
    ("coincidences", "Co-timed objects, summed over its pairs"),
    ("not_co_timed", "Common objects that were not co-timed"),
    ("median_objects_per_pair", "Co-timed objects of the median pair"),
    ("median_accounts_per_object", "Accounts on the median object"),
    ("objects_with_others", "Objects that others shared at the same moments"),
    ("smallest_q", "Smallest q of a pair"),
    ("largest_q", "Largest q of a pair"),
)
"""Figures that fold out below them; all of them are in findings.json."""


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
    common = common_limits(findings)
    cards = [
        group_card(context, finding, place, common)
        for place, finding in enumerate(findings[:MOST_CARDS])
    ]
    cards += [
        group_card(context, _bare(row), place, [])
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
        el(
            "div",
            el("h3", "Limits of every group", id="limits"),
            el("ul", [el("li", limit) for limit in common]),
            class_="limits",
        )
        if common
        else None,
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


def group_card(context: Context, finding: dict[str, Any], place: int, common: list[str]) -> Markup:
    """One finding; the first ones stand open."""
    community = community_of(finding)
    title = f"Group {community}" if community is not None else str(finding.get("kind", "Finding"))
    strength = finding.get("strength")
    q_value = finding.get("q_value")
    inside = [
        el("p", finding.get("statement", ""), class_="statement"),
        el("p", OPENLY_AFFILIATED, class_="declared") if is_affiliated(finding) else None,
        _reason(finding),
        _timeline(context, community),
        group_figures(context, finding),
        _members(context, finding, community),
        example_pairs(context, community) if place < CARDS_WITH_EXAMPLES else None,
        firmness(context, finding, drawn=place < CARDS_WITH_PICTURES),
        explanations(finding),
        sensitivity(finding),
        limits(finding, common),
        evidence_files(finding),
    ]
    return el(
        "details",
        el(
            "summary",
            el("h3", title),
            el("span", _claim(finding), class_="tag"),
            el("span", f"evidence of synchrony: {strength}", class_="tag") if strength else None,
            el(
                "span",
                f"largest q {chance(q_value)}",
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


def _claim(finding: dict[str, Any]) -> str:
    """What the finding claims, with the affiliation that its accounts declare."""
    claim = str(finding.get("claim") or "synchronous")
    return f"{claim}, openly affiliated" if is_affiliated(finding) else claim


def _reason(finding: dict[str, Any]) -> Markup | None:
    return el("p", finding["reason"]) if finding.get("reason") else None


def _timeline(context: Context, community: int | None) -> Markup | None:
    timeline = context.timelines.get(community) if community is not None else None
    if timeline is None:
        return None
    note = f"In steps of {span(timeline.bin_s)}. {describe_timeline(timeline)}"
    return el("figure", draw_timeline(timeline), el("figcaption", note))


def group_figures(context: Context, finding: dict[str, Any]) -> list[Markup]:
    """The figures of a finding: those that stand first, and those that fold out."""
    community = community_of(finding)
    row = next((r for r in context.gathered.communities if r["community"] == community), None)
    statistic = finding.get("statistic") or {}
    rows: list[tuple[Any, Any]] = []
    more: list[tuple[Any, Any]] = []
    if row:
        rows += [
            ("Accounts", count(row["size"])),
            ("Pairs that passed", count(row["edges"])),
            ("Different objects", count(row["objects"])),
            ("First at the same moment", moment(row["first_at"]) + " UTC"),
            ("Last at the same moment", moment(row["last_at"]) + " UTC"),
        ]
        if row["stability"] and "stability_seeds" not in statistic:
            more.append(("Stability of the group", figure(row["stability"])))
    windows_s = statistic.get("windows_s") or []
    if windows_s:
        label = "Window of its pairs" if len(windows_s) == 1 else "Windows of its pairs"
        rows.append((label, listed([span(value) for value in windows_s])))
    rows += _statistics(statistic, FIRST_STATISTICS)
    more += _statistics(statistic, MORE_STATISTICS)
    parts = [facts(rows)]
    if more:
        parts.append(el("details", el("summary", "More figures"), facts(more), class_="fold"))
    return parts


def _statistics(
    statistic: dict[str, Any], names: tuple[tuple[str, str], ...]
) -> list[tuple[str, str]]:
    rows = []
    for name, label in names:
        value = statistic.get(name)
        if isinstance(value, int | float):
            write = chance if name.endswith("_q") else figure if isinstance(value, float) else count
            rows.append((label, write(value)))
    return rows


def _members(context: Context, finding: dict[str, Any], community: int | None) -> Markup | None:
    """The accounts: those that passed a test of their own apart from the neighbours."""
    accounts = context.gathered.accounts
    subjects = finding.get("subjects") or []
    if not subjects and community is not None:
        own = np.nonzero(accounts.community == community)[0]
        subjects = [accounts.ids[k] for k in own.tolist()]
    if not subjects:
        return None
    sorted_in = by_own_test(context, subjects)
    return el(
        "details",
        el("summary", _members_in_words(len(subjects), sorted_in)),
        told_by_test(sorted_in),
        class_="fold",
    )


def by_own_test(context: Context, subjects: Sequence[str]) -> dict[str, list[str]]:
    """Accounts of a group by what came of the test of their own, as :data:`MEMBERS` names it."""
    accounts = context.gathered.accounts
    place = {name: k for k, name in enumerate(accounts.ids)}
    q_values = accounts.figures.get("q_value", np.full(len(accounts), np.nan))
    sorted_in: dict[str, list[str]] = {sort: [] for sort, _ in MEMBERS}
    for subject in subjects:
        known = place.get(subject)
        q_value = float("nan") if known is None else float(q_values[known])
        sort = "untested" if np.isnan(q_value) else "passed"
        if q_value > context.gathered.fdr:
            sort = "not passed"
        sorted_in[sort].append(subject if known is None else accounts.handles[known])
    return sorted_in


def told_by_test(sorted_in: dict[str, list[str]]) -> list[list[Markup | None]]:
    """The accounts of each sort, and what it means."""
    return [
        _names(f"{counted(len(names), 'account')}: {words}", names)
        for sort, words in MEMBERS
        if (names := sorted_in[sort])
    ]


def _members_in_words(size: int, sorted_in: dict[str, list[str]]) -> str:
    passed = len(sorted_in["passed"])
    if len(sorted_in["untested"]) == size:
        return f"The {counted(size, 'account')}, none of them tested by itself"
    return f"The {counted(size, 'account')}; {count(passed)} passed a test of their own"


def _names(heading: str, names: list[str]) -> list[Markup | None]:
    rest = len(names) - NAMED
    return [
        el("p", heading, class_="quiet"),
        el("p", [[bdi(name), " · "] for name in names[:NAMED][:-1]], bdi(names[:NAMED][-1])),
        el("p", f"{count(rest)} more in the table of accounts.", class_="left-out")
        if rest > 0
        else None,
    ]
