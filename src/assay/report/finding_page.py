"""One finding as a page by itself: whole, or as one of its accounts may see it.

The whole page is the report's own card. The other leaves out what belongs to other people: it
names no other account and quotes nobody else, and keeps every figure, explanation and limit, for
these are what the person is confronted with.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from assay.errors import InputError
from assay.model.dataset import RunFolder
from assay.report import assets
from assay.report.context import Context
from assay.report.evidence import read_evidence
from assay.report.findings import is_affiliated
from assay.report.gather import gather, shown
from assay.report.html_page import page_head, whole_page
from assay.report.markup import Markup, bdi, el, table
from assay.report.payload import Payload
from assay.report.pictures import make_palette
from assay.report.resembling import is_resembling, read_findings, read_resembling
from assay.report.sections.examples import post_of
from assay.report.sections.firmness import firmness
from assay.report.sections.groups import by_own_test, group_card, group_figures, told_by_test
from assay.report.sections.resembling import resembling_card
from assay.report.sections.weighing import explanations, limits, sensitivity
from assay.report.timeline import make_timelines
from assay.report.words import NOT_SAID, OPENLY_AFFILIATED, count, counted, figure, moment

MOST_PAIRS = 200
"""Pairs of shares that an account's own page lists."""
_MARGINS = """
main { max-width: 84rem; margin: 0 auto; padding: 0 clamp(1rem, 3vw, 1.5rem) 2rem; }
.told { padding-block: 0.75rem; }
"""
"""There is no list of sections beside it, which makes the report's own margins."""
_LEFT_OUT = (
    "Accounts of other people are numbered here and not named, and their texts are left out. The "
    "figures are those of the whole finding."
)


def finding_style() -> str:
    """The one style sheet of the page, which whoever serves it has to allow."""
    return assets.style() + _MARGINS


def finding_of(run: RunFolder, identity: str) -> dict[str, Any]:
    """A finding of a run.

    Raises:
        InputError: There is none of this id.
    """
    findings = {str(one.get("id")): one for one in read_findings(run)}
    if identity not in findings:
        known = ", ".join(list(findings)[:5]) or "none"
        raise InputError(
            f"the run has no finding {identity!r}", fix=f"it has: {known}", file=run.findings
        )
    return findings[identity]


def finding_page(
    run: RunFolder,
    identity: str,
    own: Collection[str] | None = None,
    foreword: Markup | None = None,
) -> str:
    """The page.

    Args:
        run: A run that holds the finding.
        identity: The finding's id.
        own: Account ids of whoever reads it, so that nobody else's data stand in it; None for
            those who decide.
        foreword: What stands before it.

    Raises:
        InputError: There is no such finding, or its evidence is broken.
    """
    finding = finding_of(run, identity)
    if is_resembling(finding):
        # It is about one account and a body that the register knows.
        card = resembling_card(read_resembling(run, [finding])[0], [], open_=True)
    else:
        context = _context(run, finding)
        card = group_card(context, finding, 0, []) if own is None else _told(context, finding, own)
    body = el(
        "body",
        el("header", el("div", el("p", "Assay", class_="brand"), el("h1", "Finding")),
           class_="page-header"),
        el("main", foreword, el("section", card, _not_said(finding), id="groups"), id="main"),
    )  # fmt: skip
    return whole_page(page_head("Finding · Assay", finding_style()), body)


def _context(run: RunFolder, finding: dict[str, Any]) -> Context:
    """A run of which one finding is shown: nothing is laid out or drawn."""
    gathered = replace(gather(run), findings=[finding])
    evidence = read_evidence(gathered)
    timelines = make_timelines(gathered, evidence)
    empty = Payload({}, {}, 0, len(evidence.pairs))
    return Context(gathered, evidence, timelines, empty, make_palette(gathered), "")


def _not_said(finding: dict[str, Any]) -> Markup | None:
    if is_resembling(finding):
        return None
    return el(
        "div",
        el("h3", "What this does not say"),
        el("ul", [el("li", el("strong", head), " ", told) for head, told in NOT_SAID]),
        class_="limits",
    )


def _told(context: Context, finding: dict[str, Any], own: Collection[str]) -> Markup:
    """The finding for one of its accounts."""
    subjects = [str(one) for one in finding.get("subjects") or ()]
    mine = [one for one in subjects if one in own]
    return el(
        "div",
        el("p", finding.get("statement", ""), class_="statement"),
        el("p", OPENLY_AFFILIATED, class_="declared") if is_affiliated(finding) else None,
        el("p", finding.get("reason", "")),
        el("p", _LEFT_OUT, class_="quiet"),
        group_figures(context, finding),
        el("h4", "Accounts"),
        el("p", f"{counted(len(subjects), 'account')}, among them ",
           [[", " if place else "", bdi(one)] for place, one in enumerate(mine)]
           or "none that the addresses of the notice name", "."),
        told_by_test(by_own_test(context, mine)),
        # Not drawn: the drawing names the accounts that it hangs on.
        firmness(context, finding, drawn=False),
        explanations(finding),
        sensitivity(finding),
        _own_pairs(context, mine),
        limits(finding, []),
        class_="card told",
    )  # fmt: skip


def _own_pairs(context: Context, mine: list[str]) -> Markup | None:
    """What the account shared, and when another did; the other one by its number."""
    accounts, pairs = context.gathered.accounts, context.evidence.pairs
    places = [place for place, name in enumerate(accounts.ids) if name in mine]
    first = np.isin(pairs.accounts[0], places)
    found = np.nonzero(first | np.isin(pairs.accounts[1], places))[0]
    if not len(found):
        return None
    shown_ones = found[:MOST_PAIRS].tolist()
    rest = len(found) - len(shown_ones)
    return el(
        "details",
        el("summary", f"What this account shared with others of the group ({count(len(found))})"),
        table(
            "Each time, and how far apart from the other account's (UTC)",
            [("Shared", False), ("At", False), ("Other account", True), ("At", False),
             ("Apart", True), ("Within the window", False)],
            [_own_pair(context, row, turned=not first[row]) for row in shown_ones],
        ),
        el("p", f"{count(rest)} more in the evidence.", class_="left-out") if rest else None,
        class_="fold",
    )  # fmt: skip


def _own_pair(context: Context, row: int, *, turned: bool) -> tuple[Any, ...]:
    """One pair of shares, the account's own first."""
    pairs, resolution_s = context.evidence.pairs, context.gathered.resolution_s
    times = [int(pairs.at_a_us[row]), int(pairs.at_b_us[row])]
    posts, others = (pairs.post_a, pairs.post_b), pairs.accounts
    own, other = (1, 0) if turned else (0, 1)
    text, _ = post_of(context, posts[own][row].as_py())
    shared = pairs.object_table.slice(int(pairs.objects[row]), 1).to_pylist()[0]
    return (
        [
            f"{shared['kind']}: ",
            bdi(shown(shared["object_id"])),
            el("p", shown(text), dir="auto", class_="post") if text else None,
        ],
        moment(times[own], resolution_s=resolution_s),
        count(int(others[other][row]) + 1),
        moment(times[other], resolution_s=resolution_s),
        f"{figure(abs(times[1] - times[0]) / 1e6)} s",
        "yes" if pairs.co_timed[row] else "no",
    )
