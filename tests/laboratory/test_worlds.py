"""Simulated worlds hold what they say, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from assay.detectors.arrays import count_share_pairs, first_flags, is_ordered, taken
from assay.errors import UsageError
from assay.laboratory.world_parts import BEGINS_US, NOBODY
from assay.laboratory.worlds import WORLDS, World, find_worlds, make_world, world_named

NAMES = [world.name for world in WORLDS]


@pytest.mark.parametrize("world", WORLDS, ids=NAMES)
def test_a_world_is_in_order_and_comes_out_again(world: World) -> None:
    made, again, other = (make_world(world, seed, 3, None) for seed in (1, 1, 2))
    assert is_ordered(made.shares)
    assert len(made.shares) > 100
    assert (made.shares.times_us % world.resolution_us == 0).all()
    assert made.shares.accounts.max() < made.shares.account_count == len(made.group)
    assert (made.group == NOBODY).all()
    for name in ("objects", "accounts", "times_us"):
        assert (getattr(made.shares, name) == getattr(again.shares, name)).all()
    same = len(other.shares) == len(made.shares)
    assert not (same and (other.shares.times_us == made.shares.times_us).all())


def test_there_are_worlds_of_at_least_eight_kinds() -> None:
    assert len({name.split("-")[0] for name in NAMES}) >= 12
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("world", [one for one in WORLDS if one.planted], ids=lambda one: one.name)
@pytest.mark.parametrize("jitter_s", [20.0, 200.0])
def test_planted_groups_act_together(world: World, jitter_s: float) -> None:
    made = make_world(world, 1, 0, jitter_s)
    shares = made.shares
    assert made.sizes == (3, 6, 12, 25)
    step_us = world.resolution_us
    for number, size in enumerate(made.sizes):
        members = np.flatnonzero(made.group == number)
        assert len(members) == size
        together = 0
        for obj in range(shares.object_count):
            rows = slice(int(shares.starts[obj]), int(shares.starts[obj + 1]))
            own = np.isin(shares.accounts[rows], members)
            if len(np.unique(shares.accounts[rows][own])) < size:
                continue
            times_us = shares.times_us[rows][own]
            # Every member within the jitter of some moment, whatever else they shared when.
            reach_us = jitter_s * 1e6 + step_us
            spread = [
                len(np.unique(shares.accounts[rows][own][np.abs(times_us - at) <= reach_us]))
                for at in times_us
            ]
            together += max(spread) == size
        # In a world with gaps a moment near the end of a collected stretch loses members.
        assert together >= (8 if world.collected is None else 0)
        if world.collected is None:
            assert together <= 12


def test_the_background_does_not_hang_on_what_is_planted() -> None:
    world = world_named("few")
    quiet, planted = make_world(world, 5, 1, None), make_world(world, 5, 1, 20.0)
    honest = taken(planted.shares, planted.group[planted.shares.accounts] == NOBODY)
    assert len(honest) == len(quiet.shares)
    assert (np.sort(honest.times_us) == np.sort(quiet.shares.times_us)).all()


def test_gaps_hold_two_of_every_ten_minutes() -> None:
    shares = make_world(world_named("gaps"), 1, 0, 200.0).shares
    inside_s = (shares.times_us - BEGINS_US) / 1e6 % 600
    assert inside_s.max() < 120


def test_schedulers_wait_for_the_quarter() -> None:
    shares = make_world(world_named("scheduled"), 1, 0, None).shares
    after_s = (shares.times_us - BEGINS_US) / 1e6 % 900
    assert 0.5 < (after_s < 20).mean() < 0.7


def test_feeds_are_declared_and_their_readers_are_not() -> None:
    made = make_world(world_named("feeds"), 1, 0, None)
    assert np.bincount(made.publisher[made.publisher != NOBODY]).tolist() == [5, 5, 5]
    one, other, reader = np.array([0]), np.array([4]), np.array([20])
    assert made.openly(one, other).all()
    assert not made.openly(one, np.array([5])).any()
    assert not made.openly(reader, reader + 1).any()
    assert not made.together(one, other).any()


def test_repeaters_repeat_and_the_first_share_stands_for_all() -> None:
    shares = make_world(world_named("repeaters"), 1, 0, None).shares
    assert first_flags(shares).mean() < 0.3


def test_posts_carry_several_hashtags_at_one_moment() -> None:
    shares = make_world(world_named("posts"), 1, 0, None).shares
    moments = len(np.unique(shares.times_us * 1000 + shares.accounts))
    assert 2.2 < len(shares) / moments < 2.8


def test_few_is_the_world_of_twelve_sharers() -> None:
    shares = make_world(world_named("few"), 1, 0, None).shares
    assert (np.diff(shares.starts) == 12).all()
    assert (shares.object_count, shares.account_count) == (400, 60)
    first_us = shares.times_us[shares.starts[:-1]]
    later_s = (shares.times_us - np.repeat(first_us, 12)) / 1e6
    assert later_s.sum() / (11 * 400) == pytest.approx(180, rel=0.1)


@pytest.mark.parametrize("sharers", [6, 40])
def test_handfuls_lie_in_one_block_with_half_in_a_burst(sharers: int) -> None:
    shares = make_world(world_named(f"handful-{sharers}"), 1, 0, None).shares
    assert (np.diff(shares.starts) == sharers).all()
    spans_s = (shares.times_us[shares.starts[1:] - 1] - shares.times_us[shares.starts[:-1]]) / 1e6
    assert spans_s.max() < 600
    # Half of the shares on a burst of 40 s: far more pairs within a minute than evenly spread.
    pairs = shares.object_count * sharers * (sharers - 1) / 2
    assert 0.25 < count_share_pairs(shares, 60_000_000) / pairs < 0.6


def test_names_find_worlds() -> None:
    assert find_worlds([]) == WORLDS
    assert [one.name for one in find_worlds(["homophily", "homophily-6", "hub"])] == [
        "homophily-6",
        "homophily-60",
        "hub",
    ]
    with pytest.raises(UsageError, match="no such world"):
        find_worlds(["nowhere"])
    with pytest.raises(UsageError, match="no such world"):
        world_named("handful")
