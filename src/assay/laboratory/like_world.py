"""An organic background drawn from the statistics of a data set: acts of invented accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.detectors.arrays import ShareArrays, group_starts
from assay.laboratory.draws import Draws
from assay.laboratory.interests import Interests
from assay.laboratory.likeness import KindStatistics, Likeness, size_class
from assay.laboratory.quantiles import Quantiles
from assay.laboratory.rhythm import draw_times_s

Floats = npt.NDArray[np.float64]
Int64s = npt.NDArray[np.int64]

SWAPS = 40
"""Rounds in which an account that was dealt one object twice changes places with another."""


@dataclass(frozen=True)
class DrawnAccounts:
    """Invented accounts.

    Attributes:
        platform: Number of the platform, the largest being 0.
        community: Community of interest.
        zeal: Standard normal; the busier an account, the higher.
    """

    platform: Int64s
    community: Int64s
    zeal: Floats

    def __len__(self) -> int:
        """Number of accounts."""
        return len(self.platform)


@dataclass(frozen=True)
class DrawnShares:
    """Shares of one kind, by object and time.

    Attributes:
        objects: Object number, from 0.
        accounts: Account number.
        times_s: Seconds from the beginning.
        topics: Topic of each *object*.
    """

    objects: Int64s
    accounts: Int64s
    times_s: Floats
    topics: Int64s

    def arrays(self, account_count: int, resolution_s: int) -> ShareArrays:
        """As a detector reads them, times cut to the resolution."""
        times_us = (self.times_s // resolution_s).astype(np.int64) * resolution_s * 1_000_000
        order = np.lexsort((self.accounts, times_us, self.objects))
        objects = self.objects[order].astype(np.int32)
        return ShareArrays(
            objects,
            self.accounts[order].astype(np.int32),
            times_us[order],
            group_starts(objects),
            account_count,
        )


def draw_accounts(likeness: Likeness, seed: int) -> DrawnAccounts:
    """Invent as many accounts as the data have."""
    draws = Draws(seed, "like accounts")
    return DrawnAccounts(
        platform=draws.weighted(np.array(likeness.platforms), likeness.accounts),
        community=draws.weighted(likeness.interests.sizes, likeness.accounts),
        zeal=np.log(draws.lognormal(1.0, 1.0, likeness.accounts)),
    )


def draw_kind(likeness: Likeness, kind: str, accounts: DrawnAccounts, seed: int) -> DrawnShares:
    """Draw all shares of one kind: objects spread in time, then accounts are dealt to them.

    Every account shares as much as drawn for it; which objects it gets follows its community's
    interests.
    """
    statistics = likeness.kinds[kind]
    draws = Draws(seed, f"like {kind}")
    most = max(1, round(statistics.participants * len(accounts)))
    sizes = np.minimum(statistics.sharers.counts(draws, statistics.objects), most)
    of_class = size_class(sizes)
    born = _births(statistics.births, of_class, draws)
    objects, times_s = draw_times_s(
        statistics.gaps, born, sizes, of_class, (likeness.rhythm, draws)
    )
    topics = _topics(statistics.topics, of_class, draws)
    slots = _slots(statistics, accounts, len(objects), draws)
    # A repost stays on its platform, so there the platform is dealt by as well.
    platforms = accounts.platform if kind == "repost" else np.zeros_like(accounts.platform)
    shares_by = _platform_of_objects(platforms, slots, len(sizes), draws)
    wanted = _wanted_topics(likeness.interests, accounts.community[slots], draws)
    count = len(likeness.interests.sizes)
    dealt = _dealt(
        slots, platforms[slots] * count + wanted, shares_by[objects] * count + topics[objects],
        draws,
    )  # fmt: skip
    dealt, keep = _without_repeats(objects, dealt, draws)
    if kind == "repost":
        keep &= platforms[dealt] == shares_by[objects]
    # Objects that lost all their sharers do not exist: numbers stay dense.
    used, dense = np.unique(objects[keep], return_inverse=True)
    first = DrawnShares(dense, dealt[keep], times_s[keep], topics[used])
    return _with_turns(first, statistics, likeness.rhythm.span_s, draws)


def _births(births: tuple[Quantiles, ...], of_class: Int64s, draws: Draws) -> Floats:
    born = np.zeros(len(of_class))
    for number, quantiles in enumerate(births):
        mine = of_class == number
        born[mine] = quantiles.draw(draws, int(mine.sum()))
    return born


def _topics(weights: Floats, of_class: Int64s, draws: Draws) -> Int64s:
    topics = np.zeros(len(of_class), np.int64)
    for number, row in enumerate(weights):
        mine = of_class == number
        if row.sum() > 0:
            topics[mine] = draws.weighted(row, int(mine.sum()))
    return topics


def _slots(
    statistics: KindStatistics, accounts: DrawnAccounts, wanted: int, draws: Draws
) -> Int64s:
    """One entry for each object that an account shares; as many as there are shares to deal."""
    count = len(accounts)
    taking_part = draws.some_of(count, max(1, round(statistics.participants * count)))
    activity = np.sort(statistics.activity.counts(draws, len(taking_part)))
    noise = np.log(draws.lognormal(1.0, 1.0, len(taking_part)))
    loyalty = min(max(statistics.loyalty, 0.0), 1.0)
    rank = loyalty * accounts.zeal[taking_part] + np.sqrt(1 - loyalty**2) * noise
    slots = np.repeat(taking_part[np.argsort(rank, kind="stable")], activity)
    slots = slots[draws.permutation(len(slots))]
    if len(slots) < wanted:
        more = slots[draws.integers(0, len(slots), wanted - len(slots))]
        return np.concatenate([slots, more])
    return slots[:wanted]


def _platform_of_objects(platforms: Int64s, slots: Int64s, objects: int, draws: Draws) -> Int64s:
    counts = np.bincount(platforms[slots]).astype(np.float64)
    return draws.weighted(counts, objects)


def _wanted_topics(interests: Interests, communities: Int64s, draws: Draws) -> Int64s:
    """The topic that each slot would like, by its account's community."""
    everywhere = interests.table.sum(axis=0) + 1e-9
    wanted = np.zeros(len(communities), np.int64)
    for number, row in enumerate(interests.table):
        mine = communities == number
        weights = row if row.sum() > 0 else everywhere
        wanted[mine] = draws.weighted(weights, int(mine.sum()))
    return wanted


