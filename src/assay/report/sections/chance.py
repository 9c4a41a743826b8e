"""How sure, and why: the question, the null, the family, p and q, Δ side by side."""

from __future__ import annotations

from typing import Any

from assay.report.context import Context
from assay.report.gather import Gathered
from assay.report.markup import Markup, el, facts, table
from assay.report.sections.beyond_pairs import whole_data
from assay.report.sections.summary import kinds_in_words
from assay.report.sections.window_choice import window_choice
from assay.report.words import NEITHER, P_MEANS, Q_MEANS, chance, count, figure, listed, span

BESIDE = (
    (
        "Shuffle null",
        "How often timing at least this close would arise if the times of each object were dealt "
        "out anew among those who shared it. It takes every sharer to be able to hold every "
        "sharer's time, and is misled by accounts that are fast by habit.",
    ),
    (
        "Rate null",
        "How often it would arise if each account acted at its own usual hours, independently of "
        "the others. It is misled by a shared audience.",
    ),
    (
        "Hypergeometric",
        "How often two accounts would have so many objects in common, whatever the time "
        "(statistically validated networks, Tumminello et al. 2011). It does not look at timing.",
    ),
)
"""The comparison nulls; none of them decides."""


def chance_section(context: Context) -> Markup:
    """Everything needed to judge the figures."""
    gathered = context.gathered
    return el(
        "section",
        el("h2", "How sure, and why"),
        el("h3", "The question"),
        el("p", _question(gathered)),
        el("h3", "What it is compared with"),
        [el("p", text) for text in _null(gathered)],
        window_choice(context),
        el("h3", "What the figures mean"),
        el(
            "dl",
            el("div", el("dt", "p"), el("dd", P_MEANS)),
            el("div", el("dt", "q"), el("dd", Q_MEANS)),
            el("div", el("dt", "Not meant"), el("dd", NEITHER)),
            class_="facts wide",
        ),
        el("h3", "The family of tests"),
        _family(gathered),
        whole_data(context),
        el("h3", "Where a finding disappears"),
        _sensitivity(gathered),
        el("h3", "Other nulls, beside the test"),
        el("p", "Their p-values stand with each pair for comparison. They do not decide."),
        el(
            "dl",
            [el("div", el("dt", name), el("dd", text)) for name, text in BESIDE],
            class_="facts wide",
        ),
        id="chance",
    )


def _question(gathered: Gathered) -> str:
    return (
        f"Two accounts share some of the same {kinds_in_words(gathered)}. On how many of them were "
        "they at the same moment, and on how many would they have been if each had been free to "
        "act at any moment of the same stretch of time?"
    )


def _null(gathered: Gathered) -> list[str]:
    deltas = listed([span(value) for value in gathered.deltas_s]) or "Δ"
    return [
        "The null is interval jitter (conditional inference as for spike trains: Amarasingham et "
        f"al. 2012, Platkiewicz et al. 2017). Time is cut into stretches of length Δ ({deltas}). "
        "Which stretch each share falls in is taken as given: so everything slower than Δ, such as "
        "habits, time zones, a shared audience and the news of the hour, is already part of the "
        "comparison and cannot make a pair stand out. Only the position inside the stretch is "
        "taken to be independent between accounts.",
        "For each object that both shared, this gives the chance that they coincide. The number "
        "of coincidences over all their objects is then compared with its exact distribution "
        "(Poisson-binomial). A common stimulus to which all react faster than Δ stays "
        "undecidable.",
    ]


