"""What a register's spellings enter into the table by which names find them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit
from assay.identities.glyphs import Codes
from assay.identities.hashing import (
    Hashes,
    Numbers,
    between,
    mixed,
    powers,
    running,
    without,
    without_doubles,
)
from assay.identities.search import (
    END,
    GRAM,
    LEAST_SLIP,
    LEAST_SQUEEZED,
    LEAST_TWO_SLIPS,
    SLIP,
    SQUEEZED,
    START,
    WHOLE,
    WINDOW,
    WINDOW_OTHER,
    salt,
)
from assay.identities.spelling import LOOK, MOST_LETTERS

Flags = npt.NDArray[np.bool_]


def entries(
    letters: Codes, begin: npt.NDArray[np.int64], way: int, forgiven: Numbers
) -> tuple[Hashes, Numbers]:
    """Hashes of every spelling whole and, where slips are forgiven, without each letter.

    Args:
        letters: All spellings.
        begin: Where each begins, and one more.
        way: How they are spelt.
        forgiven: Slips in each that are forgiven, two at most.

    Returns:
        Hashes, and the place of the spelling of each.
    """
    salts = np.array([salt(way, asked) for asked in (WHOLE, SLIP, START, END)])
    two_slips = LEAST_TWO_SLIPS if way == LOOK else MOST_LETTERS + 1
    least = np.array([LEAST_SLIP[way], two_slips])
    most = int((np.diff(begin) + 4).sum())
    hashes, owners = np.zeros(most, np.uint64), np.zeros(most, np.int32)
    count = _enter(
        letters, begin, (salts, least, forgiven.astype(np.int32)), _work(), (hashes, owners)
    )
    return hashes[:count], owners[:count]


def _work() -> tuple[Hashes, Hashes]:
    return powers(MOST_LETTERS + 8), np.zeros(MOST_LETTERS + 8, np.uint64)


@njit
def _enter(
    letters: Codes,
    begin: npt.NDArray[np.int64],
    told: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Numbers],
    work: tuple[Hashes, Hashes],
    into: tuple[Hashes, Numbers],
) -> int:
    salts, least, forgiven = told
    power, run = work
    hashes, owners = into
    count = 0
    for place in range(len(begin) - 1):
        first = begin[place]
        length = begin[place + 1] - first
        running(letters[first:], length, run)
        value = between(run, power, 0, length)
        hashes[count], owners[count] = mixed(value, salts[0]), place
        count += 1
        if length < least[0] or forgiven[place] == 0:
            continue
        hashes[count], owners[count] = mixed(value, salts[1]), place
        count += 1
        for at in range(length):
            value = without(run, power, 0, length, at)
            hashes[count], owners[count] = mixed(value, salts[1]), place
            count += 1
        if length >= least[1] and forgiven[place] > 1:
            half = (length - 1) // 2
            value = between(run, power, 0, half)
            hashes[count], owners[count] = mixed(value, salts[2]), place
            value = between(run, power, length - half, length)
            hashes[count + 1], owners[count + 1] = mixed(value, salts[3]), place
            count += 2
    return count


def squeezed(letters: Codes, begin: npt.NDArray[np.int64], wanted: Flags) -> tuple[Hashes, Numbers]:
    """Hashes of spellings with every run of one letter written once.

    Returns:
        Hashes, and the place of the spelling of each.
    """
    owners = np.flatnonzero(wanted & (np.diff(begin) >= LEAST_SQUEEZED)).astype(np.int32)
    hashes = np.zeros(len(owners), np.uint64)
    _squeeze(letters, begin, owners, salt(LOOK, SQUEEZED), hashes)
    return hashes, owners


@njit
def _squeeze(
    letters: Codes, begin: npt.NDArray[np.int64], owners: Numbers, salted: int, hashes: Hashes
) -> None:
    for place in range(len(owners)):
        first, last = begin[owners[place]], begin[owners[place] + 1]
        hashes[place] = mixed(without_doubles(letters[first:], last - first), salted)


def windows(
    letters: Codes, begin: npt.NDArray[np.int64], wanted: Flags
) -> tuple[Hashes, Numbers, Numbers]:
    """For each spelling that is looked for inside names, the letters by which: its rarest.

    Returns:
        Hashes, the place of the spelling of each, and for every spelling where its window stands.
    """
    most = len(letters)
    hashes, owners = np.zeros(most, np.uint64), np.zeros(most, np.int32)
    places = np.zeros(most, np.int32)
    told = (wanted, salt(LOOK, GRAM))
    count = _windows(letters, begin, told, _work(), (hashes, owners, places))
    hashes, owners, places = hashes[:count], owners[:count], places[:count]
    chosen = np.zeros(len(begin) - 1, np.int32)
    if not len(hashes):
        return hashes, owners, chosen
    _, known, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    order = np.lexsort((places, counts[known], owners))
    first = np.ones(len(order), np.bool_)
    first[1:] = owners[order][1:] != owners[order][:-1]
    best = order[first]
    chosen[owners[best]] = places[best]
    return hashes[best], owners[best], chosen


@njit
def _windows(
    letters: Codes,
    begin: npt.NDArray[np.int64],
    told: tuple[Flags, int],
    work: tuple[Hashes, Hashes],
    into: tuple[Hashes, Numbers, Numbers],
) -> int:
    wanted, salted = told
    power, run = work
    hashes, owners, places = into
    count = 0
    for place in range(len(begin) - 1):
        if not wanted[place]:
            continue
        first = begin[place]
        length = begin[place + 1] - first
        running(letters[first:], length, run)
        for at in range(length - WINDOW_OTHER + 1):
            # Inside names, scripts beyond ASCII are asked by the shorter window alone.
            window = WINDOW if letters[first + at] < 128 else WINDOW_OTHER
            if at + window <= length:
                hashes[count] = mixed(between(run, power, at, at + window), salted)
                owners[count], places[count] = place, at
                count += 1
    return count
