"""Names that may mean a protected body, found among many at once; weighing them comes later.

Machine code finds which names meet which spelling (:mod:`assay.identities.search`); Python sees
only what was found, and reads what a name says it is where it holds a word for an office.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assay.identities.compile import Compiled
from assay.identities.concepts import Concept, concept_of
from assay.identities.desk import desk
from assay.identities.glyphs import FIRST_OTHER, glyphs
from assay.identities.keyring import WAYS, lines_of
from assay.identities.search import (
    AFFIXED,
    IS,
    SLIPPED,
    SLIPPED_AFFIXED,
    WITHIN,
    WORDS,
    Hits,
    search,
)
from assay.identities.spelling import LOOK, MERGED

_HOW = {
    IS: "whole", AFFIXED: "affix", SLIPPED: "typo", SLIPPED_AFFIXED: "affix typo", WITHIN: "inside",
    WORDS: "words",
}  # fmt: skip

_TURNED, _TURNED_END = "\u202e", "\u202c"
LEAST_MIXED = 7
"""Letters of a key, as it sounds, for a name in two scripts to be compared by sound."""
MOST_HITS = 1 << 17
"""Hits that are found at once."""


@dataclass(frozen=True)
class Match:
    """A name that may mean a body.

    Attributes:
        row: Place of the name in the batch.
        body: Place of the body in the register.
        how: ``whole``, ``affix``, ``typo``, ``affix typo``, ``inside``, ``words``,
            ``transliteration``, ``concept`` or ``sister``.
        written: The body's name or handle that it meets.
        handle: Whether that is a handle.
        doubt: Why that name distinguishes the body little, as the register's key says.
        share: Share of the name that the key covers, 0 to 1.
        slips: Typing errors between them.
    """

    row: int
    body: int
    how: str
    written: str
    handle: bool = False
    doubt: str = ""
    share: float = 1.0
    slips: int = 0


def find_candidates(names: Sequence[str], register: Compiled) -> Iterator[Match]:
    """All matches of a batch of names, in no particular order, some of them twice."""
    hits, offices = find_hits(names, register)
    keys, every = register.keyring.keys, len(register.keyring.keys) // len(WAYS)
    begin = register.keyring.spellings.begin
    for row, spelling, how, slips, letters in hits.tolist():
        key = register.keys[keys[spelling]]
        by_look = WAYS[spelling // every] in {LOOK, MERGED}
        said = _HOW[how] if by_look else "transliteration"
        if not by_look and _has_latin(names[row]):
            # Two scripts in one name: lookalikes are found by look; half a name sounds like many.
            short = begin[spelling + 1] - begin[spelling] < LEAST_MIXED
            if slips or (short and _has_other(names[row])):
                continue
        share = key.letters / letters if how == WITHIN else 1.0
        yield Match(row, key.body, said, key.written, key.handle, key.doubt, share, slips)
    for row in offices:
        yield from _of_concept(row, concept_of(names[row]), register)


def _has_latin(name: str) -> bool:
    return any(one.isascii() and one.isalpha() for one in name)


def _has_other(name: str) -> bool:
    return any(ord(one) >= FIRST_OTHER and one.isalpha() for one in name)


def _as_shown(name: str) -> str:
    """A name as a screen shows it: what follows a right-to-left override is read backwards."""
    before, _, after = name.partition(_TURNED)
    turned, _, rest = after.partition(_TURNED_END)
    return before + turned[::-1] + rest


def find_hits(names: Sequence[str], register: Compiled) -> tuple[Hits, list[int]]:
    """Which spellings names meet, and which names hold a word for an office."""
    text, begins = lines_of([_as_shown(name) if _TURNED in name else name for name in names])
    offices = np.zeros(len(names), np.bool_)
    keyring = register.keyring
    known = (glyphs().folds(text), keyring.spellings, register.roles, keyring.shapes)
    hits, kept = np.zeros((MOST_HITS, 5), np.int32), [np.zeros((0, 5), np.int32)]
    room, line = desk(), 0
    while line < len(names):
        met, line = search(text, begins, known, room, (hits, offices, line))
        kept.append(hits[:met].copy())
    return np.concatenate(kept), np.flatnonzero(offices).tolist()


def _of_concept(row: int, concept: Concept, register: Compiled) -> Iterator[Match]:
    if concept.diplomatic and concept.sender:
        met = register.posts.get((concept.sender, concept.host), ())
        for body in met:
            yield Match(row, body, "concept", register.bodies[body].name)
        if concept.host and not met:
            for first in register.first_post_of(concept.sender):
                yield Match(row, first, "sister", register.bodies[first].name)
        return
    for role in concept.roles:
        if len(concept.countries) == 1:
            for body in register.offices.get((role, next(iter(concept.countries))), ()):
                yield Match(row, body, "concept", register.bodies[body].name)
