"""A table of hashes that machine code can ask: which keys have this hash?

Open addressing over distinct hashes, behind a bit field that answers most questions with "none":
three bits in one word for each hash (a Bloom filter in blocks; Putze, Sanders and Singler 2007), so
that a question costs one look into memory. A hit is never believed: whoever asks compares the
letters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit

BASE = np.uint64(0x9E3779B97F4A7C15)
_ONE, _TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_BITS = 16
"""Bits of the field for each entry, at least."""

Hashes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


class HashTable(NamedTuple):
    """Distinct hashes with the values of each.

    Attributes:
        field: Words with three bits for each hash: the word by its low bits, they by its high ones.
        slots: Place in ``hashes``, or -1; by a hash's high bits.
        hashes: Distinct hashes, sorted.
        begin: First value of each in ``values``, and one more.
        values: What was entered.
    """

    field: npt.NDArray[np.uint64]
    slots: Numbers
    hashes: Hashes
    begin: Numbers
    values: Numbers


def hash_table(hashes: Hashes, values: Numbers) -> HashTable:
    """Make a table; equal entries are kept once."""
    order = np.lexsort((values, hashes))
    hashes, values = hashes[order], values[order]
    if len(hashes):
        new = np.ones(len(hashes), np.bool_)
        new[1:] = (hashes[1:] != hashes[:-1]) | (values[1:] != values[:-1])
        hashes, values = hashes[new], values[new]
    distinct, begin = np.unique(hashes, return_index=True)
    ends = np.append(begin, len(values)).astype(np.int32)
    size = 1 << max(int(2 * len(distinct)).bit_length(), 4)
    words = max(1 << max(int(_BITS * len(distinct)).bit_length() - 6, 4), 16)
    field, slots = np.zeros(words, np.uint64), np.full(size, -1, np.int32)
    _fill(distinct, field, slots)
    return HashTable(field, slots, distinct, ends, values)


@njit(counted=False)
def _fill(hashes: Hashes, field: Hashes, slots: Numbers) -> None:
    size = np.uint64(len(slots) - 1)
    for place in range(len(hashes)):
        value = hashes[place]
        field[value & np.uint64(len(field) - 1)] |= _three_bits(value)
        slot = (value >> np.uint64(24)) & size
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & size
        slots[slot] = place


@njit(counted=False)
def _three_bits(value: np.uint64) -> np.uint64:
    found, one = np.uint64(0), np.uint64(1)
    for shift in (46, 52, 58):
        found |= one << ((value >> np.uint64(shift)) & np.uint64(63))
    return found


@njit(counted=False)
def may_be_held(table: HashTable, hashes: Hashes, count: int, places: Places) -> int:
    """Which of many hashes a table may hold: the field turns away nearly all that it does not.

    Nothing here waits for what one look into memory brings, so that many go on at a time.

    Args:
        table: The table.
        hashes: What is asked.
        count: How many of them.
        places: Filled with places in ``hashes``; as long as it.

    Returns:
        How many may be held.
    """
    found = np.int64(0)
    for place in range(count):
        bits = _three_bits(hashes[place])
        places[found] = place
        found += np.int64(_word(table, hashes[place]) & bits == bits)
    return int(found)


@njit(counted=False)
def _word(table: HashTable, value: np.uint64) -> np.uint64:
    word: np.uint64 = table.field[value & np.uint64(len(table.field) - 1)]
    return word


@njit(counted=False)
def find(table: HashTable, value: np.uint64) -> int:
    """The place of a hash in ``hashes``, or -1."""
    bits = _three_bits(value)
    if _word(table, value) & bits != bits:
        return -1
    size = np.uint64(len(table.slots) - 1)
    slot = (value >> np.uint64(24)) & size
    while table.slots[slot] >= 0:
        if table.hashes[table.slots[slot]] == value:
            return int(table.slots[slot])
        slot = (slot + np.uint64(1)) & size
    return -1


@njit(counted=False)
def mixed(value: np.uint64, salt: int) -> np.uint64:
    """A hash stirred, so that each bit depends on all, and on what is asked for."""
    value = value ^ (np.uint64(salt + 1) * BASE)
    value = (value ^ (value >> np.uint64(30))) * _ONE
    value = (value ^ (value >> np.uint64(27))) * _TWO
    return value ^ (value >> np.uint64(31))


@njit(counted=False)
def running(letters: npt.NDArray[np.uint32], count: int, into: Hashes) -> None:
    """Hashes of all beginnings of a word: ``into[i]`` covers the first ``i`` letters."""
    into[0] = np.uint64(0)
    for place in range(count):
        into[place + 1] = into[place] * BASE + np.uint64(letters[place]) + np.uint64(1)


def powers(count: int) -> Hashes:
    """Powers of the base."""
    found = np.full(count + 1, BASE, np.uint64)
    found[0] = 1
    return np.cumprod(found, dtype=np.uint64)


@njit(counted=False)
def between(run: Hashes, power: Hashes, begin: int, end: int) -> np.uint64:
    """The hash of the letters from ``begin`` to before ``end``."""
    value: np.uint64 = run[end] - run[begin] * power[end - begin]
    return value


@njit(counted=False)
def without(run: Hashes, power: Hashes, begin: int, end: int, place: int) -> np.uint64:
    """As :func:`between` without the letter at ``place``."""
    first, rest = between(run, power, begin, place), between(run, power, place + 1, end)
    value: np.uint64 = first * power[end - place - 1] + rest
    return value


@njit(counted=False)
def without_doubles(letters: npt.NDArray[np.uint32], count: int) -> np.uint64:
    """The hash of a word in which every run of one letter is written once."""
    value = np.uint64(0)
    for place in range(count):
        if place == 0 or letters[place] != letters[place - 1]:
            value = value * BASE + np.uint64(letters[place]) + np.uint64(1)
    return value
