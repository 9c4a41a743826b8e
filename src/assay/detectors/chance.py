"""Tails and false discovery rate: from counts to p, and from many p to q.

Every tail is summed from positive terms, so that a p-value of 1e-200 is as exact as one of 0.1.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p_values: Floats, family: int) -> Floats:
    """q-values for tests out of a family whose untested members have p = 1.

    Benjamini & Hochberg 1995 (J. R. Stat. Soc. B 57:289). q is the smallest false discovery
    rate at which the test would be reported: the expected share of false results among all
    reported at that threshold. It is not the probability that one result is false.

    Args:
        p_values: Of the tests that were carried out. A p of 1 may lie outside the family, and
            has q = 1 either way.
        family: m, the number of hypotheses, tested or not; at least the number of p below 1.

    Returns:
        One q for each p, in the same order, at most 1.
    """
    q_values = np.ones(len(p_values))
    members = np.flatnonzero(p_values < 1.0)
    order = members[np.argsort(p_values[members], kind="stable")]
    size = max(int(family), len(order))
    scaled = p_values[order] * (size / np.arange(1, len(order) + 1))
    falling = np.minimum.accumulate(scaled[::-1])[::-1]
    q_values[order] = np.minimum(falling, 1.0)
    return q_values


MOST_P = 0.05
"""A discrete test with a larger p has q = 1."""


def discrete_q_values(p_values: Floats, expected: Floats) -> Floats:
    """q-values for tests of which few p-values are attainable.

    With three or four trials each, most tests cannot come near a small p, and m · p counts false
    results that none of them can give. In its place stands the sum over all tests of P(p ≤ t)
    under the null, which the tests' own laws give (Heyse 2011, J. Biopharm. Stat. 21:146). Of
    independent tests the rate is controlled once that is divided by 1 - P(p ≤ τ) for the largest
    p that may be reported, τ = :data:`MOST_P` (Döhler, Durand & Roquain 2018, Electron. J. Stat.
    12:1867); here by 1 - τ, which is no more, since P(p ≤ τ) ≤ τ. Tests of members of one group
    are not independent: how far the rate holds for them ``assay calibrate`` counts.

    The first of all has to pass Benjamini and Hochberg's test as it is: where nobody acts together
    a false result is then as rare as under it, and slack that discreteness leaves there is not
    spent. Who comes after the first profits.

    Args:
        p_values: Of all tests, reported or not.
        expected: For each of them, how many of all tests the null leads one to expect at or below
            its p.

    Returns:
        One q for each p, in the same order, at least p and at most 1.
    """
    order = np.argsort(p_values, kind="stable")
    scaled = expected[order] / (1.0 - MOST_P) / np.arange(1, len(order) + 1)
    scaled[p_values[order] > MOST_P] = 1.0
    falling = np.minimum.accumulate(scaled[::-1])[::-1]
    q_values = np.empty(len(order))
    q_values[order] = np.clip(falling, p_values[order], 1.0)
    least = float(benjamini_hochberg(p_values, len(order)).min(initial=1.0))
    return np.clip(q_values, least, 1.0)


@njit(counted=False)
def poisson_binomial_tail(probabilities: Floats, count: int, observed: int, state: Floats) -> float:
    """P(N ≥ observed) for a sum of independent indicators, exactly, without cancellation.

    Above four million steps the Chernoff bound stands instead: it is never below the tail, so a
    p-value stays valid.

    Args:
        probabilities: π of each object; the first ``count`` are used.
        count: Number of objects.
        observed: N.
        state: Room for at least ``observed`` floats.
    """
    if observed <= 0:
        return 1.0
    if observed > count:
        return 0.0
    if count * observed > 4_000_000:
        mean = 0.0
        for index in range(count):
            mean += probabilities[index]
        if mean >= observed or mean <= 0.0:
            return 1.0
        return float(np.exp(observed - mean - observed * np.log(observed / mean)))
    state[0] = 1.0
    for index in range(1, observed):
        state[index] = 0.0
    tail = 0.0
    for index in range(count):
        chance = probabilities[index]
        tail += chance * state[observed - 1]
        top = min(index + 1, observed - 1)
        for reached in range(top, 0, -1):
            state[reached] = state[reached] * (1.0 - chance) + state[reached - 1] * chance
        state[0] *= 1.0 - chance
    return min(tail, 1.0)


@njit
def poisson_tail(rate: float, observed: int) -> float:
    """P(X ≥ observed) for a Poisson law."""
    if observed <= 0:
        return 1.0
    if rate <= 0.0:
        return 0.0
    if observed <= rate:
        # The tail is large: one minus the lower sum loses nothing that matters.
        lower = 0.0
        for count in range(observed):
            lower += math.exp(count * math.log(rate) - rate - math.lgamma(count + 1.0))
        return max(0.0, 1.0 - lower)
    term = math.exp(observed * math.log(rate) - rate - math.lgamma(observed + 1.0))
    total = 0.0
    count = observed
    while term > 1e-17 * total:
        total += term
        count += 1
        term *= rate / count
    return min(1.0, total)


@njit
def hypergeometric_tail(objects: int, mine: int, yours: int, observed: int) -> float:
    """P(X ≥ observed) objects in common, had both picked theirs at random.

    The statistically validated network of Tumminello et al. 2011 (PLoS ONE 6:e17994).

    Args:
        objects: Number of objects to pick from.
        mine: Objects of one account.
        yours: Objects of the other.
        observed: Objects in common.
    """
    most = min(mine, yours)
    least = max(0, mine + yours - objects)
    if observed <= least:
        return 1.0
    if observed > most:
        return 0.0
    # From the likeliest number of objects on, or terms too small for a float would take the sum
    # of all others with them.
    likeliest = int((mine + 1.0) * (yours + 1.0) / (objects + 2.0))
    begin = min(max(observed, likeliest), most)
    largest = math.exp(
        math.lgamma(mine + 1.0)
        - math.lgamma(begin + 1.0)
        - math.lgamma(mine - begin + 1.0)
        + math.lgamma(objects - mine + 1.0)
        - math.lgamma(yours - begin + 1.0)
        - math.lgamma(objects - mine - yours + begin + 1.0)
        - math.lgamma(objects + 1.0)
        + math.lgamma(yours + 1.0)
        + math.lgamma(objects - yours + 1.0)
    )
    total, term, count = largest, largest, begin
    while count < most and term >= 1e-17 * total:
        term *= (
            float(mine - count)
            * float(yours - count)
            / (float(count + 1) * float(objects - mine - yours + count + 1))
        )
        count += 1
        total += term
    term, count = largest, begin
    while count > observed and term >= 1e-17 * total:
        term *= (
            float(count)
            * float(objects - mine - yours + count)
            / (float(mine - count + 1) * float(yours - count + 1))
        )
        count -= 1
        total += term
    return min(1.0, total)
