"""The pictures of a calibration as SVG that the page's style colours, light and dark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assay.report.markup import Markup, el

WIDTH, HEIGHT = 300, 230
LEFT, RIGHT, TOP, BOTTOM = 48, 10, 10, 40
SMALLEST = 1e-6
"""Smallest p-value that a picture shows."""


@dataclass(frozen=True)
class Series:
    """One line of a picture.

    Attributes:
        name: For the legend.
        colour: Number of its colour in the style sheet.
        points: (x, y).
        whiskers: (low, high) of each point; empty for none.
    """

    name: str
    colour: int
    points: Sequence[tuple[float, float]]
    whiskers: Sequence[tuple[float, float]] = ()


def draw_qq(title: str, series: Sequence[Series]) -> Markup:
    """Observed against nominal p-values on logarithmic scales; above the diagonal is too often."""
    ticks = [1.0, 1e-2, 1e-4, 1e-6]

    def across(nominal: float) -> float:
        return LEFT + _decades(nominal) * (WIDTH - LEFT - RIGHT)

    def up(observed: float) -> float:
        return HEIGHT - BOTTOM - _decades(observed) * (HEIGHT - TOP - BOTTOM)

    return _svg(
        title,
        _axes(
            [(across(tick), _power(tick)) for tick in ticks],
            [(up(tick), _power(tick)) for tick in ticks],
            ("nominal p", "observed share"),
        ),
        el("path", d=f"M{across(SMALLEST):.1f} {up(SMALLEST):.1f}L{across(1):.1f} {up(1):.1f}",
           class_="diagonal"),
        [_line(one, [(across(x), up(y)) for x, y in one.points if y > 0]) for one in series],
    )  # fmt: skip


def draw_power(title: str, series: Sequence[Series], sizes: Sequence[int]) -> Markup:
    """Share of a planted group's accounts that were found, by the group's size."""
    step = (WIDTH - LEFT - RIGHT) / len(sizes)
    spread = 9.0

    def across(size: float, place: int) -> float:
        shift = (place - (len(series) - 1) / 2) * spread
        return LEFT + (list(sizes).index(int(size)) + 0.5) * step + shift

    def up(share: float) -> float:
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    drawn = []
    for place, one in enumerate(series):
        spots = [(across(x, place), up(y)) for x, y in one.points]
        bars = "".join(
            f"M{x:.1f} {up(low):.1f}V{up(high):.1f}"
            for (x, _), (low, high) in zip(spots, one.whiskers, strict=True)
        )
        drawn += [el("path", d=bars, class_=f"whisker s{one.colour}"), _line(one, spots)]
    return _svg(
        title,
        _axes(
            [(LEFT + (place + 0.5) * step, str(size)) for place, size in enumerate(sizes)],
            [(up(share), f"{share:.0%}") for share in (0.0, 0.5, 1.0)],
            ("accounts in the group", "found"),
        ),
        drawn,
    )


def draw_false(
    title: str, rows: Sequence[tuple[str, Sequence[tuple[int, float]]]], most: float
) -> Markup:
    """False edges a run: one line per world, one dot per rule, on a logarithmic scale from 0.

    Args:
        title: What the picture shows.
        rows: Name of the world, and (colour, false edges a run) of each rule.
        most: The largest figure.
    """
    width, left, row_height, top = 720, 130, 24, 26
    height = top + row_height * len(rows) + 40
    decades = max(1.0, math.ceil(math.log10(max(most, 1.0) + 1)))

    def across(count: float) -> float:
        # log10(1 + n): nothing stands at 0.
        return left + math.log10(1 + count) / decades * (width - left - 20)

    ticks = [0.0, *(10.0**power for power in range(0, int(decades) + 1))]
    ground = height - 40
    drawn = [
        el("path", d="".join(f"M{across(t):.1f} {top - 8}V{ground}" for t in ticks), class_="grid"),
        [_words(f"{tick:,.0f}", across(tick), ground + 18, "middle") for tick in ticks],
        _words("false edges a run (logarithmic scale)", width - 20, height - 4, "end"),
    ]
    for place, (name, dots) in enumerate(rows):
        y = top + row_height * (place + 0.5)
        drawn.append(_words(name, left - 10, y + 4, "end"))
        # The gate last, so that it lies on top.
        for colour, count in sorted(dots, key=lambda dot: -dot[0]):
            drawn.append(el("circle", cx=f"{across(count):.1f}", cy=f"{y:.1f}",
                            r="6.5" if colour == 0 else "4.5",
                            class_=f"dot s{colour}"))  # fmt: skip
    return el("svg", el("title", title), drawn, viewBox=f"0 0 {width} {height}", role="img",
              aria_label=title, class_="wide")  # fmt: skip


def _svg(title: str, *children: object) -> Markup:
    return el("svg", el("title", title), children, viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img",
              aria_label=title)  # fmt: skip


def _axes(
    across: Sequence[tuple[float, str]], up: Sequence[tuple[float, str]], names: tuple[str, str]
) -> list[Markup]:
    ground, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    grid = "".join(f"M{LEFT} {y:.1f}H{right}" for y, _ in up)
    return [
        el("path", d=grid, class_="grid"),
        el("path", d=f"M{LEFT} {TOP}V{ground}H{right}", class_="axis"),
        *(_words(text, x, ground + 16, "middle") for x, text in across),
        *(_words(text, LEFT - 6, y + 4, "end") for y, text in up),
        _words(names[0], right, HEIGHT - 6, "end"),
        el("text", names[1], class_="tick", text_anchor="middle",
           transform=f"translate(11 {(TOP + ground) / 2:.0f}) rotate(-90)"),
    ]  # fmt: skip


def _line(one: Series, spots: Sequence[tuple[float, float]]) -> list[Markup]:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    return [
        el("path", d=f"M{path}", class_=f"line s{one.colour}") if path else Markup(""),
        *(
            el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="2.6", class_=f"dot s{one.colour}")
            for x, y in spots
        ),
    ]


def _decades(value: float) -> float:
    """Where a p-value lies between the smallest one (0) and 1 (1) on a logarithmic scale."""
    return max(0.0, 1 - math.log10(max(value, SMALLEST)) / math.log10(SMALLEST))


def _power(value: float) -> str:
    exponent = round(math.log10(value))
    return "1" if exponent == 0 else "10" + str(exponent).translate(_SUPERSCRIPT)


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _words(text: str, x: float, y: float, anchor: str) -> Markup:
    return el("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, class_="tick")
