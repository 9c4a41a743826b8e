"""Which p-values discrete tests can attain, and how many of them the null leads one to expect.

A test of few trials has few p-values. All tests together have a sum of P(p ≤ t) that is far below
their number times t; :func:`assay.detectors.chance.discrete_q_values` says what it is good for.
Levels are kept on a grid, each attainable p rounded down to it, so that the sum errs on the high
side and takes the same room for any number of tests.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int64s
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]

DECADES = 12
PER_DECADE = 200
"""Levels from 1e-12 on; one is 1.2 % above the one before."""

_ROUNDING = 1e-9
"""Relative: what the same p may differ by when it was summed, or scaled, in another order."""


def no_tests() -> Floats:
    """The expected number of p-values that lie in each step of the grid, before any test."""
    return np.zeros(DECADES * PER_DECADE + 1)


def expected_below(expected: Floats, p_values: Floats) -> Floats:
    """How many p-values the null leads one to expect at or below each given one.

    Args:
        expected: In each step of the grid.
        p_values: Any.
    """
    below: Floats = np.cumsum(expected)[_levels(p_values)]
    return below


@njit
def tails_and_expected(
    law: npt.NDArray[np.float32], bounds: Int64s, score: Int64s, expected: Floats
) -> Floats:
    """P(sum of scores ≥ observed) of each test, by convolution; sums of positive terms throughout.

    Args:
        law: (trial, score): probability of each score of a trial.
        bounds: Where each test's trials begin; one more entry than tests.
        score: Observed sum of each test.
        expected: From :func:`no_tests`; every p that a test can attain is added with its
            probability.
    """
    tails = np.zeros(len(score), np.float64)
    levels = law.shape[1]
    longest = 0
    for index in range(len(score)):
        longest = max(longest, bounds[index + 1] - bounds[index])
    state = np.empty(longest * (levels - 1) + 1, np.float64)
    for index in range(len(score)):
        # state[s] = P(sum so far = s), up to the largest sum that can be.
        state[0] = 1.0
        largest = 0
        for trial in range(bounds[index], bounds[index + 1]):
            most = levels - 1
            while most > 0 and law[trial, most] == 0.0:
                most -= 1
            state[largest + 1 : largest + most + 1] = 0.0
            # float32 laws add up to 1 within 1e-6: scaled, so that p does not creep.
            whole = law[trial].sum()
            for reached in range(largest, -1, -1):
                before = state[reached]
                state[reached] = before * law[trial, 0] / whole
                for more in range(1, most + 1):
                    state[reached + more] += before * law[trial, more] / whole
            largest += most
        tail = 0.0
        for reached in range(largest, -1, -1):
            if state[reached] == 0.0:
                continue
            tail += state[reached]
            expected[_level(tail * (1.0 - _ROUNDING))] += state[reached]
            if reached >= score[index]:
                tails[index] = min(tail, 1.0)
    return tails


@njit
def _level(p_value: float) -> int:
    """The step of the grid that a p lies in; all below the grid's first lie there."""
    if p_value <= 0.0:
        return 0
    step = math.floor((math.log10(p_value) + DECADES) * PER_DECADE)
    return int(min(max(step, 0), DECADES * PER_DECADE))


@njit
def _levels(p_values: Floats) -> Int64s:
    levels = np.empty(len(p_values), np.int64)
    for index in range(len(p_values)):
        levels[index] = _level(p_values[index])
    return levels
