"""Numbers, spans of time and kinds in words, always the same way, true after rounding."""

from __future__ import annotations

import math

KIND_WORDS: dict[str, tuple[str, str]] = {
    "object": ("object", "objects"),
    "link": ("link", "links"),
    "domain": ("domain", "domains"),
    "hashtag": ("hashtag", "hashtags"),
    "mention": ("mention", "mentions"),
    "repost": ("reposted post", "reposted posts"),
    "reply": ("answered post", "answered posts"),
    "text": ("identical text", "identical texts"),
    "image": ("image", "images"),
}

_NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip
"""Written out up to twelve."""

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number and its noun: ``1 link``, ``1,200 links``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def things(by_kind: dict[str, int]) -> str:
    """What was shared: ``31 links and 1 hashtag``."""
    parts = [counted(number, *KIND_WORDS[kind]) for kind, number in sorted(by_kind.items())]
    return joined(parts)


def one_thing(by_kind: dict[str, int]) -> str:
    """What a single one of them is called: ``link``, or ``object`` where kinds are mixed."""
    return KIND_WORDS[next(iter(by_kind))][0] if len(by_kind) == 1 else "object"


def joined(parts: list[str], conjunction: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {conjunction} {parts[-1]}"


def span(seconds: float) -> str:
    """A span of time in words: ``ten minutes``, ``90 seconds``, ``hour``."""
    for size_s, unit in _UNITS:
        number = seconds / size_s
        if number == int(number) and (number >= 2 or (number == 1 and size_s != 60)):
            if number == 1:
                return unit
            word = _NUMBERS[int(number)] if number < len(_NUMBERS) else f"{int(number):,}"
            return f"{word} {unit}s"
    return f"{seconds:g} seconds"


def length(seconds: float) -> str:
    """A span by itself, not behind ``the same``: ``ten minutes``, ``an hour``, ``a second``."""
    told = span(seconds)
    return {"second": "a second", "hour": "an hour", "day": "a day"}.get(told, told)


def short_span(seconds: float) -> str:
    """A span of time with a unit: ``60 s``, ``10 min``, ``2 h``, ``0.5 s``."""
    for size_s, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size_s and seconds % size_s == 0 and (unit != "min" or seconds >= 300):
            return f"{seconds / size_s:g} {unit}"
    return f"{seconds:.3g} s" if seconds < 100 else f"{seconds:,.0f} s"


def at_most(q_value: float) -> str:
    """An upper bound of a q, rounded up to one digit: ``≤ 3·10⁻⁹``, ``≤ 0.04``."""
    if q_value < 1e-300:
        return "< 10⁻³⁰⁰"
    exponent = math.floor(math.log10(q_value))
    digit = math.ceil(round(q_value / 10.0**exponent, 9))
    if digit == 10:
        digit, exponent = 1, exponent + 1
    if exponent >= -3:
        return f"≤ {digit * 10.0**exponent:.{max(-exponent, 0)}f}"
    power = f"10{str(exponent).translate(_SUPERSCRIPTS)}"
    return f"≤ {power}" if digit == 1 else f"≤ {digit}·{power}"


def about(number: float) -> str:
    """An expected count: ``0.4``, ``12``, ``fewer than 0.01``."""
    if number < 0.01:
        return "fewer than 0.01"
    return f"{number:.2g}" if number < 9.95 else f"{number:,.0f}"


def share(part: int, whole: int) -> str:
    """A proportion in per cent; never 0 % or 100 % where it is not exactly so."""
    if whole == 0 or part in (0, whole):
        return "0 %" if part == 0 else "100 %"
    return f"{min(max(round(100 * part / whole), 1), 99)} %"
