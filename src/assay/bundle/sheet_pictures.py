"""The sheet's two drawings: when the account shared beside the others, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

from assay.bundle.contest import Contested
from assay.bundle.leave_out import Without
from assay.bundle.own_objects import OwnObject
from assay.report.markup import Markup, el
from assay.report.words import span

WIDTH = 640
ROW = 16
LEFT = 150
MOST_ROWS = 60
LONGEST_LABEL = 22


def meetings_picture(objects: Sequence[OwnObject], window_s: float) -> Markup:
    """A row for each object: the account's share in the middle, the others' before and after.

    Args:
        objects: Those with a co-timed meeting, in the order of time.
        window_s: The window; the axis reaches so far to both sides.
    """
    shown = list(objects)[:MOST_ROWS]
    height = ROW * len(shown) + 46
    middle = LEFT + (WIDTH - LEFT) / 2
    scale = (WIDTH - LEFT - 24) / 2 / window_s
    parts = [el("line", x1=middle, x2=middle, y1=4, y2=height - 34, class_="axis")]
    for number, thing in enumerate(shown):
        y = ROW * number + 14
        parts.append(el("line", x1=LEFT, x2=WIDTH - 4, y1=y, y2=y, class_="rule"))
        parts.append(el("text", _short(thing.id), x=LEFT - 8, y=y + 3.5, class_="label"))
        for meeting in thing.meetings:
            if meeting.co_timed:
                offset_s = (meeting.other_at - meeting.own_at).total_seconds()
                x = round(middle + offset_s * scale, 1)
                parts.append(el("circle", cx=x, cy=y, r=3.2, class_="other"))
        parts.append(el("circle", cx=middle, cy=y, r=3.8, class_="own"))
    y = height - 18
    for place, label, anchor in (
        (LEFT + 12, f"{span(window_s)} before", "start"),
        (middle, "this account", "middle"),
        (WIDTH - 12, f"{span(window_s)} after", "end"),
    ):
        parts.append(el("text", label, x=place, y=y, text_anchor=anchor, class_="axis-label"))
    more = len(objects) - len(shown)
    caption = (
        "Each row is one object. The dark dot is this account; each light dot is another account "
        "of the group, so many seconds before or after it."
    )
    if more:
        caption += f" {more:,} further objects are in evidence.csv."
    return _figure(parts, (WIDTH, height), caption, "Times of the other accounts beside this one")


def without_picture(one: Contested) -> Markup:
    """Columns: how many pairs of the account are left without each thing."""
    groups = [
        (title, [w for w in one.without if w.thing.what == what])
        for what, title in (
            ("object", "without one object"),
            ("post", "without one own post"),
            ("account", "without one other account"),
        )
    ]
    groups = [(title, rows) for title, rows in groups if rows]
    full = max(one.recomputed.partners, 1)
    parts: list[Markup] = []
    high, y0 = 96.0, 116.0
    width = (WIDTH - 30) / max(len(groups), 1)
    for number, (title, rows) in enumerate(groups):
        left = 30 + number * width
        parts += _columns(rows, (left, width - 18), (y0, high / full))
        parts.append(el("text", title, x=left, y=y0 + 18, class_="axis-label"))
        parts.append(
            el("line", x1=left, x2=left + width - 18, y1=y0 - high, y2=y0 - high, class_="full")
        )
        parts.append(el("line", x1=left, x2=left + width - 18, y1=y0, y2=y0, class_="axis"))
    parts.append(el("text", str(one.recomputed.partners), x=24, y=y0 - high + 4, class_="label"))
    parts.append(el("text", "0", x=24, y=y0 + 4, class_="label"))
    caption = (
        "Each column is one detection made again without one thing; its height is the number of "
        "this account's pairs that still pass. The dashed line is their number with everything in."
    )
    return _figure(parts, (WIDTH, 142), caption, "Pairs left when one thing is left out")


def _columns(
    rows: list[Without], across: tuple[float, float], up: tuple[float, float]
) -> list[Markup]:
    left, width = across
    y0, scale = up
    step = width / len(rows)
    ordered = sorted(rows, key=lambda one: (one.standing.partners, one.thing.id))
    parts = []
    for number, one in enumerate(ordered):
        height = max(one.standing.partners * scale, 1.5)
        parts.append(
            el(
                "rect",
                x=round(left + number * step, 2),
                y=round(y0 - height, 2),
                width=round(max(min(step - 1, 26), 0.8), 2),
                height=round(height, 2),
                class_="gone" if one.standing.partners == 0 else "left",
            )
        )
    return parts


def _figure(parts: list[Markup], size: tuple[int, int], caption: str, label: str) -> Markup:
    return el(
        "figure",
        el(
            "svg",
            parts,
            viewBox=f"0 0 {size[0]} {size[1]}",
            role="img",
            aria_label=label,
            xmlns="http://www.w3.org/2000/svg",
        ),
        el("figcaption", caption),
    )


def _short(text: str) -> str:
    """The end of an object's id tells more than its beginning."""
    plain = text.rsplit("://", maxsplit=1)[-1]
    return plain if len(plain) <= LONGEST_LABEL else "…" + plain[-LONGEST_LABEL + 1 :]
