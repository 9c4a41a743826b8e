"""κ is learnt: large where honest shares fall anywhere, small where they come in bursts."""

from __future__ import annotations

import numpy as np
import pytest
from tests.detectors.made_shares import arrays_of

from assay.detectors import burstiness
from assay.detectors.activity import activity_of
from assay.detectors.arrays import ShareArrays, first_flags, taken
from assay.detectors.block_grid import BlockGrid, block_grids
from assay.detectors.burstiness import HIGHEST, LOWEST, Densities, densities_of
from assay.detectors.density import SHRINKAGE, Density

SECOND_US = 1_000_000
(GRID,) = block_grids(60.0, (10.0,), SECOND_US)


def world(concentration: float | None, seed: int = 1, sharers: int = 5) -> ShareArrays:
    """Stories of a few sharers each, placed by a density that is drawn anew for every story.

    Args:
        concentration: κ of the Dirichlet law that the density is drawn from; None for even.
        seed: Of everything.
        sharers: Of each story, all of them in one block.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for story in range(1_200):
        begin = 3 * story * GRID.block_ticks - GRID.phase_ticks
        if concentration is None:
            places = rng.integers(0, GRID.block_ticks, sharers)
        else:
            law = rng.dirichlet(np.full(GRID.bins, concentration / GRID.bins))
            bins = rng.choice(GRID.bins, sharers, p=law)
            places = bins * GRID.bin_ticks + rng.integers(0, GRID.bin_ticks, sharers)
        accounts = rng.choice(3_000, sharers, replace=False)
        rows += [
            (story, int(who), int(begin + at) * SECOND_US)
            for who, at in zip(accounts, places, strict=True)
        ]
    return arrays_of(rows, 3_000)


def learnt(shares: ShareArrays, grid: BlockGrid = GRID) -> Density:
    first = taken(shares, first_flags(shares))
    (density,) = densities_of(first, (grid,), activity_of([shares], SECOND_US), None)
    return density


@pytest.mark.parametrize("concentration", [6.0, 12.0, 30.0])
def test_the_concentration_of_a_dirichlet_world_comes_out_again(concentration: float) -> None:
    found = np.mean([learnt(world(concentration, seed)).shrinkage for seed in range(3)])
    # A story's own shares are part of the activity too, which takes some of the burst on itself;
    # a standard error on the side of caution works the other way.
    assert 0.6 * concentration < found < 1.4 * concentration


def test_where_shares_fall_anywhere_others_tell_little() -> None:
    assert learnt(world(None)).shrinkage > 40


def test_groups_that_act_together_hardly_weigh() -> None:
    """Ten groups of six with eight objects each among 1,200 honest stories."""
    shares = world(None)
    rng = np.random.default_rng(5)
    rows = list(
        zip(
            shares.objects.tolist(), shares.accounts.tolist(), shares.times_us.tolist(), strict=True
        )
    )
    for group in range(10):
        for number in range(8):
            at = int(rng.integers(0, 3_000)) * GRID.block_ticks + 100
            rows += [
                (2_000 + 8 * group + number, 3_000 + 6 * group + who, (at + 3 * who) * SECOND_US)
                for who in range(6)
            ]
    assert learnt(arrays_of(rows, 3_060)).shrinkage > 20


def test_gaps_in_the_collection_make_the_activity_tell() -> None:
    """Two of every ten minutes: κ_a is small, and what is left over is not put on the stories."""
    rng = np.random.default_rng(3)
    rows = []
    for story in range(400):
        begin = int(rng.integers(0, 500)) * GRID.block_ticks - GRID.phase_ticks
        for who in rng.choice(2_000, 6, replace=False).tolist():
            place = 3 * GRID.bin_ticks + int(rng.integers(0, 2 * GRID.bin_ticks))
            rows.append((story, who, (begin + place) * SECOND_US))
    density = learnt(arrays_of(rows, 2_000))
    assert density.activity_shrinkage == LOWEST
    assert learnt(world(None)).activity_shrinkage >= 20


def test_too_few_records_leave_what_is_set_by_hand() -> None:
    tiny = arrays_of([(0, 0, 0), (0, 1, 5 * SECOND_US)], 2)
    assert learnt(tiny).shrinkages == (SHRINKAGE, SHRINKAGE)


def test_what_is_learnt_stays_between_its_bounds() -> None:
    assert learnt(world(0.05)).shrinkage == LOWEST
    assert LOWEST <= learnt(world(None)).shrinkage <= HIGHEST


@pytest.mark.parametrize("most", [1_500, 10**9])
def test_names_play_no_part_in_what_is_learnt(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers follow names: others give the same κ and κ_a, whether records are sampled or not."""
    monkeypatch.setattr(burstiness, "MOST_WALKED", most)
    monkeypatch.setattr(burstiness, "MOST_WEIGHED", most)
    apart = world(6.0)
    # Four stories to a block, so that there is something to learn κ_a from.
    together = apart.times_us - apart.objects % 4 * 3 * GRID.block_ticks * SECOND_US
    who = (apart.objects.tolist(), apart.accounts.tolist(), together.tolist())
    shares = arrays_of(list(zip(*who, strict=True)), 3_000)
    rng = np.random.default_rng(3)
    accounts = rng.permutation(3_000)[shares.accounts]
    objects = rng.permutation(shares.object_count)[shares.objects]
    rows = zip(objects.tolist(), accounts.tolist(), shares.times_us.tolist(), strict=True)
    density, renamed = learnt(shares), learnt(arrays_of(list(rows), 3_000))
    assert density.activity_shrinkage not in (
        LOWEST,
        HIGHEST,
        Density(density.activity).activity_shrinkage,
    )
    assert renamed.shrinkages == density.shrinkages
    assert renamed.activity_shrinkage == density.activity_shrinkage


def test_a_kappa_that_a_user_insists_on_is_used() -> None:
    shares = world(5.0)
    activity = activity_of([shares], SECOND_US)
    grids = block_grids(60.0, (10.0, 30.0), SECOND_US)
    set_by_hand = densities_of(taken(shares, first_flags(shares)), grids, activity, 7.0)
    assert [one.shrinkages for one in set_by_hand] == [(7.0, 7.0)] * 2


def test_densities_of_a_finished_run_are_not_learnt_again() -> None:
    shares = world(5.0)
    activity = activity_of([shares], SECOND_US)
    known = {
        "kind": "link",
        "window_s": 60.0,
        "delta_s": GRID.delta_s,
        "shrinkage": 3.0,
        "shrinkage_of_many": 4.0,
        "activity_shrinkage": 9.0,
    }
    densities = Densities({"link": shares}, activity, None, [known])
    (own,) = densities.of("link", (GRID,))
    assert (own.shrinkages, own.activity_shrinkage) == ((3.0, 4.0), 9.0)
    (other_window,) = block_grids(30.0, (10.0,), SECOND_US)
    assert densities.of("link", (other_window,))[0].shrinkages != (3.0, 4.0)
