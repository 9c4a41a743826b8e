"""Words too ordinary to be read as a name wherever they stand: our own short list."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def ordinary_words() -> frozenset[str]:
    """The words of ``ordinary_words.txt``, folded as names are.

    Lower layers know no folding, so the file holds the words folded already; a test checks it.
    """
    text = files("assay.lexicon").joinpath("ordinary_words.txt").read_text(encoding="utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )
