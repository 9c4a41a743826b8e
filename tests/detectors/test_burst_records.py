"""What tells κ: votes of pairs, and the sums of π with a pair left out."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.detectors.burst_records import sums_of_records, votes_of

BINS, HALF, SHRINKAGE = 5, 0.525, 20.0


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 3), max_size=60))
def test_every_key_has_one_vote_in_all(keys: list[int]) -> None:
    counts = Counter(keys)
    votes = votes_of(np.array(keys, np.uint64)).tolist()
    assert votes == [1.0 / counts[key] for key in keys]


def closeness(counts: list[float], others: list[float]) -> float:
    """Σ n m + h Σ (n m₊₁ + n₊₁ m), the probability's numerator for two laws over bins."""
    beside = sum(
        a * d + b * c for (a, b), (c, d) in zip(pairwise(counts), pairwise(others), strict=True)
    )
    return sum(a * b for a, b in zip(counts, others, strict=True)) + HALF * beside


@given(
    st.lists(st.integers(0, BINS - 1), min_size=2, max_size=8).map(sorted),
    st.lists(st.integers(0, 9), min_size=BINS, max_size=BINS),
    st.data(),
)
def test_sums_leave_the_two_out(bins: list[int], activity: list[int], data: st.DataObject) -> None:
    """Against the formula written out, in the second block of an object's two."""
    one, two = sorted(
        data.draw(st.lists(st.integers(0, len(bins) - 1), min_size=2, max_size=2, unique=True))
    )
    numbers = np.array([0, 1, *(BINS + at for at in bins)], np.int64)
    active = [at for at in range(BINS) if activity[at]]
    sums = np.empty((1, 4))
    sums_of_records(
        np.array([0, len(numbers)], np.int64),
        np.zeros(len(numbers), np.int64),
        numbers,
        np.array([[2 + one, 2 + two]], np.int64),
        (
            np.array([BINS + at for at in active], np.int64),
            np.array([activity[at] for at in active], np.float64),
        ),
        (BINS, 0, HALF, SHRINKAGE),
        sums,
    )
    rest = [at for place, at in enumerate(bins) if place not in (one, two)]
    counts = [float(rest.count(at)) for at in range(BINS)]
    share = [(at + SHRINKAGE / BINS) / (sum(activity) + SHRINKAGE) for at in activity]
    wanted = [
        closeness(counts, counts),
        2.0 * closeness(counts, share),
        closeness(share, share),
        len(rest),
    ]
    assert sums[0].tolist() == pytest.approx(wanted, abs=1e-12)
