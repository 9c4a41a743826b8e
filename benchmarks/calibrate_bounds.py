"""How many accounts of a group of six could *any* test tie that takes the blocks as given?

    python benchmarks/calibrate_bounds.py                       # the worlds that miss a target
    python benchmarks/calibrate_bounds.py --worlds bursts --groups 200

The judge here knows what nobody knows: which eight objects a group shared, when each of them was
born, by which law every account reacts, and the law that the group follows. Given the block of
every share, Neyman and Pearson's lemma then says which test of a pair is the most powerful one:
that of the ratio of both laws. ``best`` is the mean share of a group's accounts that are tied by a
pair with p at most alpha K / m, where K are all pairs that act together in the world (Benjamini and
Hochberg's threshold were every one of them found, and nothing else) and m the family at that
delta. ``count`` is the same for the number of objects co-timed within delta / 10, the gate's
statistic, under the true law. What lies between ``count`` and the gate's own figure in
docs/reference/calibrate.md is the price of not knowing the laws.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from assay.detectors.arrays import first_flags, taken
from assay.detectors.block_grid import PHASE, block_grids
from assay.detectors.family import family_of_all
from assay.laboratory.world_parts import DAY_S
from assay.laboratory.worlds import make_world, world_named
from assay.laboratory.worlds_attention import SCHEDULED_SHARE

Floats = npt.NDArray[np.float64]
Law = Callable[[Floats], Floats]
"""P(delay after an object's birth ≤ s)."""

ALPHA, SIZE, OBJECTS, SIZES = 0.05, 6, 8, (3, 6, 12, 25)
QUARTER_S, SENT_S = 900.0, 4.0


def exponential(mean_s: float) -> Law:
    """Waiting times without memory."""
    return lambda delay_s: 1.0 - np.exp(-np.maximum(delay_s, 0.0) / mean_s)


def lognormal(median_s: float, sigma: float) -> Law:
    """The delays of most worlds."""
    return lambda delay_s: (
        0.5 * (1.0 + erf(np.log(np.maximum(delay_s, 1e-9) / median_s) / sigma / np.sqrt(2.0)))
    )


def mixture(parts: list[tuple[float, Law]]) -> Law:
    """Some by one law, some by another."""
    return lambda delay_s: sum(
        (part * law(delay_s) for part, law in parts), start=np.zeros_like(delay_s)
    )


@dataclass(frozen=True)
class Reactions:
    """How the accounts of a world react to an object, daily rhythm left aside.

    Attributes:
        kinds: Kinds of account: which part of those that groups are made of, and the law of each.
        acts: The law of all acts together, by which a group's moment is drawn.
        scheduled: Part of the acts that wait for the next quarter of the hour.
    """

    kinds: tuple[tuple[float, Law], ...]
    acts: Law
    scheduled: float = 0.0


def alike(law: Law, scheduled: float = 0.0) -> Reactions:
    """Everybody reacts by one law."""
    return Reactions(((1.0, law),), law, scheduled)


def between(begin_s: float, end_s: float) -> Law:
    """At any time between the two alike."""
    return lambda delay_s: np.clip((delay_s - begin_s) / (end_s - begin_s), 0.0, 1.0)


def _reactors() -> Reactions:
    fast, slow = exponential(240.0), lognormal(14_400.0, 1.0)
    return Reactions(((0.5, fast), (0.5, slow)), mixture([(0.5, fast), (0.5, slow)]))


def _hub() -> Reactions:
    # Delays count from the hub's act; others act at any time of some days.
    reacting, others = exponential(300.0), between(-86_400.0, 86_400.0)
    follower = mixture([(2 / 3, reacting), (1 / 3, others)])
    return Reactions(
        ((0.25, follower), (0.75, others)), mixture([(1 / 3, reacting), (2 / 3, others)])
    )


def _feeds() -> Reactions:
    feed, reader, public = between(0.0, 8.0), lognormal(45.0, 0.8), lognormal(5_400.0, 1.2)
    acts = mixture([(5 / 27, feed), (12 / 27, reader), (10 / 27, public)])
    return Reactions(((1 / 6, reader), (5 / 6, public)), acts)


WORLDS: dict[str, Callable[[], Reactions]] = {
    "bursts": lambda: alike(lognormal(900.0, 1.5)),
    "zones": lambda: alike(lognormal(2_400.0, 1.3)),
    "homophily-6": lambda: alike(lognormal(2_400.0, 1.3)),
    "reactors": _reactors,
    "hub": _hub,
    "feeds": _feeds,
    "scheduled": lambda: alike(lognormal(5_400.0, 1.3), SCHEDULED_SHARE),
    "few": lambda: alike(exponential(180.0)),
}
"""The worlds that miss a target, by the parameters of :mod:`assay.laboratory.worlds`; ``gaps`` does
since most of what a group shares within 200 s was not collected."""


def on_the_clock(law: Law, born_s: float, scheduled: float) -> Law:
    """P(moment ≤ s) of an act, by the clock."""

    def moment(at_s: Floats) -> Floats:
        freely = law(at_s - born_s)
        if not scheduled:
            return freely
        quarter_s = np.floor(at_s / QUARTER_S) * QUARTER_S
        before, due = law(quarter_s - QUARTER_S - born_s), law(quarter_s - born_s)
        sent: Floats = before + (due - before) * (1.0 - np.exp(-(at_s - quarter_s) / SENT_S))
        return (1.0 - scheduled) * freely + scheduled * sent

    return moment


@dataclass(frozen=True)
class Block:
    """What an account's law says of the seconds of one block.

    Attributes:
        begin_s: Its first second.
        mass: P of each second, the block given; zeros where the law has no mass there.
    """

    begin_s: float
    mass: Floats

    @classmethod
    def of(cls, moment: Law, at_s: float, delta_s: float) -> Block:
        """The block that a moment falls in."""
        begin_s = np.floor(at_s / delta_s + PHASE) * delta_s - PHASE * delta_s
        mass = np.diff(moment(begin_s + np.arange(delta_s + 1)))
        whole = mass.sum()
        return cls(float(begin_s), mass / whole if whole > 0.0 else mass)

    def second(self, at_s: Floats) -> npt.NDArray[np.int64]:
        """Number of the second that a moment falls in."""
        return np.minimum((at_s - self.begin_s).astype(np.int64), len(self.mass) - 1)

    def drawn(self, rng: np.random.Generator, samples: int) -> Floats:
        """Moments drawn from it; none where it has no mass."""
        if not self.mass.any():
            return np.empty(0)
        second = np.searchsorted(np.cumsum(self.mass), rng.random(samples), side="right")
        return self.begin_s + np.minimum(second, len(self.mass) - 1) + rng.random(samples)


def log_ratio(
    moments: Law, blocks: tuple[Block, Block], at: tuple[Floats, Floats], jitter_s: float
) -> Floats:
    """Log of the group's law of two moments over that of two strangers, up to a constant."""
    earlier, later = np.minimum(*at), np.maximum(*at)
    close = later - earlier < jitter_s
    together = np.zeros(len(earlier))
    together[close] = moments(earlier[close]) - moments(later[close] - jitter_s)
    first, second = (block.mass[block.second(own)] for block, own in zip(blocks, at, strict=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(together > 0.0, np.log(together) - np.log(first) - np.log(second), -np.inf)


@dataclass(frozen=True)
class Judged:
    """P of the fifteen pairs of a group, and the accounts of each.

    Attributes:
        best: By the ratio of both laws.
        count: By the number of objects co-timed.
    """

    best: Floats
    count: Floats


PAIRS = list(itertools.combinations(range(SIZE), 2))


def judged(
    world: Reactions, jitter_s: float, delta_s: float, rng: np.random.Generator, samples: int
) -> Judged:
    """One group, and the judge's tests of its pairs."""
    parts = [part for part, _ in world.kinds]
    laws = [world.kinds[kind][1] for kind in rng.choice(len(parts), SIZE, p=parts)]
    # Of each pair: P that strangers have every ratio so far at all, ratios that they have then, the
    # pair's own, the law of the number of objects that strangers are co-timed on, and that number.
    possible, own_ratio = np.ones(len(PAIRS)), np.zeros(len(PAIRS))
    ratios = np.zeros((len(PAIRS), samples))
    counts = [np.ones(1) for _ in PAIRS]
    met = np.zeros(len(PAIRS), np.int64)
    for _ in range(OBJECTS):
        born_s = rng.uniform(0.0, 10 * DAY_S)
        moments = on_the_clock(world.acts, born_s, world.scheduled)
        at_s = moment_of(moments, born_s, rng) + rng.uniform(0.0, jitter_s, SIZE)
        blocks = [
            Block.of(on_the_clock(law, born_s, world.scheduled), at, delta_s)
            for law, at in zip(laws, at_s.tolist(), strict=True)
        ]
        drawn = [block.drawn(rng, samples) for block in blocks]
        for place, (i, j) in enumerate(PAIRS):
            asked = (moments, (blocks[i], blocks[j]))
            own_ratio[place] += log_ratio(*asked, (at_s[[i]], at_s[[j]]), jitter_s)[0]
            met[place] += abs(at_s[i] - at_s[j]) <= delta_s / 10
            fewer = min(len(drawn[i]), len(drawn[j]))
            strangers = (drawn[i][:fewer], drawn[j][:fewer])
            drawn_ratio = log_ratio(*asked, strangers, jitter_s)
            finite = drawn_ratio[np.isfinite(drawn_ratio)]
            possible[place] *= max(len(finite), 1) / max(len(drawn_ratio), 1)
            if len(finite):
                ratios[place] += rng.choice(finite, samples)
            gaps_s = np.abs(strangers[0] - strangers[1])
            near = (1 + np.count_nonzero(gaps_s <= delta_s / 10)) / (1 + fewer)
            counts[place] = np.convolve(counts[place], [1.0 - near, near])
    # The group's own counts as one of the strangers': no p is 0 for want of samples.
    reach = (1 + (ratios >= own_ratio[:, None]).sum(axis=1)) / (1 + samples)
    tails = np.array([law[number:].sum() for law, number in zip(counts, met, strict=True)])
    return Judged(possible * reach, np.where(met >= 2, tails, 1.0))


def moment_of(moments: Law, born_s: float, rng: np.random.Generator) -> float:
    """A moment by a law, by bisection."""
    low_s, high_s = born_s - 2 * DAY_S, born_s + 20 * DAY_S
    goal = rng.random()
    while high_s - low_s > 0.01:
        middle_s = (low_s + high_s) / 2
        below = moments(np.array([middle_s]))[0] < goal
        low_s, high_s = (middle_s, high_s) if below else (low_s, middle_s)
    return low_s


def threshold(name: str, jitter_s: float, delta_s: float) -> float:
    """The p that Benjamini and Hochberg would ask for, were all true pairs found."""
    world = world_named(name)
    shares = make_world(world, 1, 0, jitter_s).shares
    grids = block_grids(delta_s / 10, (10.0,), world.resolution_us)
    family = family_of_all(taken(shares, first_flags(shares)), grids, 2).pairs
    return ALPHA * sum(size * (size - 1) // 2 for size in SIZES) / family


def tied(p_values: Floats, most_p: float) -> float:
    """Share of the accounts that are in a pair with so small a p."""
    accounts = {one for pair, p in zip(PAIRS, p_values, strict=True) if p <= most_p for one in pair}
    return len(accounts) / SIZE


def main() -> None:
    """Print both bounds for every world, jitter and delta."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--worlds", default=",".join(WORLDS), help="some of the worlds")
    options.add_argument("--groups", type=int, default=40, help="groups of six in each")
    options.add_argument("--samples", type=int, default=1_000, help="strangers drawn for each pair")
    chosen = options.parse_args()
    print("world", "jitter_s", "window_s", "p", "best", "count", sep="\t")
    for name in chosen.worlds.split(","):
        world = WORLDS[name]()
        for jitter_s, delta_s in itertools.product((20.0, 200.0), (200.0, 600.0, 3_000.0)):
            rng = np.random.default_rng(1)
            most_p = threshold(name, jitter_s, delta_s)
            groups = [
                judged(world, jitter_s, delta_s, rng, chosen.samples) for _ in range(chosen.groups)
            ]
            best = np.mean([tied(one.best, most_p) for one in groups])
            count = np.mean([tied(one.count, most_p) for one in groups])
            row = (name, f"{jitter_s:g}", f"{delta_s / 10:g}", f"{most_p:.2g}")
            print(*row, f"{best:.0%}", f"{count:.0%}", sep="\t", flush=True)


if __name__ == "__main__":
    main()
