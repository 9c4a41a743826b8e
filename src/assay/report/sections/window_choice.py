"""How ``--window auto`` chose the window: the rule, the curve, and the curve as a table."""

from __future__ import annotations

from assay.report.context import Context
from assay.report.markup import Markup, el, table
from assay.report.window_curve import (
    CHOSEN,
    describe_curve,
    draw_curve,
    percent,
    read_curve,
)
from assay.report.words import counted, span


def window_choice(context: Context) -> list[Markup]:
    """The choice explained; nothing where the window was given by hand."""
    curve = read_curve(context.gathered.run)
    if curve is None:
        return []
    return [
        el("h3", "How the window was chosen"),
        el(
            "p",
            f"The window of {span(curve.window_s)} was estimated from the data (Giglietto et al. "
            f"2020): of the objects whose second share came fastest, the quickest "
            f"{percent(CHOSEN)} ({counted(curve.objects, 'object')}), half had gathered half of "
            "their shares within it. It was chosen on one half of the objects, and only the other "
            "half was tested, for a window chosen on the tested data would make every p too small.",
        ),
        el("figure", draw_curve(curve), el("figcaption", describe_curve(curve))),
        el(
            "p",
            "Where the curve is steep at the mark, a slightly different rule gives a very "
            "different window: try others (such as ",
            el("code", "--window 10s,60s"),
            ") before resting anything on this one.",
        ),
        el(
            "details",
            el("summary", "The curve as a table"),
            table(
                "The window that other choices would have given",
                [("Objects counted as fast", False), ("Window", True)],
                [
                    (
                        percent(share) + (" (chosen)" if abs(share - CHOSEN) < 1e-9 else ""),
                        span(interval_s),
                    )
                    for share, interval_s in curve.points
                ],
            ),
            class_="fold",
        ),
    ]
