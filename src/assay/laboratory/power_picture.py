"""The power curve as SVG: share of planted accounts found, by size of the group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.laboratory.power_words import within
from assay.report.chart import FAINT, Chart
from assay.report.markup import Markup, el

Row = Mapping[str, Any]

WIDTH, HEIGHT = 720, 330
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 24, 62
APART = 13
"""Distance between curves at one size, so that their intervals can be told apart."""

COLOURS = ("#0b62a4", "#b4541a", "#4c7a1f", "#7a4fa3", "#8a6d00", "#5b6670")
"""One for each number of objects, in a file of its own; a page's style sheet has its own."""

MARKS = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "M-4.5 -4.5h9v9h-9z",
    "M0 -6L5.5 4.5H-5.5z",
    "M0 -6L6 0L0 6L-6 0z",
    "M-5.5 -4.5H5.5L0 6z",
    "M-6 -2h4v-4h4v4h4v4h-4v4h-4v-4h-4z",
)
"""A shape for each number of objects: colour alone tells nobody with other eyes."""


def describe(rows: Sequence[Row]) -> str:
    """What the drawing shows, in one sentence, for those who do not see it."""
    parts = [
        f"{row['found_share']:.0%} of groups of {row['size']} with {row['objects']} objects"
        for row in rows
    ]
    return f"Share of planted accounts found at {within(rows[0]['jitter_s'])}: " + ", ".join(parts)


def draw_power(rows: Sequence[Row], *, standalone: bool = False) -> Markup:
    """One curve for each number of objects.

    Args:
        rows: Rows of one jitter.
        standalone: Write it as a file of its own, with colours inside.
    """
    sizes = sorted({row["size"] for row in rows})
    counts = sorted({row["objects"] for row in rows})
    right, ground = WIDTH - RIGHT, HEIGHT - BOTTOM
    chart = Chart(WIDTH, HEIGHT, LEFT, right, TOP, ground, 14, standalone)
    step = (right - LEFT) / len(sizes)

    def across(size: int, series: int) -> float:
        middle = LEFT + (sizes.index(size) + 0.5) * step
        return middle + (series - (len(counts) - 1) / 2) * APART

    def up(share: float) -> float:
        return ground - share * (ground - TOP)

    series = [
        _series(
            [(across(row["size"], number), row) for row in rows if row["objects"] == objects],
            up,
            number,
            standalone=standalone,
        )
        for number, objects in enumerate(counts)
    ]
    return chart.picture(
        describe(rows),
        "timeline power",
        chart.line("".join(f"M{LEFT} {up(tick):.1f}H{right}" for tick in _TICKS), "grid", FAINT),
        chart.axes(),
        [chart.words(f"{tick:.0%}", LEFT - 8, up(tick) + 5, "end") for tick in _TICKS],
        [
            chart.words(str(size), LEFT + (place + 0.5) * step, ground + 24, "middle")
            for place, size in enumerate(sizes)
        ],
        chart.words("Accounts in the group", right, HEIGHT - 8, "end"),
        series,
    )


def legend(counts: Sequence[int], one: str, many: str) -> Markup:
    """Which mark stands for which number of objects."""
    return el(
        "ul",
        [
            el(
                "li",
                el("svg", el("path", d=MARKS[number % len(MARKS)], class_=f"mark s{number}"),
                   viewBox="-9 -9 18 18", class_=f"key s{number}", aria_hidden="true"),
                f"{objects} {one if objects == 1 else many}",
            )
            for number, objects in enumerate(counts)
        ],
        class_="legend",
    )  # fmt: skip


_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def _series(
    points: Sequence[tuple[float, Row]], up: Any, number: int, *, standalone: bool
) -> Markup:
    colour = COLOURS[number % len(COLOURS)] if standalone else None
    line = "L".join(f"{x:.1f} {up(row['found_share']):.1f}" for x, row in points)
    bars = "".join(f"M{x:.1f} {up(row['low']):.1f}V{up(row['high']):.1f}" for x, row in points)
    marks = [
        el(
            "path",
            el("title", f"{row['size']} accounts, {row['objects']} objects: "
               f"{row['found_share']:.0%} found ({row['low']:.0%} to {row['high']:.0%})"),
            d=MARKS[number % len(MARKS)],
            transform=f"translate({x:.1f} {up(row['found_share']):.1f})",
            class_="mark", fill=colour,
        )
        for x, row in points
    ]  # fmt: skip
    return el(
        "g",
        el("path", d=bars, class_="bar", fill="none", stroke=colour, stroke_opacity="0.55",
           stroke_width="2"),
        el("path", d=f"M{line}", class_="line", fill="none", stroke=colour, stroke_width="2"),
        marks,
        class_=f"s{number % len(COLOURS)}",
    )  # fmt: skip
