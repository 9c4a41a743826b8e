"""Who acts in a simulated campaign: accounts with a platform, a topic, a time zone, a speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.laboratory.campaign import Campaign
from assay.laboratory.draws import Draws

ACTIVITY_SHIFT = 10.0
"""Added to an account's rank, so that no single account dominates."""

HOURLY_ACTIVITY = np.array(
    [.25, .12, .07, .05, .05, .08, .2, .4, .6, .7, .75, .8,
     .9, .85, .8, .78, .8, .85, .9, .97, 1., .95, .75, .5]
)  # fmt: skip
"""Relative activity by local hour of the day, 1 at its highest."""


@dataclass(frozen=True)
class Population:
    """Organic accounts, one entry each; an account's number is its rank of activity.

    Attributes:
        platform: Index into the campaign's platforms.
        topic: The topic it cares for.
        timezone_s: Its offset from UTC in seconds.
        slowness: Factor on its delays; below 1 is a habitually fast reactor.
    """

    platform: np.ndarray
    topic: np.ndarray
    timezone_s: np.ndarray
    slowness: np.ndarray

    def __len__(self) -> int:
        """Number of accounts."""
        return len(self.platform)


def draws_for(campaign: Campaign, stage: str) -> Draws:
    """A stream of its own for each stage, so that a change in one leaves the others alone."""
    return Draws(campaign.seed, stage)


def make_population(campaign: Campaign) -> Population:
    """Draw the organic accounts."""
    rng = draws_for(campaign, "population")
    count = campaign.accounts
    zones_s = (np.array(campaign.timezones_h) * 3600).astype(np.int64)
    return Population(
        platform=rng.integers(0, len(campaign.platforms), count),
        topic=rng.integers(0, campaign.topics, count),
        timezone_s=zones_s[rng.integers(0, len(zones_s), count)],
        slowness=rng.lognormal(1.0, campaign.speed_sigma, count),
    )


def draw_ranks(
    rng: Draws | np.random.Generator, rows: int, ranks: int, exponent: float, shift: float
) -> np.ndarray:
    """Draw ranks 0 … ranks-1 with weight (rank + 1 + shift)^-exponent, by inverting the integral.

    The continuous inverse needs no table of weights, whatever the number of ranks.
    """
    low, high = 0.5 + shift, ranks + 0.5 + shift
    uniform = rng.random(rows)
    if exponent == 1:
        position = low * (high / low) ** uniform
    else:
        power = 1 - exponent
        position = (low**power + uniform * (high**power - low**power)) ** (1 / power)
    drawn: np.ndarray = np.minimum((position - low).astype(np.int64), ranks - 1)
    return drawn


def awake(rng: Draws | np.random.Generator, at_s: np.ndarray, timezone_s: np.ndarray) -> np.ndarray:
    """Whether an act at that moment (seconds from a UTC midnight) passes the daily rhythm."""
    hour = ((at_s + timezone_s) // 3600 % 24).astype(np.int64)
    passes: np.ndarray = rng.random(len(at_s)) < HOURLY_ACTIVITY[hour]
    return passes
