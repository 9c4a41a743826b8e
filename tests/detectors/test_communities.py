"""Communities: canonical numbers, blind to names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detectors.made_cliques import cliques, renamed_network

from assay.detectors.communities import (
    LeidenParameters,
    canonical_numbers,
    find_communities,
    poisson_votes,
    structural_order,
)

labels = st.lists(st.integers(0, 6), min_size=1, max_size=40).map(np.array)


@given(labels, st.permutations(range(7)))
def test_numbers_depend_on_the_partition_alone(found: np.ndarray, names: list[int]) -> None:
    numbers = canonical_numbers(found)
    assert np.array_equal(numbers, canonical_numbers(np.array(names)[found]))
    sizes = np.bincount(numbers)
    assert (np.diff(sizes) <= 0).all() and (sizes > 0).all()
    firsts = [int(np.flatnonzero(numbers == n)[0]) for n in range(len(sizes))]
    for n in range(len(sizes) - 1):
        assert sizes[n] > sizes[n + 1] or firsts[n] < firsts[n + 1]
    # The same accounts are together as before.
    assert len(set(zip(found.tolist(), numbers.tolist(), strict=True))) == len(sizes)


def test_cliques_are_found_and_numbered() -> None:
    found, quality = find_communities(cliques((4, 9, 6), bridge=1), LeidenParameters())
    assert found.tolist() == [2] * 4 + [0] * 9 + [1] * 6
    assert 0.3 < quality < 1


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_renaming_accounts_moves_the_communities_with_them(seed: int) -> None:
    made = renamed_network(np.random.default_rng(seed))
    edges, renamed, name = made.edges, made.other, made.name
    assert np.array_equal(name[structural_order(edges)], structural_order(renamed))
    parameters = LeidenParameters()
    before, _ = find_communities(edges, parameters)
    after, _ = find_communities(renamed, parameters)
    pairs = set(zip(before.tolist(), after[name].tolist(), strict=True))
    assert len(pairs) == before.max() + 1 == after.max() + 1


def test_votes_are_poisson_and_differ_between_replicates() -> None:
    keys = np.arange(200_000, dtype=np.uint64)
    first, second = poisson_votes(keys, 1, 1), poisson_votes(keys, 1, 2)
    for draws in (first, second):
        assert draws.mean() == pytest.approx(1, abs=0.01)
        assert draws.var() == pytest.approx(1, abs=0.02)
        assert (draws == 0).mean() == pytest.approx(np.exp(-1), abs=0.005)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.01
    assert np.array_equal(first, poisson_votes(keys, 1, 1))
