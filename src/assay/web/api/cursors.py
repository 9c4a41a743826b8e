"""Cursors: where a page of a list ended, as one word that only this application makes."""

from __future__ import annotations

import base64
import binascii
import re

from assay.errors import UsageError

_PLACE = re.compile(r"([0-9T:.+\-]{10,32})~([0-9a-z-]{1,40})")


def to_cursor(place: tuple[str, str]) -> str:
    """The cursor of the page that begins behind this moment and id."""
    return base64.urlsafe_b64encode("~".join(place).encode()).decode().rstrip("=")


def from_cursor(cursor: str | None) -> tuple[str, str] | None:
    """The place that a cursor stands for.

    Raises:
        UsageError: It is none.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.b64decode(padded, b"-_", validate=True).decode("ascii")
    except (ValueError, binascii.Error) as error:
        raise UsageError("this is no cursor", fix="give what `next` said") from error
    found = _PLACE.fullmatch(text)
    if found is None:
        raise UsageError("this is no cursor", fix="give what `next` said")
    return found[1], found[2]
