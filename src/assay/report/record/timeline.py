"""When measures were taken and demands made: a picture that scales, with a list that says it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from assay.report.markup import Markup, el
from assay.report.record.event_section import (
    event_anchor,
    event_date,
    event_title,
    tellings_of,
)
from assay.report.record.view import RecordView
from assay.report.record.words import plural, split_names

WIDTH = 900
NAME_WIDTH = 170
LANE = 26
MOST_LANES = 24
"""Platforms with a line of their own; the rest share the last one."""

_OTHERS = "others"


@dataclass(frozen=True)
class Moment:
    """An event in time.

    Attributes:
        lane: The platform it is drawn with.
        first: First day that it may have been.
        last: Last day.
        anchor: Where it stands on the page.
        title: What it is.
    """

    lane: str
    first: date
    last: date
    anchor: str
    title: str


def days_of(text: str) -> tuple[date, date] | None:
    """First and last day of an ISO date, month or year; None for anything else."""
    pieces = text[:10].split("-")
    try:
        year = int(pieces[0])
        if len(pieces) == 1:
            return date(year, 1, 1), date(year, 12, 31)
        month = int(pieces[1])
        if len(pieces) == 2:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        day = date(year, month, int(pieces[2]))
    except ValueError:
        return None
    return day, day


def timeline_section(record: RecordView) -> Markup | None:
    """The picture; None where no event has a date."""
    moments, undated = _moments(record)
    if not moments:
        return None
    parts = [el("h2", "Timeline"), el("p", _told(moments, undated))]
    parts.append(
        el(
            "div",
            _drawing(moments),
            class_="scroll timeline",
            tabindex="0",
            role="region",
            aria_label="Timeline; every dot is listed under Events with its date",
        )
    )
    return el("section", parts, id="timeline")


def _told(moments: list[Moment], undated: int) -> str:
    first, last = min(one.first for one in moments), max(one.last for one in moments)
    text = (
        f"{plural(len(moments), 'event')} from {first.isoformat()} to {last.isoformat()}, a line "
        "for each platform; a bar where only the month or year is known."
    )
    return text + (f" {plural(undated, 'event')} without a date." if undated else "")


def _moments(record: RecordView) -> tuple[list[Moment], int]:
    found: list[tuple[str, date, date, str, str]] = []
    undated = 0
    for event in record.events:
        when, _ = event_date(record, event)
        days = days_of(when) if when else None
        if days is None:
            undated += 1
            continue
        tellings = tellings_of(record, event)
        names = [name for _, row in tellings for name in split_names(row["platform"])]
        names = list(dict.fromkeys(names)) or ["platform not named"]
        day = (when or "")[:10]
        title = f"{day}: {event_title(record, event)}"
        found += [(name, *days, event_anchor(event), title) for name in names]
    busiest: dict[str, int] = {}
    for name, *_ in found:
        busiest[name] = busiest.get(name, 0) + 1
    lanes = sorted(busiest, key=lambda name: (-busiest[name], name))[:MOST_LANES]
    moments = [
        Moment(name if name in lanes else _OTHERS, first, last, anchor, title)
        for name, first, last, anchor, title in found
    ]
    return moments, undated


def _drawing(moments: list[Moment]) -> Markup:
    names = list(dict.fromkeys(sorted(one.lane for one in moments if one.lane != _OTHERS)))
    if any(one.lane == _OTHERS for one in moments):
        names.append(_OTHERS)
    first, last = min(one.first for one in moments), max(one.last for one in moments)
    days = max((last - first).days, 1)
    room = WIDTH - NAME_WIDTH - 24

    def x_of(day: date) -> float:
        return round(NAME_WIDTH + 12 + room * (day - first).days / days, 1)

    height = LANE * len(names) + 34
    shapes: list[Markup] = []
    ticks = _ticks(first, last)
    yearly = len(ticks) > 1 and all((day.month, day.day) == (1, 1) for day in ticks)
    for day in ticks:
        x = x_of(day)
        label = str(day.year) if yearly else day.isoformat()[: 10 if days <= 62 else 7]
        shapes.append(el("line", x1=x, x2=x, y1=4, y2=height - 26, class_="tick"))
        shapes.append(el("text", label, x=x, y=height - 8, class_="tick-name"))
    for lane, name in enumerate(names):
        y = LANE * lane + 18
        shapes.append(el("line", x1=NAME_WIDTH, x2=WIDTH - 6, y1=y, y2=y, class_="lane"))
        shown = name if len(name) < 24 else name[:22] + "…"
        shapes.append(el("text", shown, x=NAME_WIDTH - 10, y=y + 4, class_="lane-name"))
        stacked: dict[float, int] = {}
        for one in (one for one in moments if one.lane == name):
            shapes.append(_shape(one, (x_of(one.first), x_of(one.last)), y, stacked))
    return el(
        "svg",
        shapes,
        viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH,
        height=height,
        role="img",
        aria_label="Events by day and platform",
    )


def _shape(one: Moment, ends: tuple[float, float], y: int, stacked: dict[float, int]) -> Markup:
    title = el("title", one.title)
    if one.first == one.last:
        # Events of one day stand beside each other, up and down by turns.
        place = stacked.get(ends[0], 0)
        stacked[ends[0]] = place + 1
        shift = (place + 1) // 2 * 5 * (-1 if place % 2 else 1) if place < 5 else 0
        dot = el("circle", cx=ends[0], cy=y + shift, r=5.5)
    else:
        dot = el("rect", x=ends[0], y=y - 4, width=max(ends[1] - ends[0], 6), height=8, rx=4)
    return el("a", title, dot, href=f"#{one.anchor}", aria_label=one.title)


def _ticks(first: date, last: date) -> list[date]:
    """Some five to ten days to letter the axis with, equally far apart."""
    days = max((last - first).days, 1)
    if days <= 62:
        step = max(days // 6, 1)
        return [date.fromordinal(first.toordinal() + k) for k in range(0, days + 1, step)][:8]
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next(size for size in (1, 2, 3, 12, 24, 60, 120, 600, 6000) if months / size <= 10)
    if step >= 12:
        years = step // 12
        start = first.year + 1
        return [date(year, 1, 1) for year in range(start, last.year + 1, years)] or [first]
    found = []
    for k in range(1, months + 1, step):
        month = first.month - 1 + k
        found.append(date(first.year + month // 12, month % 12 + 1, 1))
    return [day for day in found if day <= last]
