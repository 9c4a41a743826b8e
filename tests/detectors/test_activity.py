"""Activity of the whole data: distinct accounts at each moment, and g by loops over every bin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detectors.made_shares import Row, arrays_of, share_rows

from assay.detectors.activity import Activity, activity_of
from assay.detectors.density import Density, active_bins, background, bin_places

SECOND_US = 1_000_000
MANY_YEARS_US = 3_000_000_000 * SECOND_US


def counted(*kinds: list[Row], resolution_us: int = SECOND_US) -> dict[int, int]:
    everybody = 1 + max(account for rows in kinds for _, account, _ in rows)
    activity = activity_of([arrays_of(rows, everybody) for rows in kinds], resolution_us)
    return dict(zip(activity.times_us.tolist(), activity.accounts.tolist(), strict=True))


@given(share_rows(), share_rows(), st.sampled_from([1, SECOND_US, 7 * SECOND_US]))
def test_an_account_counts_once_a_moment_over_all_kinds(
    links: list[Row], hashtags: list[Row], resolution_us: int
) -> None:
    moments = {(account, at // resolution_us) for _, account, at in links + hashtags}
    slow = {tick * resolution_us: sum(other == tick for _, other in moments) for _, tick in moments}
    assert counted(links, hashtags, resolution_us=resolution_us) == slow


def test_microseconds_over_many_years_are_counted_too() -> None:
    """Account and moment no longer fit into one number there."""
    rows = [(0, 9_000, 5), (1, 9_000, 5), (0, 3, 5), (2, 8_999, MANY_YEARS_US)]
    assert counted(rows, resolution_us=1) == {5: 2, MANY_YEARS_US: 1}


def test_times_before_1970_are_counted() -> None:
    assert counted([(0, 0, -5 * SECOND_US), (0, 1, -5 * SECOND_US)]) == {-5 * SECOND_US: 2}


def test_no_shares_no_activity() -> None:
    activity = activity_of([arrays_of([])], SECOND_US)
    assert len(activity.times_us) == 0
    assert len(active_bins(activity, 60, 0).numbers) == 0


@given(
    st.dictionaries(st.integers(-50, 200), st.integers(1, 40), min_size=1, max_size=40),
    st.integers(2, 5),
    st.integers(2, 8),
    st.sampled_from([0, 3]),
)
def test_a_blocks_background_equals_loops(
    moments: dict[int, int], bin_ticks: int, bin_count: int, phase_ticks: int
) -> None:
    ticks = sorted(moments)
    activity = Activity(
        np.array(ticks) * SECOND_US, np.array([moments[t] for t in ticks], np.int32), SECOND_US
    )
    density, half = Density(activity, 5.0, 20.0), (bin_ticks + 1) / (2 * bin_ticks)
    bins = active_bins(activity, bin_ticks, phase_ticks)
    behind = background(bins, bin_count, half, density)
    for place, number in enumerate(bins.numbers.tolist()):
        block, inside = divmod(number, bin_count)
        there = np.zeros(bin_count)
        for tick, count in moments.items():
            if (tick + phase_ticks) // bin_ticks // bin_count == block:
                there[(tick + phase_ticks) // bin_ticks % bin_count] += count
        g = (there + 20.0 / bin_count) / (there.sum() + 20.0)
        beside = sum(g[u] for u in (inside - 1, inside + 1) if 0 <= u < bin_count)
        assert behind.company[place] == pytest.approx(2.0 * (g[inside] + half * beside))
        row = behind.blocks[place]
        assert behind.ends[row].tolist() == pytest.approx([g[0], g[-1]])
        both = (g**2).sum() + 2 * half * (g[:-1] * g[1:]).sum()
        assert behind.sums[row] == pytest.approx(both)


@pytest.mark.parametrize("roomy", [0, 4_000_000])
def test_every_share_finds_its_bin(roomy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a table, or by a search where bins lie far apart."""
    monkeypatch.setattr("assay.detectors.density.ROOMY", roomy)
    rng = np.random.default_rng(1)
    rows = [(0, n, int(at)) for n, at in enumerate(rng.integers(0, 10**6, 50) * 1_000_000)]
    shares = arrays_of(rows)
    bins = active_bins(activity_of([shares], SECOND_US), 60, 7)
    assert bool(len(bins.places)) == bool(roomy)
    places = bin_places(shares.times_us, (SECOND_US, 7, 60), bins.numbers, bins.places)
    expected = (shares.times_us // SECOND_US + 7) // 60
    np.testing.assert_array_equal(bins.numbers[places], expected)
