"""Stability: what comes out again over redrawn objects, over seeds, and for each account."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detectors.made_cliques import cliques, renamed_network, weighted_edges

from assay.detectors.communities import (
    LeidenParameters,
    ObjectVotes,
    WeightedEdges,
    canonical_numbers,
    find_communities,
)
from assay.detectors.stability import best_match, measure_stability

labels = st.lists(st.integers(0, 6), min_size=1, max_size=40).map(np.array)


def _votes(edges: WeightedEdges, objects_per_edge: int) -> ObjectVotes:
    edge = np.arange(len(edges.a)).repeat(objects_per_edge)
    return ObjectVotes(edge, np.arange(len(edge)), np.arange(len(edge)) * 1_000_003)


@given(labels, st.randoms())
def test_the_best_match_equals_its_definition(found: np.ndarray, random: object) -> None:
    communities = canonical_numbers(found)
    other = np.array([random.randrange(4) for _ in found])
    order = np.array(random.sample(range(len(found)), len(found)))
    similarity, inside = best_match(communities, other, order)
    for number in range(int(communities.max()) + 1):
        own = set(np.flatnonzero(communities == number).tolist())
        matches = [set(np.flatnonzero(other == label).tolist()) for label in set(other.tolist())]
        assert similarity[number] == pytest.approx(
            max(len(own & m) / len(own | m) for m in matches)
        )
        stayed = {account for account in own if inside[account]}
        assert stayed in [own & m for m in matches]
        (match,) = (m for m in matches if own & m == stayed and stayed)
        assert len(own & match) / len(own | match) == pytest.approx(similarity[number])
    same, all_inside = best_match(communities, communities, order)
    assert (same == 1).all() and all_inside.all()


def test_a_group_on_many_objects_is_stable_and_one_on_a_single_object_is_not() -> None:
    edges = cliques((6, 6), bridge=1)
    parameters = LeidenParameters(replicates=40)
    found, _ = find_communities(edges, parameters)
    firm = measure_stability(edges, _votes(edges, 30), found, parameters)
    assert (firm.objects > 0.95).all() and (firm.account_objects > 0.95).all()
    one_object = ObjectVotes(np.arange(len(edges.a)), np.zeros(len(edges.a), int), edges.first_us)
    loose = measure_stability(edges, one_object, found, parameters)
    # Without its only object, once in e times, nothing of the group is left but single accounts.
    assert (loose.objects < 0.85).all()
    # The seed changes nothing: only the objects were few.
    assert (loose.seeds == 1).all() and (loose.account_seeds == 1).all()
    assert measure_stability(edges, one_object, found, LeidenParameters(replicates=0)) is None


def test_an_account_between_two_groups_stays_less_often_than_the_others() -> None:
    # Account 12 has as many ties to either group.
    pairs = [(i, j, 6) for i in range(6) for j in range(i)]
    pairs += [(i, j, 6) for i in range(6, 12) for j in range(6, i)]
    pairs += [(i, 12, 2) for i in (0, 1, 2, 6, 7, 8)]
    edges = weighted_edges([(min(i, j), max(i, j), w) for i, j, w in pairs], 13)
    parameters = LeidenParameters(replicates=60, seeds=30)
    found, _ = find_communities(edges, parameters)
    edge = np.arange(len(edges.a)).repeat(edges.weight)
    votes = ObjectVotes(edge, np.arange(len(edge)), np.arange(len(edge)) * 1_000_003)
    result = measure_stability(edges, votes, found, parameters)
    assert result.account_objects[12] < 0.9
    assert result.account_objects[:12].min() > 0.97
    for shares in (result.objects, result.seeds, result.account_objects, result.account_seeds):
        assert ((shares >= 0) & (shares <= 1)).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_renaming_accounts_moves_the_figures_with_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    made = renamed_network(rng)
    edges, renamed, name = made.edges, made.other, made.name
    count = len(edges.a)
    votes = ObjectVotes(np.arange(count).repeat(3), rng.integers(0, 90, 3 * count),
                        rng.integers(0, 10**12, 3 * count))  # fmt: skip
    moved = votes._replace(edge=made.new_edge[votes.edge], object=1000 - votes.object)
    parameters = LeidenParameters(replicates=3, seeds=3)
    before, _ = find_communities(edges, parameters)
    after, _ = find_communities(renamed, parameters)
    left = measure_stability(edges, votes, before, parameters)
    right = measure_stability(renamed, moved, after, parameters)
    for one, other in set(zip(before.tolist(), after[name].tolist(), strict=True)):
        assert left.objects[one] == pytest.approx(right.objects[other], abs=1e-12)
        assert left.seeds[one] == pytest.approx(right.seeds[other], abs=1e-12)
    assert left.account_objects == pytest.approx(right.account_objects[name], abs=1e-12)
    assert left.account_seeds == pytest.approx(right.account_seeds[name], abs=1e-12)
