"""How a column writes its times: found from a sample, read by the engine for every row.

A form is a list of strptime formats (or a unit of Unix time), whether the values carry a zone,
and the resolution that the writing allows. Day-first and month-first dates are told apart by
the sample; where it cannot tell, the user must (``--time-format``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assay.errors import InputError, UsageError
from assay.text.time_tidying import tidied
from assay.text.zone_names import ZONE_OFFSETS, with_offset, without_letters, zone_letters

Epoch = Literal["s", "ms", "us", "ns"]
EPOCH_UNITS: dict[Epoch, float] = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Times before it are taken for mistakes: there were no posts."""
DAY_S = 86400.0
LATEST_MARGIN_S = 2 * 86400
"""A clock may run ahead of ours by so much; later times are taken for mistakes."""

_ISO = re.compile(
    r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?"
    r"(?: UTC|Z|z|[+-]\d\d(?::\d\d)?)?)?$"
)
ISO_ZONE = r"(?:Z|z| UTC|[T ]\d\d:\d\d[0-9:.]*[+-]\d\d(?::\d\d)?)$"
"""An ISO time that ends like this says its zone."""
_ISO_ZONE = re.compile(ISO_ZONE)
_NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?(?:[eE][+]?\d+)?$")
_OFFSET_BEHIND = re.compile(r" [+-]\d\d:?\d\d$")


@dataclass(frozen=True)
class _Layout:
    formats: tuple[str, ...]
    zoned: bool
    resolution_s: float
    day_order: str = ""


_ZONED_LAYOUTS: tuple[_Layout, ...] = (
    _Layout(("%a %b %d %H:%M:%S %z %Y",), True, 1.0),  # Twitter API v1
    _Layout(("%a, %d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M:%S %z"), True, 1.0),  # RFC 5322
    _Layout(("%Y-%m-%d %H:%M %z", "%Y-%m-%dT%H:%M %z"), True, 60.0),
    _Layout(  # ISO 8601 with an offset without colon, or after a blank
        tuple(
            f"%Y-%m-%d{between}%H:%M:%S{part}{blank}%z"
            for between in "T "
            for part in ("", ".%f")
            for blank in ("", " ")
        ),
        True,
        1e-6,
    ),
)
"""Ways of writing a time with its zone."""
_LOCAL_LAYOUTS: tuple[_Layout, ...] = (
    _Layout(("%a %b %d %H:%M:%S %Y", "%b %d %H:%M:%S %Y"), False, 1.0),  # C's ctime
    *(
        _Layout(tuple(f"{date} {clock}".strip() for date in dates), False, resolution_s, order)
        # Two-digit years come first: DuckDB's %Y would read "17" as the year 17.
        for order, dates in (
            ("month", ("%m/%d/%y", "%m/%d/%Y")),
            ("day", ("%d/%m/%y", "%d/%m/%Y")),
            ("", ("%d.%m.%y", "%d.%m.%Y")),
            ("month", ("%m-%d-%Y",)),
            ("day", ("%d-%m-%Y",)),
            ("", ("%Y/%m/%d", "%Y-%m-%d", "%Y.%m.%d")),
            ("", ("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y")),
            ("", ("%d %b %Y", "%d %B %Y")),
            ("", ("%d-%b-%y", "%d-%b-%Y")),
        )
        for clock, resolution_s in (
            ("%H:%M:%S", 1.0),
            ("%I:%M:%S %p", 1.0),
            ("%I:%M:%S%p", 1.0),
            ("%H:%M", 60.0),
            ("%I:%M %p", 60.0),
            ("%I:%M%p", 60.0),
            ("", 86400.0),
        )
    ),
)
_OFFSET_LAYOUTS = _ZONED_LAYOUTS + tuple(
    replace(layout, formats=tuple(f"{form} %z" for form in layout.formats), zoned=True)
    for layout in _LOCAL_LAYOUTS
    if layout.resolution_s < DAY_S
)
"""The same with an offset behind."""


@dataclass(frozen=True)
class TimeForm:
    """How one column writes its times.

    Attributes:
        kind: ``iso``, ``epoch``, ``formats`` (strptime) or ``typed`` (the file types them).
        formats: strptime formats to try in order, for ``formats``.
        epoch: Unit of Unix time, for ``epoch``.
        zoned: The values say their zone (or are Unix times, which have none to say).
        resolution_s: The finest step seen in the sample, in seconds.
        letters: Zones are told by letters behind the time: read as their ``offset``, or ``cut``
            away because they have several meanings.
        tidy: The rest reads a time only as :func:`assay.text.time_tidying.tidied` leaves it.
    """

    kind: Literal["iso", "epoch", "formats", "typed"]
    zoned: bool
    resolution_s: float
    formats: tuple[str, ...] = field(default=())
    epoch: Epoch | None = None
    letters: Literal["", "offset", "cut"] = ""
    tidy: bool = False

    def bare(self, written: str) -> str:
        """A time as the rest of the form reads it."""
        written = tidied(written) if self.tidy else written
        if self.letters == "offset":
            return with_offset(written)
        return without_letters(written) if self.letters == "cut" else written


