"""Names spelt every way and entered into one table; what :mod:`assay.identities.search` asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit
from assay.identities.concepts import FILLERS
from assay.identities.desk import Desk, Spellings, desk
from assay.identities.distance import letter_bits_of
from assay.identities.entries import entries, squeezed, windows
from assay.identities.glyphs import Codes, Folds, code_points, glyphs
from assay.identities.hashing import Hashes, HashTable, Numbers, hash_table, mixed, running
from assay.identities.search import AFFIX, FILLER, LEAST_WHOLE, LONGEST_AFFIX, bag_of, salt
from assay.identities.spelling import (
    BONES,
    LOOK,
    MERGED,
    MOST_LETTERS,
    SOUND,
    Shapes,
    line_begins,
    spell_all,
    spell_look,
)
from assay.lexicon.impersonation import impersonation_words
from assay.text.name_forms import joined, split

SOFT, HARD, HARD_SOFT = 4, 5, 6
WAYS = (LOOK, MERGED, SOUND, BONES, SOFT, HARD, HARD_SOFT)
"""How every name is spelt: spelling ``i`` of ``n`` names is in the way ``i // n``."""
_WRITTEN_AS = {
    SOFT: str.maketrans("wW", "uU"),
    HARD: str.maketrans("cC", "kK"),
    HARD_SOFT: str.maketrans("wWcC", "uUkK"),
}
"""Other alphabets write a w as a vowel or as a v; and a c, letter by letter, always as a k."""


@dataclass(frozen=True)
class Entry:
    """A name to be found.

    Attributes:
        written: The name.
        key: What it stands for.
        slips: Slips that are forgiven, two at most.
        inside: Whether it is looked for inside longer names.
        words: Whether its words are looked for in any order.
        doubled: Whether a letter doubled, or one of two left out, is forgiven even without slips.
    """

    written: str
    key: int
    slips: int = 2
    inside: bool = False
    words: bool = True
    doubled: bool = True


@dataclass(frozen=True)
class Keyring:
    """Spellings, and which key each stands for."""

    spellings: Spellings
    keys: Numbers

    @property
    def shapes(self) -> int:
        """The shapes of all characters together."""
        return int(np.bitwise_or.reduce(self.spellings.shapes, initial=0))


