"""Walks over first shares for what tells κ: pairs of one object, and of different ones.

:mod:`burstiness` says what is done with the records.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s
from assay.detectors.spread import GOLDEN, Divisor, Uint64s, is_multiple, spread
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]

CROWD = 200
"""More shares of one object in two blocks speak for themselves, whatever κ."""

QUIET = 60.0
"""κ_a is learnt where a block holds so many moments at most; more speak for themselves."""


@njit
def sums_of_moments(owners: Int32s, times_us: Int64s, count: int) -> Uint64s:
    """For each object or account the sum of its moments, each with its bits spread."""
    signs = np.zeros(count, np.uint64)
    for row in range(len(owners)):
        signs[owners[row]] += spread(np.uint64(times_us[row]))
    return signs


@njit
def count_records(starts: Int64s, blocks: Int64s) -> int:
    """Records of two shares of one object in one block or in adjacent ones, crowds left out."""
    total = 0
    for index in range(len(starts) - 1):
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while blocks[row] - blocks[oldest] > 1:
                oldest += 1
            if row - oldest < CROWD:
                total += row - oldest
    return total


@njit
def walk_records(
    shares: tuple[Int64s, Int32s, Int64s],
    signs: tuple[Uint64s, Uint64s],
    sampled: tuple[Divisor, Divisor],
    keys: Uint64s,
    rows: Int64s,
) -> int:
    """The records that :func:`count_records` counts, or those of some objects and some pairs."""
    starts, accounts, blocks = shares
    object_signs, account_signs = signs
    of_objects, of_pairs = sampled
    filled = 0
    for index in range(len(starts) - 1):
        if not is_multiple(spread(object_signs[index]), of_objects):
            continue
        oldest = starts[index]
        for row in range(starts[index], starts[index + 1]):
            while blocks[row] - blocks[oldest] > 1:
                oldest += 1
            if row - oldest >= CROWD:
                continue
            for earlier in range(oldest, row):
                low = min(accounts[row], accounts[earlier])
                high = max(accounts[row], accounts[earlier])
                key = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
                drawn = is_multiple(spread(account_signs[low] + account_signs[high]), of_pairs)
                if drawn and filled < len(keys):
                    keys[filled] = key
                    rows[filled, 0] = earlier
                    rows[filled, 1] = row
                    filled += 1
    return filled


@njit
def votes_of(keys: Uint64s) -> Floats:
    """One vote for every different key, in equal parts for each place where it stands."""
    slots = 16
    while slots < 2 * len(keys):
        slots *= 2
    # An open-addressed table: who had a key first, and how often it stands there.
    owner = np.full(slots, -1, np.int64)
    counts = np.zeros(slots, np.float64)
    slot_of = np.empty(len(keys), np.int64)
    for row in range(len(keys)):
        slot = np.int64(spread(keys[row]) & np.uint64(slots - 1))
        while owner[slot] >= 0 and keys[owner[slot]] != keys[row]:
            slot = (slot + 1) & (slots - 1)
        owner[slot] = row
        counts[slot] += 1.0
        slot_of[row] = slot
    votes = np.empty(len(keys), np.float64)
    for row in range(len(keys)):
        votes[row] = 1.0 / counts[slot_of[row]]
    return votes


@njit
def _activity_in(
    active: tuple[Int64s, Floats], first_bin: int, bin_count: int, out: Floats
) -> float:
    """Activity of a block's bins, and their sum."""
    numbers, counts = active
    out[:] = 0.0
    total = 0.0
    place = np.searchsorted(numbers, first_bin)
    while place < len(numbers) and numbers[place] < first_bin + bin_count:
        out[numbers[place] - first_bin] = counts[place]
        total += counts[place]
        place += 1
    return total


