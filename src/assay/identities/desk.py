"""What a search works with: a register's spellings, and room for one name after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assay.identities.distance import Bits, Rows
from assay.identities.glyphs import Codes
from assay.identities.hashing import Hashes, HashTable, Numbers, powers
from assay.identities.spelling import MOST_LETTERS, Room, spelling_room

MOST_QUESTIONS = 1 << 14
"""Questions that one name may ask."""


class Spellings(NamedTuple):
    """A register's spellings, and the table that finds them.

    Attributes:
        letters: All letters.
        begin: First letter of each spelling, and one more.
        window: Where in each the letters stand by which it is looked for inside names.
        shapes: The shapes of its characters together.
        table: Hashes to spellings, by look.
        bits: For each value of ``table`` which letters that spelling has.
        sounds: Hashes to spellings, by sound and consonants.
        affixes: Hashes of words that make a name no other body's.
    """

    letters: Codes
    begin: npt.NDArray[np.int64]
    window: Numbers
    shapes: npt.NDArray[np.uint8]
    table: HashTable
    bits: Bits
    sounds: HashTable
    affixes: HashTable


class Questions(NamedTuple):
    """What is asked of the table for one name spelt one way.

    Attributes:
        hashes: Hashes.
        about: For each: where the letters begin and end, how they meet what is found, and how many
            slips are forgiven.
        open: Places of those that the table may answer.
    """

    hashes: Hashes
    about: npt.NDArray[np.int64]
    open: npt.NDArray[np.int64]


class Desk(NamedTuple):
    """What is worked with for one name after the other.

    Attributes:
        room: Where it is spelt.
        power: Powers of the base.
        run: Hashes of its beginnings.
        questions: What is asked.
        rows: Where words are aligned.
        cuts: Where a name may end and begin without what is around it.
    """

    room: Room
    power: Hashes
    run: Hashes
    questions: Questions
    rows: Rows
    cuts: npt.NDArray[np.int64]


def desk() -> Desk:
    """A desk."""
    size = MOST_LETTERS + 8
    about = np.zeros((MOST_QUESTIONS, 4), np.int64)
    questions = Questions(
        np.zeros(MOST_QUESTIONS, np.uint64), about, np.zeros(MOST_QUESTIONS, np.int64)
    )
    return Desk(
        spelling_room(), powers(size), np.zeros(size, np.uint64), questions,
        np.zeros((3, size), np.int64), np.zeros((2, 4), np.int64),
    )  # fmt: skip


class Roles(NamedTuple):
    """An automaton that finds words for offices.

    Attributes:
        kinds: Kind of each code point; 0 for those in no word.
        next: State after a kind, from each state.
        ends: Whether a word ends in a state.
    """

    kinds: npt.NDArray[np.uint16]
    next: Numbers
    ends: npt.NDArray[np.bool_]
