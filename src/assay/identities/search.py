"""Which of a register's spellings each of many names may mean: one pass in machine code.

Each name is spelt by look and, where another script is in play, by sound and by consonants. Every
spelling is asked of a hash table whole, without end digits, without affixes, and without each
single letter in turn, so that names one slip apart meet (delete on both sides; Bocek 2007). The
letters of what meets are then compared; nothing rests on a hash alone.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit
from assay.identities.desk import Desk, Questions, Roles, Spellings
from assay.identities.distance import letter_bits, may_be_near, slips_between
from assay.identities.glyphs import OTHER_SCRIPT, OTHER_VOWELS, Codes, Folds
from assay.identities.hashing import (
    HashTable,
    Numbers,
    between,
    find,
    may_be_held,
    mixed,
    running,
    without,
    without_doubles,
)
from assay.identities.spelling import (
    BONES,
    LOOK,
    MERGED,
    SOUND,
    ZERO,
    merge_pairs,
    spell_look,
    spell_sound,
)

WHOLE, SLIP, START, END, GRAM, BAG, AFFIX, FILLER, SQUEEZED = range(9)
"""What is asked of the table; with the way of spelling it makes the salt of a hash."""
IS, AFFIXED, SLIPPED, SLIPPED_AFFIXED, WITHIN, WORDS = range(6)
"""How a name meets a spelling."""
LEAST_WHOLE = np.array([2, 4, 6, 2])
LEAST_SLIP = np.array([6, 7, 9, 6])
"""Letters of a key for one slip to be forgiven, by the way of spelling."""
LEAST_TWO_SLIPS = 14
LEAST_SQUEEZED = 4
"""Letters of a key for a letter doubled to be forgiven: that makes hardly ever another name."""
WINDOW, WINDOW_OTHER = 8, 4
"""Letters by which a key is looked for inside names; the second for scripts beyond ASCII."""
LONGEST_AFFIX = 14
MOST_SHARING = 4096
"""Of keys that share a hash no more are compared; of those that share a half, an eighth as many."""
ROOM_FOR_ONE = 1 << 14
"""Hits that one name may have."""

Hits = npt.NDArray[np.int32]
"""Rows of (name, spelling, how, slips, letters of the name)."""


def salt(way: int, asked: int) -> int:
    """What tells hashes of one use from those of another."""
    return way % MERGED * 16 + asked


@njit(counted=False)
def _salt(way: int, asked: int) -> int:
    return way % MERGED * 16 + asked


@njit(counted=False)
def search(
    text: Codes,
    begins: npt.NDArray[np.int64],
    known: tuple[Folds, Spellings, Roles, int],
    desk: Desk,
    found: tuple[Hits, npt.NDArray[np.bool_], int],
) -> tuple[int, int]:
    """Search names from a line on, until room or names run out.

    Args:
        text: Names, each ended by a line end.
        begins: Where each begins.
        known: Foldings, spellings, words for offices, and the shapes of all spellings together.
        desk: Room to work in.
        found: Filled with hits, and with whether a line holds a word for an office; and the line to
            begin with.

    Returns:
        How many hits, and the line to go on with.
    """
    folds, spellings, roles, any_shape = known
    hits, offices, line = found
    room, questions = desk.room, desk.questions
    met = int(ZERO)
    while line < len(begins) - 1 and len(hits) - met > ROOM_FOR_ONE:
        start = met
        begin, end = begins[line], begins[line + 1] - 1
        count, shapes = spell_look(text, begin, end, folds, room)
        offices[line] = _has_role(room.raw, count, roles)
        bare = _before_digits(room.digits, count)
        letters, hard = room.raw, int(ZERO)
        for turn in range(4):
            way = max(turn - 1, 0)
            if turn == 1:
                merged = merge_pairs(room, count)
                if merged == count:
                    continue
                bare -= count - merged
                count, letters = merged, room.look
            elif way == SOUND:
                if not ((shapes | any_shape) & OTHER_SCRIPT):
                    break
                count, hard = spell_sound(text, begin, end, folds, room)
                bare = _before_end_digits(room.sound, count)
                letters = room.sound
            elif way == BONES:
                if not ((shapes | any_shape) & OTHER_VOWELS):
                    break
                count, letters = hard, room.bones
                bare = _before_end_digits(letters, count)
            if count < 2:
                break
            running(letters, count, desk.run)
            asked = _ask(desk, count, bare, MERGED if turn == 1 else way, spellings.affixes)
            if way == LOOK:
                asked = _ask_inside(desk, letters, count, asked)
            if turn == 0:
                asked = _ask_squeezed(questions, letters, (count, bare), asked)
                for every in (True, False):
                    bag, words = bag_of(desk, count, every, spellings.affixes)
                    if words > 1:
                        about = (ZERO, count + ZERO, WORDS + ZERO, ZERO)
                        asked = _put(questions, asked, bag, about)
            # A sound counts where the name, or else the spelling, is in a script that asks for it.
            wanted = OTHER_VOWELS if way == BONES else OTHER_SCRIPT
            if way == LOOK or shapes & wanted:
                wanted = ZERO
            table = spellings.table if way == LOOK else spellings.sounds
            for step in range(may_be_held(table, questions.hashes, asked, questions.open)):
                question = questions.open[step]
                place = find(table, questions.hashes[question])
                if place >= 0:
                    told = (question, table.begin[place], table.begin[place + 1], wanted)
                    met = _compare(
                        letters, desk, told, (table.values, spellings), (hits, start, met)
                    )
        for place in range(start, met):
            hits[place, 0] = line
        line += 1
    return met, line


@njit(counted=False)
def _has_role(letters: Codes, count: int, roles: Roles) -> bool:
    state = int(ZERO)
    for place in range(count):
        state = int(roles.next[state, roles.kinds[letters[place]]])
        if roles.ends[state]:
            return True
    return False


@njit(counted=False)
def _before_digits(digits: npt.NDArray[np.bool_], end: int) -> int:
    last = end
    while last > 0 and digits[last - 1]:
        last -= 1
    return last if last > 0 else end


@njit(counted=False)
def _before_end_digits(letters: Codes, end: int) -> int:
    last = end
    while last > 0 and 48 <= letters[last - 1] <= 57:
        last -= 1
    return last if last > 0 else end


@njit(counted=False)
def _put(
    questions: Questions, asked: int, value: np.uint64, about: tuple[int, int, int, int]
) -> int:
    if asked >= len(questions.hashes):
        return asked
    questions.hashes[asked] = value
    for place in range(4):
        questions.about[asked, place] = about[place]
    return asked + 1


@njit(counted=False)
def _ask(desk: Desk, count: int, bare: int, way: int, affixes: HashTable) -> int:
    """Ask a spelling as it is, without end digits, and without affixes at either end."""
    ends, begins = desk.cuts[0], desk.cuts[1]
    ends[0], begins[0] = count, 0
    known = int(ZERO) + 1
    if bare < count:
        ends[1], known = bare, known + 1
    last, at, starts = bare, int(ZERO), int(ZERO) + 1
    for _ in range(2):
        last -= _affix(desk, (last, bare), way, affixes, True)
        if last == ends[known - 1] or last == bare:
            break
        ends[known] = last
        known += 1
    for _ in range(2):
        at += _affix(desk, (at, bare), way, affixes, False)
        if at == begins[starts - 1]:
            break
        begins[starts] = at
        starts += 1
    asked = int(ZERO)
    for end in range(max(bare + 1, count - 6), count):
        # A name that ends in a digit itself, with more after it: news24 within news242019.
        if end >= LEAST_WHOLE[way]:
            value = mixed(between(desk.run, desk.power, 0, end), _salt(way, WHOLE))
            asked = _put(desk.questions, asked, value, (ZERO, end, AFFIXED + ZERO, ZERO))
    for one in range(starts):
        for two in range(known):
            if ends[two] - begins[one] >= LEAST_WHOLE[way]:
                affixed = 1 if one + two > 0 else 0
                # Digits at the end are read as letters in a name as it is, but no slip beside them.
                slips = two > 0 or count - bare < 2
                asked = _ask_slice(desk, (begins[one], ends[two]), (way, affixed, slips), asked)
    return asked


@njit(counted=False)
def _affix(desk: Desk, where: tuple[int, int], way: int, affixes: HashTable, after: bool) -> int:
    """Letters of the longest affix that ends, or begins, at a place; 0 without one.

    One that is parted as a word goes before longer ones: new in ``New Senbooker``, not news.
    """
    at, end = where
    longest = int(ZERO)
    for length in range(min(LONGEST_AFFIX, (at if after else end - at) - 2), 1, -1):
        begin = at - length if after else at
        value = mixed(between(desk.run, desk.power, begin, begin + length), _salt(way, AFFIX))
        if find(affixes, value) >= 0:
            if way == LOOK and desk.room.starts[begin if after else begin + length]:
                return length
            longest = max(longest, length)
    return longest


@njit(counted=False)
def _ask_slice(desk: Desk, where: tuple[int, int], told: tuple[int, int, bool], asked: int) -> int:
    begin, end = where
    way, affixed, slips = told
    length = end - begin
    run, power, questions = desk.run, desk.power, desk.questions
    value = between(run, power, begin, end)
    whole = (begin, end, IS + affixed, ZERO)
    asked = _put(questions, asked, mixed(value, _salt(way, WHOLE)), whole)
    if length < LEAST_SLIP[way] - 1 or not slips:
        return asked
    slipped = SLIPPED + affixed
    for at in range(begin, end + 1):
        if at == end:
            value = between(run, power, begin, end)
        else:
            value = without(run, power, begin, end, at)
        once = (begin, end, slipped, ZERO + 1)
        asked = _put(questions, asked, mixed(value, _salt(way, SLIP)), once)
    if way in (LOOK, MERGED) and length >= LEAST_TWO_SLIPS - 2:
        for half in range((length - 3) // 2, (length + 1) // 2 + 1):
            for asked_at in (START, END):
                at = begin if asked_at == START else end - half
                value = mixed(between(run, power, at, at + half), _salt(way, asked_at))
                asked = _put(questions, asked, value, (begin, end, slipped, ZERO + 2))
    return asked


@njit(counted=False)
def _ask_squeezed(questions: Questions, letters: Codes, ends: tuple[int, int], asked: int) -> int:
    """Ask with doubled letters written once, of the name as it is and without end digits."""
    for place in range(1 if ends[0] == ends[1] else 2):
        end = ends[place]
        value = mixed(without_doubles(letters, end), _salt(LOOK, SQUEEZED))
        asked = _put(questions, asked, value, (ZERO, end, SLIPPED + place, ZERO + 1))
    return asked


@njit(counted=False)
def _ask_inside(desk: Desk, letters: Codes, count: int, asked: int) -> int:
    """Ask for spellings that stand inside a longer name, by a few of their letters."""
    for at in range(count - WINDOW_OTHER + 1):
        window = WINDOW if letters[at] < 128 else WINDOW_OTHER
        if at + window <= count:
            value = mixed(between(desk.run, desk.power, at, at + window), _salt(LOOK, GRAM))
            asked = _put(desk.questions, asked, value, (at, count, WITHIN + ZERO, ZERO))
    return asked


@njit(counted=False)
def _compare(
    letters: Codes,
    desk: Desk,
    told: tuple[int, int, int, int],
    known: tuple[Numbers, Spellings],
    found: tuple[Hits, int, int],
) -> int:
    """Note those spellings of one hash that are met indeed."""
    question, first, last, wanted = told
    values, spellings = known
    hits, start, met = found
    about, words = desk.questions.about[question], (letters, spellings.letters)
    begin, end, how, slips = about[0], about[1], about[2], about[3]
    last = min(last, first + (MOST_SHARING // 8 if slips == 2 else MOST_SHARING))
    # Many keys share a half, and hardly any is near: those are told by bits that lie in a row.
    bits = letter_bits(letters, begin, end) if slips == 2 else np.uint64(0)
    for entry in range(first, last):
        if slips == 2 and not may_be_near(bits, spellings.bits[entry], 2):
            continue
        spelling = values[entry]
        if spellings.shapes[spelling] & wanted != wanted:
            continue
        one, two = spellings.begin[spelling], spellings.begin[spelling + 1]
        apart = int(ZERO)
        first_letter, last_letter = begin, end
        if how == WITHIN:
            first_letter = begin - spellings.window[spelling]
            last_letter = first_letter + (two - one)
            if first_letter < 0 or last_letter > end or two - one >= end:
                continue
        if how != WORDS:
            apart = slips_between(words, (first_letter, last_letter), (one, two), slips, desk.rows)
            if (apart == 0) != (slips == 0):
                continue
        if apart > slips:
            continue
        noted = False
        for earlier in range(max(start, met - 64), met):
            noted = noted or (hits[earlier, 1] == spelling and hits[earlier, 2] == how)
        if not noted and met - start < ROOM_FOR_ONE:
            hits[met, 1], hits[met, 2], hits[met, 3] = spelling, how, apart
            hits[met, 4] = end - (0 if how == WITHIN else begin)
            met += 1
    return met


@njit(counted=False)
def bag_of(desk: Desk, count: int, every: bool, affixes: HashTable) -> tuple[np.uint64, int]:
    """The hash of a name's words in any order, and their number.

    Args:
        desk: With the name spelt, and the hashes of its beginnings.
        count: Its letters.
        every: Whether affixes, fillers and numbers count too.
        affixes: Affixes and fillers.
    """
    room = desk.room
    total, words, begin = np.uint64(0), int(ZERO), int(ZERO)
    for place in range(1, count + 1):
        if place < count and not room.starts[place]:
            continue
        word = between(desk.run, desk.power, begin, place)
        counts = every
        if not every:
            counts = False
            for at in range(begin, place):
                counts = counts or not room.digits[at]
            for asked in (AFFIX, FILLER):
                counts = counts and find(affixes, mixed(word, _salt(LOOK, asked))) < 0
        if counts:
            total += mixed(word, _salt(LOOK, BAG))
            words += 1
        begin = place
    return mixed(total, _salt(LOOK, BAG)), words
