"""The coordination interval, estimated from the data when the user asks for ``--window auto``.

Giglietto, Righetti, Rossi & Marino 2020 (Information, Communication & Society 23:867): among
the objects whose *second* share came unusually fast (the quickest tenth), the time within which
half of their shares arrived; the median of it over these objects is the interval. The choice is
made on half of the objects and tested on the other half, since a window chosen on the same data
would make every p-value too small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Bools, Int64s, ShareArrays
from assay.engine.compiled import njit
from assay.errors import InputError

Floats = npt.NDArray[np.float64]

QUICKEST = 0.1
"""Share of the objects with the fastest second share."""

FEWEST_OBJECTS = 10
"""From so many objects that were shared twice a window is estimated, and not from fewer."""

REACHED = 0.5
"""Share of an object's shares that must have arrived."""

CURVE_QUANTILES = tuple(round(0.05 * step, 2) for step in range(1, 20))


@dataclass(frozen=True)
class CoordinationInterval:
    """The estimate and the curve behind it.

    Attributes:
        window_s: The interval, at least twice the data's resolution.
        objects: Objects that the estimate rests on.
        curve: (quantile of the second share's speed, interval in s) for other choices of it.
    """

    window_s: float
    objects: int
    curve: tuple[tuple[float, float], ...]


def chosen_half(object_count: int) -> Bools:
    """Which objects the window is chosen on; the others are tested.

    Every second object in the order of ids, which has nothing to do with when it was shared.
    """
    halves: Bools = np.arange(object_count) % 2 == 0
    return halves


def estimate_interval(arrays: list[ShareArrays], resolution_us: int) -> CoordinationInterval:
    """Estimate the interval over the objects of every kind.

    Raises:
        InputError: Fewer than ten objects were shared twice: nothing to estimate from.
    """
    second: list[Floats] = []
    reached: list[Floats] = []
    for shares in arrays:
        speeds = _speeds(shares.starts, shares.times_us, REACHED)
        second.append(speeds[0])
        reached.append(speeds[1])
    second_us = np.concatenate(second) if second else np.empty(0)
    reached_us = np.concatenate(reached) if reached else np.empty(0)
    shared_again = second_us >= 0
    second_us, reached_us = second_us[shared_again], reached_us[shared_again]
    if len(second_us) < FEWEST_OBJECTS:
        raise InputError(
            f"a window is estimated from {FEWEST_OBJECTS} objects that were shared twice or more; "
            f"in the half of the objects that it is chosen on there are {len(second_us)}",
            fix="give the window yourself, such as --window 60s",
        )
    least_s = 2 * resolution_us / 1e6

    def interval_s(quantile: float) -> float:
        fast = second_us <= max(np.quantile(second_us, quantile), 1e6)
        return max(float(np.quantile(reached_us[fast], REACHED)) / 1e6, least_s)

    limit_us = max(float(np.quantile(second_us, QUICKEST)), 1e6)
    return CoordinationInterval(
        window_s=float(np.ceil(interval_s(QUICKEST))),
        objects=int((second_us <= limit_us).sum()),
        curve=tuple((quantile, interval_s(quantile)) for quantile in CURVE_QUANTILES),
    )


@njit
def _speeds(starts: Int64s, times_us: Int64s, reached: float) -> tuple[Floats, Floats]:
    """Time to the second share (-1 if none) and to the given part of all shares, in µs."""
    second = np.full(len(starts) - 1, -1.0)
    part = np.zeros(len(starts) - 1)
    for index in range(len(starts) - 1):
        size = starts[index + 1] - starts[index]
        if size < 2:
            continue
        begin = times_us[starts[index]]
        second[index] = times_us[starts[index] + 1] - begin
        # The first share whose rank exceeds the part: perc_of_shares > p in the original.
        rank = min(int(np.floor(reached * size)), size - 1)
        part[index] = times_us[starts[index] + rank] - begin
    return second, part
