"""What a simulated background takes from a data set: statistics, and nothing that names anybody.

No text, handle, id, link or platform name is read into a :class:`Likeness`, and no exact moment:
days are counted from the first one, and all distributions are quantiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assay.detectors.arrays import (
    ShareArrays,
    detect_resolution_us,
    first_flags,
    only_objects,
    taken,
)
from assay.detectors.share_reader import read_coded_shares
from assay.errors import InputError
from assay.laboratory.interests import Interests, find_interests, object_topics
from assay.laboratory.quantiles import Quantiles
from assay.laboratory.rhythm import GapChain, Rhythm, find_gaps, find_rhythm
from assay.model.dataset import Dataset
from assay.model.tables import DEFAULT_KINDS

Floats = npt.NDArray[np.float64]

SIZE_CLASSES = (2, 4, 11, 51, 301)
"""Objects are told apart by their number of sharers: 1, 2-3, 4-10, 11-50, 51-300, more."""


@dataclass(frozen=True)
class KindStatistics:
    """One kind of object.

    Attributes:
        objects: How many there are.
        sharers: Sharers of an object.
        participants: Share of all accounts that share anything of this kind.
        activity: Objects of an account that shares any.
        loyalty: Rank correlation of that number with the account's objects of all kinds.
        births: When an object appears, in operational time from 0 to 1, by size class.
        gaps: Time from one sharer to the next.
        topics: (size class, topic): shares by the topic of their object.
        turns: How often an account shares one object.
        turn_gap_s: Seconds from one such time to the next.
    """

    objects: int
    sharers: Quantiles
    participants: float
    activity: Quantiles
    loyalty: float
    births: tuple[Quantiles, ...]
    gaps: GapChain
    topics: Floats
    turns: Quantiles
    turn_gap_s: Quantiles


@dataclass(frozen=True)
class Likeness:
    """Everything that is taken from a data set.

    Attributes:
        accounts: How many there are.
        platforms: Share of the accounts on each platform, largest first.
        resolution_s: Time resolution in whole seconds.
        rhythm: When the data set as a whole is active.
        interests: Communities of interest.
        kinds: Each kind of object.
    """

    accounts: int
    platforms: tuple[float, ...]
    resolution_s: int
    rhythm: Rhythm
    interests: Interests
    kinds: Mapping[str, KindStatistics]


@dataclass(frozen=True)
class Source:
    """Shares by number, as the statistics and the comparison with a simulation read them."""

    kinds: Mapping[str, ShareArrays]
    platforms: tuple[float, ...]


def read_source(dataset: Dataset) -> Source:
    """Read a dataset's shares; ids are replaced by numbers at once.

    Raises:
        InputError: There are no shares to learn from.
    """
    if not dataset.shares.exists():
        raise InputError(
            "there is no dataset here", fix="make one with `assay import`", file=dataset.folder
        )
    coded = read_coded_shares(dataset.shares, DEFAULT_KINDS)
    if not coded.kinds:
        raise InputError(
            "the dataset has no shares to learn from",
            fix="import posts that share links, hashtags, texts or reposts, or leave --like out",
            file=dataset.shares,
        )
    kinds = dict(coded.kinds)
    if "text" in kinds:
        # A text that only one account posted is no object: every simulated post has its own.
        kinds["text"] = only_objects(kinds["text"], _shared_by_several(kinds["text"]))
    kinds = {kind: shares for kind, shares in kinds.items() if len(shares)}
    return Source(kinds, _platforms(coded.account_ids))


def _shared_by_several(shares: ShareArrays) -> npt.NDArray[np.bool_]:
    """For each object whether it has more than one sharer."""
    several: npt.NDArray[np.bool_] = np.diff(taken(shares, first_flags(shares)).starts) > 1
    return several


def find_likeness(source: Source) -> Likeness:
    """Take the statistics of a data set."""
    count = next(iter(source.kinds.values())).account_count
    firsts = {kind: taken(shares, first_flags(shares)) for kind, shares in source.kinds.items()}
    times_us = np.concatenate([shares.times_us for shares in source.kinds.values()])
    rhythm = find_rhythm(times_us)
    interests, community = find_interests(tuple(firsts.values()), count)
    total = np.zeros(count, np.int64)
    for first in firsts.values():
        total += np.bincount(first.accounts, minlength=count)
    resolution_us = detect_resolution_us(times_us, len(times_us))
    return Likeness(
        accounts=count,
        platforms=source.platforms,
        resolution_s=max(1, resolution_us // 1_000_000),
        rhythm=rhythm,
        interests=interests,
        kinds={
            kind: _kind_statistics(source.kinds[kind], first, rhythm, (community, total))
            for kind, first in firsts.items()
        },
    )


def size_class(sharers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Class of each object by its number of sharers."""
    return np.searchsorted(SIZE_CLASSES, sharers, side="right").astype(np.int64)


def _platforms(account_ids: pa.Array) -> tuple[float, ...]:
    """Shares of platforms by size; their names are dropped here."""
    names = pc.replace_substring_regex(account_ids, r"^([^:]*):.*$", r"\1")
    counts = np.sort(names.value_counts().field("counts").to_numpy())[::-1]
    return tuple((counts / counts.sum()).tolist())


def _kind_statistics(
    shares: ShareArrays,
    first: ShareArrays,
    rhythm: Rhythm,
    accounts: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
) -> KindStatistics:
    community, total = accounts
    sharers = np.diff(first.starts)
    of_class = size_class(sharers)
    activity = np.bincount(first.accounts, minlength=len(total))
    born = rhythm.operational(first.times_us[first.starts[:-1]])
    topic = object_topics(first, community)
    topics = np.zeros((len(SIZE_CLASSES) + 1, int(community.max(initial=0)) + 1))
    np.add.at(topics, (of_class, topic), sharers)
    turns, turn_gap_s = _turns(shares)
    return KindStatistics(
        objects=first.object_count,
        sharers=Quantiles.of(sharers),
        participants=float((activity > 0).mean()),
        activity=Quantiles.of(activity[activity > 0]),
        loyalty=_rank_correlation(activity[activity > 0], total[activity > 0]),
        births=tuple(
            Quantiles.of(born[of_class == number]) for number in range(len(SIZE_CLASSES) + 1)
        ),
        gaps=find_gaps(first, of_class, len(SIZE_CLASSES) + 1, rhythm),
        topics=topics,
        turns=turns,
        turn_gap_s=turn_gap_s,
    )


def _turns(shares: ShareArrays) -> tuple[Quantiles, Quantiles]:
    """How often accounts share an object again, and after how long."""
    order = np.lexsort((shares.times_us, shares.accounts, shares.objects))
    same = np.diff(shares.objects[order]) == 0
    same &= np.diff(shares.accounts[order]) == 0
    gaps_s = np.diff(shares.times_us[order])[same] / 1e6
    begins = np.flatnonzero(np.concatenate([[True], ~same]))
    return Quantiles.of(np.diff(np.append(begins, len(shares)))), Quantiles.of(gaps_s)


def _rank_correlation(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> float:
    """Spearman's, ties in order of position; 1 where there is nothing to compare."""
    if len(one) < 3:
        return 1.0
    ranks = [np.argsort(np.argsort(values, kind="stable")) for values in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
