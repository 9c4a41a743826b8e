"""Lists of words by name; see ``data/word_lists.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from assay.lexicon.read_data import read_yaml


def word_list(name: str) -> frozenset[str]:
    """The words of a list; a list that does not exist is a mistake in the program."""
    return _lists()[name]


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {
        name: frozenset(str(word) for word in words)
        for name, words in read_yaml("data", "word_lists.yaml").items()
    }
