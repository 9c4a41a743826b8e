"""Intervals for shares that were counted: exact ones, and quick ones.

Clopper & Pearson 1934 (Biometrika 26:404): never too narrow. Wilson 1927 (JASA 22:209): close to
its level, and sensible at 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

LEVEL = 0.95
"""Level of all intervals."""


def wilson(hits: float, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's interval for a share; (0, 1) without trials; hits may be a sum of shares."""
    if trials == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share, weight = hits / trials, z * z / trials
    centre = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * math.sqrt(share * (1 - share) / trials + weight / (4 * trials))
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    return low, 1.0 if hits == trials else min(1.0, centre + half)


@lru_cache(maxsize=100_000)
def clopper_pearson(hits: int, trials: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval for a share; (0, 1) without trials."""
    if trials == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    low = 0.0 if hits == 0 else _solve(lambda share: binomial_at_least(hits, trials, share), tail)
    if hits == trials:
        return low, 1.0
    # P(X ≤ hits) falls as the share rises; its complement rises.
    return low, _solve(lambda share: binomial_at_least(hits + 1, trials, share), 1 - tail)


def binomial_at_least(hits: int, trials: int, share: float) -> float:
    """P(X ≥ hits) for a binomial law."""
    if hits <= 0:
        return 1.0
    if hits > trials or share <= 0.0:
        return 0.0
    if share >= 1.0:
        return 1.0
    return min(1.0, math.fsum(_mass(count, trials, share) for count in range(hits, trials + 1)))


def most_at_level(trials: int, share: float, tail: float) -> int:
    """The smallest count that is exceeded with at most this probability.

    Args:
        trials: How many.
        share: Chance of each.
        tail: Largest probability of more than the result.
    """
    count = 0
    while binomial_at_least(count + 1, trials, share) > tail:
        count += 1
    return count


def mean_interval(values: list[float], level: float = LEVEL) -> tuple[float, float, float]:
    """Mean and normal interval of values between 0 and 1, cut to that range.

    Where all values are equal their spread says nothing; the exact interval of a share that was
    never or always met stands instead.
    """
    count = len(values)
    if count == 0:
        return 0.0, 0.0, 1.0
    mean = math.fsum(values) / count
    if min(values) == max(values):
        low, high = clopper_pearson(0, count, level)
        return mean, max(0.0, mean - high + low), min(1.0, mean + high)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (count - 1) / count)
    half = NormalDist().inv_cdf(0.5 + level / 2) * spread
    return mean, max(0.0, mean - half), min(1.0, mean + half)


def _mass(count: int, trials: int, share: float) -> float:
    return math.exp(
        math.lgamma(trials + 1)
        - math.lgamma(count + 1)
        - math.lgamma(trials - count + 1)
        + count * math.log(share)
        + (trials - count) * math.log1p(-share)
    )


def _solve(rising: Callable[[float], float], goal: float) -> float:
    """Where a rising function of a share meets the goal, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) < goal:
            low = middle
        else:
            high = middle
    return (low + high) / 2
