"""How the window was estimated, as a drawing: other choices of "fast" and what they would give."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from assay.report.chart import BLUE, FAINT, RUST, Chart
from assay.report.markup import Markup, el
from assay.report.words import figure, span

CHOSEN = 0.1
"""The share of objects counted as fast: the tenth of Giglietto et al. 2020."""

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 92, 24, 40, 62
_TICKS_S = (
    0.001, 0.01, 0.1, 1, 10, 60, 600, 3600, 21_600, 86_400, 604_800, 2_592_000, 31_536_000,
)  # fmt: skip
_TICKS_X = (0.1, 0.3, 0.5, 0.7, 0.9)


@dataclass(frozen=True)
class WindowCurve:
    """The estimate of ``--window auto``.

    Attributes:
        window_s: The window that was used.
        objects: Fast objects that it rests on.
        points: Share of objects counted as fast, and the window in s that it would give.
    """

    window_s: float
    objects: int
    points: tuple[tuple[float, float], ...]


def read_curve(run: dict[str, Any]) -> WindowCurve | None:
    """The estimate from ``run.json``; None if the window was given by hand."""
    told = run.get("window_auto")
    if not isinstance(told, dict):
        return None
    points = tuple(
        (float(share), float(interval_s))
        for share, interval_s in told.get("curve") or []
        if interval_s > 0
    )
    if len(points) < 2:
        return None
    return WindowCurve(float(told["window_s"]), int(told["objects"]), points)


def describe_curve(curve: WindowCurve) -> str:
    """What the drawing shows, in one sentence."""
    (low, least), (high, most) = curve.points[0], curve.points[-1]
    return (
        f"The window by the share of objects counted as fast: {span(least)} for the fastest "
        f"{percent(low)}, {span(most)} for the fastest {percent(high)}; the fastest "
        f"{percent(CHOSEN)} gave {span(curve.window_s)}."
    )


def percent(share: float) -> str:
    """``10 %``."""
    return f"{figure(share * 100)} %"


def draw_curve(curve: WindowCurve, *, standalone: bool = False) -> Markup:
    """The curve as SVG, seconds on a logarithmic scale, the choice marked.

    Args:
        curve: What to draw.
        standalone: Write it as a file of its own, with colours inside; otherwise the page's
            style sheet colours it.
    """
    low_s, high_s = _range_s(curve)
    right, ground = WIDTH - RIGHT, HEIGHT - BOTTOM
    chart = Chart(WIDTH, HEIGHT, LEFT, right, TOP, ground, 13, standalone)

    def across(share: float) -> float:
        return LEFT + share * (right - LEFT)

    def up(seconds: float) -> float:
        part = math.log(seconds / low_s) / math.log(high_s / low_s)
        return ground - part * (ground - TOP)

    line = "L".join(f"{across(share):.1f} {up(value):.1f}" for share, value in curve.points)
    ticks = [tick for tick in _TICKS_S if low_s <= tick <= high_s]
    x, y = across(CHOSEN), up(curve.window_s)
    # The curve rises to the right, so the words stand below it, on the right of the mark.
    words_y = min(y + 30, ground - 12)
    return chart.picture(
        describe_curve(curve),
        "timeline curve",
        chart.line("".join(f"M{LEFT} {up(tick):.1f}H{right}" for tick in ticks), "grid", FAINT),
        chart.axes("".join(f"M{across(share):.1f} {ground}v5" for share in _TICKS_X)),
        chart.line(f"M{x:.1f} {TOP}V{ground}", "chosen", RUST, stroke_dasharray="4 4"),
        chart.line(f"M{line}", "line", BLUE, stroke_width="2"),
        el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r="5", class_="near", fill=chart.own(RUST)),
        [chart.words(span(tick), LEFT - 8, up(tick) + 4, "end") for tick in ticks],
        [chart.words(percent(share), across(share), ground + 24, "middle") for share in _TICKS_X],
        chart.words("Window (logarithmic scale)", 4, 20, "start"),
        chart.words("Share of objects counted as fast", right, HEIGHT - 8, "end"),
        chart.words(f"chosen: {percent(CHOSEN)}, {span(curve.window_s)}", x + 12, words_y, "start"),
    )


def _range_s(curve: WindowCurve) -> tuple[float, float]:
    """From the tick below the smallest value to the one above the largest."""
    values = [curve.window_s, *(value for _, value in curve.points)]
    below = [tick for tick in _TICKS_S if tick < min(values)]
    above = [tick for tick in _TICKS_S if tick > max(values)]
    return (below[-1] if below else min(values) / 2), (above[0] if above else max(values) * 2)
