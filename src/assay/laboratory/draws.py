"""Random draws that come out the same on any Python, numpy and machine.

numpy promises that a bit generator's raw stream never changes; what its ``Generator`` makes of
that stream (normal, choice, integers) it does not promise. So only PCG64's raw draws are taken
from numpy (O'Neill 2014), seeded through ``SeedSequence``, and everything else is made from them
here. See ``docs/decisions/0013-stable-draws.md``.
"""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]
Shape = int | tuple[int, ...]

_TO_UNIT = 2.0**-53


class Draws:
    """A stream of its own for each seed and stage, so that one stage leaves the others alone.

    Args:
        seed: The campaign's or the run's seed, from 0 up.
        stage: A name; other names give independent streams.
    """

    def __init__(self, seed: int, stage: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(stage.encode())]))

    def random(self, shape: Shape) -> Floats:
        """Uniform in [0, 1), with 53 bits."""
        size = int(np.prod(shape))
        raw = np.asarray(self._bits.random_raw(size), dtype=np.uint64)
        drawn: Floats = (raw >> np.uint64(11)).astype(np.float64)
        drawn *= _TO_UNIT
        return drawn.reshape(shape)

    def uniform(self, low: float | Floats, high: float | Floats, shape: Shape) -> Floats:
        """Uniform in [low, high)."""
        drawn: Floats = self.random(shape)
        drawn *= np.asarray(high) - low
        drawn += low
        return drawn

    def integers(self, low: int, high: int, shape: Shape) -> Int64s:
        """Whole numbers from ``low`` up to and without ``high``; ranges far below 2^53 only."""
        drawn: Int64s = low + (self.random(shape) * (high - low)).astype(np.int64)
        return drawn

    def integer(self, low: int, high: int) -> int:
        """One whole number from ``low`` up to and without ``high``."""
        return int(self.integers(low, high, 1)[0])

    def lognormal(self, median: float, sigma: float, shape: Shape) -> Floats:
        """Lognormal with that median, by Box and Muller (1958)."""
        # One minus a draw from [0, 1) is never 0, whose logarithm does not exist.
        radius = np.sqrt(-2.0 * np.log(1.0 - self.random(shape)))
        normal = radius * np.cos(2.0 * np.pi * self.random(shape))
        drawn: Floats = median * np.exp(sigma * normal)
        return drawn

    def permutation(self, count: int) -> Int64s:
        """The numbers below ``count`` in random order."""
        return np.argsort(self.random(count), kind="stable")

    def some_of(self, count: int, wanted: int) -> Int64s:
        """``wanted`` different numbers below ``count``."""
        return self.permutation(count)[:wanted]

    def weighted(self, weights: Floats, shape: Shape) -> Int64s:
        """Positions drawn with these weights, by inverting their running sum."""
        running = np.cumsum(weights)
        at = np.searchsorted(running, self.random(shape) * running[-1], side="right")
        drawn: Int64s = np.minimum(at, len(weights) - 1)
        return drawn
