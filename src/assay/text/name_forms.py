"""Names in comparable forms, many at a time.

Names are joined by line ends and folded as one text: the interpreter's own loops do the work, not
one call per name. Two forms are made. The *plain* form keeps letters and digits, small, without
accents, blanks and invisible characters. The *coarse* form also makes alike what looks alike:
letters of other scripts (UTS #39), digits written for letters, ``rn`` for ``m``, and ``i`` for
``l``, so that it does not matter whether case was folded before or after a lookalike was put in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from assay.lexicon.impersonation import lookalikes

MOST_CHARACTERS = 280
"""Of a name longer than that the first so many characters are compared."""

_LINE = "\n"
_LEET = str.maketrans(
    {
        "0": "o", "1": "l", "2": "z", "3": "e", "4": "a", "5": "s", "6": "b", "7": "t", "8": "b",
        "9": "g", "i": "l", "q": "g", "u": "v",
    }
)  # fmt: skip
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class _Table(dict[int, str]):
    """A folding of single characters, worked out once for each."""

    def __init__(self, *, lookalike: bool, between: str) -> None:
        super().__init__({10: _LINE})
        self._lookalike = lookalike
        self._between = between

    def __missing__(self, code: int) -> str:
        self[code] = result = "".join(
            self._one(part) for part in unicodedata.normalize("NFKD", chr(code))
        )
        return result

    def _one(self, one: str) -> str:
        known = lookalikes()
        if self._lookalike and not one.isascii() and one in known:
            return known[one]
        small = unicodedata.normalize("NFKD", one.casefold())
        return "".join(self._letter(part) for part in small)

    def _letter(self, one: str) -> str:
        known = lookalikes()
        if self._lookalike and not one.isascii() and one in known:
            return known[one]
        category = unicodedata.category(one)
        if category[0] in "LN":
            return one
        return "" if category in {"Mn", "Me", "Cf"} else self._between


_PLAIN = _Table(lookalike=False, between="")
_WORDS = _Table(lookalike=False, between=" ")
_SIGNS = {ord("$"): "s", ord("@"): "a", ord("!"): "l", ord("|"): "l", ord("€"): "e"}
_COARSE = _Table(lookalike=True, between="")
_COARSE.update(_SIGNS)
_LOOKS = _Table(lookalike=True, between=" ")
_LOOKS.update(_SIGNS)


def joined(names: Sequence[str | None]) -> str:
    """Names as one text, one a line; line ends inside a name become blanks, long ones are cut."""
    if not names:
        return ""
    text = _LINE.join([(name or "")[:MOST_CHARACTERS] for name in names])
    if text.count(_LINE) != len(names) - 1:
        text = _LINE.join([(name or "")[:MOST_CHARACTERS].replace(_LINE, " ") for name in names])
    return _LINE + text + _LINE


def split(text: str) -> list[str]:
    """The lines of a text that :func:`joined` made."""
    return text[1:-1].split(_LINE) if text else []


def plain(text: str) -> str:
    """Small letters and digits of every line; no lookalike is replaced."""
    return text.translate(_PLAIN)


def words(text: str) -> str:
    """As :func:`plain` with blanks between words, also where a capital begins one."""
    return re.sub(" +", " ", _WORD_STARTS.sub(" ", text).translate(_WORDS))


def coarse(text: str) -> str:
    """What looks alike made alike, line by line."""
    return _merged(text.translate(_COARSE))


def _merged(text: str) -> str:
    text = text.translate(_LEET)
    for pair, one in _PAIRS:
        text = text.replace(pair, one)
    return text


def look_of(code: int) -> str:
    """What one character looks like: coarse letters, a blank where it parts words."""
    return _LOOKS[code].translate(_LEET)


def odd_characters(name: str) -> list[str]:
    """Characters that look like Latin letters but are not, and invisible ones, named for people."""
    found = []
    latin = any("a" <= one.lower() <= "z" for one in name)
    for one in name:
        code = f"U+{ord(one):04X} {unicodedata.name(one, 'without a name')}"
        if unicodedata.category(one) == "Cf" and one not in "\u200d\ufe0f":
            found.append(f"invisible {code}")
        elif latin and not one.isascii() and one.isalpha() and one in lookalikes():
            found.append(f"{one} {code}")
    return found
