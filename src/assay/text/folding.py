"""Texts folded so that one name in different dress is the same string.

Case, accents, width and invisible characters do not count, letters of other scripts that look
like Latin ones count as these, and whatever is neither letter nor digit is a blank. With the
blanks gone, ``Zoë O'Neil``, ``zoe_oneil`` and ``ＺＯＥ－ΟNEIL`` are all ``zoeoneil``.
"""

from __future__ import annotations

import unicodedata

BLANK = " "
_LOOKALIKES = str.maketrans(
    "авеёкмнорстухѕіјһԁԛԝ" + "αβγεικνορτυχω" + "ıłøđħŧ",
    "abeekmhopctyxsijhdqw" + "abyeikvoptuxw" + "ilodht",
)
"""Cyrillic, Greek and altered Latin small letters beside the Latin letters that they resemble."""

_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Japanese syllabaries
    (0x3400, 0x9FFF),  # Chinese characters
    (0xAC00, 0xD7A3),  # Korean, whose particles are written together with the name
    (0x20000, 0x3FFFF),
)
"""Scripts that put no blanks between words, or not around names."""
_MARKS = ((0x0300, 0x036F), (0x0591, 0x05C7), (0x064B, 0x065F))
"""Accents, Hebrew points and Arabic vowel signs: written or left out at will."""


class _Folds(dict[int, str]):
    """The fold of each character, found once."""

    def __missing__(self, code: int) -> str:
        if is_unspaced(code):
            plain = chr(code)
        else:
            plain = unicodedata.normalize("NFKD", chr(code)).casefold()
            plain = unicodedata.normalize("NFKD", plain).translate(_LOOKALIKES)
        self[code] = result = "".join(map(_fold_one, plain))
        return result


def _fold_one(one: str) -> str:
    code, category = ord(one), unicodedata.category(one)
    if category == "Cf" or any(low <= code <= high for low, high in _MARKS):
        return ""
    return one if category[0] in "LNM" else BLANK


def is_unspaced(code: int) -> bool:
    """Whether a character belongs to a script without blanks between words."""
    return code >= _UNSPACED[0][0] and any(low <= code <= high for low, high in _UNSPACED)


_FOLDS = _Folds()


def folded_words(text: str) -> str:
    """The text folded, a blank for everything between words."""
    return text.translate(_FOLDS)


def folded(text: str) -> str:
    """The text folded: letters and digits alone."""
    return text.translate(_FOLDS).replace(BLANK, "")


def places_of(text: str) -> list[int]:
    """For each character of the folded text, the place in the text that it came from."""
    if text.isascii():
        # Each character folds to one, or to a blank.
        return [place for place, one in enumerate(folded_words(text)) if one != BLANK]
    return [place for place, one in enumerate(text) for part in _FOLDS[ord(one)] if part != BLANK]
