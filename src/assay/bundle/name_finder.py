"""Finds names in texts at a cost that does not grow with the number of names.

Folded texts are laid end to end and looked at as a column of characters: a hash of the next few
characters at every place is looked up in a table of the names' beginnings. Only where that says
"perhaps" is anything compared. Long names, names with digits and names in scripts without blanks
are found anywhere; the others only as words of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.text.folding import BLANK, folded_words, is_unspaced, places_of

LONG = 8
"""Names of so many letters are found inside other words too."""
LONG_WITH_DIGITS = 5
LEAST = 3
LEAST_UNSPACED = 2
LEAST_DIGITS = 5
"""Shorter numbers are counts and years."""

_TABLE_BITS = 24
_SHIFT = np.uint64(64 - _TABLE_BITS)
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93,
     0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3, 0x589965CC75374CC3],
    np.uint64,
)  # fmt: skip
_END = "\x00"
_NEAR = 8
"""Characters looked at on both sides of a name: some of them may be invisible."""


@dataclass(frozen=True)
class Span:
    """Where a name stands in a text, and the name folded."""

    start: int
    end: int
    name: str


def window_of(name: str) -> tuple[int, bool] | None:
    """How a folded name is looked for.

    Returns:
        How many of its first characters are hashed, and whether it must be a word of its own;
        None if it is too short to be looked for.
    """
    if any(is_unspaced(ord(one)) for one in name):
        return (LEAST_UNSPACED, False) if len(name) >= LEAST_UNSPACED else None
    digits = sum(map(str.isdigit, name))
    if digits == len(name):
        return (min(len(name), LONG), True) if digits >= LEAST_DIGITS else None
    if len(name) >= LONG:
        return LONG, False
    if digits and len(name) >= LONG_WITH_DIGITS:
        return LONG_WITH_DIGITS, False
    return (len(name), True) if len(name) >= LEAST else None


class NameFinder:
    """Finds a fixed set of names.

    Args:
        names: Folded names; those too short to be looked for are passed over.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._lengths: dict[str, tuple[int, ...]] = {}
        self._known: set[str] = set()
        self._words: set[str] = set()
        begins: dict[tuple[int, bool], set[str]] = defaultdict(set)
        for name in names:
            window = window_of(name)
            if window is None:
                continue
            begin = name[: window[0]]
            begins[window].add(begin)
            (self._words if window[1] else self._known).add(name)
            lengths = self._lengths.get(begin, ())
            if len(name) not in lengths:
                self._lengths[begin] = tuple(sorted((*lengths, len(name)), reverse=True))
        self._tables = {window: _table(window[0], found) for window, found in begins.items()}

    def find(self, texts: Sequence[str]) -> Mapping[int, list[Span]]:
        """The names in each text that holds any, by its number; the longest where several begin."""
        words = _END.join(map(folded_words, texts)) + _END
        codes = np.frombuffer(words.encode("utf-32-le", "surrogatepass"), np.uint32)
        blank = codes == ord(BLANK)
        letters = codes[~blank]
        ends = np.flatnonzero(letters == 0)
        perhaps = self._perhaps(letters, blank, codes == 0)
        if not len(perhaps):
            return {}
        rows = np.searchsorted(ends, perhaps)
        starts = np.concatenate([[0], ends[:-1] + 1])
        found: dict[int, list[Span]] = {}
        edges = np.flatnonzero(np.diff(rows)) + 1
        for part in np.split(np.arange(len(rows)), edges):
            row = int(rows[part[0]])
            spans = self._verified(texts[row], (perhaps[part] - starts[row]).tolist())
            if spans:
                found[row] = spans
        return found

    def _perhaps(
        self,
        letters: npt.NDArray[np.uint32],
        blank: npt.NDArray[np.bool_],
        end: npt.NDArray[np.bool_],
    ) -> npt.NDArray[np.int64]:
        """Places among the letters where a name may begin, ascending."""
        border = blank | end
        begins_word = np.concatenate([[True], border[:-1]])[~blank]
        ends_word = np.concatenate([border[1:], [True]])[~blank]
        mark = np.zeros(len(letters), bool)
        running = np.zeros(len(letters), np.uint64)
        for size in range(1, LONG + 1):
            if size > len(letters):
                break
            count = len(letters) - size + 1
            running = running[:count] + (letters[size - 1 :] + np.uint64(1)) * _FACTORS[size - 1]
            slots = None
            for whole in (True, False):
                table = self._tables.get((size, whole))
                if table is None:
                    continue
                if slots is None:
                    slots = _slots(running)
                hit = table[slots]
                if whole:
                    hit = hit & begins_word[:count]
                    if size < LONG:
                        hit &= ends_word[size - 1 :]
                mark[:count] |= hit
        return np.flatnonzero(mark)

    def _verified(self, text: str, perhaps: list[int]) -> list[Span]:
        plain = folded_words(text).replace(BLANK, "")
        places: list[int] | None = None
        found: list[Span] = []
        behind = 0
        for place in perhaps:
            if place < behind:
                continue
            for end in self._ends(plain, place):
                places = places or places_of(text)
                span = Span(places[place], places[end - 1] + 1, plain[place:end])
                if self._stands_free(text, span):
                    found.append(span)
                    behind = end
                    break
        return found

    def _ends(self, plain: str, place: int) -> list[int]:
        """Where names that begin at a place end, the longest first."""
        lengths = {
            length
            for begin in range(LEAST_UNSPACED, LONG + 1)
            for length in self._lengths.get(plain[place : place + begin], ())
        }
        ends = [place + length for length in sorted(lengths, reverse=True)]
        return [
            end
            for end in ends
            if end <= len(plain)
            and (plain[place:end] in self._known or plain[place:end] in self._words)
        ]

    def _stands_free(self, text: str, span: Span) -> bool:
        """Words stand between borders, and so does a name written as several words."""
        written = text[span.start : span.end]
        if span.name in self._known and not any(map(str.isspace, written)):
            return True
        before = folded_words(text[max(0, span.start - _NEAR) : span.start])[-1:] or BLANK
        after = folded_words(text[span.end : span.end + _NEAR])[:1] or BLANK
        return before == BLANK and after == BLANK


def _table(size: int, begins: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Which hashes the beginnings of names have."""
    joined = "".join(begins).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(joined, np.uint32).reshape(-1, size).astype(np.uint64)
    running = ((codes + np.uint64(1)) * _FACTORS[:size]).sum(axis=1, dtype=np.uint64)
    table = np.zeros(1 << _TABLE_BITS, bool)
    table[_slots(running)] = True
    return table


def _slots(running: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    mixed = (running ^ (running >> np.uint64(29))) * _FACTORS[0]
    slots: npt.NDArray[np.int64] = (mixed >> _SHIFT).astype(np.int64)
    return slots
