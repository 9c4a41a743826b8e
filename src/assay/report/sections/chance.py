"""How sure, and why: the question, the null, the family, p and q, Δ side by side."""

from __future__ import annotations

from typing import Any

from assay.report.context import Context
from assay.report.gather import Gathered
from assay.report.markup import Markup, el, facts, table
from assay.report.sections.summary import kinds_in_words
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
    gone = [row for row in rows if not row["passes_sum"]]
    narrowest = min(gathered.deltas_s)
    note = (
        "Nothing passes in any of them."
        if len(gone) == len(rows)
        else "Something passes in each of them."
        if not gone
        else "Nothing passes for "
        + listed(
            [
                f"{row['kind']} at {span(row['window_s'])} with Δ {span(row['delta_s'])}"
                for row in gone
            ]
        )
        + "."
    )
    return [
        table(
            "Pairs that pass, by kind, window and Δ",
            [
                ("Kind", False),
                ("Window", True),
                ("Δ", True),
                ("Candidate pairs", True),
                ("Pass", True),
                ("Smallest q", True),
            ],
            [
                (
                    row["kind"],
                    span(row["window_s"]),
                    span(row["delta_s"]),
                    count(row["passes_count"]),
                    count(row["passes_sum"]),
                    chance(row["q_value_min"]),
                )
                for row in rows
            ],
        ),
        el(
            "p",
            f"{note} A pair is reported on the narrowest Δ ({span(narrowest)}). A wider Δ is the "
            "weaker null: it holds less of the common rhythm fixed. What passes only at the wider "
            "one may be a habit and not an agreement.",
        ),
    ]
