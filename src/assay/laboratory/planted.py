"""What is planted on purpose: groups that act as one, and a publisher's declared feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assay.laboratory.actions import (
    CHATTER,
    FEED,
    FIRST_GROUP,
    LINK,
    NONE,
    REPOST,
    TEXT,
    Actions,
    Stories,
    joined,
    make_actions,
)
from assay.laboratory.campaign import Campaign
from assay.laboratory.organic import HASHTAGS_PER_TOPIC
from assay.laboratory.population import Population, draws_for

LEAD_S = 90.0
"""A post that a group reposts together appears so many seconds before."""


@dataclass(frozen=True)
class GroupPlan:
    """One planted group.

    Attributes:
        number: From 0 up.
        behaviour: One of :data:`assay.laboratory.campaign.BEHAVIOURS`.
        members: Account numbers, sorted.
        sleepers: Those of them that are silent at first.
    """

    number: int
    behaviour: str
    members: np.ndarray
    sleepers: np.ndarray

    @property
    def name(self) -> str:
        """``group-1`` for the first."""
        return f"group-{self.number + 1}"


def plan_groups(campaign: Campaign, population: Population) -> tuple[GroupPlan, ...]:
    """Draw the members, no account in two groups; a reposting group lives on one platform."""
    rng = draws_for(campaign, "groups")
    free = rng.permutation(len(population))
    plans = []
    for number in range(campaign.groups):
        behaviour = campaign.group_behaviours[number % len(campaign.group_behaviours)]
        size = rng.integer(campaign.group_size_min, campaign.group_size_max + 1)
        fits = np.ones(len(free), dtype=bool)
        if behaviour == "repost":
            counts = np.bincount(population.platform[free])
            fits = population.platform[free] == counts.argmax()
        members = free[fits][:size]
        sleepers = members[: round(campaign.group_sleepers * size)]
        free = free[~np.isin(free, members)]
        plans.append(GroupPlan(number, behaviour, np.sort(members), np.sort(sleepers)))
    return tuple(plans)


def wakes_at_s(campaign: Campaign) -> float:
    """When sleepers begin to post, in seconds from the start."""
    return campaign.span_s / 2


def let_sleep(campaign: Campaign, plans: Sequence[GroupPlan], actions: Actions) -> Actions:
    """Leave out what sleepers do by themselves before they wake.

    A post that somebody reposted stays, so that everybody else's posts are as they were.
    """
    sleepers = np.concatenate([np.empty(0, np.int64), *(plan.sleepers for plan in plans)])
    asleep = np.isin(actions.account, sleepers) & (actions.at_s < wakes_at_s(campaign))
    asleep[actions.target[(actions.target != NONE) & ~asleep]] = False
    keep = np.flatnonzero(~asleep)
    position = np.full(len(actions) + 1, NONE, dtype=np.int64)
    position[keep] = np.arange(len(keep))
    kept = {name: getattr(actions, name)[keep] for name in Actions.__dataclass_fields__}
    kept["target"] = position[kept["target"]]
    return Actions(**kept)


def cover_accounts(campaign: Campaign, plans: tuple[GroupPlan, ...]) -> np.ndarray:
    """The account behind each cover post: every member behaves organically as well."""
    members = [plan.members for plan in plans] or [np.empty(0, dtype=np.int64)]
    return np.repeat(np.concatenate(members), campaign.group_cover_posts)


def act_together(
    campaign: Campaign, plan: GroupPlan, known: Stories, first_own_story: int
) -> tuple[Actions, Stories]:
    """The joint acts of one group, and the stories that it brings along.

    A member that stays away from an object is left out; targets are positions within the
    result. Joint moments fall anywhere in the campaign, known stories after their birth.

    Args:
        campaign: The parameters.
        plan: The group.
        known: The background's stories.
        first_own_story: Number that the first of the group's own stories gets.
    """
    rng = draws_for(campaign, plan.name)
    objects = campaign.group_objects
    own = Stories(
        topic=np.full(objects, rng.integer(0, campaign.topics)),
        site=np.full(objects, 1000 + plan.number),
        born_at_s=np.zeros(objects),
    )
    story = np.arange(first_own_story, first_own_story + objects)
    last_s = (campaign.group_waves - 1) * campaign.group_wave_gap_s
    moment_s = rng.uniform(LEAD_S, campaign.span_s - campaign.group_jitter_s - last_s, objects)
    if plan.behaviour == "link":
        known_story = rng.integers(0, len(known), objects)
        takes = (rng.random(objects) < campaign.group_known_stories) & (
            known.born_at_s[known_story] < moment_s
        )
        story = np.where(takes, known_story, story)
    present = rng.random((objects, len(plan.members))) < campaign.group_participation
    asleep = np.isin(plan.members, plan.sleepers)
    present &= ~(asleep[None, :] & (moment_s < wakes_at_s(campaign))[:, None])
    which, who = np.nonzero(present)
    at_s = moment_s[which] + rng.uniform(0, campaign.group_jitter_s, len(which))
    # Members keep their wave: who is in the second one follows the first at every object.
    at_s += who % campaign.group_waves * campaign.group_wave_gap_s
    acts = make_actions(
        plan.members[who],
        np.clip(at_s, 0, campaign.span_s - 1),
        np.full(len(which), {"link": LINK, "text": TEXT}.get(plan.behaviour, CHATTER)),
        story[which],
        FIRST_GROUP + plan.number,
    )
    if plan.behaviour == "repost":
        return _repost_together(acts, plan, which, moment_s, story), own
    if plan.behaviour == "hashtag":
        tags = campaign.topics * HASHTAGS_PER_TOPIC + story - first_own_story
        tags = tags + plan.number * objects
        return replace(acts, hashtag=tags[which]), own
    return acts, own


def _repost_together(
    acts: Actions, plan: GroupPlan, which: np.ndarray, moment_s: np.ndarray, story: np.ndarray
) -> Actions:
    """Each object is a post by one member (in turn); the others repost it."""
    objects = len(moment_s)
    leader = plan.members[np.arange(objects) % len(plan.members)]
    seeds = make_actions(
        leader, np.maximum(moment_s - LEAD_S, 0), np.full(objects, LINK), story, acts.origin[0]
        if len(acts) else FIRST_GROUP + plan.number,
    )  # fmt: skip
    others = acts.account != leader[which]
    reposts = replace(acts, behaviour=np.full(len(acts), REPOST), target=which)
    kept = {name: getattr(reposts, name)[others] for name in Actions.__dataclass_fields__}
    return joined([seeds, Actions(**kept)])


def run_feed(campaign: Campaign, first_account: int, first_story: int) -> tuple[Actions, Stories]:
    """A publisher's accounts post each of its links within seconds, through one scheduler."""
    rng = draws_for(campaign, "feed")
    links, accounts = campaign.feed_links, campaign.feed_accounts
    born_at_s = np.sort(rng.uniform(0, campaign.span_s - campaign.feed_jitter_s, links))
    at_s = born_at_s[:, None] + rng.uniform(0, campaign.feed_jitter_s, (links, accounts))
    which = np.repeat(np.arange(links), accounts)
    acts = make_actions(
        first_account + np.tile(np.arange(accounts), links),
        np.clip(at_s.ravel(), 0, campaign.span_s - 1),
        np.full(len(which), LINK),
        first_story + which,
        FEED,
    )
    stories = Stories(
        topic=rng.integers(0, campaign.topics, links),
        site=np.full(links, NONE),
        born_at_s=born_at_s,
    )
    return acts, stories
