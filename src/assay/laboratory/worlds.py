"""The simulated worlds of calibration: what is true in each is known, for it was made so.

Each one makes honest accounts look alike in one way that data from platforms do. They were fixed
before the gate was judged by them; a world that the gate fails in stays, with its figure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import ShareArrays
from assay.errors import UsageError
from assay.laboratory import worlds_attention as attention
from assay.laboratory import worlds_habits as habits
from assay.laboratory.draws import Draws
from assay.laboratory.world_parts import NOBODY, Background, Ints, as_shares
from assay.laboratory.worlds_planted import Planting, plant

SECOND_US, MINUTE_US, DAY_US = 1_000_000, 60_000_000, 86_400_000_000
SECONDS_S = (20.0, 60.0, 300.0)
"""Windows of the worlds with times in seconds."""

USUAL_S = 60.0
"""The usual window; the peers' rules judge at each world's nearest to it."""


@dataclass(frozen=True)
class World:
    """One kind of world.

    Attributes:
        name: What ``--worlds`` calls it.
        title: What it holds, in a few words.
        make: Makes it without planted groups.
        windows_s: Windows that it is examined at.
        resolution_us: Times are cut to this.
        collected: Which moments were collected; None for all.
        planted: Whether groups are planted into it as well.
    """

    name: str
    title: str
    make: Callable[[Draws], Background]
    windows_s: tuple[float, ...] = SECONDS_S
    resolution_us: int = SECOND_US
    collected: Callable[[np.ndarray], np.ndarray] | None = None
    planted: bool = True

    @property
    def in_seconds(self) -> bool:
        """Whether its times are known to the second."""
        return self.resolution_us <= SECOND_US


def _handful(sharers: int) -> World:
    return World(
        f"handful-{sharers}",
        f"bursts made by {sharers} sharers",
        habits.handful(sharers),
        windows_s=(60.0,),
        planted=False,
    )


WORLDS: tuple[World, ...] = (
    World("bursts", "stories that arrive in bursts", attention.bursts),
    World("zones", "three time zones", attention.zones),
    World("homophily-6", "shared interests, 6 times", attention.homophily_6),
    World("homophily-60", "shared interests, 60 times", attention.homophily_60),
    World("reactors", "habitually fast and slow reactors", habits.reactors),
    World("hub", "co-followers reacting to a hub", habits.hub),
    World("feeds", "declared news feeds and unrelated fast readers", habits.feeds),
    World("repeaters", "heavy repeaters", habits.repeaters),
    World("posts", "several hashtags in one post", attention.posts),
    World("minutes", "times in minutes", attention.minutes, (120.0, 600.0), MINUTE_US),
    World("days", "times in days", attention.days, (172_800.0,), DAY_US),
    World("gaps", "2 of every 10 minutes collected", attention.gaps,
          collected=attention.collected),
    World("scheduled", "posting at quarters of the hour", attention.scheduled),
    World("few", "60 accounts, 12 sharers a story", habits.few(60, 12, 180.0)),
    *(_handful(sharers) for sharers in habits.HANDFULS),
)  # fmt: skip
"""Every world, in the order of the report."""


@dataclass(frozen=True)
class TrueWorld:
    """One world made, with what is true in it.

    Attributes:
        shares: What the detector sees.
        group: For each account its planted group, or ``NOBODY``.
        sizes: Accounts of each planted group.
        publisher: For each account its declared publisher, or ``NOBODY``.
    """

    shares: ShareArrays
    group: Ints
    sizes: tuple[int, ...]
    publisher: Ints

    def together(self, account_i: Ints, account_j: Ints) -> np.ndarray:
        """Whether two accounts are of one planted group."""
        mine: np.ndarray = (self.group[account_i] == self.group[account_j]) & (
            self.group[account_i] != NOBODY
        )
        return mine

    def openly(self, account_i: Ints, account_j: Ints) -> np.ndarray:
        """Whether two accounts are of one declared publisher."""
        mine: np.ndarray = (self.publisher[account_i] == self.publisher[account_j]) & (
            self.publisher[account_i] != NOBODY
        )
        return mine


def find_worlds(names: Sequence[str]) -> tuple[World, ...]:
    """The worlds of these names, or whose name begins so (``handful``); all if there are none.

    Raises:
        UsageError: A name stands for no world.
    """
    if not names:
        return WORLDS
    found = []
    for name in names:
        own = [one for one in WORLDS if one.name == name or one.name.startswith(name + "-")]
        if not own:
            raise UsageError(
                f"no such world: {name}",
                fix="choose from " + ", ".join(world.name for world in WORLDS),
            )
        found += [world for world in own if world not in found]
    return tuple(found)


def world_named(name: str) -> World:
    """The world of exactly this name.

    Raises:
        UsageError: There is none.
    """
    for world in find_worlds([name]):
        if world.name == name:
            return world
    raise UsageError(f"no such world: {name}", fix="name one of them in full")


def make_world(world: World, seed: int, run: int, jitter_s: float | None) -> TrueWorld:
    """Make one world, the same for the same arguments.

    Args:
        world: Which.
        seed: Of the calibration.
        run: Number of the run.
        jitter_s: Jitter of the planted groups; None plants none.
    """
    # The background does not depend on whether, or how, groups are planted into it.
    stage = f"{world.name} {run}"
    background = world.make(Draws(seed, stage))
    group: Ints = np.full(background.accounts, NOBODY, np.int64)
    sizes: tuple[int, ...] = ()
    if jitter_s is not None:
        draws = Draws(seed, f"{stage} planted {jitter_s:g}")
        made = plant(draws, background, Planting(jitter_s))
        background, group, sizes = made.background, made.group, made.sizes
    acts = background.acts
    if world.collected is not None:
        acts = acts.only(world.collected(acts.at_s))
    return TrueWorld(
        as_shares(acts, background.accounts, world.resolution_us),
        group,
        sizes,
        background.publishers(),
    )
