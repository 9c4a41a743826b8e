"""Human forms of durations, sizes and counts, read and written (``60s``, ``2GB``)."""

from __future__ import annotations

import re
from decimal import Decimal

from assay.errors import UsageError

_NUMBER_AND_UNIT = r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*"
_DURATION_S = {
    "us": Decimal("0.000001"),
    "ms": Decimal("0.001"),
    "s": Decimal(1),
    "m": Decimal(60),
    "min": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86400),
    "w": Decimal(604800),
}
_SIZE_BYTES = {
    "b": 1,
    "kb": 10**3,
    "mb": 10**6,
    "gb": 10**9,
    "tb": 10**12,
    "kib": 2**10,
    "mib": 2**20,
    "gib": 2**30,
    "tib": 2**40,
}


def parse_duration_s(text: str, *, or_zero: bool = False) -> float:
    """Read ``60s``, ``2h``, ``1.5m``, ``500ms`` or a bare number of seconds.

    Args:
        text: What was written.
        or_zero: Whether ``0s`` is a duration too.

    Returns:
        The duration in seconds, positive or zero if that is allowed.

    Raises:
        UsageError: The text is no duration, or is not positive.
    """
    match = re.fullmatch(_NUMBER_AND_UNIT, text.lower())
    unit = match.group(2) or "s" if match else ""
    duration_s = None
    if match is not None and unit in _DURATION_S:
        duration_s = float(Decimal(match.group(1)) * _DURATION_S[unit])
    if duration_s is None or not (duration_s > 0 or (or_zero and duration_s == 0)):
        raise UsageError(
            f"{text!r} is no duration", fix="write a number with a unit: 60s, 10m, 2h, 1d"
        )
    return duration_s


def format_duration(seconds: float) -> str:
    """Write seconds the short way that :func:`parse_duration_s` reads back.

    >>> format_duration(7200), format_duration(90), format_duration(0.5)
    ('2h', '90s', '500ms')
    """
    for unit, size_s in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= size_s and seconds % size_s == 0 and not (unit == "m" and seconds < 600):
            return f"{int(seconds // size_s)}{unit}"
    exact = Decimal(repr(float(seconds)))
    if seconds < 1:
        return f"{(exact * 1000).normalize():f}ms"
    return f"{exact.normalize():f}s"


def parse_bytes(text: str) -> int:
    """Read ``2GB``, ``512 MiB`` or a bare number of bytes.

    Raises:
        UsageError: The text is no size, or is not positive.
    """
    match = re.fullmatch(_NUMBER_AND_UNIT, text.lower())
    unit = match.group(2) or "b" if match else ""
    count = 0
    if match is not None and unit in _SIZE_BYTES:
        count = int(Decimal(match.group(1)) * _SIZE_BYTES[unit])
    if count < 1:
        raise UsageError(f"{text!r} is no size", fix="write a number with a unit: 2GB, 512MiB")
    return count


def format_bytes(count: float) -> str:
    """Write a number of bytes with a decimal unit, in three significant digits.

    >>> format_bytes(2_500_000), format_bytes(999_999)
    ('2.5 MB', '1 MB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} TB" if count < 999.5 else f"{count:.0f} TB"
