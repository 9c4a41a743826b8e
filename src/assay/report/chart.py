"""The frame of a chart: part of a page, whose style sheet colours it, or a file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.report.markup import Markup, el

INK = "#5b6670"
"""Axes and words."""

FAINT = "#d9dee3"
"""Lines of the grid."""

BLUE, RUST = "#0b62a4", "#b4541a"


@dataclass(frozen=True)
class Chart:
    """Where a chart's parts lie, in pixels.

    Attributes:
        width: Of the whole.
        height: Of the whole.
        left: Where the vertical axis stands.
        right: Where the horizontal axis ends.
        top: Where the vertical axis begins.
        ground: Where the horizontal axis lies.
        text_px: Size of the words.
        standalone: Whether it is written as a file of its own, with its colours inside.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    ground: int
    text_px: int
    standalone: bool

    def own(self, colour: str) -> str | None:
        """The colour in a file of its own; in a page the style sheet chooses."""
        return colour if self.standalone else None

    def words(self, text: str, x: float, y: float, anchor: str) -> Markup:
        """Words that begin, end or have their middle at a place."""
        return el(
            "text",
            text,
            x=f"{x:.1f}",
            y=f"{y:.1f}",
            text_anchor=anchor,
            class_="tick",
            fill=self.own(INK),
            font_size=self.text_px,
            font_family="DejaVu Sans, sans-serif",
        )

    def line(self, path: str, class_: str, colour: str, **more: Any) -> Markup:
        """A line of a class, in its colour."""
        return el("path", d=path, class_=class_, fill="none", stroke=self.own(colour), **more)

    def axes(self, ticks: str = "") -> Markup:
        """Both axes, with ticks that the caller has put into a path."""
        path = f"M{self.left} {self.top}V{self.ground}H{self.right}{ticks}"
        return self.line(path, "axis", INK)

    def picture(self, said: str, class_: str, *children: Any) -> Markup:
        """The chart around its parts.

        Args:
            said: What it shows, in a sentence, for those who do not see it.
            class_: What the page's style sheet knows it by.
            children: Its parts, from the back to the front.
        """
        alone = self.standalone
        return el(
            "svg",
            el("title", said),
            el("rect", width="100%", height="100%", fill="#ffffff") if alone else None,
            children,
            xmlns="http://www.w3.org/2000/svg" if alone else None,
            viewBox=f"0 0 {self.width} {self.height}",
            width=self.width if alone else None,
            height=self.height if alone else None,
            role="img",
            aria_label=said,
            class_=None if alone else class_,
        )
