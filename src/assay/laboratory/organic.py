"""Honest behaviour: stories attract attention in bursts, by topic, popularity and time of day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assay.laboratory.actions import (
    CHATTER,
    LINK,
    NONE,
    ORGANIC,
    REPOST,
    TEXT,
    Actions,
    Stories,
    make_actions,
)
from assay.laboratory.campaign import Campaign
from assay.laboratory.draws import Draws
from assay.laboratory.population import (
    ACTIVITY_SHIFT,
    Population,
    awake,
    draw_ranks,
    draws_for,
)

SITES = 40
HASHTAGS_PER_TOPIC = 12
POPULARITY_SHIFT = 5.0
TIME_DRAWS = 12
"""How often a time that falls into the night or past the end is drawn again."""


def make_stories(campaign: Campaign) -> Stories:
    """The stories of the background; story k belongs to topic k mod topics, popular ones first."""
    rng = draws_for(campaign, "stories")
    per_topic = max(1, round(campaign.organic_posts / campaign.shares_per_story / campaign.topics))
    count = per_topic * campaign.topics
    return Stories(
        topic=np.arange(count) % campaign.topics,
        site=draw_ranks(rng, count, SITES, 1.0, 2.0),
        born_at_s=rng.uniform(0, campaign.span_s, count),
    )


def organic_accounts(campaign: Campaign) -> np.ndarray:
    """The account behind each organic post, by Zipf activity."""
    rng = draws_for(campaign, "activity")
    return draw_ranks(
        rng, campaign.organic_posts, campaign.accounts, campaign.activity_exponent, ACTIVITY_SHIFT
    )


def behave(
    campaign: Campaign, population: Population, stories: Stories, accounts: np.ndarray, stage: str
) -> Actions:
    """Let these accounts (one entry per post) behave organically.

    Reposts have no target yet: see :func:`find_targets`.
    """
    rng = draws_for(campaign, stage)
    rows = len(accounts)
    at_home = rng.random(rows) < campaign.homophily
    topic = np.where(at_home, population.topic[accounts], rng.integers(0, campaign.topics, rows))
    per_topic = len(stories) // campaign.topics
    rank = draw_ranks(rng, rows, per_topic, campaign.popularity_exponent, POPULARITY_SHIFT)
    story = rank * campaign.topics + topic
    bounds = np.cumsum([campaign.chatter_share, campaign.repost_share, campaign.copy_share])
    behaviour = np.array([CHATTER, REPOST, TEXT, LINK])[
        np.searchsorted(bounds, rng.random(rows), side="right")
    ]
    at_s = _draw_times(campaign, rng, population, accounts, stories.born_at_s[story])
    actions = make_actions(accounts, at_s, behaviour, story, ORGANIC)
    tag_rank = draw_ranks(rng, rows, HASHTAGS_PER_TOPIC, 1.0, 1.0)
    tagged = (rng.random(rows) < campaign.hashtag_share) & np.isin(behaviour, (CHATTER, LINK))
    return replace(
        actions,
        hashtag=np.where(tagged, topic * HASHTAGS_PER_TOPIC + tag_rank, NONE),
    )


def _draw_times(
    campaign: Campaign,
    rng: Draws,
    population: Population,
    accounts: np.ndarray,
    born_at_s: np.ndarray,
) -> np.ndarray:
    """Birth plus a lognormal delay, drawn again while the account sleeps or the time is over."""
    at_s = np.empty(len(accounts))
    open_ = np.arange(len(accounts))
    midnight_s = _seconds_into_day(campaign)
    for _ in range(TIME_DRAWS):
        who = accounts[open_]
        delay_s = rng.lognormal(campaign.delay_median_s, campaign.delay_sigma, len(open_))
        drawn_s = born_at_s[open_] + delay_s * population.slowness[who]
        at_s[open_] = drawn_s
        fits = (drawn_s < campaign.span_s) & awake(
            rng, drawn_s + midnight_s, population.timezone_s[who]
        )
        open_ = open_[~fits]
    late = at_s >= campaign.span_s
    at_s[late] = rng.uniform(born_at_s[late], campaign.span_s, int(late.sum()))
    return at_s


def _seconds_into_day(campaign: Campaign) -> float:
    """The start's distance from the UTC midnight before it."""
    return campaign.starts_at.timestamp() % 86400


def find_targets(
    campaign: Campaign,
    population: Population,
    originals: Actions,
    actions: Actions,
    stage: str,
) -> Actions:
    """Point each repost at an earlier original on its story and platform, early ones preferred.

    A repost without one (or only its author's own) becomes a link. Positions are those in
    ``originals``.
    """
    rng = draws_for(campaign, stage)
    usable = np.flatnonzero(np.isin(originals.behaviour, (LINK, TEXT)))
    keys = _moment_key(campaign, population, originals, usable)
    order = np.argsort(keys, kind="stable")
    usable, keys = usable[order], keys[order]
    reposts = np.flatnonzero(actions.behaviour == REPOST)
    now = _moment_key(campaign, population, actions, reposts)
    start = np.searchsorted(keys, now // _SLOT * _SLOT)
    earlier = np.searchsorted(keys, now) - start
    pick = start + (earlier * rng.random(len(reposts)) ** 3).astype(np.int64)
    found = earlier > 0
    chosen = np.full(len(reposts), NONE, dtype=np.int64)
    chosen[found] = usable[pick[found]]
    own = found & (originals.account[chosen] == actions.account[reposts])
    chosen[own] = NONE
    target, behaviour = actions.target.copy(), actions.behaviour.copy()
    target[reposts] = chosen
    behaviour[reposts[chosen == NONE]] = LINK
    return replace(actions, target=target, behaviour=behaviour)


_SLOT = 1 << 32
"""Room for a time in seconds under one (platform, story) in a sort key."""


def _moment_key(
    campaign: Campaign, population: Population, actions: Actions, rows: np.ndarray
) -> np.ndarray:
    """One integer that sorts by platform, story and whole second."""
    place = population.platform[actions.account[rows]] + actions.story[rows] * len(
        campaign.platforms
    )
    key: np.ndarray = place * _SLOT + actions.at_s[rows].astype(np.int64)
    return key


def burst_of_attention(
    campaign: Campaign, population: Population, story: int, born_at_s: float
) -> Actions:
    """Many accounts honestly share one news link within a short time of its publication."""
    rng = draws_for(campaign, "burst")
    accounts = rng.some_of(len(population), campaign.burst_accounts)
    delay_s = rng.lognormal(campaign.burst_median_s, 1.0, len(accounts))
    at_s = np.minimum(born_at_s + delay_s, campaign.span_s - 1)
    return make_actions(
        accounts, at_s, np.full(len(accounts), LINK), np.full(len(accounts), story), ORGANIC
    )
