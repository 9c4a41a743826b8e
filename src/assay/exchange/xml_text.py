"""Text as XML 1.0 allows it: hostile characters must not break a file or join two accounts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (production 2, Char) does not allow, not even as a character reference."""

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def allowed(text: str) -> str:
    """The text with U+FFFD for what XML forbids; nothing is escaped yet."""
    return _ILLEGAL.sub("\ufffd", text)


def attribute(text: str) -> str:
    """A quoted attribute value; what XML forbids becomes U+FFFD.

    Tabs and line breaks become character references, so that a parser returns them unchanged.
    """
    return quoteattr(allowed(text))


def identifier(text: str) -> str:
    r"""A quoted attribute value that differs whenever the text differs.

    A forbidden character becomes ``\uXXXX`` and a backslash two, so no two accounts become one.
    """
    safe = _ILLEGAL.sub(lambda found: f"\\u{ord(found.group()):04x}", text.replace("\\", "\\\\"))
    return quoteattr(safe)


def content(text: str) -> str:
    """Text between tags; what XML forbids becomes U+FFFD."""
    safe = allowed(text).replace("&", "&amp;").replace("<", "&lt;")
    return safe.replace(">", "&gt;").replace("\r", "&#13;")


def lexical(value: str | int | float) -> str:
    """A value in the lexical form of XML Schema: ``INF``, ``NaN``, shortest decimal for floats."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("INF" if value > 0 else "-INF")
    return value if isinstance(value, str) else repr(value)


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """Write text piece by piece, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(DECLARATION)
        stream.writelines(pieces)
    unfinished.replace(path)
