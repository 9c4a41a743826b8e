"""One key for a name in any of the scripts that are read: “Чирпнет” and “Chirpnet” are one."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ"
_LATIN = "a|b|v|g|d|e|e|zh|z|i|i|k|l|m|n|o|p|r|s|t|u|f|kh|ts|ch|sh|sh||y||e|u|a|i|i|e|g"
_CYRILLIC = dict(zip(_LETTERS, _LATIN.split("|"), strict=True))


_SPELLINGS = (
    ("kh", "h"),
    ("ch", "h"),
    ("ck", "k"),
    ("sch", "sh"),
    ("w", "v"),
    ("c", "k"),
    ("y", "i"),
    ("j", "i"),
)


def spoken_key(name: str) -> str:
    """A rougher key, for names that came through another script: “Нордфрахт” and “Nordfracht”."""
    key = name_key(name)
    for written, read in _SPELLINGS:
        key = key.replace(written, read)
    return re.sub(r"(.)\1", r"\1", key)


def name_key(name: str) -> str:
    """A rough Latin form without marks, case or spaces, for comparing names of platforms."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in name.casefold())
    plain = unicodedata.normalize("NFKD", latin)
    return "".join(letter for letter in plain if letter.isalnum())
