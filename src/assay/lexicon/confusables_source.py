"""Makes ``confusables.tsv``: what looks like Latin letters or digits, from the standard's own list.

    python -m assay.lexicon.confusables_source SOURCE

SOURCE is ``confusables.txt`` of UTS #39 (unicode.org/Public/security), or ``confusables.json`` of
the package confusable-homoglyphs 3.3.1, which holds the same list. A character is kept when it lies
beyond ASCII, is not folded by NFKD anyway, and one or two ASCII letters or digits are among its
confusables, small letters first. To these come Latin letters with a mark that NFKD keeps (ł, đ, ɓ),
by their Unicode names, and a short list of our own: small Cyrillic letters that are drawn as Latin
capitals, and what registered homographs use. Unicode License V3; see ``confusables.LICENSE``.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

HEAD = """\
# Characters that look like Latin letters or digits: code point, what it looks like (small letters).
# Made by `python -m assay.lexicon.confusables_source SOURCE` from
# {source},
# the names of Latin letters with marks (Unicode {unicode}), and additions told in that module.
# Unicode License V3: see confusables.LICENSE.
"""
OWN = {
    "п": "n", "к": "k", "т": "t", "м": "m", "н": "h", "в": "b", "ҳ": "x", "ҽ": "e", "þ": "p",
    "ŋ": "n", "ɔ": "c", "ɵ": "o", "ε": "e", "κ": "k", "τ": "t", "η": "n", "μ": "u", "ß": "b",
    "ա": "w", "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "ք": "p",
}  # fmt: skip
"""Drawn alike in common typefaces; not in the standard's list, which compares some of them as
capitals only."""
_LATIN = re.compile(
    r"LATIN (?:(?:SMALL|CAPITAL) LETTER|LETTER SMALL CAPITAL|SMALL LETTER BARRED) "
    r"([A-Z])(?: WITH .+)?$"
)
_LETTERS = re.compile(r"[A-Za-z0-9]{1,2}")


def read_source(text: str) -> dict[str, list[str]]:
    """Characters and what each may be taken for, from either form of the list.

    Raises:
        ValueError: It is neither.
    """
    if text.lstrip().startswith("{"):
        raw = json.loads(text)
        return {one: [other["c"] for other in others] for one, others in raw.items()}
    found: dict[str, list[str]] = {}
    for line in text.lstrip("\ufeff").splitlines():
        fields = line.split("#")[0].split(";")
        if len(fields) >= 2:
            one, other = (
                "".join(chr(int(code, 16)) for code in field.split()) for field in fields[:2]
            )
            found.setdefault(one, []).append(other)
    if not found:
        raise ValueError("it lists no characters")
    return found


def lookalike_table(source: dict[str, list[str]]) -> dict[str, str]:
    """Each character with the small letters or digits that it looks like."""
    found = dict(_of_source(source))
    for code in range(0x80, 0x2C80):
        one = chr(code)
        named = _LATIN.match(unicodedata.name(one, ""))
        if named and _stays(one):
            found.setdefault(one, named[1].lower())
    return dict(sorted({**found, **OWN}.items()))


def _of_source(source: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for one, others in source.items():
        if len(one) == 1 and not one.isascii() and _stays(one):
            fitting = [other for other in others if _LETTERS.fullmatch(other)]
            if fitting:
                yield one, min(fitting, key=_small_letters_first).lower()


def _small_letters_first(letters: str) -> tuple[bool, bool, int, str]:
    return (not letters.islower(), not letters.isalpha(), len(letters), letters)


def _stays(one: str) -> bool:
    return unicodedata.normalize("NFKD", one) == one


def write_table(source: Path, to: Path) -> int:
    """Write the table; returns how many characters it has."""
    table = lookalike_table(read_source(source.read_text("utf-8-sig")))
    named = "confusables.txt of UTS #39"
    if source.suffix == ".json":
        named = "the package confusable-homoglyphs 3.3.1 (the list of UTS #39)"
    head = HEAD.format(source=named, unicode=unicodedata.unidata_version)
    lines = [f"{ord(one):04X}\t{letters}\n" for one, letters in table.items()]
    to.write_text(head + "".join(lines), encoding="utf-8")
    return len(table)


def main(words: Sequence[str] | None = None) -> None:
    """Write the table beside this module.

    Args:
        words: Of the command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(
        prog="python -m assay.lexicon.confusables_source",
        description="Make confusables.tsv of the standard's list of what looks alike.",
    )
    parser.add_argument("source", type=Path, help="confusables.txt or confusables.json")
    source = parser.parse_args(words).source
    try:
        write_table(source, Path(__file__).with_name("confusables.tsv"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        parser.error(f"{source} cannot be read as a list of what looks alike: {error}")


if __name__ == "__main__":
    main()