def find_time_form(values: Sequence[str], *, given_format: str | None = None) -> TimeForm | None:
    """The form that reads most of a sample (at least half), or None.

    Raises:
        InputError: Day and month cannot be told apart.
    """
    sample = [value.strip() for value in values if value and value.strip()]
    if not sample:
        return None
    if given_format:
        times = _parse_all(sample, (given_format,))
        zoned = "%z" in given_format
        return TimeForm("formats", zoned, resolution_of(times), (given_format,))
    as_written = _form_of(sample)
    if as_written is not None:
        return as_written
    form = _form_of([tidied(value) for value in sample])
    return form and replace(form, tidy=True)


def _form_of(sample: Sequence[str]) -> TimeForm | None:
    """The form of times of which nothing is to be tidied."""
    need = max(1, math.ceil(len(sample) / 2))
    iso = [value for value in sample if _ISO.match(value)]
    zones = [letters for value in sample if (letters := zone_letters(value))]
    if len(zones) >= need and (set(zones) != {"UTC"} or len(iso) < need):
        known = sum(1 for letters in zones if letters in ZONE_OFFSETS)
        return _lettered_form(sample, cut=2 * known <= len(zones))
    if sum(1 for value in sample if _NUMBER.match(value)) >= need:
        return _epoch_form(sample, need)
    if len(iso) >= need:
        zoned = sum(1 for value in sample if _ISO_ZONE.search(value)) >= need
        written_s = min(_written_step_s(value) for value in iso)
        return TimeForm("iso", zoned, max(resolution_of(_iso_all(sample)), written_s))
    return _layout_form(sample, need)


def resolution_of(times: Sequence[datetime]) -> float:
    """The coarsest of day, minute, second, millisecond, microsecond that fits every time.

    A handful of times proves no lattice: below twenty, a second is assumed unless finer.
    """
    if any(time.microsecond % 1000 for time in times):
        return 1e-6
    if any(time.microsecond for time in times):
        return 1e-3
    if len(times) < 20 or any(time.second for time in times):
        return 1.0
    if any(time.minute or time.hour for time in times):
        return 60.0
    return 86400.0


def check_zone(zone: str) -> str:
    """The name of a time zone, checked against the zone database.

    Raises:
        UsageError: No such zone.
    """
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"{zone!r} is no time zone", fix="write UTC or a name such as Europe/Berlin"
        ) from error
    return zone


def _lettered_form(sample: Sequence[str], *, cut: bool) -> TimeForm | None:
    """The form of times with the letters of a zone behind them; of those that it is to read."""
    own = [value for value in sample if (zone_letters(value) in ZONE_OFFSETS) is not cut]
    form = _form_of([without_letters(value) if cut else with_offset(value) for value in own])
    return form and replace(form, letters="cut" if cut else "offset")


def _epoch_form(sample: Sequence[str], need: int) -> TimeForm | None:
    numbers = [float(value) for value in sample if _NUMBER.match(value)]
    low, high = EARLIEST.timestamp(), datetime(2100, 1, 1, tzinfo=UTC).timestamp()
    for unit, size in EPOCH_UNITS.items():
        seconds = [number / size for number in numbers if low <= number / size <= high]
        if len(seconds) >= need:
            times = [datetime.fromtimestamp(round(value, 6), UTC) for value in seconds]
            return TimeForm("epoch", True, resolution_of(times), epoch=unit)
    return None


def _layout_form(sample: Sequence[str], need: int) -> TimeForm | None:
    scored: list[tuple[int, _Layout, list[datetime]]] = []
    offsets = sum(1 for value in sample if _OFFSET_BEHIND.search(value)) >= need
    for layout in _OFFSET_LAYOUTS if offsets else (*_ZONED_LAYOUTS, *_LOCAL_LAYOUTS):
        times = _parse_all(sample, layout.formats)
        if len(times) >= need:
            scored.append((len(times), layout, times))
    if not scored:
        return None
    best = max(count for count, _, _ in scored)
    leaders = [entry for entry in scored if entry[0] == best]
    if len({entry[1].day_order for entry in leaders}) > 1:
        raise InputError(
            f"times such as {sample[0]!r} do not say which number is the day",
            fix="say it with --time-format, for example --time-format '%d/%m/%Y %H:%M'",
        )
    _, layout, times = leaders[0]
    seen = resolution_of(times)
    found = seen if layout.resolution_s < 1 else max(layout.resolution_s, seen)
    return TimeForm("formats", layout.zoned, found, layout.formats)


def _parse_all(sample: Sequence[str], formats: Sequence[str]) -> list[datetime]:
    parsed = (_parse_one(value, formats) for value in sample)
    return [time for time in parsed if time is not None]


def _parse_one(value: str, formats: Sequence[str]) -> datetime | None:
    for form in formats:
        try:
            return datetime.strptime(value, form)
        except ValueError:
            continue
    return None


def _written_step_s(iso: str) -> float:
    """How coarse an ISO time is written: a day, a minute, or 0 for anything finer."""
    if len(iso) == len("2020-01-01"):
        return DAY_S
    return 0.0 if iso[16:17] == ":" else 60.0


def _iso_all(sample: Sequence[str]) -> list[datetime]:
    times = []
    for value in sample:
        try:
            times.append(datetime.fromisoformat(value.replace(",", ".").replace(" UTC", "Z")))
        except ValueError:
            continue
    return times


def reads_time(form: TimeForm, value: str) -> bool:
    """Whether one value is a time in this form."""
    value = form.bare(value.strip())
    if form.kind == "formats":
        return _parse_one(value, form.formats) is not None
    if form.kind == "epoch":
        return _NUMBER.match(value) is not None and _epoch_form([value], 1) is not None
    return _ISO.match(value) is not None
