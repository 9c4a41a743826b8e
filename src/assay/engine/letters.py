"""Which characters a text may hold to be taken apart byte by byte, and their small letters.

A character is common if neither NFKC nor lower case ever makes more of it than one other common
character, whatever stands beside it: then no rule of Unicode has to be asked again. The tables
are indexed by the last bytes of a character in UTF-8.
"""

from __future__ import annotations

from unicodedata import category, combining, normalize

import numpy as np
import numpy.typing as npt

FIRST_LEAD, LAST_LEAD = 0xC2, 0xD4
"""First bytes of U+0080 to U+053F: Latin, Greek, Cyrillic, Armenian capitals."""
SYMBOL_LEAD, EMOJI_LEAD, EMOJI_SECOND = 0xE2, 0xF0, 0x9F
"""First bytes of U+2000 to U+2FFF, and of U+1F000 to U+1FFFF."""


def _is_common(sign: str) -> bool:
    small = sign.lower()
    return (
        len(small) == 1
        and len(small.encode()) == len(sign.encode())
        and all(normalize("NFKC", one) == one for one in (sign, small))
        and small.lower() == small
        and not combining(sign)
        and category(sign)[0] != "M"
        and category(sign) not in ("Cn", "Cc", "Cs", "Co")
        and not sign.isspace()
    )


def _small_letters() -> npt.NDArray[np.uint16]:
    """Both bytes of the small letter of each common two-byte character; 0 for all others."""
    found = np.zeros((LAST_LEAD - FIRST_LEAD + 1) * 64, np.uint16)
    for place in range(len(found)):
        sign = chr(0x80 + place)
        if _is_common(sign):
            lead, last = sign.lower().encode()
            found[place] = lead << 8 | last
    return found


def _letters() -> npt.NDArray[np.bool_]:
    """Which two-byte characters are letters or digits."""
    count = (LAST_LEAD - FIRST_LEAD + 1) * 64
    return np.array([category(chr(0x80 + place))[0] in "LN" for place in range(count)])


def _symbols(first: int) -> npt.NDArray[np.bool_]:
    """Which of 4096 characters are common signs: marks and pictures, neither letters nor blanks."""
    signs = (chr(first + place) for place in range(4096))
    return np.array([category(sign)[0] in "PS" and _is_common(sign) for sign in signs])


SMALL = _small_letters()
LETTER = _letters()
SYMBOL = _symbols(0x2000)
EMOJI = _symbols(0x1F000)