@njit
def sums_of_records(
    starts: Int64s,
    objects: Int64s,
    numbers: Int64s,
    rows: Int64s,
    active: tuple[Int64s, Floats],
    constants: tuple[int, int, float, float],
    sums: Floats,
) -> None:
    """For each record Σ n² + 2h Σ n n₊₁, the factors of κ and κ², and N, the two left out.

    With n everybody's counts, each of the two takes 2 n - 1 off the squares and n₋₁ + n₊₁ off the
    products, unless the other stands there, and G_u (:mod:`assay.detectors.density`) off the factor
    of κ.
    """
    bin_count, offset, half, activity_shrinkage = constants
    # An empty bin before the first and after the last one: every bin has two neighbours.
    counts = np.zeros(bin_count + 2, np.float64)
    share = np.zeros(bin_count + 2, np.float64)
    company = np.zeros(bin_count + 2, np.float64)
    last_object = -1
    last_block = -1
    squares = products = linear = square = others = 0.0
    for record in range(len(rows)):
        row = rows[record, 0]
        block = (numbers[row] + offset) // bin_count
        before_first = block * bin_count - offset - 1
        if objects[row] != last_object or block != last_block:
            last_object, last_block = objects[row], block
            counts[:] = 0.0
            others = 0.0
            begin = row
            while begin > starts[last_object] and numbers[begin - 1] > before_first:
                begin -= 1
            end = begin
            while end < starts[last_object + 1] and numbers[end] <= before_first + bin_count:
                counts[numbers[end] - before_first] += 1.0
                others += 1.0
                end += 1
            total = _activity_in(active, before_first + 1, bin_count, share[1:-1])
            for place in range(1, bin_count + 1):
                share[place] += activity_shrinkage / bin_count
                share[place] /= total + activity_shrinkage
            squares = products = linear = square = 0.0
            for place in range(1, bin_count + 1):
                company[place] = 2.0 * share[place]
                company[place] += 2.0 * half * (share[place - 1] + share[place + 1])
                squares += counts[place] * counts[place]
                products += counts[place] * counts[place - 1]
                linear += counts[place] * company[place]
                square += share[place] * (share[place] + 2.0 * half * share[place - 1])
        mine, yours = numbers[row] - before_first, numbers[rows[record, 1]] - before_first
        apart = abs(mine - yours)
        left_squares = squares - 2.0 * (counts[mine] + counts[yours]) + 2.0 + 2.0 * (apart == 0)
        left_products = products - counts[mine - 1] - counts[mine + 1] + (apart == 1)
        left_products -= counts[yours - 1] + counts[yours + 1]
        sums[record, 0] = left_squares + 2.0 * half * left_products
        sums[record, 1] = linear - company[mine] - company[yours]
        sums[record, 2] = square
        sums[record, 3] = others - 2.0


@njit
def activity_pairs(
    blocks: Int64s,
    numbers: Int64s,
    times_us: Int64s,
    who_and_what: tuple[Int32s, Int64s],
    active: tuple[Int64s, Floats],
    constants: tuple[int, int, float, int],
    found: Floats,
) -> int:
    """Up to three pairs for each share, drawn by hash, in blocks of few moments."""
    accounts, objects = who_and_what
    bin_count, offset, half, window_us = constants
    counts = np.zeros(bin_count, np.float64)
    filled = 0
    begin = 0
    while begin < len(blocks):
        end = begin + 1
        while end < len(blocks) and blocks[end] == blocks[begin]:
            end += 1
        size = end - begin
        first_bin = blocks[begin] * bin_count - offset
        total = _activity_in(active, first_bin, bin_count, counts)
        draws = min(size * (size - 1) // 2, 3 * size) if total <= QUIET else 0
        for draw in range(draws):
            word = spread(np.uint64(begin + 1) * GOLDEN + np.uint64(draw))
            one = begin + np.int64((word & np.uint64(0xFFFFFFFF)) % np.uint64(size))
            two = begin + np.int64((word >> np.uint64(32)) % np.uint64(size))
            if accounts[one] == accounts[two] or objects[one] == objects[two]:
                continue
            mine, yours = numbers[one] - first_bin, numbers[two] - first_bin
            counts[mine] -= 1.0
            counts[yours] -= 1.0
            constant = 0.0
            for place in range(bin_count):
                constant += counts[place] * counts[place]
                if place:
                    constant += 2.0 * half * counts[place] * counts[place - 1]
            found[filled, 0] = constant
            found[filled, 1] = counts[0] + counts[bin_count - 1]
            found[filled, 2] = total - 2.0
            found[filled, 3] = 1.0 if abs(times_us[one] - times_us[two]) <= window_us else 0.0
            found[filled, 4] = 1.0 / total
            counts[mine] += 1.0
            counts[yours] += 1.0
            filled += 1
        begin = end
    return filled


@njit
def mean_chance(
    sums: tuple[Floats, Floats, Floats], others: Floats, weight: Floats, shrinkage: float
) -> float:
    """The mean of π at a κ, weighted.

    Args:
        sums: Of each record the part of Σ m² + 2h Σ m m₊₁ without κ, with κ and with κ².
        others: N of each record.
        weight: Votes.
        shrinkage: κ.
    """
    constant, linear, square = sums
    total = whole = 0.0
    for record in range(len(weight)):
        mass = others[record] + shrinkage
        both = constant[record] + shrinkage * (linear[record] + shrinkage * square[record])
        total += weight[record] * min(1.0, (both + mass) / (mass * (mass + 1.0)))
        whole += weight[record]
    return total / whole
