"""A distribution as two hundred numbers: enough to draw from, too few to tell who was who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.laboratory.draws import Draws

Floats = npt.NDArray[np.float64]

POINTS = 200


@dataclass(frozen=True)
class Quantiles:
    """Values at some probabilities, dense in the upper tail, where the largest things are.

    Attributes:
        probabilities: Ascending, from 0 to 1.
        values: Ascending.
    """

    probabilities: tuple[float, ...]
    values: tuple[float, ...]

    @classmethod
    def of(cls, sample: npt.NDArray[np.generic]) -> Quantiles:
        """Summarise a sample; an empty one becomes the single value 0."""
        if not len(sample):
            return cls((0.0, 1.0), (0.0, 0.0))
        tail = np.geomspace(1.0, 0.5 / len(sample), POINTS // 2)
        even = np.linspace(0.0, 1.0, POINTS // 2)
        probabilities = np.unique(np.concatenate([1.0 - tail, even]))
        ordered = np.sort(sample.astype(np.float64))
        at = np.minimum((probabilities * len(ordered)).astype(np.int64), len(ordered) - 1)
        return cls(tuple(probabilities.tolist()), tuple(ordered[at].tolist()))

    def draw(self, draws: Draws, count: int) -> Floats:
        """Values spread evenly over the distribution, in random order."""
        spread = (np.arange(count) + draws.random(count)) / max(count, 1)
        values: Floats = np.interp(spread, self.probabilities, self.values)
        return values[draws.permutation(count)]

    def counts(self, draws: Draws, count: int) -> npt.NDArray[np.int64]:
        """The same as whole numbers, at least 1: for distributions of counts."""
        whole = np.floor(self.draw(draws, count) + 0.5).astype(np.int64)
        return np.maximum(whole, 1)
