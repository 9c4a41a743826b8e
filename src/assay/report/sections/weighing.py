"""What to hold against a finding: other explanations, other choices, limits."""

from __future__ import annotations

from typing import Any

from assay.report.markup import Markup, el, table
from assay.report.words import count, figure, span

WEIGHED = (
    "From “does not fit” over “fits little”, “open” (the figures cannot tell) and “fits in part” "
    "to “fits well”. The words follow fixed rules over figures, the same for everyone; they weigh "
    "figures, not people."
)
"""What the words beside the explanations are."""


def common_limits(findings: list[dict[str, Any]]) -> list[str]:
    """The limits that all findings name: told once, above them."""
    if len(findings) < 2:
        return []
    first, *others = [finding.get("limits") or [] for finding in findings]
    return [limit for limit in first if all(limit in other for other in others)]


def explanations(finding: dict[str, Any], title: str = "Explanations considered") -> Markup | None:
    """The honest and the dishonest explanations, weighed."""
    weighed = finding.get("explanations") or []
    if not weighed:
        return None
    return el(
        "details",
        el("summary", title),
        el("p", WEIGHED, class_="quiet") if any(item.get("weight") for item in weighed) else None,
        el("ul", [_weighed(item) for item in weighed], class_="weighed"),
        class_="fold",
        open=True,
    )


def _weighed(item: dict[str, Any]) -> Markup:
    weight = item.get("weight")
    return el(
        "li",
        el(
            "p",
            el("strong", item.get("name", "")),
            " ",
            el("span", weight, class_="tag") if weight else None,
        ),
        el(
            "dl",
            el("div", el("dt", "For"), el("dd", item.get("speaks_for", ""))),
            el("div", el("dt", "Against"), el("dd", item.get("speaks_against", ""))),
        ),
    )


def sensitivity(finding: dict[str, Any]) -> Markup | None:
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
        el("summary", "Pairs left at the run’s own settings and thresholds"),
        table(
            "Pairs of this group that are left under other choices",
            [("Choice", False), ("Pairs left", True)],
            rows,
        ),
        class_="fold",
    )


def limits(finding: dict[str, Any], common: list[str]) -> Markup | None:
    """The finding's own limits, and a way to those that hold for every group."""
    own = [limit for limit in finding.get("limits") or [] if limit not in common]
    if not own and not common:
        return None
    every = el("a", "The limits of every group", href="#limits")
    return el(
        "div",
        el("h4", "Limits"),
        el("ul", [el("li", limit) for limit in own]) if own else None,
        el("p", every, " hold for this one too.") if common else None,
    )
