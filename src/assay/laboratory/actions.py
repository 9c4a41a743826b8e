"""Acts as columns: what the organic, planted and feed parts of a campaign hand to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

CHATTER, LINK, REPOST, TEXT = range(4)
"""Behaviours: a text of its own, a link, a repost, a copied text. Hashtags may go with all."""

NONE = -1
ORGANIC, FEED = 0, 1
FIRST_GROUP = 2
"""``origin`` of the first planted group; the next has one more."""


@dataclass(frozen=True)
class Actions:
    """One entry per act.

    Attributes:
        account: Number of the account; feed accounts come after the organic ones.
        at_s: Seconds since the campaign's start.
        behaviour: ``CHATTER``, ``LINK``, ``REPOST`` or ``TEXT``.
        story: Number of the story, or ``NONE``.
        hashtag: Number of the hashtag, or ``NONE``.
        target: For reposts the position of the post reposted, else ``NONE``.
        origin: ``ORGANIC``, ``FEED``, or ``FIRST_GROUP`` + the group's number.
    """

    account: np.ndarray
    at_s: np.ndarray
    behaviour: np.ndarray
    story: np.ndarray
    hashtag: np.ndarray
    target: np.ndarray
    origin: np.ndarray

    def __len__(self) -> int:
        """Number of acts."""
        return len(self.account)


@dataclass(frozen=True)
class Stories:
    """What can be shared: one entry per story.

    Attributes:
        topic: The topic it belongs to.
        site: Number of the site that published it.
        born_at_s: Seconds since the campaign's start.
    """

    topic: np.ndarray
    site: np.ndarray
    born_at_s: np.ndarray

    def __len__(self) -> int:
        """Number of stories."""
        return len(self.topic)


def make_actions(
    account: np.ndarray, at_s: np.ndarray, behaviour: np.ndarray, story: np.ndarray, origin: int
) -> Actions:
    """Acts without hashtags and targets."""
    nothing = np.full(len(account), NONE, dtype=np.int64)
    return Actions(
        account=account,
        at_s=at_s,
        behaviour=behaviour,
        story=story,
        hashtag=nothing,
        target=nothing.copy(),
        origin=np.full(len(account), origin, dtype=np.int64),
    )


def shifted(actions: Actions, by: int) -> Actions:
    """The same acts with targets moved on, for parts whose targets lie in themselves."""
    return replace(actions, target=np.where(actions.target == NONE, NONE, actions.target + by))


def joined(parts: Sequence[Actions]) -> Actions:
    """Parts one after another; targets stay as they are."""
    return Actions(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in Actions.__dataclass_fields__
        }
    )


def joined_stories(parts: Sequence[Stories]) -> Stories:
    """Stories one after another."""
    return Stories(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in Stories.__dataclass_fields__
        }
    )


def in_time_order(actions: Actions) -> Actions:
    """Sorted by time (ties as they came), with targets following their posts."""
    order = np.argsort(actions.at_s, kind="stable")
    position = np.empty(len(order) + 1, dtype=np.int64)
    position[order] = np.arange(len(order))
    position[NONE] = NONE  # index -1 is the extra last entry
    taken = {name: getattr(actions, name)[order] for name in Actions.__dataclass_fields__}
    taken["target"] = position[taken["target"]]
    return Actions(**taken)