def _family(gathered: Gathered) -> list[Markup]:
    family = gathered.part("family")
    members = [row for row in family.get("members") or [] if isinstance(row, dict)]
    least = family.get("c0") or family.get("min_common") or gathered.min_shared
    parts: list[Markup] = [
        el(
            "p",
            "Whoever asks often enough finds something. So the family of tests does not depend on "
            f"who coincided: it holds every pair of accounts with at least {least} common objects "
            "that the comparison leaves free to coincide, over all kinds, windows and Δ together. "
            "Pairs that coincide on fewer enter with p = 1. The threshold is set over the whole "
            "family (Benjamini and Hochberg 1995).",
        ),
        facts(
            [
                ("Possible tests", _whole(family.get("tests"))),
                ("Counted", family.get("how")),
                ("Threshold on q", figure(gathered.fdr)),
            ]
        ),
    ]
    if members:
        parts.append(
            table(
                "The family by kind and window",
                [
                    ("Kind", False),
                    ("Window", True),
                    ("Pairs at risk", True),
                    ("Counted", False),
                    ("Pairs with common objects at any time", True),
                ],
                [
                    (
                        row.get("kind", ""),
                        span(float(row.get("window_s", 0))),
                        _whole(row.get("pairs_at_risk")) or "–",
                        row.get("how", ""),
                        _whole(row.get("pairs_with_common_objects")) or "–",
                    )
                    for row in members
                ],
            )
        )
    return parts


def _whole(value: Any) -> str | None:
    return count(value) if isinstance(value, int | float) else None


def _sensitivity(gathered: Gathered) -> list[Markup]:
    rows = gathered.tested
    if not rows:
        return [el("p", "No pair of accounts came near enough to be tested.")]
    return [
        _side_by_side(rows),
        el(
            "p",
            f"{_where_nothing(gathered)} A pair is reported on the narrowest Δ of its window "
            f"({listed([span(value) for value in _narrowest(rows)])}). A wider Δ is the "
            "weaker null: it holds less of the common rhythm fixed. What passes only at the wider "
            "one may be a habit and not an agreement."
            + (
                " Windows are told apart here and tested together: the threshold holds over all "
                "of them."
                if len(gathered.windows_s) > 1
                else ""
            ),
        ),
    ]


def _side_by_side(rows: list[dict[str, Any]]) -> Markup:
    """One row for each kind and window, its Δ beside each other from narrow to wide."""
    settings: dict[tuple[str, float], list[dict[str, Any]]] = {}
    for row in rows:
        settings.setdefault((row["kind"], row["window_s"]), []).append(row)
    most = max(len(own) for own in settings.values())
    columns: list[tuple[Any, bool]] = [
        ("Kind", False),
        ("Window", True),
        ("Candidate pairs", True),
    ]
    for place in range(most):
        columns += [(_delta_heading(place, most), True), ("Pass", True), ("Smallest q", True)]
    body = []
    for (kind, window_s), own in settings.items():
        cells = [kind, span(window_s), count(own[0]["passes_count"])]
        for row in own:
            cells += [span(row["delta_s"]), count(row["passes_sum"]), chance(row["q_value_min"])]
        body.append(cells + ["–"] * (3 * (most - len(own))))
    return table("Pairs that pass, by kind, window and Δ", columns, body)


def _delta_heading(place: int, most: int) -> str:
    if most == 1:
        return "Δ"
    return "Narrow Δ" if place == 0 else "Wider Δ" if most == 2 else f"Wider Δ ({place})"


def _narrowest(rows: list[dict[str, Any]]) -> list[float]:
    """The Δ that decides in each window."""
    least: dict[float, float] = {}
    for row in rows:
        window_s = row["window_s"]
        least[window_s] = min(row["delta_s"], least.get(window_s, row["delta_s"]))
    return sorted(set(least.values()))


def _where_nothing(gathered: Gathered) -> str:
    """Where nothing passes, and where nothing came near enough to be asked."""
    rows = gathered.tested
    gone = [row for row in rows if not row["passes_sum"]]
    if len(gone) == len(rows):
        said = "Nothing passes in any of them."
    elif not gone:
        said = "Something passes in each of them."
    else:
        names = [
            f"{row['kind']} at {span(row['window_s'])} with Δ {span(row['delta_s'])}"
            for row in gone
        ]
        said = f"Nothing passes for {listed(names)}."
    asked = {(row["kind"], row["window_s"]) for row in rows}
    members = [row for row in gathered.part("family").get("members") or [] if "kind" in row]
    silent = [
        f"{row['kind']} at {span(row['window_s'])}"
        for row in members
        if (row["kind"], row["window_s"]) not in asked
    ]
    if silent:
        said += f" No pair coincided often enough to be a candidate for {listed(silent)}."
    return said
