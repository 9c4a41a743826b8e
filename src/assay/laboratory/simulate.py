"""Simulate a campaign with known truth: planted groups in an organic background.

The background has Zipf activity and popularity, bursts of attention per story with lognormal
delays, habitually fast and slow accounts, a daily rhythm in several time zones, communities of
interest, reposts, hashtags and texts that many copy: everything that makes honest accounts look
alike. Into it go groups that act as one (and behave organically as well), and one publisher's
feed whose accounts are openly affiliated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.laboratory import wording
from assay.laboratory.actions import (
    FEED,
    FIRST_GROUP,
    NONE,
    REPOST,
    Actions,
    Stories,
    in_time_order,
    joined,
    joined_stories,
    shifted,
)
from assay.laboratory.campaign import Campaign
from assay.laboratory.like_campaign import Background, cover_like
from assay.laboratory.organic import (
    behave,
    burst_of_attention,
    find_targets,
    make_stories,
    organic_accounts,
)
from assay.laboratory.planted import (
    GroupPlan,
    act_together,
    cover_accounts,
    let_sleep,
    plan_groups,
    run_feed,
)
from assay.laboratory.population import Population, draws_for, make_population
from assay.model.tables import UTC_US

PUBLISHER = "Sample News Service"
TRACKED_SHARE = 0.1
"""Share of links that carry a tracking parameter."""

SIM_POSTS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("username", pa.string(), nullable=False),
        pa.field("created_at", UTC_US, nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("urls", pa.list_(pa.string()), nullable=False),
        pa.field("hashtags", pa.list_(pa.string()), nullable=False),
        pa.field("repost_of", pa.string()),
    ]
)
"""Simulated posts, named as exports usually name them. Sorted by time; ``id`` follows it."""

SIM_ACCOUNTS = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("username", pa.string(), nullable=False),
        pa.field("display_name", pa.string(), nullable=False),
        pa.field("bio", pa.string(), nullable=False),
        pa.field("created_at", UTC_US, nullable=False),
        pa.field("followers", pa.int64(), nullable=False),
        pa.field("following", pa.int64(), nullable=False),
        pa.field("verified", pa.bool_(), nullable=False),
        pa.field("publisher", pa.string()),
        pa.field("declared_affiliation", pa.string()),
    ]
)

SIM_TRUTH = pa.schema(
    [
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("role", pa.string(), nullable=False),
        pa.field("group", pa.string()),
        pa.field("organic_posts", pa.int64(), nullable=False),
        pa.field("joint_posts", pa.int64(), nullable=False),
    ]
)
"""``role`` is organic, planted or feed; ``group`` names the planted group or the feed."""


@dataclass(frozen=True)
class TrueGroup:
    """One group of accounts that truly act together.

    Attributes:
        name: ``group-1`` …, or ``feed``.
        behaviour: What they share together: link, repost, text or hashtag.
        account_ids: Members, sorted.
        declared: Whether the affiliation is open (the feed) or hidden (a planted group).
        joint_posts: Number of posts that were joint acts.
    """

    name: str
    behaviour: str
    account_ids: tuple[str, ...]
    declared: bool
    joint_posts: int


@dataclass(frozen=True)
class SimulatedCampaign:
    """A campaign in memory: the tables ``SIM_POSTS``, ``SIM_ACCOUNTS`` and ``SIM_TRUTH``."""

    campaign: Campaign
    posts: pa.Table
    accounts: pa.Table
    truth: pa.Table
    groups: tuple[TrueGroup, ...]


def simulate(campaign: Campaign, background: Background | None = None) -> SimulatedCampaign:
    """Simulate one campaign; the same parameters give the same tables, byte for byte.

    Args:
        campaign: Every parameter.
        background: Drawn like a user's data (:func:`~assay.laboratory.like_campaign
            .background_like`), for a campaign made like them; None draws the usual one.
    """
    population = make_population(campaign) if background is None else background.population
    plans = plan_groups(campaign, population)
    if background is None:
        parts, stories = _organic(campaign, population, plans)
    else:
        cover = cover_like(campaign, background, cover_accounts(campaign, plans))
        parts, stories = [background.actions, cover], [background.stories]
    actions, stories_of_all = _with_planted(campaign, population, plans, parts, stories)
    resolution_s = campaign.time_resolution_s
    actions = in_time_order(
        replace(actions, at_s=(actions.at_s // resolution_s * resolution_s).astype(np.int64))
    )
    platform = _platform_of_all(campaign, population)
    return SimulatedCampaign(
        campaign=campaign,
        posts=_posts(campaign, actions, stories_of_all, platform),
        accounts=_accounts(campaign, platform),
        truth=_truth(campaign, actions, plans, platform),
        groups=_true_groups(campaign, actions, plans),
    )


def _organic(
    campaign: Campaign, population: Population, plans: Sequence[GroupPlan]
) -> tuple[list[Actions], list[Stories]]:
    """What everybody does by himself; targets are positions in the parts laid end to end."""
    known = make_stories(campaign)
    background = behave(campaign, population, known, organic_accounts(campaign), "organic")
    cover = behave(campaign, population, known, cover_accounts(campaign, tuple(plans)), "cover")
    # Both repost from the background, which comes first: their targets need no moving.
    parts = [
        find_targets(campaign, population, background, background, "reposts"),
        find_targets(campaign, population, background, cover, "cover reposts"),
    ]
    news_at_s = campaign.span_s * 0.4
    news = Stories(np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.array([news_at_s]))
    parts.append(burst_of_attention(campaign, population, len(known), news_at_s))
    return parts, [known, news]


def _with_planted(
    campaign: Campaign,
    population: Population,
    plans: Sequence[GroupPlan],
    background: Sequence[Actions],
    known_stories: Sequence[Stories],
) -> tuple[Actions, Stories]:
    """The background, the publisher's feed and the planted groups, with all stories."""
    known = known_stories[0]
    parts, stories = list(background), list(known_stories)
    feed, feed_stories = run_feed(
        campaign, len(population), sum(len(item) for item in known_stories)
    )
    parts.append(feed)
    stories.append(feed_stories)
    for plan in plans:
        first_own = sum(len(item) for item in stories)
        acts, own = act_together(campaign, plan, known, first_own)
        parts.append(shifted(acts, sum(len(part) for part in parts)))
        stories.append(own)
    return let_sleep(campaign, plans, joined(parts)), joined_stories(stories)


def _platform_of_all(campaign: Campaign, population: Population) -> np.ndarray:
    """Platform of organic and feed accounts; the feed is on each platform in turn."""
    feed = np.arange(campaign.feed_accounts) % len(campaign.platforms)
    return np.concatenate([population.platform, feed])


def _posts(
    campaign: Campaign, actions: Actions, stories: Stories, platform: np.ndarray
) -> pa.Table:
    rng = draws_for(campaign, "links")
    start_us = int(campaign.starts_at.timestamp() * 1_000_000)
    columns = {
        "id": wording.post_ids(np.arange(len(actions))),
        "platform": pa.array(campaign.platforms).take(pa.array(platform[actions.account])),
        "account_id": wording.account_ids(actions.account),
        "username": wording.handles(actions.account),
        "created_at": pa.array(start_us + actions.at_s * 1_000_000).cast(UTC_US),
        "text": wording.post_texts(actions, stories),
        "urls": _as_lists(
            wording.post_links(actions, stories, rng.random(len(actions)) < TRACKED_SHARE)
        ),
        "hashtags": _as_lists(wording.hashtag_names(actions.hashtag)),
        "repost_of": wording.post_ids(actions.target),
    }
    return pa.table(columns, schema=SIM_POSTS)


def _as_lists(values: pa.Array) -> pa.ListArray:
    """Each value as a list of one, each null as an empty list."""
    lengths = np.asarray(values.is_valid())
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values.drop_null())


def _accounts(campaign: Campaign, platform: np.ndarray) -> pa.Table:
    """Accounts as an export would describe them; only the feed declares an affiliation."""
    rng = draws_for(campaign, "accounts")
    count = len(platform)
    numbers = np.arange(count)
    is_feed = numbers >= campaign.accounts
    start_us = int(campaign.starts_at.timestamp() * 1_000_000)
    age_s = rng.integers(30 * 86400, 3650 * 86400, count)
    publisher = pc.if_else(pa.array(is_feed), PUBLISHER, pa.scalar(None, pa.string()))
    name = pc.if_else(
        pa.array(is_feed),
        wording.together(PUBLISHER + " ", wording.padded(numbers - campaign.accounts + 1, 1)),
        wording.together("Sample Account ", wording.padded(numbers, 6)),
    )
    bio = pc.if_else(
        pa.array(is_feed),
        f"An account of {PUBLISHER}. Simulated.",
        "A simulated account that does not exist.",
    )
    followers = np.where(is_feed, 100_000, rng.lognormal(150, 1.5, count))
    columns = {
        "account_id": wording.account_ids(numbers),
        "platform": pa.array(campaign.platforms).take(pa.array(platform)),
        "username": wording.handles(numbers),
        "display_name": name,
        "bio": bio,
        "created_at": pa.array(start_us - age_s * 1_000_000).cast(UTC_US),
        "followers": pa.array(followers.astype(int)),
        "following": pa.array(rng.lognormal(150, 1, count).astype(int)),
        "verified": pa.array(is_feed),
        "publisher": publisher,
        "declared_affiliation": publisher,
    }
    return pa.table(columns, schema=SIM_ACCOUNTS)


def _truth(
    campaign: Campaign, actions: Actions, plans: Sequence[GroupPlan], platform: np.ndarray
) -> pa.Table:
    count = len(platform)
    group = np.full(count, NONE)
    group[campaign.accounts :] = 0
    for plan in plans:
        group[plan.members] = plan.number + 1
    names = pa.array(["feed", *(plan.name for plan in plans)])
    role = np.where(group == NONE, "organic", np.where(group == 0, "feed", "planted"))
    joint = actions.origin >= FEED
    columns = {
        "account_id": wording.account_ids(np.arange(count)),
        "platform": pa.array(campaign.platforms).take(pa.array(platform)),
        "role": pa.array(role.tolist(), pa.string()),
        "group": names.take(pa.array(group, mask=group == NONE)),
        "organic_posts": pa.array(np.bincount(actions.account[~joint], minlength=count)),
        "joint_posts": pa.array(np.bincount(actions.account[joint], minlength=count)),
    }
    return pa.table(columns, schema=SIM_TRUTH)


def _true_groups(
    campaign: Campaign, actions: Actions, plans: Sequence[GroupPlan]
) -> tuple[TrueGroup, ...]:
    """The planted groups, then the feed."""
    groups = [
        TrueGroup(
            name=plan.name,
            behaviour=plan.behaviour,
            account_ids=tuple(wording.account_ids(plan.members).to_pylist()),
            declared=False,
            joint_posts=_joint_posts(actions, plan),
        )
        for plan in plans
    ]
    feed = np.arange(campaign.accounts, campaign.accounts + campaign.feed_accounts)
    if len(feed):
        posts = int((actions.origin == FEED).sum())
        members = tuple(wording.account_ids(feed).to_pylist())
        groups.append(TrueGroup("feed", "link", members, declared=True, joint_posts=posts))
    return tuple(groups)


def _joint_posts(actions: Actions, plan: GroupPlan) -> int:
    """Joint acts of a group; of a reposting group only the reposts."""
    joint = actions.origin == FIRST_GROUP + plan.number
    if plan.behaviour == "repost":
        joint &= actions.behaviour == REPOST
    return int(joint.sum())
