"""The table of hashes: all that was entered is found, and its field turns away nearly all else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assay.identities.hashing import find, hash_table, may_be_held, mixed

HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=60)


@given(HASHES, HASHES)
def test_only_what_was_entered_is_found(entered: list[int], others: list[int]) -> None:
    values = np.arange(len(entered), dtype=np.int32)
    table = hash_table(np.array(entered, np.uint64), values)
    for one in entered:
        place = find(table, np.uint64(one))
        found = table.values[table.begin[place] : table.begin[place + 1]]
        assert found.tolist() == [at for at, other in enumerate(entered) if other == one]
    for one in set(others) - set(entered):
        assert find(table, np.uint64(one)) == -1


def test_the_field_turns_away_nearly_all_that_was_not_entered() -> None:
    entered, others = (
        np.array([mixed(np.uint64(one), salt) for one in range(5000)], np.uint64) for salt in (1, 2)
    )
    table, places = hash_table(entered, np.zeros(5000, np.int32)), np.zeros(5000, np.int64)
    assert may_be_held(table, entered, 5000, places) == 5000
    assert places.tolist() == list(range(5000))
    passed = may_be_held(table, others, 5000, places)
    assert passed < 5000 * 0.03
    assert places[:passed].tolist() == sorted(set(places[:passed].tolist()))
