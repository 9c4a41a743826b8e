"""Shares as the detector holds them, and what every pair did, counted the slow and obvious way."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from hypothesis import strategies as st

from assay.detectors.activity import activity_of
from assay.detectors.arrays import ShareArrays, first_flags, share_arrays, taken
from assay.detectors.block_grid import BlockGrid
from assay.detectors.by_account import shares_by_account
from assay.detectors.density import ACTIVITY_SHRINKAGE, SHRINKAGE, Density
from assay.detectors.jitter import prepare_gate
from assay.detectors.nulls import same_day_weights, shuffle_weights
from assay.detectors.pairs import PairFacts, pair_facts

Row = tuple[int, int, int]
"""Object, account, time in µs."""

Shrinkages = tuple[float, float]
"""κ and κ_a."""

Moments = frozenset[tuple[int, int]]
"""Account and time in µs."""

USUAL = (SHRINKAGE, ACTIVITY_SHRINKAGE)


def arrays_of(rows: Iterable[Row], account_count: int | None = None) -> ShareArrays:
    """The rows in the detector's order; objects are numbered densely in the order of theirs."""
    ordered = sorted((obj, at, account) for obj, account, at in rows)
    numbers = {obj: number for number, obj in enumerate(sorted({row[0] for row in ordered}))}
    accounts = [account for _, _, account in ordered]
    table = pa.table(
        {
            "object": pa.array([numbers[obj] for obj, _, _ in ordered], pa.int32()),
            "account": pa.array(accounts, pa.int32()),
            "shared_us": pa.array([at for _, at, _ in ordered], pa.int64()),
        }
    )
    return share_arrays(table, account_count or max(accounts, default=-1) + 1)


def first_shares(shares: ShareArrays) -> ShareArrays:
    return taken(shares, first_flags(shares))


def facts_of(
    shares: ShareArrays,
    pairs: Sequence[tuple[int, int]],
    grids: tuple[BlockGrid, ...],
    window_us: int,
    *,
    shrinkage: float = SHRINKAGE,
    activity_shrinkage: float = ACTIVITY_SHRINKAGE,
    min_shared: int = 2,
    threads: int = 1,
) -> PairFacts:
    """What the detector says of these pairs."""
    is_first = first_flags(shares)
    first = taken(shares, is_first)
    columns = np.array(pairs, np.int32).reshape(-1, 2)
    wanted = np.zeros(shares.account_count, np.bool_)
    wanted[columns.ravel()] = True
    by_account = shares_by_account(shares, is_first, wanted)
    activity = activity_of([shares], grids[0].tick_us)
    density = Density(activity, shrinkage, activity_shrinkage)
    return pair_facts(
        (columns[:, 0].copy(), columns[:, 1].copy()),
        by_account,
        prepare_gate(first, by_account.firsts, grids, density, min_shared),
        np.column_stack((shuffle_weights(first, window_us), same_day_weights(first))),
        window_us,
        threads,
    )


def every_pair(shares: ShareArrays) -> list[tuple[int, int]]:
    return list(combinations(sorted({int(account) for account in shares.accounts}), 2))


@dataclass(frozen=True)
class SlowPair:
    """What two accounts did, by loops over every share."""

    common: tuple[int, ...]
    shared: tuple[int, ...]
    co_shares: int
    first_both: tuple[int, ...]
    first_us: int | None
    last_us: int | None
    median_gap_us: float | None


def slow_pairs(shares: ShareArrays, window_us: int) -> dict[tuple[int, int], SlowPair]:
    """Every pair of accounts with a common object."""
    times: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for obj, account, at in zip(
        shares.objects.tolist(), shares.accounts.tolist(), shares.times_us.tolist(), strict=True
    ):
        times[account][obj].append(at)
    found = {}
    for mine, yours in combinations(sorted(times), 2):
        common = sorted(set(times[mine]) & set(times[yours]))
        if not common:
            continue
        near = {
            obj: met
            for obj in common
            if (
                met := [
                    (x, y)
                    for x, y in product(times[mine][obj], times[yours][obj])
                    if abs(x - y) <= window_us
                ]
            )
        }
        moments = [at for met in near.values() for pair in met for at in pair]
        gaps = [min(abs(x - y) for x, y in met) for met in near.values()]
        found[mine, yours] = SlowPair(
            common=tuple(common),
            shared=tuple(near),
            co_shares=sum(len(met) for met in near.values()),
            first_both=tuple(
                obj
                for obj in common
                if abs(min(times[mine][obj]) - min(times[yours][obj])) <= window_us
            ),
            first_us=min(moments, default=None),
            last_us=max(moments, default=None),
            median_gap_us=statistics.median(gaps) if gaps else None,
        )
    return found


