"""Whole data sets as a null would have made them: every closeness found there is chance.

Four ways, from the one that the gate tests to the crudest:

``jittered``
    Each moment (an account at a time, with all its objects) moves as a whole inside its block of
    Δ, to a place drawn from the null's density of its first object there, leaving itself out:
    the gate's own null, on the data's lattice.
``dealt``
    Inside each block of Δ, the times at which an object was shared stay as they are and are dealt
    out anew among those who shared it there. Bursts, however sharp, stay as they are; what goes
    is who met whom in them.
``permuted``
    The same over an object's whole life: every time of it dealt out among all its sharers.
``swapped``
    Inside each hour, moments change hands: what was done and when stays, who did it does not.

Draws are counter-based: they depend on seed, replicate and the data alone, on any version of
numpy and any number of threads. Interval jitter: Amarasingham et al. 2012 (J. Neurophysiol.
107:517); surrogates that keep rates and break coincidences: Grün 2009 (J. Neurophysiol. 101:1126).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from assay.detectors.arrays import Int32s, Int64s, ShareArrays, first_flags
from assay.detectors.block_grid import BlockGrid
from assay.detectors.density import ACTIVITY_SHRINKAGE, SHRINKAGE
from assay.detectors.moments import Moments, find_moments, stream_of
from assay.detectors.spread import Uint64s, mixed, uniform
from assay.engine.compiled import njit

HOUR_US = 3_600_000_000

SMALL = 24
"""Up to so many shares are sorted by insertion."""


@dataclass(frozen=True)
class Surrogates:
    """A data set from which surrogates are drawn; what all of them need is found once.

    Attributes:
        kinds: Shares of each kind.
        moments: Their moments.
        grid: How time is cut: the gate's Δ.
        shrinkage: κ, pseudo-shares beside the other sharers of a block.
        activity_shrinkage: κ_a, pseudo-moments of a uniform density beside the whole data's
            activity in the block, towards which an object's density is shrunk.
        block_begins: First tick of each moment's block.
        pools: (moment, 3): where the first shares of its first object in its block begin and end,
            and which of them is the moment's own account's, or -1.
        pool_bins: Bin of each first share.
        active: (moment, 2): where the moments of the whole data in its block begin and end.
        active_bins: Bin of each moment in the order of time.
    """

    kinds: Mapping[str, ShareArrays]
    moments: Moments
    grid: BlockGrid
    shrinkage: float
    activity_shrinkage: float
    block_begins: Int64s
    pools: Int64s
    pool_bins: Int32s
    active: Int64s
    active_bins: Int32s

    def jittered(self, seed: int, replicate: int) -> dict[str, ShareArrays]:
        """Every moment elsewhere in its block."""
        return _moved(self.kinds, self.moments, self.jittered_times(seed, replicate))

    def jittered_times(self, seed: int, replicate: int) -> Int64s:
        """The new time of each moment, in µs."""
        ticks = _jittered_ticks(
            self.moments.keys,
            stream_of(seed, replicate),
            self.block_begins,
            (self.pools, self.pool_bins),
            (self.active, self.active_bins),
            (self.grid.bins, self.grid.bin_ticks),
            (self.shrinkage, self.activity_shrinkage),
        )
        return (ticks - self.grid.phase_ticks) * self.grid.tick_us

    def dealt(self, seed: int, replicate: int) -> dict[str, ShareArrays]:
        """The times of each object in each block, among those who shared it there."""
        return {
            kind: _dealt(shares, _segments(shares, self.grid), stream_of(seed, replicate))
            for kind, shares in self.kinds.items()
        }

    def permuted(self, seed: int, replicate: int) -> dict[str, ShareArrays]:
        """The times of each object, among all who shared it."""
        return {
            kind: _dealt(shares, shares.starts, stream_of(seed, replicate))
            for kind, shares in self.kinds.items()
        }

    def swapped(self, seed: int, replicate: int) -> dict[str, ShareArrays]:
        """The accounts of the moments of each hour, among these moments."""
        bits = _draws(self.moments.keys, stream_of(seed, replicate))
        hours = self.moments.times_us // HOUR_US
        before = np.lexsort((self.moments.keys, hours))
        after = np.lexsort((bits, hours))
        accounts = np.empty_like(self.moments.accounts)
        accounts[after] = self.moments.accounts[before]
        made, begin = {}, 0
        for kind, shares in self.kinds.items():
            own = accounts[self.moments.of_row[begin : begin + len(shares)]]
            made[kind] = _in_order(shares, shares.starts, own, shares.times_us)
            begin += len(shares)
        return made


def prepare_surrogates(
    kinds: Mapping[str, ShareArrays],
    grid: BlockGrid,
    shrinkage: float = SHRINKAGE,
    activity_shrinkage: float = ACTIVITY_SHRINKAGE,
) -> Surrogates:
    """Find what all surrogates of a data set have in common.

    Args:
        kinds: Shares of each kind, with one numbering of accounts.
        grid: From :func:`assay.detectors.block_grid.block_grids`; the gate's is the narrowest.
        shrinkage: κ.
        activity_shrinkage: κ_a.
    """
    moments = find_moments(kinds)
    ticks = moments.times_us // grid.tick_us + grid.phase_ticks
    block_begins = ticks // grid.block_ticks * grid.block_ticks
    by_time = np.argsort(ticks, kind="stable")
    ordered = ticks[by_time]
    active = np.column_stack(
        (
            np.searchsorted(ordered, block_begins),
            np.searchsorted(ordered, block_begins + grid.block_ticks),
        )
    )
    pools = np.full((len(moments), 3), -1, np.int64)
    pool_bins: list[Int32s] = []
    begin = before = 0
    for shares in kinds.values():
        firsts = np.flatnonzero(first_flags(shares))
        own_ticks = shares.times_us[firsts] // grid.tick_us + grid.phase_ticks
        pool_bins.append((own_ticks % grid.block_ticks // grid.bin_ticks).astype(np.int32))
        inside = (moments.first_rows >= begin) & (moments.first_rows < begin + len(shares))
        wanted = np.flatnonzero(inside)
        _find_pools(
            shares.objects[firsts],
            shares.accounts[firsts],
            own_ticks // grid.block_ticks,
            np.searchsorted(firsts, shares.starts),
            (shares.objects[moments.first_rows[wanted] - begin], moments.accounts[wanted]),
            block_begins[wanted] // grid.block_ticks,
            wanted,
            before,
            pools,
        )
        begin += len(shares)
        before += len(firsts)
    return Surrogates(
        kinds=dict(kinds),
        moments=moments,
        grid=grid,
        shrinkage=shrinkage,
        activity_shrinkage=activity_shrinkage,
        block_begins=block_begins,
        pools=pools,
        pool_bins=np.concatenate(pool_bins),
        active=active.astype(np.int64),
        active_bins=(ordered % grid.block_ticks // grid.bin_ticks).astype(np.int32),
    )


def _moved(
    kinds: Mapping[str, ShareArrays], moments: Moments, times_us: Int64s
) -> dict[str, ShareArrays]:
    made, begin = {}, 0
    for kind, shares in kinds.items():
        own = times_us[moments.of_row[begin : begin + len(shares)]]
        made[kind] = _in_order(shares, shares.starts, shares.accounts, own)
        begin += len(shares)
    return made


def _in_order(
    shares: ShareArrays, segments: Int64s, accounts: Int32s, times_us: Int64s
) -> ShareArrays:
    """Shares with new accounts or times, sorted again inside each stretch of rows."""
    own_accounts, own_times_us = accounts.copy(), times_us.copy()
    _sort_segments(segments, own_times_us, own_accounts)
    return ShareArrays(
        shares.objects, own_accounts, own_times_us, shares.starts, shares.account_count
    )


def _segments(shares: ShareArrays, grid: BlockGrid) -> Int64s:
    """Where each (object, block) begins, and the number of rows at the end."""
    blocks = (shares.times_us // grid.tick_us + grid.phase_ticks) // grid.block_ticks
    begins = np.ones(len(shares), np.bool_)
    begins[1:] = (np.diff(blocks) != 0) | (np.diff(shares.objects) != 0)
    return np.append(np.flatnonzero(begins), len(shares)).astype(np.int64)


def _dealt(shares: ShareArrays, segments: Int64s, stream: np.uint64) -> ShareArrays:
    accounts = shares.accounts.copy()
    _deal(segments, shares.times_us, accounts, stream)
    return _in_order(shares, segments, accounts, shares.times_us)


@njit
def _find_pools(
    objects: Int32s,
    accounts: Int32s,
    blocks: Int64s,
    starts: Int64s,
    wanted_of: tuple[Int32s, Int32s],
    wanted_blocks: Int64s,
    wanted: Int64s,
    before: int,
    pools: Int64s,
) -> None:
    """For each moment, the first shares of its object in its block: they lie side by side."""
    wanted_objects, wanted_accounts = wanted_of
    for index in range(len(wanted)):
        low = starts[wanted_objects[index]]
        high = starts[wanted_objects[index] + 1]
        begin = low + np.searchsorted(blocks[low:high], wanted_blocks[index])
        end = begin
        own = -1
        while end < high and blocks[end] == wanted_blocks[index]:
            if accounts[end] == wanted_accounts[index]:
                own = end + before
            end += 1
        pools[wanted[index], 0] = begin + before
        pools[wanted[index], 1] = end + before
        pools[wanted[index], 2] = own


@njit
def _jittered_ticks(
    keys: Uint64s,
    stream: np.uint64,
    block_begins: Int64s,
    object_pool: tuple[Int64s, Int32s],
    active_pool: tuple[Int64s, Int32s],
    size: tuple[int, int],
    pseudo: tuple[float, float],
) -> Int64s:
    pools, pool_bins = object_pool
    active, active_bins = active_pool
    bins, bin_ticks = size
    shrinkage, activity_shrinkage = pseudo
    ticks = np.empty(len(keys), np.int64)
    for moment in range(len(keys)):
        bits = mixed(keys[moment] ^ stream)
        begin, end, own = pools[moment]
        others = end - begin - (1 if own >= 0 else 0)
        place = uniform(bits) * (others + shrinkage)
        if place < others:
            chosen = begin + int(place)
            if own >= 0 and chosen >= own:
                chosen += 1
            found = np.int64(pool_bins[chosen])
        else:
            bits = mixed(bits)
            low, high = active[moment]
            place = uniform(bits) * (high - low + activity_shrinkage)
            if place < high - low:
                found = np.int64(active_bins[low + int(place)])
            else:
                bits = mixed(bits)
                found = np.int64(uniform(bits) * bins)
        bits = mixed(bits)
        ticks[moment] = (
            block_begins[moment] + found * bin_ticks + np.int64(uniform(bits) * bin_ticks)
        )
    return ticks


@njit
def _draws(keys: Uint64s, stream: np.uint64) -> Uint64s:
    bits = np.empty(len(keys), np.uint64)
    for index in range(len(keys)):
        bits[index] = mixed(keys[index] ^ stream)
    return bits


@njit
def _deal(segments: Int64s, times_us: Int64s, accounts: Int32s, stream: np.uint64) -> None:
    """Shuffle the accounts of each stretch of rows (Fisher and Yates), in place."""
    for index in range(len(segments) - 1):
        begin, end = segments[index], segments[index + 1]
        if end - begin < 2:
            continue
        bits = stream
        for row in range(begin, end):
            bits = mixed(bits ^ np.uint64(times_us[row]))
        for row in range(end - 1, begin, -1):
            bits = mixed(bits)
            other = begin + np.int64(uniform(bits) * (row - begin + 1))
            accounts[row], accounts[other] = accounts[other], accounts[row]


@njit
def _sort_segments(segments: Int64s, times_us: Int64s, accounts: Int32s) -> None:
    """Sort each stretch of rows by time and account, in place."""
    for index in range(len(segments) - 1):
        begin, end = segments[index], segments[index + 1]
        if end - begin > SMALL:
            by_account = np.argsort(accounts[begin:end], kind="mergesort")
            order = by_account[np.argsort(times_us[begin:end][by_account], kind="mergesort")]
            times_us[begin:end] = times_us[begin:end][order]
            accounts[begin:end] = accounts[begin:end][order]
            continue
        for row in range(begin + 1, end):
            at_us, account = times_us[row], accounts[row]
            place = row
            while place > begin and (
                times_us[place - 1] > at_us
                or (times_us[place - 1] == at_us and accounts[place - 1] > account)
            ):
                times_us[place] = times_us[place - 1]
                accounts[place] = accounts[place - 1]
                place -= 1
            times_us[place] = at_us
            accounts[place] = account
