"""How like a data set its simulation is: the same statistics of both, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, Int64s, ShareArrays, first_flags, taken
from assay.engine.compiled import njit

Floats = npt.NDArray[np.float64]

QUANTILES = (0.5, 0.9, 0.99, 1.0)
SAMPLED_PAIRS = 2_000_000
"""Of the records of common objects at most about so many are counted, by a hash of the pair."""


@dataclass(frozen=True)
class Comparison:
    """One statistic of one kind.

    Attributes:
        kind: Kind of object.
        name: What is compared, with its unit.
        source: Its quantiles .5, .9, .99 and 1 in the data.
        simulated: The same in the simulation.
        distance: The largest distance between the two cumulative distributions (Kolmogorov and
            Smirnov's D), 0 for equal and 1 for entirely apart.
    """

    kind: str
    name: str
    source: tuple[float, ...]
    simulated: tuple[float, ...]
    distance: float


def compare(
    source: Mapping[str, ShareArrays], simulated: Mapping[str, ShareArrays]
) -> tuple[Comparison, ...]:
    """Compare every kind of the data with the same kind of the simulation."""
    rows = []
    for kind, shares in source.items():
        for name, measure in STATISTICS:
            one, other = measure(shares), measure(simulated[kind])
            rows.append(
                Comparison(kind, name, _quantiles(one), _quantiles(other), distance(one, other))
            )
    return tuple(rows)


def distance(one: Floats, other: Floats) -> float:
    """Kolmogorov and Smirnov's D of two samples; 1 if just one of them is empty."""
    if not len(one) or not len(other):
        return float(len(one) != len(other))
    one, other = np.sort(one), np.sort(other)
    everywhere = np.concatenate([one, other])
    below_one = np.searchsorted(one, everywhere, side="right") / len(one)
    below_other = np.searchsorted(other, everywhere, side="right") / len(other)
    return float(np.abs(below_one - below_other).max())


def _quantiles(sample: Floats) -> tuple[float, ...]:
    if not len(sample):
        return (float("nan"),) * len(QUANTILES)
    return tuple(np.quantile(sample, QUANTILES, method="lower").tolist())


def _first(shares: ShareArrays) -> ShareArrays:
    return taken(shares, first_flags(shares))


def _activity(shares: ShareArrays) -> Floats:
    counts = np.bincount(_first(shares).accounts, minlength=shares.account_count)
    return counts[counts > 0].astype(np.float64)


def _popularity(shares: ShareArrays) -> Floats:
    return np.diff(_first(shares).starts).astype(np.float64)


def _gaps_s(shares: ShareArrays) -> Floats:
    first = _first(shares)
    gaps: Floats = np.diff(first.times_us)[np.diff(first.objects) == 0] / 1e6
    return gaps


def _delays_s(shares: ShareArrays) -> Floats:
    first = _first(shares)
    since = first.times_us - first.times_us[first.starts[:-1]][first.objects]
    return since[since > 0] / 1e6


def _hours(shares: ShareArrays) -> Floats:
    hours: Floats = (shares.times_us // 3_600_000_000 % 24).astype(np.float64)
    return hours


def _common_objects(shares: ShareArrays) -> Floats:
    first = _first(shares)
    sizes = np.diff(first.starts)
    modulus = max(1, int((sizes * (sizes - 1) // 2).sum()) // SAMPLED_PAIRS)
    room = int(_sample(first.starts, first.accounts, modulus, np.empty(0, np.int64)))
    keys = np.empty(room, np.int64)
    _sample(first.starts, first.accounts, modulus, keys)
    return np.unique(keys, return_counts=True)[1].astype(np.float64)


@njit
def _sample(starts: Int64s, accounts: Int32s, modulus: int, keys: Int64s) -> int:
    """Write the pairs of every object that the hash takes, if there is room; count them."""
    count = 0
    for index in range(len(starts) - 1):
        for row in range(starts[index], starts[index + 1]):
            for other in range(row + 1, starts[index + 1]):
                low = np.int64(min(accounts[row], accounts[other]))
                high = np.int64(max(accounts[row], accounts[other]))
                key = (low << 32) | high
                if modulus > 1 and ((key * 0x9E3779B97F4A7C1) >> 24) % modulus != 0:
                    continue
                if len(keys):
                    keys[count] = key
                count += 1
    return count


STATISTICS: tuple[tuple[str, Callable[[ShareArrays], Floats]], ...] = (
    ("objects of an account", _activity),
    ("sharers of an object", _popularity),
    ("gap to the next sharer, s", _gaps_s),
    ("delay from the first, s", _delays_s),
    ("hour of the day, UTC", _hours),
    ("common objects of a pair", _common_objects),
)
"""Name and measure of each statistic."""
