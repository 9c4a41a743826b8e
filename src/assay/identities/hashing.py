"""A table of hashes that machine code can ask: which keys have this hash?

Open addressing over distinct hashes, behind a bit field that answers most questions with "none".
A hit is never believed: whoever asks compares the letters.
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


class HashTable(NamedTuple):
    """Distinct hashes with the values of each.

    Attributes:
        field: One bit for each hash, by its low bits.
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
        bit = value & np.uint64(len(field) * 64 - 1)
        field[bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))
        slot = (value >> np.uint64(24)) & size
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & size
        slots[slot] = place


@njit(counted=False)
def find(table: HashTable, value: np.uint64) -> int:
    """The place of a hash in ``hashes``, or -1."""
    bit = value & np.uint64(len(table.field) * 64 - 1)
    if not (table.field[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1):
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
