"""The lines of the benchmark table, judged against their goals, and how they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.measure import Measured, NotMeasured


@dataclass(frozen=True)
class Goal:
    """What a figure must come to.

    Attributes:
        limit: In the unit of the figure.
        at_least: The figure must reach the limit; otherwise it must not exceed it.
    """

    limit: float
    at_least: bool = False

    def met_by(self, figure: float) -> bool:
        """Whether the figure is good enough."""
        return figure >= self.limit if self.at_least else figure <= self.limit


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes:
        row: The row of the benchmark that it belongs to, as ``--rows`` names it.
        what: What was measured.
        measured: CPU-seconds, wall time, peak memory; None for a line that only compares, or
            where nothing could be measured.
        figure: The figure that the goal is about; None if there is none.
        unit: What the figure is, such as ``x floor``.
        goal: None for context.
        note: Sizes, or why nothing was measured.
        failed: A command failed or was stopped at the time limit.
    """

    row: str
    what: str
    measured: Measured | None = None
    figure: float | None = None
    unit: str = ""
    goal: Goal | None = None
    note: str = ""
    failed: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None if there is none, or nothing to judge."""
        if self.failed:
            return False
        if self.goal is None or self.figure is None:
            return None
        return self.goal.met_by(self.figure)


def failed(row: str, what: str, error: NotMeasured) -> Line:
    """The line of a command that failed."""
    return Line(row, what, note=str(error), failed=True)


HEAD = ("what", "CPU-s", "wall s", "peak MB", "ratio or rate", "goal", "met", "note")
RIGHT = range(1, 4)


def cells(line: Line) -> tuple[str, ...]:
    """The line as the table shows it."""
    measured = ("", "", "")
    if line.measured is not None:
        one = line.measured
        measured = (f"{one.cpu_s:.2f}", f"{one.wall_s:.2f}", f"{one.peak_mb:,.0f}")
    figure = "" if line.figure is None else f"{short(line.figure)} {line.unit}".strip()
    goal = ""
    if line.goal is not None:
        goal = ("≥ " if line.goal.at_least else "≤ ") + short(line.goal.limit)
    met = {None: "", True: "yes", False: "NO"}[line.met]
    return (line.what, *measured, figure, goal, met, line.note)


def short(number: float) -> str:
    """Three significant digits, thousands with commas."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def as_text(head: Sequence[str], lines: Sequence[Line]) -> str:
    """Aligned columns."""
    rows = [HEAD, *(cells(line) for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEAD))]
    told = list(head)
    for row in rows:
        parts = [
            cell.rjust(width) if place in RIGHT else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        told.append("  ".join(parts).rstrip())
    return "\n".join(told)


def as_markdown(head: Sequence[str], lines: Sequence[Line]) -> str:
    """A table for the documentation."""
    rule = "|".join("---:" if place in RIGHT else "---" for place in range(len(HEAD)))
    told = [*(f"- {one}" for one in head), "", f"| {' | '.join(HEAD)} |", f"|{rule}|"]
    told += [f"| {' | '.join(cell.replace('|', '/') for cell in cells(line))} |" for line in lines]
    return "\n".join(told)


def as_json(line: Line) -> dict[str, Any]:
    """One line for machines."""
    return asdict(line) | {"met": line.met}