def _dealt(slots: Int64s, wanted: Int64s, offered: Int64s, draws: Draws) -> Int64s:
    """An account for every share: both are ordered by topic and laid side by side.

    Where demand and offer differ a little, neighbouring topics fill in.
    """
    by_wish = np.lexsort((draws.random(len(slots)), wanted))
    by_offer = np.lexsort((draws.random(len(offered)), offered))
    dealt = np.empty(len(offered), np.int64)
    dealt[by_offer] = slots[by_wish]
    return dealt


def _without_repeats(
    objects: Int64s, dealt: Int64s, draws: Draws
) -> tuple[Int64s, npt.NDArray[np.bool_]]:
    """Let accounts that got one object twice change places; flags of those that then fit."""
    dealt = dealt.copy()
    again = _again(objects, dealt)
    for _ in range(SWAPS):
        if not again.any():
            break
        mine = np.flatnonzero(again)
        other = draws.integers(0, len(dealt), len(mine))
        for one, two in zip(mine.tolist(), other.tolist(), strict=True):
            dealt[one], dealt[two] = dealt[two], dealt[one]
        again = _again(objects, dealt)
    return dealt, ~again


def _again(objects: Int64s, dealt: Int64s) -> npt.NDArray[np.bool_]:
    """Whether an earlier row has the same account and object."""
    order = np.lexsort((np.arange(len(dealt)), dealt, objects))
    same = (np.diff(objects[order]) == 0) & (np.diff(dealt[order]) == 0)
    again = np.zeros(len(dealt), np.bool_)
    again[order[1:][same]] = True
    return again


def _with_turns(
    first: DrawnShares, statistics: KindStatistics, span_s: float, draws: Draws
) -> DrawnShares:
    """Add the times at which accounts share the same object again."""
    turns = statistics.turns.counts(draws, len(first.objects)) - 1
    rows = np.repeat(np.arange(len(turns)), turns)
    starts = np.concatenate([[0], np.cumsum(turns)[:-1]]) if len(turns) else turns
    gaps_s = statistics.turn_gap_s.draw(draws, len(rows))
    running = np.concatenate([[0.0], np.cumsum(gaps_s)])
    since_s = running[1:] - running[np.repeat(starts, turns)]
    # What would lie past the end comes round again after the account's first share.
    left_s = np.maximum(span_s - first.times_s[rows], 1.0)
    times_s = first.times_s[rows] + since_s % left_s
    return DrawnShares(
        np.concatenate([first.objects, first.objects[rows]]),
        np.concatenate([first.accounts, first.accounts[rows]]),
        np.concatenate([first.times_s, times_s]),
        first.topics,
    )
