"""One key for a name in any of the scripts that are read: “Чирпнет” and “Chirpnet” are one."""

from __future__ import annotations

import unicodedata

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ"
_LATIN = "a|b|v|g|d|e|e|zh|z|i|i|k|l|m|n|o|p|r|s|t|u|f|kh|ts|ch|sh|sh||y||e|u|a|i|i|e|g"
_CYRILLIC = dict(zip(_LETTERS, _LATIN.split("|"), strict=True))


def name_key(name: str) -> str:
    """A rough Latin form without marks, case or spaces, for comparing names of platforms."""
    latin = "".join(_CYRILLIC.get(letter, letter) for letter in name.casefold())
    plain = unicodedata.normalize("NFKD", latin)
    return "".join(letter for letter in plain if letter.isalnum())
