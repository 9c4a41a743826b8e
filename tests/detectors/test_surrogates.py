"""Surrogates: what each keeps, what it breaks, and that draws hang on nothing but the data."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detectors.made_shares import Row, arrays_of, first_shares, share_rows

from assay.detectors.arrays import ShareArrays, is_ordered
from assay.detectors.block_grid import BlockGrid, block_grids, positions
from assay.detectors.moments import find_moments
from assay.detectors.surrogates import HOUR_US, Surrogates, prepare_surrogates

SECOND_US = 1_000_000
WAYS = ("jittered", "dealt", "permuted", "swapped")


def grid_of(window_s: float = 3.0, multiple: float = 4.0) -> BlockGrid:
    return block_grids(window_s, (multiple,), SECOND_US)[0]


def whole_seconds(rows: list[Row]) -> list[Row]:
    return [(obj, account, at // SECOND_US * SECOND_US) for obj, account, at in rows]


def drawn(surrogates: Surrogates, way: str, replicate: int = 1) -> dict[str, ShareArrays]:
    made: dict[str, ShareArrays] = getattr(surrogates, way)(7, replicate)
    return made


def moments_of(kinds: dict[str, ShareArrays]) -> Counter[tuple[int, int]]:
    """How many shares each (account, time) has over all kinds."""
    return Counter(
        pair
        for shares in kinds.values()
        for pair in zip(shares.accounts.tolist(), shares.times_us.tolist(), strict=True)
    )


def test_moments_take_in_every_kind_and_begin_with_the_first_object() -> None:
    tags = arrays_of([(0, 0, 5), (1, 0, 5), (1, 1, 5), (2, 0, 9)], 2)
    links = arrays_of([(0, 0, 9), (1, 1, 7)], 2)
    moments = find_moments({"hashtag": tags, "link": links})
    assert len(moments) == 4
    told = set(zip(moments.accounts.tolist(), moments.times_us.tolist(), strict=True))
    assert told == {(0, 5), (0, 9), (1, 5), (1, 7)}
    of_moment = {
        (int(a), int(t)): int(row)
        for a, t, row in zip(moments.accounts, moments.times_us, moments.first_rows, strict=True)
    }
    assert of_moment == {(0, 5): 0, (1, 5): 2, (0, 9): 3, (1, 7): 5}


@given(share_rows(most=80), share_rows(objects=3, most=30), st.integers(0, 50))
def test_jitter_keeps_blocks_accounts_objects_and_posts(
    rows: list[Row], more: list[Row], replicate: int
) -> None:
    kinds = {
        "hashtag": arrays_of(whole_seconds(rows), 6),
        "link": arrays_of(whole_seconds(more), 6),
    }
    grid = grid_of()
    surrogates = prepare_surrogates(kinds, grid, activity_shrinkage=20.0)
    made = drawn(surrogates, "jittered", replicate)
    begin = min(int(shares.times_us.min()) for shares in kinds.values())
    for kind, shares in kinds.items():
        assert is_ordered(made[kind])
        assert not (made[kind].times_us % SECOND_US).any()
        assert _blocks(made[kind], grid, begin) == _blocks(shares, grid, begin)
    # Every moment is still one: its shares moved to the same new time.
    times = surrogates.jittered_times(7, replicate)
    moved = {
        (int(account), int(at)): int(new)
        for account, at, new in zip(
            surrogates.moments.accounts, surrogates.moments.times_us, times, strict=True
        )
    }
    expected: Counter[tuple[int, int]] = Counter()
    for (account, at), count in moments_of(kinds).items():
        expected[account, moved[account, at]] += count
    assert moments_of(made) == expected


def _blocks(shares: ShareArrays, grid: BlockGrid, begin_us: int) -> Counter[tuple[int, int, int]]:
    ticks = shares.times_us // grid.tick_us + grid.phase_ticks
    blocks = ticks // grid.block_ticks - (begin_us // grid.tick_us + grid.phase_ticks)
    return Counter(
        zip(shares.objects.tolist(), shares.accounts.tolist(), blocks.tolist(), strict=True)
    )


@pytest.mark.parametrize("activity_shrinkage", [20.0, 1e9])
def test_jitter_draws_from_the_density_of_the_others(activity_shrinkage: float) -> None:
    """Four others in bin 1, one in bin 3, and a hundred moments of other objects in bin 0."""
    grid = grid_of()
    start = -grid.phase_ticks * SECOND_US
    step_us = grid.bin_ticks * SECOND_US
    rows = [(0, 0, start + 2 * step_us)]
    rows += [(0, account, start + step_us + account * 1_000) for account in range(1, 5)]
    rows += [(0, 5, start + 3 * step_us)]
    rows += [(10 + account, 6 + account, start) for account in range(100)]
    surrogates = prepare_surrogates({"link": arrays_of(rows, 200)}, grid, 5.0, activity_shrinkage)
    (me,) = np.flatnonzero(surrogates.moments.accounts == 0)
    draws = np.array([surrogates.jittered_times(1, replicate)[me] for replicate in range(4_000)])
    _, bins = positions(np.append(draws, start), grid)
    found = np.bincount(bins[:-1], minlength=4) / len(draws)
    counts = np.array([0.0, 4.0, 0.0, 1.0])
    uniform = np.full(4, 1 / 4)
    # The whole data's activity counts every moment of the block, my own included.
    activity = np.array([100.0, 4.0, 1.0, 1.0])
    target = (activity + activity_shrinkage * uniform) / (activity.sum() + activity_shrinkage)
    expected = (counts + 5.0 * target) / 10.0
    assert found == pytest.approx(expected, abs=4 * np.sqrt(0.25 / len(draws)))


def test_an_account_alone_in_its_block_moves_uniformly() -> None:
    grid = grid_of()
    surrogates = prepare_surrogates({"link": arrays_of([(0, 0, 0), (1, 1, 10**9)])}, grid)
    draws = np.array([surrogates.jittered_times(3, replicate) for replicate in range(2_400)])
    ticks = draws[:, 0] // SECOND_US + grid.phase_ticks
    assert np.bincount(ticks, minlength=12).min() > 150
    assert abs(np.corrcoef(draws.T.astype(float))[0, 1]) < 0.08


@given(share_rows(most=80), st.integers(0, 50))
def test_dealing_keeps_times_and_sharers_of_each_block(rows: list[Row], replicate: int) -> None:
    shares = arrays_of(whole_seconds(rows), 6)
    grid = grid_of()
    surrogates = prepare_surrogates({"link": shares}, grid)
    made = drawn(surrogates, "dealt", replicate)["link"]
    assert is_ordered(made)
    assert made.times_us.tolist() == shares.times_us.tolist()
    begin = int(shares.times_us.min())
    assert _blocks(made, grid, begin) == _blocks(shares, grid, begin)


@given(share_rows(most=80), st.integers(0, 50))
def test_permuting_keeps_times_and_sharers_of_each_object(rows: list[Row], replicate: int) -> None:
    shares = arrays_of(rows, 6)
    made = drawn(prepare_surrogates({"link": shares}, grid_of()), "permuted", replicate)["link"]
    assert is_ordered(made)
    assert made.times_us.tolist() == shares.times_us.tolist()
    told = Counter(zip(shares.objects.tolist(), shares.accounts.tolist(), strict=True))
    assert Counter(zip(made.objects.tolist(), made.accounts.tolist(), strict=True)) == told


@given(share_rows(span_us=3 * HOUR_US, most=80), st.integers(0, 50))
def test_swapping_keeps_what_was_done_and_who_was_there(rows: list[Row], replicate: int) -> None:
    shares = arrays_of(rows, 6)
    surrogates = prepare_surrogates({"link": shares}, grid_of())
    made = drawn(surrogates, "swapped", replicate)["link"]
    assert is_ordered(made)
    assert made.times_us.tolist() == shares.times_us.tolist()
    assert made.objects.tolist() == shares.objects.tolist()
    present = defaultdict(set)
    for account, at in moments_of({"link": shares}):
        present[at // HOUR_US].add(account)
    for account, at in zip(made.accounts.tolist(), made.times_us.tolist(), strict=True):
        assert account in present[at // HOUR_US]


def busy(seed: int = 1) -> ShareArrays:
    rng = np.random.default_rng(seed)
    rows = zip(
        rng.integers(0, 40, 900).tolist(),
        rng.integers(0, 30, 900).tolist(),
        (rng.integers(0, 600, 900) * SECOND_US).tolist(),
        strict=True,
    )
    return arrays_of(rows, 30)


@pytest.mark.parametrize("way", WAYS)
def test_draws_hang_on_seed_and_replicate(way: str) -> None:
    shares = busy()
    told = [
        (made.accounts.tolist(), made.times_us.tolist())
        for replicate in (1, 1, 2)
        for made in [drawn(prepare_surrogates({"link": shares}, grid_of()), way, replicate)["link"]]
    ]
    assert told[0] == told[1] != told[2]
    assert told[0] != (shares.accounts.tolist(), shares.times_us.tolist())


@pytest.mark.parametrize("way", WAYS)
def test_draws_do_not_hang_on_names(way: str) -> None:
    """The same data with every account renamed give the same surrogate with accounts renamed.

    No two shares of one object at one time: equal shares stand in the order of the names.
    """
    shares = busy()
    _, lone = np.unique(
        np.column_stack((shares.objects, shares.times_us)), axis=0, return_index=True
    )
    rows = [
        (int(shares.objects[row]), int(shares.accounts[row]), int(shares.times_us[row]))
        for row in lone
    ]
    names = np.random.default_rng(2).permutation(30).tolist()
    renamed = arrays_of([(obj, names[account], at) for obj, account, at in rows], 30)
    before = drawn(prepare_surrogates({"link": arrays_of(rows, 30)}, grid_of()), way)["link"]
    after = drawn(prepare_surrogates({"link": renamed}, grid_of()), way)["link"]
    told = sorted(
        (obj, at, names[account])
        for obj, at, account in zip(
            before.objects.tolist(),
            before.times_us.tolist(),
            before.accounts.tolist(),
            strict=True,
        )
    )
    assert told == sorted(
        zip(after.objects.tolist(), after.times_us.tolist(), after.accounts.tolist(), strict=True)
    )


def test_jitter_removes_what_acts_together() -> None:
    """Two accounts in the same second on thirty objects, each of twelve sharers."""
    rng = np.random.default_rng(5)
    rows = []
    for obj in range(30):
        at = int(rng.integers(0, 12)) * SECOND_US + obj * 3_600 * SECOND_US
        rows += [(obj, 0, at), (obj, 1, at)]
        rows += [(obj, int(a), at - at % (12 * SECOND_US)) for a in rng.integers(2, 40, 10)]
    shares = arrays_of(rows, 40)
    surrogates = prepare_surrogates({"link": shares}, grid_of())

    def together(kind: ShareArrays) -> int:
        first = first_shares(kind)
        at = [dict(zip(*_of(first, account), strict=True)) for account in (0, 1)]
        return sum(abs(at[0][obj] - at[1][obj]) <= SECOND_US for obj in range(30))

    assert together(shares) == 30
    assert max(together(drawn(surrogates, "jittered", r)["link"]) for r in range(20)) < 25


def _of(first: ShareArrays, account: int) -> tuple[list[int], list[int]]:
    own = first.accounts == account
    return first.objects[own].tolist(), first.times_us[own].tolist()


def test_figures_are_the_same_everywhere() -> None:
    """Counter-based draws: any numpy, any machine."""
    rows = [(i * 7919 % 40, i * 104_729 % 30, i * 1_299_709 % 601 * SECOND_US) for i in range(900)]
    shares = arrays_of(rows, 30)
    surrogates = prepare_surrogates({"link": shares}, grid_of(), activity_shrinkage=20.0)
    sums = {
        way: int((made.times_us // SECOND_US * (made.accounts + 1)).sum() % 1_000_003)
        for way in WAYS
        for made in [drawn(surrogates, way)["link"]]
    }
    assert sums == {
        "jittered": 181_808,
        "dealt": 177_564,
        "permuted": 163_334,
        "swapped": 137_608,
    }
