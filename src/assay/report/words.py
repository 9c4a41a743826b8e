"""Figures, times and chances in plain words; the fixed sentences that every report uses."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

P_MEANS = "p is how often timing at least this close would arise under the stated null."
Q_MEANS = "q is the expected share of false results among all reported at this threshold."
NEITHER = "Neither is the probability that these accounts are innocent."

NOT_SAID = (
    (
        "Synchronous does not mean inauthentic.",
        "Acting at the same moment does not make an account fake, automated or paid. People with "
        "a common feed, a shared audience or a group chat act together too.",
    ),
    (
        "Nothing here says who is behind an account.",
        "Timing carries no trace of a person, an organisation or a country.",
    ),
    (
        "Nothing here judges what was said.",
        "Opinion, criticism, volume and stance are not used as evidence.",
    ),
    (
        "A very fast common stimulus stays undecidable.",
        "If all accounts react to one alert faster than Δ, their timing looks the same as an "
        "agreement. The figures cannot tell the two apart.",
    ),
)
"""What a report never says: heading and explanation."""

OPENLY_AFFILIATED = (
    "Accounts of this group openly declare that they belong together; the sentence above says how "
    "many. That they act together is then what they say they do, as with a publisher's own feeds. "
    "It stands here for completeness and is no sign of anything concealed."
)
"""What a card says of a group whose accounts declare one publisher or affiliation."""

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def count(number: float | int | None) -> str:
    """A whole number with commas; a dash for none."""
    return "–" if number is None else f"{int(number):,}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 account``, ``2 accounts``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def figure(value: float | None) -> str:
    """Three significant digits: ``0.0412``, ``3·10⁻⁹``; a dash for none."""
    if value is None or not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e6:
        short = f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
        return short
    mantissa, exponent = f"{value:.1e}".split("e")
    power = str(int(exponent)).translate(_SUPERSCRIPT)
    lead = mantissa.removesuffix(".0")
    return f"{lead}·10{power}"


def chance(value: float | None) -> str:
    """A p or a q: as :func:`figure`, and a value too small for a float is not called zero."""
    return "< 10⁻³⁰⁰" if value == 0 else figure(value)


def one_in(share: float) -> str:
    """A small share as a count: ``5 in 100``, ``fewer than 1 in a billion``."""
    if share >= 0.01:
        return f"{figure(share * 100)} in 100"
    for size, name in ((1e3, "1,000"), (1e4, "10,000"), (1e6, "a million"), (1e9, "a billion")):
        if share * size >= 0.95:
            return f"{share * size:.0f} in {name}"
    return "fewer than 1 in a billion"


def moment(at_us: int | None, *, resolution_s: float | None = 1.0) -> str:
    """A time in UTC to the second, finer only where the data are finer."""
    if at_us is None:
        return "–"
    at = _EPOCH + timedelta(microseconds=int(at_us))
    text = at.strftime("%Y-%m-%d %H:%M:%S")
    if resolution_s is not None and resolution_s < 1 and at.microsecond:
        text += f".{at.microsecond:06d}".rstrip("0")
    return text


def day(at_us: int) -> str:
    """The date in UTC."""
    return (_EPOCH + timedelta(microseconds=int(at_us))).strftime("%Y-%m-%d")


def span(seconds: float) -> str:
    """A duration for reading: ``60 s``, ``10 min``, ``2 h``, ``20 days``."""
    for unit, size_s in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size_s or (
            unit != "days" and seconds >= size_s and seconds % size_s == 0
        ):
            if unit == "min" and seconds <= 120:
                break
            return f"{seconds / size_s:.3g} {unit}"
    return f"{seconds:.3g} s"


def listed(words: list[str], conjunction: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def parse_moment_us(value: object) -> int | None:
    """A time from ``run.json`` (ISO text or microseconds) in microseconds; None if unreadable."""
    if isinstance(value, int | float):
        return int(value)
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return round((at - _EPOCH) / timedelta(microseconds=1))
