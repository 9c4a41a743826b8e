"""What each character counts as when names are compared: looked up once, then by array.

Two foldings. The *look* of a character is small Latin letters where it resembles any (UTS #39,
digits for letters, ``i`` as ``l``), the character itself without accents elsewhere. Its *sound* is
how it is written in Latin letters (AnyAscii). Texts are arrays of code points, so that machine code
folds them without a Python call per name.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from anyascii import anyascii

from assay.text.name_forms import look_of

CODE_POINTS = 0x110000
LINE_END = 10
FIRST_OTHER = 0x370
"""Where scripts begin that are not Latin (UCS: Greek and Coptic)."""
BREAK = 32
"""Stands where words are parted."""
LOWER, UPPER, DIGIT, OTHER_SCRIPT, OTHER_VOWELS = 1, 2, 4, 8, 16
"""Bits of a character's shape; ``OTHER_SCRIPT`` is a letter of no Latin alphabet, ``OTHER_VOWELS``
one of a script that leaves vowels out or puts others in."""
_OTHER_VOWELS = ("ARABIC", "HEBREW", "SYRIAC", "KATAKANA", "HIRAGANA", "HANGUL", "THAANA")
_SOUNDS = {
    "х": "h",
    "χ": "h",
    "ж": "zh",
    "ъ": "",
    "ь": "",
    "ʼ": "",
    "ع": "a",
    "ע": "a",
    "ו": "w",
    "و": "w",
}
"""Where AnyAscii's spelling is not how the letter is heard in names."""

Codes = npt.NDArray[np.uint32]


class Folds(NamedTuple):
    """Arrays by code point; ``begin`` and ``letters`` point into ``pool``.

    Attributes:
        begin: First letter of the folding, for look and sound.
        letters: Number of letters, for look and sound.
        pool: Letters as code points.
        shape: Bits of each character's shape.
    """

    begin: npt.NDArray[np.int32]
    letters: npt.NDArray[np.uint8]
    pool: Codes
    shape: npt.NDArray[np.uint8]


class Glyphs:
    """Foldings of all characters met so far."""

    def __init__(self) -> None:
        self._begin = np.zeros((2, CODE_POINTS), np.int32)
        self._count = np.zeros((2, CODE_POINTS), np.uint8)
        self._shape = np.zeros(CODE_POINTS, np.uint8)
        self._known = np.zeros(CODE_POINTS, np.bool_)
        self._known[LINE_END] = True
        self._pool: list[int] = []

    def folds(self, text: Codes) -> Folds:
        """The foldings, those of the text's characters among them."""
        new = np.unique(text[~self._known[text]])
        for code in new.tolist():
            self._learn(code)
        self._known[new] = True
        return Folds(self._begin, self._count, np.array(self._pool, np.uint32), self._shape)

    def _learn(self, code: int) -> None:
        for place, letters in enumerate((look_of(code), sound_spelling(code))):
            self._begin[place, code] = len(self._pool)
            self._count[place, code] = min(len(letters), 255)
            self._pool.extend(map(ord, letters[:255]))
        self._shape[code] = _shape(chr(code))


def sound_spelling(code: int) -> str:
    """A character in small Latin letters and digits, a blank where it parts words."""
    one = chr(code)
    known = _SOUNDS.get(one.lower())
    if known is not None:
        return known
    if unicodedata.category(one) in {"Mn", "Me", "Cf"}:
        return ""
    written = anyascii(one).lower()
    return "".join(part if part.isalnum() else " " for part in written if part not in "'`") or ""


def _shape(one: str) -> int:
    category = unicodedata.category(one)
    shape = {"Ll": LOWER, "Lu": UPPER, "Nd": DIGIT}.get(category, 0)
    if category[0] == "L" and ord(one) >= FIRST_OTHER and not _is_latin(one):
        shape |= OTHER_SCRIPT
        if unicodedata.name(one, "").startswith(_OTHER_VOWELS):
            shape |= OTHER_VOWELS
    return shape


def _is_latin(one: str) -> bool:
    plain = unicodedata.normalize("NFKD", one)[0]
    return plain.isascii() or "LATIN" in unicodedata.name(one, "")


@cache
def glyphs() -> Glyphs:
    """The foldings that all comparisons of a process share."""
    return Glyphs()


def code_points(text: str) -> Codes:
    """A text as code points."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
