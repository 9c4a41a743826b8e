"""The background of a campaign like a user's data: posts by invented accounts.

Links, images and objects of unknown kind become links, since every import format has those. Each
share is a post of its own: which hashtags stood in one post is not reproduced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from assay.detectors.arrays import ShareArrays
from assay.laboratory.actions import (
    CHATTER,
    LINK,
    NONE,
    ORGANIC,
    REPOST,
    TEXT,
    Actions,
    Stories,
    joined,
    joined_stories,
    make_actions,
    shifted,
)
from assay.laboratory.campaign import FIRST_MOMENT, Campaign
from assay.laboratory.draws import Draws
from assay.laboratory.like_world import DrawnAccounts, DrawnShares, draw_accounts, draw_kind
from assay.laboratory.likeness import Likeness
from assay.laboratory.organic import SITES
from assay.laboratory.population import Population

FIRST_HASHTAG = 1_000_000
"""Numbers of the background's hashtags; planted groups use smaller ones."""

LEAD_MEDIAN_S = 300.0
"""Median time from a post to its first repost."""

COVER_MEDIAN_S = 3600.0
"""Median time from somebody's share to the cover post of a planted member with the same object."""


@dataclass(frozen=True)
class Background:
    """A background before anything is planted.

    Attributes:
        population: Its accounts.
        actions: What they do; targets are positions in it.
        stories: What is shared.
        shares: Each kind as it was drawn, in the calendar of the campaign's first hour.
    """

    population: Population
    actions: Actions
    stories: Stories
    shares: Mapping[str, ShareArrays]


def campaign_like(campaign: Campaign, likeness: Likeness) -> Campaign:
    """The same campaign with everything that the data decide.

    It begins in the week of the usual first moment, on the data's weekday and hour.
    """
    return replace(
        campaign,
        accounts=likeness.accounts,
        organic_posts=sum(
            round(np.mean(kind.sharers.values) * kind.objects) for kind in likeness.kinds.values()
        ),
        days=likeness.rhythm.span_s / 86400,
        starts_at=FIRST_MOMENT + timedelta(seconds=likeness.rhythm.begins_in_week_s),
        platforms=tuple(f"simnet-{_letters(n)}" for n in range(len(likeness.platforms))),
        topics=len(likeness.interests.sizes),
        time_resolution_s=likeness.resolution_s,
        burst_accounts=0,
    )


def background_like(campaign: Campaign, likeness: Likeness) -> Background:
    """Draw the background of :func:`campaign_like`'s campaign."""
    accounts = draw_accounts(likeness, campaign.seed)
    draws = Draws(campaign.seed, "like posts")
    # One story a topic for posts that share nothing but a hashtag, or nothing.
    stories = [_stories(np.arange(campaign.topics), np.zeros(campaign.topics), draws)]
    parts: list[Actions] = []
    shares: dict[str, ShareArrays] = {}
    offset_us = likeness.rhythm.begins_in_week_s % 86400 * 1_000_000
    for kind in likeness.kinds:
        drawn = draw_kind(likeness, kind, accounts, campaign.seed)
        arrays = drawn.arrays(len(accounts), likeness.resolution_s)
        shares[kind] = replace(arrays, times_us=arrays.times_us + offset_us)
        number = sum(len(part) for part in stories)
        if kind == "repost":
            acts = _reposts(drawn, accounts, draws)
        elif kind == "hashtag":
            acts = _acts(drawn, CHATTER, drawn.topics[drawn.objects])
            acts = replace(acts, hashtag=FIRST_HASHTAG + drawn.objects)
        else:
            acts = _acts(drawn, TEXT if kind == "text" else LINK, number + drawn.objects)
            stories.append(_stories(drawn.topics, _born_s(drawn), draws))
        parts.append(shifted(acts, sum(len(part) for part in parts)))
    count = len(accounts)
    population = Population(
        platform=accounts.platform,
        topic=accounts.community,
        timezone_s=np.zeros(count, np.int64),
        slowness=np.ones(count),
    )
    return Background(population, joined(parts), joined_stories(stories), shares)


def cover_like(campaign: Campaign, background: Background, accounts: np.ndarray) -> Actions:
    """Cover traffic: each post takes up what somebody in the background shared a while before."""
    draws = Draws(campaign.seed, "like cover")
    usable = np.flatnonzero(background.actions.behaviour != REPOST)
    picked = usable[draws.integers(0, len(usable), len(accounts))]
    like = background.actions
    later_s = draws.lognormal(COVER_MEDIAN_S, 1.5, len(accounts))
    acts = make_actions(
        accounts,
        np.minimum(like.at_s[picked] + later_s, campaign.span_s - 1.0),
        like.behaviour[picked],
        like.story[picked],
        ORGANIC,
    )
    return replace(acts, hashtag=like.hashtag[picked])


def _letters(number: int) -> str:
    """``a`` … ``z``, ``aa`` …"""
    text = chr(ord("a") + number % 26)
    return text if number < 26 else _letters(number // 26 - 1) + text


def _stories(topics: np.ndarray, born_s: np.ndarray, draws: Draws) -> Stories:
    return Stories(topics, draws.integers(0, SITES, len(topics)), born_s)


def _born_s(drawn: DrawnShares) -> np.ndarray:
    born_s = np.full(len(drawn.topics), np.inf)
    np.minimum.at(born_s, drawn.objects, drawn.times_s)
    return np.where(np.isfinite(born_s), born_s, 0.0)


def _acts(drawn: DrawnShares, behaviour: int, story: np.ndarray) -> Actions:
    return make_actions(
        drawn.accounts, drawn.times_s, np.full(len(story), behaviour), story, ORGANIC
    )


def _reposts(drawn: DrawnShares, accounts: DrawnAccounts, draws: Draws) -> Actions:
    """Originals by accounts of the same platform, then their reposts."""
    used, which = np.unique(drawn.objects, return_inverse=True)
    platform = np.zeros(len(used), np.int64)
    platform[which] = accounts.platform[drawn.accounts]
    author = np.zeros(len(used), np.int64)
    for number in np.unique(platform).tolist():
        of_platform = np.flatnonzero(accounts.platform == number)
        mine = platform == number
        author[mine] = of_platform[draws.integers(0, len(of_platform), int(mine.sum()))]
    lead_s = draws.lognormal(LEAD_MEDIAN_S, 1.0, len(used))
    topics = drawn.topics[used]
    originals = make_actions(
        author,
        np.maximum(_born_s(drawn)[used] - lead_s, 0.0),
        np.full(len(used), CHATTER),
        topics,
        ORGANIC,
    )
    others = drawn.accounts != author[which]
    reposts = _acts(drawn, REPOST, topics[which])
    reposts = replace(reposts, target=which)
    kept = {name: getattr(reposts, name)[others] for name in Actions.__dataclass_fields__}
    return joined([originals, replace(Actions(**kept), hashtag=np.full(int(others.sum()), NONE))])
