"""Planting adds a group and moves nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.detectors.arrays import ShareArrays, first_flags, group_starts, is_ordered
from assay.laboratory.draws import Draws
from assay.laboratory.planting import Group, plant

RESOLUTION_US = 1_000_000


def made_shares(seed: int, objects: int, shares: int) -> ShareArrays:
    draws = Draws(seed, "data")
    codes = np.sort(draws.integers(0, objects, shares)).astype(np.int32)
    codes = np.unique(codes, return_inverse=True)[1].astype(np.int32)
    accounts = draws.integers(0, 40, shares).astype(np.int32)
    times_us = draws.integers(0, 5000, shares) * RESOLUTION_US
    order = np.lexsort((accounts, times_us, codes))
    return ShareArrays(codes[order], accounts[order], times_us[order], group_starts(codes), 40)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    size=st.integers(2, 12),
    objects=st.integers(1, 20),
    jitter_s=st.floats(0.5, 500),
    known=st.floats(0, 1),
    data_objects=st.integers(1, 60),
)
def test_planting_adds_a_group_and_moves_nothing(
    seed: int, size: int, objects: int, jitter_s: float, known: float, data_objects: int
) -> None:
    shares = made_shares(seed, data_objects, 300)
    group = Group(size, objects, jitter_s, known)
    planted = plant(shares, first_flags(shares), group, RESOLUTION_US, Draws(seed, "plant"))
    after = planted.shares
    assert is_ordered(after)
    assert (planted.is_first == first_flags(after)).all()
    assert (after.starts == group_starts(after.objects)).all()
    kept = np.ones(len(after), np.bool_)
    kept[planted.rows] = False
    for name in ("objects", "accounts", "times_us"):
        assert (getattr(after, name)[kept] == getattr(shares, name)).all()
    rows = planted.rows
    assert len(rows) == size * objects
    assert set(after.accounts[rows].tolist()) == set(range(40, 40 + size))
    assert not (after.times_us[rows] % RESOLUTION_US).any()
    assert after.times_us[rows].min() >= shares.times_us.min() - RESOLUTION_US
    for code in np.unique(after.objects[rows]).tolist():
        mine = rows[after.objects[rows] == code]
        assert sorted(after.accounts[mine].tolist()) == list(range(40, 40 + size))
        assert np.ptp(after.times_us[mine]) <= (jitter_s + 1) * 1e6
    from_data = (np.unique(after.objects[rows]) < shares.object_count).sum()
    several = (np.diff(shares.starts) >= 2).sum()
    assert from_data == min(round(objects * known), several)
