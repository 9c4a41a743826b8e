"""Worlds in which honest accounts react alike: fast readers, followers, feeds, repeaters, few."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assay.detectors.block_grid import PHASE
from assay.laboratory.draws import Draws
from assay.laboratory.world_parts import (
    DAY_S,
    NOBODY,
    Acts,
    Background,
    at,
    exponential,
    joined,
    some_each,
)

HANDFULS = (6, 15, 40, 100, 300)
"""Sharers of every object in the worlds ``handful-N``."""

HANDFUL_DELTA_S = 600.0
"""Δ that the bursts of ``handful-N`` are measured in: ten windows of a minute."""


def reactors(draws: Draws) -> Background:
    """Habitually fast accounts (minutes) and slow ones (hours) read the same stories."""
    accounts, stories = 200, 120
    acts = some_each(draws, stories, accounts, 0.3)
    born_s = draws.uniform(0, 10 * DAY_S, stories)[acts.object]
    fast = acts.account < accounts // 2
    delay_s = np.where(
        fast, exponential(draws, 240.0, len(acts)), draws.lognormal(14_400.0, 1.0, len(acts))
    )
    return Background(accounts, stories, at(acts, born_s + delay_s))


def hub(draws: Draws) -> Background:
    """Fifty followers of one hub react within minutes of it; others share at other times."""
    accounts, followers, stories = 200, 50, 150
    public = some_each(draws, stories, accounts, 0.15)
    born_s = draws.uniform(0, 10 * DAY_S, stories)
    public = at(public, born_s[public.object] + exponential(draws, 0.5 * DAY_S, len(public)))
    hub_s = born_s + exponential(draws, 0.5 * DAY_S, stories)
    reacting = some_each(draws, stories, followers, 0.3)
    reacting = at(reacting, hub_s[reacting.object] + exponential(draws, 300.0, len(reacting)))
    return Background(accounts, stories, joined(public, reacting))


def feeds(draws: Draws) -> Background:
    """Three publishers of five accounts each post the same news within seconds, openly.

    Forty unrelated readers with alerts share an article within a minute or so; two hundred
    others, some time later.
    """
    publishers, per_publisher, readers, public, articles = 3, 5, 40, 200, 150
    born_s = draws.uniform(0, 10 * DAY_S, articles)
    source = draws.integers(0, publishers, articles)
    openly = np.arange(publishers * per_publisher)
    feed = Acts(
        (source[:, None] * per_publisher + np.arange(per_publisher)).ravel(),
        np.repeat(np.arange(articles), per_publisher),
        np.repeat(born_s, per_publisher) + draws.uniform(0, 8.0, articles * per_publisher),
    )
    alert = some_each(draws, articles, readers, 0.3)
    alert = Acts(
        alert.account + len(openly),
        alert.object,
        born_s[alert.object] + draws.lognormal(45.0, 0.8, len(alert)),
    )
    later = some_each(draws, articles, public, 0.05)
    later = Acts(
        later.account + len(openly) + readers,
        later.object,
        born_s[later.object] + draws.lognormal(5_400.0, 1.2, len(later)),
    )
    accounts = len(openly) + readers + public
    publisher = np.full(accounts, NOBODY, np.int64)
    publisher[openly] = openly // per_publisher
    return Background(accounts, articles, joined(feed, alert, later), publisher)


def repeaters(draws: Draws) -> Background:
    """Sixty accounts share every story of theirs up to forty times over a day; others once."""
    accounts, heavy, stories = 260, 60, 150
    once = some_each(draws, stories, accounts, 0.1)
    born_s = draws.uniform(0, 10 * DAY_S, stories)
    once = at(once, born_s[once.object] + draws.lognormal(3_600.0, 1.2, len(once)))
    again = once.only(once.account < heavy)
    times = draws.integers(5, 41, len(again))
    again = Acts(
        np.repeat(again.account, times),
        np.repeat(again.object, times),
        born_s[np.repeat(again.object, times)] + draws.uniform(0, DAY_S, int(times.sum())),
    )
    return Background(accounts, stories, joined(once, again))


def few(accounts: int, sharers: int, delay_s: float) -> Callable[[Draws], Background]:
    """A world of 400 stories that few accounts share, soon after the first of them.

    Args:
        accounts: In all.
        sharers: Of each story, drawn anew for each.
        delay_s: Mean delay of the others after the first.
    """

    def make(draws: Draws) -> Background:
        stories = 400
        account = np.argsort(draws.random((stories, accounts)), axis=1)[:, :sharers]
        after_s = exponential(draws, delay_s, (stories, sharers))
        after_s[:, 0] = 0.0
        at_s = draws.uniform(0, 10 * DAY_S, stories)[:, None] + after_s
        story = np.repeat(np.arange(stories), sharers)
        return Background(accounts, stories, Acts(account.ravel(), story, at_s.ravel()))

    return make


def handful(sharers: int) -> Callable[[Draws], Background]:
    """A world where every story is shared by the same accounts in one block of Δ.

    Half of the shares fall within Δ/15 of the block's beginning on average, decaying, the others
    anywhere in it; nobody acts together. Twenty-five stories.
    """

    def make(draws: Draws) -> Background:
        stories = 25
        acts = some_each(draws, stories, sharers, 1.1)
        quick = exponential(draws, HANDFUL_DELTA_S / 15, len(acts)) % HANDFUL_DELTA_S
        even = draws.uniform(0, HANDFUL_DELTA_S, len(acts))
        inside_s = np.where(draws.random(len(acts)) < 0.5, quick, even)
        # A block begins where the gate's blocks of ten minutes do, and the next two are empty.
        begin_s = (3 * acts.object + 1 - PHASE) * HANDFUL_DELTA_S
        return Background(sharers, stories, at(acts, np.asarray(begin_s + inside_s, np.float64)))

    return make
