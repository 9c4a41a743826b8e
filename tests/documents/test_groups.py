"""Groups against their plainest form: what hangs together pair by pair, and what is kept apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.documents.groups import Groups

SIZE = 9
pairs = st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)), max_size=14)


def _reached(start: int, joins: list[tuple[int, int]]) -> list[int]:
    found, known = [start], {start}
    for number in found:
        for pair in joins:
            if number in pair:
                found += set(pair) - known
                known |= set(pair)
    return sorted(known)


@given(pairs)
def test_groups_are_what_hangs_together(joins: list[tuple[int, int]]) -> None:
    groups = Groups(SIZE)
    for one, other in joins:
        groups.join(one, other)
    wanted = {tuple(_reached(number, joins)): None for number in range(SIZE)}
    assert [tuple(group) for group in groups.all()] == list(wanted)
    assert all(groups.together(group) for group in groups.all())


@given(pairs, pairs, pairs)
def test_no_join_brings_together_what_is_kept_apart(
    first: list[tuple[int, int]], apart: list[tuple[int, int]], then: list[tuple[int, int]]
) -> None:
    groups = Groups(SIZE)
    for pair in first:
        groups.join(*pair)
    kept = [pair for pair in apart if not groups.together(pair)]
    groups.keep_apart(kept)
    for one, other in then:
        groups.join(one, other)
        mine = next(group for group in groups.all() if one in group)
        theirs = next(group for group in groups.all() if other in group)
        barred = any({a, b} <= {*mine, *theirs} for a, b in kept)
        assert groups.together((one, other)) or barred
    assert not any(groups.together(pair) for pair in kept)