def lines_of(names: Sequence[str]) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Names as code points, each ended by a line end, and where each begins."""
    text = code_points(joined(names)[1:])
    return text, line_begins(text)


def looks_of(names: Sequence[str]) -> list[str]:
    """The look of each name."""
    letters, begin, _ = _spelt(names, LOOK)
    text = letters.tobytes().decode("utf-32-le", "surrogatepass")
    return [text[one:two] for one, two in zip(begin[:-1].tolist(), begin[1:].tolist(), strict=True)]


def _spelt(names: Sequence[str], way: int) -> tuple[Codes, npt.NDArray[np.int64], Shapes]:
    text, begins = lines_of(names)
    return spell_all(text, begins, glyphs().folds(text), way)


def make_keyring(listed: Sequence[Entry]) -> Keyring:
    """Spell and enter names."""
    written = [entry.written for entry in listed]
    keys = np.array([entry.key for entry in listed], np.int32)
    slips = np.array([entry.slips for entry in listed], np.int32)
    inside = np.array([entry.inside for entry in listed], np.bool_)
    doubled = np.array([entry.doubled for entry in listed], np.bool_)
    looks: list[tuple[Hashes, Numbers]] = []
    sounds: list[tuple[Hashes, Numbers]] = []
    letters, lengths, owners, foreigns = [], [], [], []
    places, base = [], 0
    text = joined(written)
    heard = [{one} for one in split(text)]
    for spelling in WAYS:
        way = LOOK if spelling == MERGED else SOUND if spelling in _WRITTEN_AS else spelling
        pieces = looks if way == LOOK else sounds
        told = _WRITTEN_AS.get(spelling)
        names = written if told is None else split(text.translate(told))
        spelt, begin, foreign = _spelt(names, spelling if told is None else SOUND)
        long_enough = np.diff(begin) >= LEAST_WHOLE[way]
        if told is not None:
            # Entered once where it is written no otherwise than in one of the ways before.
            for place, (one, known) in enumerate(zip(names, heard, strict=True)):
                long_enough[place] &= one not in known
                known.add(one)
        hashes, named = entries(spelt, begin, way, np.where(long_enough, slips, 0))
        kept = long_enough[named]
        pieces.append((hashes[kept], named[kept] + np.int32(base)))
        window = np.zeros(len(listed), np.int32)
        if way == LOOK:
            hashes, named, window = windows(spelt, begin, inside & long_enough)
            pieces.append((hashes, named + np.int32(base)))
            hashes, named = squeezed(spelt, begin, doubled)
            pieces.append((hashes, named + np.int32(base)))
        if spelling == LOOK:
            pieces += [_bags(listed, every) for every in (True, False)]
        letters.append(spelt)
        lengths.append(np.diff(begin))
        owners.append(keys)
        foreigns.append(foreign)
        places.append(window)
        base += len(listed)
    begin = np.concatenate([[0], np.cumsum(np.concatenate(lengths))]).astype(np.int64)
    every, table = np.concatenate(letters), _table(looks)
    spellings = Spellings(
        every, begin, np.concatenate(places), np.concatenate(foreigns),
        table, letter_bits_of(every, begin)[table.values], _table(sounds),
        affixes(),
    )  # fmt: skip
    return Keyring(spellings, np.concatenate(owners))


def _table(pieces: Sequence[tuple[Hashes, Numbers]]) -> HashTable:
    hashes = np.concatenate([piece for piece, _ in pieces])
    return hash_table(hashes, np.concatenate([named for _, named in pieces]))


def _bags(listed: Sequence[Entry], every: bool) -> tuple[Hashes, Numbers]:
    text, begins = lines_of([entry.written if entry.words else "" for entry in listed])
    names = len(begins) - 1
    bags, words = np.zeros(names, np.uint64), np.zeros(names, np.int64)
    told = (glyphs().folds(text), affixes(), every)
    _bag_all(text, begins, told, desk(), (bags, words))
    kept = np.flatnonzero(words >= 2)
    return bags[kept], kept.astype(np.int32)


@njit
def _bag_all(
    text: Codes,
    begins: npt.NDArray[np.int64],
    known: tuple[Folds, HashTable, bool],
    room: Desk,
    found: tuple[Hashes, npt.NDArray[np.int64]],
) -> None:
    folds, left_out, every = known
    bags, words = found
    for line in range(len(begins) - 1):
        count, _ = spell_look(text, begins[line], begins[line + 1] - 1, folds, room.room)
        running(room.room.raw, count, room.run)
        bags[line], words[line] = bag_of(room, count, every, left_out)


@cache
def affixes() -> HashTable:
    """Words that make a name no other body's, and words that say nothing."""
    pieces = []
    words = list(impersonation_words().affixes)
    for way in (LOOK, SOUND, BONES):
        spelt, begin, _ = _spelt(words, way)
        least = 2 if way == LOOK else 4
        fitting = (np.diff(begin) >= least) & (np.diff(begin) <= LONGEST_AFFIX)
        pieces.append(_hashes(spelt, begin, salt(way, AFFIX))[fitting])
    spelt, begin, _ = _spelt(sorted(FILLERS), LOOK)
    pieces.append(_hashes(spelt, begin, salt(LOOK, FILLER)))
    every = np.concatenate(pieces)
    return hash_table(every, np.zeros(len(every), np.int32))


def _hashes(letters: Codes, begin: npt.NDArray[np.int64], salted: int) -> Hashes:
    found, run = np.zeros(len(begin) - 1, np.uint64), np.zeros(MOST_LETTERS + 8, np.uint64)
    _hash_all(letters, begin, salted, found, run)
    return found


@njit
def _hash_all(
    letters: Codes, begin: npt.NDArray[np.int64], salted: int, found: Hashes, run: Hashes
) -> None:
    for place in range(len(begin) - 1):
        length = begin[place + 1] - begin[place]
        running(letters[begin[place] :], length, run)
        found[place] = mixed(run[length], salted)
