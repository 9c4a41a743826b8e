"""What simulated worlds are built from: acts, backgrounds, attention to stories.

A world of calibration holds shares and nothing else: no texts, no names. Times are seconds from
the world's beginning until :func:`as_shares` puts them on the data's lattice.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import Int32s, ShareArrays, group_starts
from assay.laboratory.draws import Draws, Shape
from assay.laboratory.population import awake, draw_ranks

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BEGINS_US = 1_700_006_400_000_000
"""A UTC midnight, so that seconds from the beginning are seconds of the clock."""

DAY_S = 86_400.0
NOBODY = -1


@dataclass(frozen=True)
class Acts:
    """Who shared which object when; three columns of one length.

    Attributes:
        account: Account numbers.
        object: Object numbers.
        at_s: Seconds from the world's beginning.
    """

    account: Ints
    object: Ints
    at_s: Floats

    def __len__(self) -> int:
        """Number of acts."""
        return len(self.account)

    def only(self, rows: npt.NDArray[np.bool_] | Ints) -> Acts:
        """Some of the acts."""
        return Acts(self.account[rows], self.object[rows], self.at_s[rows])


def joined(*parts: Acts) -> Acts:
    """Several parts' acts as one."""
    return Acts(
        np.concatenate([part.account for part in parts]),
        np.concatenate([part.object for part in parts]),
        np.concatenate([part.at_s for part in parts]),
    )


@dataclass(frozen=True)
class Background:
    """A world without planted groups.

    Attributes:
        accounts: Number of accounts.
        objects: Number of objects.
        acts: What they shared.
        publisher: For each account the declared publisher that it belongs to, or ``NOBODY``.
    """

    accounts: int
    objects: int
    acts: Acts
    publisher: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def publishers(self) -> Ints:
        """The publisher of every account."""
        if len(self.publisher):
            return self.publisher
        return np.full(self.accounts, NOBODY, np.int64)


@dataclass(frozen=True)
class Attention:
    """Accounts that follow stories by topic, popularity, speed and time of day.

    Attributes:
        accounts: Number of accounts.
        stories: Number of stories (objects).
        shares: Acts drawn; an account shares a story once.
        span_s: How long the world lasts.
        topics: Topics of interest.
        homophily: How many times likelier a story of one's own topic is than one of another.
        delay_median_s: Median delay after a story's birth.
        delay_sigma: Spread of the log delay.
        zones_h: Time zones that accounts live in; empty for no daily rhythm.
    """

    accounts: int = 500
    stories: int = 400
    shares: int = 8_000
    span_s: float = 10 * DAY_S
    topics: int = 8
    homophily: float = 6.0
    delay_median_s: float = 2_400.0
    delay_sigma: float = 1.3
    zones_h: tuple[int, ...] = (0,)


def follow(draws: Draws, attention: Attention) -> Background:
    """Let accounts follow the stories."""
    count = attention.shares
    topic_of = draws.integers(0, attention.topics, attention.accounts)
    account = draw_ranks(draws, count, attention.accounts, 0.8, 10.0)
    at_home = attention.homophily / (attention.homophily + attention.topics - 1)
    elsewhere = draws.integers(1, max(attention.topics, 2), count)
    topic = (
        topic_of[account] + np.where(draws.random(count) < at_home, 0, elsewhere)
    ) % attention.topics
    per_topic = attention.stories // attention.topics
    story = draw_ranks(draws, count, per_topic, 0.9, 3.0) * attention.topics + topic
    account, story = once_each(account, story)
    born_s = draws.uniform(0, attention.span_s, attention.stories)[story]
    zone_s = np.array(attention.zones_h or (0,))[
        draws.integers(0, max(len(attention.zones_h), 1), attention.accounts)
    ]
    at_s = awake_times(draws, born_s, attention, zone_s[account] * 3600)
    return Background(attention.accounts, attention.stories, Acts(account, story, at_s))


def awake_times(draws: Draws, born_s: Floats, attention: Attention, zone_s: Ints) -> Floats:
    """Birth plus a lognormal delay, drawn again while its account sleeps."""
    at_s = np.empty(len(born_s))
    left = np.arange(len(born_s))
    for _ in range(12):
        delay_s = draws.lognormal(attention.delay_median_s, attention.delay_sigma, len(left))
        at_s[left] = born_s[left] + delay_s
        if not attention.zones_h:
            break
        left = left[~awake(draws, at_s[left], zone_s[left])]
    return at_s


def once_each(account: Ints, story: Ints) -> tuple[Ints, Ints]:
    """Each (account, story) once."""
    keys = np.unique(story * (int(account.max(initial=0)) + 1) + account)
    size = int(account.max(initial=0)) + 1
    return keys % size, keys // size


def some_each(draws: Draws, objects: int, accounts: int, chance: float) -> Acts:
    """Every account shares every object with the same chance; times are left at 0."""
    picked = np.flatnonzero(draws.random(objects * accounts) < chance)
    return Acts(picked % accounts, picked // accounts, np.zeros(len(picked)))


def at(acts: Acts, at_s: Floats) -> Acts:
    """The same acts at other times."""
    return replace(acts, at_s=at_s)


def exponential(draws: Draws, mean: float, shape: Shape) -> Floats:
    """Exponential draws with that mean, by inversion."""
    drawn: Floats = -mean * np.log(1.0 - draws.random(shape))
    return drawn


def as_shares(acts: Acts, accounts: int, resolution_us: int) -> ShareArrays:
    """The acts as the detector reads them, times cut to the data's resolution."""
    times_us = (acts.at_s * 1e6).astype(np.int64) + BEGINS_US
    times_us = times_us // resolution_us * resolution_us
    order = np.lexsort((acts.account, times_us, acts.object))
    objects: Int32s = np.unique(acts.object[order], return_inverse=True)[1].astype(np.int32)
    return ShareArrays(
        objects,
        acts.account[order].astype(np.int32),
        times_us[order],
        group_starts(objects),
        accounts,
    )
