"""The drawings as files of their own: SVG that we write ourselves, and PNG made from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.report.assets import font_file
from assay.report.findings import affiliated_communities
from assay.report.gather import Gathered
from assay.report.markup import Markup, el
from assay.report.timeline import Timeline, draw_timeline
from assay.report.window_curve import WindowCurve, draw_curve
from assay.report.words import counted

MOST_TIMELINES = 20
SIDE = 1200
MARGIN = 40
NETWORK_PIXELS = 1600
PALETTE_LIGHT = (
    "#0b62a4", "#b4541a", "#1b7f5c", "#8a3f8f", "#8c6d00",
    "#a3243b", "#2f7f93", "#5b5fc7", "#5f7d1e", "#7a5230",
)  # fmt: skip
PALETTE_DARK = (
    "#6db3f2", "#f0975a", "#5fd0a6", "#d493dc", "#e0c14b",
    "#f2808f", "#6fd0e3", "#a5a8f7", "#b3d46a", "#d1a57e",
)  # fmt: skip
REST_LIGHT, REST_DARK = "#6b7680", "#9aa5b1"


@dataclass(frozen=True)
class Palette:
    """The colour of each community: ten for the largest, one for the rest."""

    places: dict[int, int]

    def light(self, community: int) -> str:
        """Its colour on a light ground."""
        place = self.places.get(community, len(PALETTE_LIGHT))
        return PALETTE_LIGHT[place] if place < len(PALETTE_LIGHT) else REST_LIGHT


def make_palette(gathered: Gathered) -> Palette:
    """Number the communities by falling size, then by number."""
    numbers, sizes = np.unique(gathered.accounts.community, return_counts=True)
    order = np.lexsort((numbers, -sizes))
    return Palette({int(numbers[k]): place for place, k in enumerate(order.tolist())})


def draw_network(gathered: Gathered, positions: np.ndarray, palette: Palette) -> Markup:
    """The whole network as a file of its own: every kept pair and every account."""
    accounts, edges = gathered.accounts, gathered.edges
    # The drawing is as high as the layout needs, and always as wide as SIDE.
    reach = np.abs(positions).max(axis=0) if len(positions) else np.ones(2)
    scale = (SIDE / 2 - MARGIN) / max(float(reach.max()), 1e-9)
    height = round(max(float(reach[1]) * scale * 2, 240) + 2 * MARGIN)
    spots = positions * np.array([scale, -scale]) + np.array([SIDE / 2, height / 2])
    size = float(np.clip(90 / np.sqrt(max(len(accounts), 1)), 1.6, 9.0))
    opacity = float(np.clip(60 / np.sqrt(max(len(edges), 1)), 0.06, 0.6))
    # Within one community in its colour, between two in grey.
    inner = accounts.community[edges.a] == accounts.community[edges.b]
    drawn: list[Markup] = []
    for number in [None, *sorted(set(accounts.community.tolist()))]:
        chosen = ~inner if number is None else inner & (accounts.community[edges.a] == number)
        if chosen.any():
            drawn.append(
                el(
                    "path",
                    d=_lines(spots[edges.a[chosen]], spots[edges.b[chosen]]),
                    stroke=REST_LIGHT if number is None else palette.light(number),
                    stroke_opacity=f"{opacity:.3f}",
                    stroke_width="1",
                    fill="none",
                )
            )
    for (x, y), number in zip(spots.tolist(), accounts.community.tolist(), strict=True):
        drawn.append(
            el("circle", cx=f"{x:.1f}", cy=f"{y:.1f}", r=f"{size:.1f}",
               fill=palette.light(number), stroke="#ffffff", stroke_width="0.7")
        )  # fmt: skip
    drawn.extend(_labels(gathered, spots, palette))
    said = network_sentence(gathered)
    return el(
        "svg",
        el("title", said),
        el("rect", width=SIDE, height=height, fill="#ffffff"),
        drawn,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {SIDE} {height}",
        width=SIDE,
        height=height,
        role="img",
        aria_label=said,
    )


def network_sentence(gathered: Gathered) -> str:
    """What the drawing shows, in one sentence."""
    groups = len(set(gathered.accounts.community.tolist()))
    join = "joins the pair" if len(gathered.edges) == 1 else "join the pairs"
    return (
        f"Network of {counted(len(gathered.accounts), 'account')} in {counted(groups, 'group')}; "
        f"{counted(len(gathered.edges), 'line')} {join} that passed the test."
    )


def _lines(begin: np.ndarray, end: np.ndarray) -> str:
    return "".join(
        f"M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}"
        for (x, y), (u, v) in zip(begin.tolist(), end.tolist(), strict=True)
    )


def _labels(gathered: Gathered, spots: np.ndarray, palette: Palette) -> list[Markup]:
    """The name of each of the ten largest groups, above its accounts."""
    labels = []
    declared = affiliated_communities(gathered.findings)
    for number, place in palette.places.items():
        if place >= len(PALETTE_LIGHT):
            continue
        own = spots[gathered.accounts.community == number]
        said = " (openly affiliated)" if number in declared else ""
        x, y = float(np.median(own[:, 0])), float(own[:, 1].min()) - 12
        labels.append(
            el("text", f"Group {number}{said}", x=f"{x:.1f}", y=f"{max(y, 16):.1f}",
               text_anchor="middle", font_size="15", font_family="DejaVu Sans, sans-serif",
               fill="#1c2329", stroke="#ffffff", stroke_width="4", paint_order="stroke")
        )  # fmt: skip
    return labels


def png_of(svg: str, width: int) -> bytes:
    """The picture as PNG; the same bytes on every machine, for the font comes with the package."""
    import resvg_py

    font = font_file()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            skip_system_fonts=True,
            font_files=[str(font)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    )


def clear_pictures(folder: Path) -> None:
    """Take away what an earlier report left, so that no picture shows another result."""
    for pattern in ("network.*", "timeline-group-*.*", "window_curve.*"):
        for path in folder.glob(pattern):
            path.unlink()


def write_pictures(
    folder: Path,
    network: Markup | None,
    timelines: dict[int, Timeline],
    curve: WindowCurve | None,
) -> list[str]:
    """Write what there is to draw as SVG and PNG, and return the files' names.

    Args:
        folder: Where to; made only if there is something to write.
        network: The network; None when no pair passed.
        timelines: By community; the first :data:`MOST_TIMELINES` are written.
        curve: How the window was estimated, if it was.
    """
    drawings: dict[str, tuple[str, int]] = {}
    if network is not None:
        drawings["network"] = (str(network), NETWORK_PIXELS)
    if curve is not None:
        drawings["window_curve"] = (str(draw_curve(curve, standalone=True)), 1440)
    for number, timeline in list(timelines.items())[:MOST_TIMELINES]:
        drawing = draw_timeline(timeline, standalone=True)
        drawings[f"timeline-group-{number}"] = (str(drawing), 1440)
    if drawings:
        folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (svg, width) in drawings.items():
        (folder / f"{name}.svg").write_text(svg + "\n", encoding="utf-8")
        (folder / f"{name}.png").write_bytes(png_of(svg, width))
        written += [f"{name}.svg", f"{name}.png"]
    return written