def slow_probability(
    shares: ShareArrays,
    grid: BlockGrid,
    index: int,
    rows: tuple[int, int],
    shrinkages: Shrinkages,
    moments: Moments | None = None,
) -> float:
    """π by enumeration: every tick of one share's block against every tick of the other's.

    Args:
        shares: All shares of the kind.
        grid: How time is cut.
        index: The object.
        rows: Two of its *first* shares, by their rows among the first shares.
        shrinkages: κ and κ_a.
        moments: Of the whole data; those of the shares unless given.
    """
    first = first_shares(shares)
    ticks = (first.times_us // grid.tick_us + grid.phase_ticks).tolist()
    members = range(int(first.starts[index]), int(first.starts[index + 1]))
    moments = moments or moments_of(shares)
    shrinkage, activity_shrinkage = shrinkages

    def expected_mass(row: int) -> npt.NDArray[np.float64]:
        """m_u = n_u + κ g_u of the bins of a share's block."""
        block = ticks[row] // grid.block_ticks
        active = _active(grid, moments).get(block, [0] * grid.bins)
        everything = sum(active) + activity_shrinkage
        counts = [0] * grid.bins
        for other in members:
            if other not in rows and ticks[other] // grid.block_ticks == block:
                counts[ticks[other] % grid.block_ticks // grid.bin_ticks] += 1
        return np.array(
            [
                count + shrinkage * (there + activity_shrinkage / grid.bins) / everything
                for count, there in zip(counts, active, strict=True)
            ]
        )

    apart = ticks[rows[1]] // grid.block_ticks - ticks[rows[0]] // grid.block_ticks
    near = _near(grid.bins, grid.bin_ticks, apart * grid.block_ticks)
    mine, yours = expected_mass(rows[0]), expected_mass(rows[1])
    if apart:
        both = np.outer(mine / mine.sum(), yours / yours.sum())
    else:
        # The moments of a Dirichlet law: one density for both, which nobody knows.
        whole = mine.sum()
        both = (np.outer(mine, mine) + np.diag(mine)) / (whole * (whole + 1.0))
    return float((both * near).sum() / grid.bin_ticks**2)


def moments_of(shares: ShareArrays) -> Moments:
    """Every distinct (account, time), whatever was shared."""
    return frozenset(zip(shares.accounts.tolist(), shares.times_us.tolist(), strict=True))


@lru_cache(maxsize=8)
def _active(grid: BlockGrid, moments: Moments) -> dict[int, list[int]]:
    """The moments in each bin of a block, by the blocks that have any."""
    found: dict[int, list[int]] = defaultdict(lambda: [0] * grid.bins)
    block_ticks = grid.block_ticks
    for _, at_us in moments:
        block, tick = divmod(at_us // grid.tick_us + grid.phase_ticks, block_ticks)
        found[block][tick // grid.bin_ticks] += 1
    return dict(found)


@cache
def _near(bins: int, window_ticks: int, offset: int) -> npt.NDArray[np.float64]:
    """For every bin of one block and of another, the pairs of ticks at most the window apart."""
    ticks = np.arange(bins * window_ticks)
    gaps = ticks[None, :] + offset - ticks[:, None]
    near = np.abs(gaps) <= window_ticks
    return near.reshape(bins, window_ticks, bins, window_ticks).sum((1, 3)).astype(np.float64)


def share_rows(
    *, objects: int = 5, accounts: int = 6, span_us: int = 60_000_000, most: int = 60
) -> st.SearchStrategy[list[Row]]:
    """Random tables: repeats, ties, several shares of one account, popular objects."""
    # Half of the times lie on a coarse lattice, so that ties and exact windows are common.
    times = st.one_of(
        st.integers(0, span_us), st.integers(0, span_us // 1_000_000).map(lambda s: s * 1_000_000)
    )
    row = st.tuples(st.integers(0, objects - 1), st.integers(0, accounts - 1), times)
    return st.lists(row, min_size=1, max_size=most)


def slow_test(
    shares: ShareArrays,
    grid: BlockGrid,
    pair: tuple[int, int],
    common: Iterable[int],
    shrinkages: Shrinkages = USUAL,
    moments: Moments | None = None,
) -> list[tuple[int, float]]:
    """Objects that the gate tests, with π: free under the null, each moment used once."""
    first = first_shares(shares)
    row_of = {
        (int(obj), int(account)): row
        for row, (obj, account) in enumerate(zip(first.objects, first.accounts, strict=True))
    }
    used: set[tuple[int, int]] = set()
    tested = []
    for obj in common:
        rows = (row_of[obj, pair[0]], row_of[obj, pair[1]])
        chance = slow_probability(shares, grid, obj, rows, shrinkages, moments)
        own = {(who, int(first.times_us[row])) for who, row in enumerate(rows)}
        if chance > 0 and not own & used:
            used |= own
            tested.append((obj, chance))
    return tested
