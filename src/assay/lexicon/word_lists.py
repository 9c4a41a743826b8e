"""Lists of words by name; see ``data/word_lists.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml


def word_list(name: str) -> frozenset[str]:
    """The words of a list; a list that does not exist is a mistake in the program."""
    return _lists()[name]


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    text = files("assay.lexicon").joinpath("data", "word_lists.yaml").read_text("utf-8")
    return {
        name: frozenset(str(word) for word in words) for name, words in yaml.safe_load(text).items()
    }
