"""A name as letters that can be compared: how it looks, how it sounds, and its consonants.

Machine code over arrays of code points, one line at a time. The look has digits read as letters and
``rn`` as ``m``; the sound has what transliterations write now so, now so, made alike; the bones are
the sound without vowels, for scripts that leave them out.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit
from assay.identities.glyphs import BREAK, DIGIT, LINE_END, LOWER, UPPER, Codes, Folds

MOST_LETTERS = 560
"""Of a name longer than that the first so many letters are compared."""
LOOK, SOUND, BONES, MERGED = 0, 1, 2, 3
"""Ways of spelling; ``MERGED`` is the look with letter pairs made one, asked as a look."""
ZERO = cast(int, np.int64(0))
"""Counters begin with it: from a plain 0 the compiler makes every kernel twice."""

(_A, _B, _C, _D, _E, _F, _G, _H, _I, _J, _K, _L, _M, _N, _O, _P, _Q, _R, _S, _T, _U, _V, _W, _X,
 _Y, _Z) = range(97, 123)  # fmt: skip
_PAIRS = np.array([[_R, _N, _M], [_V, _V, _W], [_C, _L, _D]], np.uint32)
_BONE = np.arange(128, dtype=np.uint32)
_BONE[[_P, _V]] = _B
_BONE[[_G, _J]] = _K
_BONE[_D] = _T
_BONE[_L] = _R
"""Consonants that some scripts do not tell apart."""

Marks = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.uint8]


class Room(NamedTuple):
    """Arrays in which one name after the other is spelt.

    Attributes:
        raw: Look.
        look: Look with letter pairs made one.
        sound: Sound.
        bones: Sound without vowels.
        starts: Where words begin in ``raw``.
        digits: Which letters of ``raw`` were digits.
        spelt: The name in Latin letters.
    """

    raw: Codes
    look: Codes
    sound: Codes
    bones: Codes
    starts: Marks
    digits: Marks
    spelt: Codes


def spelling_room() -> Room:
    """Room for one name at a time."""
    size = MOST_LETTERS + 4
    raw, look, sound, bones, spelt = np.zeros((5, size), np.uint32)
    starts, digits = np.zeros((2, size), np.bool_)
    return Room(raw, look, sound, bones, starts, digits, spelt)


@njit(counted=False)
def spell_look(text: Codes, begin: int, end: int, folds: Folds, room: Room) -> tuple[int, int]:
    """Fold one name into ``raw``, ``starts`` and ``digits``.

    Returns:
        How many letters, and the shapes of all characters together.
    """
    count, other, new_word = int(ZERO), int(ZERO), True
    before, before_that = int(ZERO), int(ZERO)
    for place in range(begin, end):
        code = text[place]
        shape = int(folds.shape[code])
        other |= shape
        first = folds.begin[0, code]
        if shape & UPPER and before & (LOWER | DIGIT):
            new_word = True
        if shape & LOWER and before & UPPER and before_that & UPPER and count:
            room.starts[count - 1] = True
        for step in range(folds.letters[0, code]):
            letter = folds.pool[first + step]
            if letter == BREAK:
                new_word = True
            elif count < MOST_LETTERS:
                room.raw[count] = letter
                room.starts[count] = new_word
                room.digits[count] = shape & DIGIT != 0
                new_word = False
                count += 1
        if folds.letters[0, code] or shape:
            before_that, before = before, shape
    return count, other


@njit(counted=False)
def merge_pairs(room: Room, count: int) -> int:
    """Make ``look`` of ``raw``: letter pairs that look like one letter become it.

    Words and digits are no longer marked afterwards.
    """
    for place in range(count):
        room.look[place] = room.raw[place]
    for kind in range(len(_PAIRS)):
        one, two, into = _PAIRS[kind]
        wrote = place = int(ZERO)
        while place < count:
            if place + 1 < count and room.look[place] == one and room.look[place + 1] == two:
                room.look[wrote] = into
                place += 2
            else:
                room.look[wrote] = room.look[place]
                place += 1
            wrote += 1
        count = wrote
    return count


@njit(counted=False)
def spell_sound(text: Codes, begin: int, end: int, folds: Folds, room: Room) -> tuple[int, int]:
    """Fold one name into ``sound`` and ``bones``; returns how many letters each has."""
    count = int(ZERO)
    for place in range(begin, end):
        code = text[place]
        first = folds.begin[1, code]
        for step in range(folds.letters[1, code]):
            letter = folds.pool[first + step]
            if letter != BREAK and count < MOST_LETTERS:
                room.spelt[count] = letter
                count += 1
    return _hear(room.spelt, count, room.sound, room.bones)


@njit(counted=False)
def _hear(spelt: Codes, count: int, into: Codes, bones: Codes) -> tuple[int, int]:
    wrote = place = hard = int(ZERO)
    spelt[count] = spelt[count + 1] = 0
    while place < count:
        one, after, then = int(spelt[place]), int(spelt[place + 1]), int(spelt[place + 2])
        place += 1
        if one == _H or (one == _C and after == _K):
            continue
        if one == _T and (after in (_S, _Z) or (after == _C and then == _H)):
            continue
        if one == _D and (after == _J or (after == _Z and then == _H)):
            continue
        if one == _Z and after == _H:
            sound = _S
        elif one == _C:
            soft = after in (_H, _E, _I, _Y, _Z)
            sound = _S if soft else _K
        elif one == _P and after == _H:
            sound = _V
        elif one in (_J, _Z):
            sound = _S
        elif one == _Q:
            sound = _K
        elif one in (_B, _F, _W):
            sound = _V
        elif one in (_E, _Y):
            sound = _I
        elif one == _O:
            sound = _U
        elif one == _X:
            # Rendered as ks, as s or as h: one slip from each.
            sound = _S
        else:
            sound = one
        vowel = _is_vowel(sound)
        # Scripts for which consonants are compared write a w as a vowel.
        if not vowel and one != _W and hard < MOST_LETTERS:
            bone = int(_BONE[sound]) if sound < 128 else sound
            if hard == 0 or bones[hard - 1] != bone:
                bones[hard] = bone
                hard += 1
        if wrote and (into[wrote - 1] == sound or (vowel and _is_vowel(int(into[wrote - 1])))):
            continue
        if wrote < MOST_LETTERS:
            into[wrote] = sound
            wrote += 1
    return wrote, hard


@njit(counted=False)
def _is_vowel(letter: int) -> bool:
    return letter in (_A, _I, _U)


def line_begins(text: Codes) -> npt.NDArray[np.int64]:
    """Where each line begins, and one past the end; every line ends with a line end."""
    return np.append(0, np.flatnonzero(text == LINE_END) + 1)


def spell_all(
    text: Codes, begins: npt.NDArray[np.int64], folds: Folds, way: int
) -> tuple[Codes, npt.NDArray[np.int64], Shapes]:
    """All lines of a text spelt one way.

    Returns:
        Letters; where those of each line begin, and one past the end; and the shapes of all
        characters of each line together.
    """
    names = len(begins) - 1
    ends, others = np.zeros(names + 1, np.int64), np.zeros(names, np.uint8)
    counts = folds.letters[1 if way in {SOUND, BONES} else 0][text]
    letters = np.zeros(2 * int(counts.sum()) + 16, np.uint32)
    spelt = (letters, ends, others)
    _spell_all(text, begins, (folds, way), spelling_room(), spelt)
    return letters[: ends[-1]], ends, others


@njit
def _spell_all(
    text: Codes,
    begins: npt.NDArray[np.int64],
    told: tuple[Folds, int],
    room: Room,
    spelt: tuple[Codes, npt.NDArray[np.int64], Shapes],
) -> None:
    folds, way = told
    letters, ends, others = spelt
    for line in range(len(begins) - 1):
        first, last = begins[line], begins[line + 1] - 1
        count, other = spell_look(text, first, last, folds, room)
        others[line] = other
        made = room.raw
        if way == MERGED:
            count = merge_pairs(room, count)
            made = room.look
        elif way != LOOK:
            count, hard = spell_sound(text, first, last, folds, room)
            made = room.sound
            if way == BONES:
                count, made = hard, room.bones
        ends[line + 1] = ends[line] + count
        for place in range(count):
            letters[ends[line] + place] = made[place]
