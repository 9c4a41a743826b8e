"""The layout is deterministic, bounded, and puts together what is joined."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.report.layout import lay_out


def two_groups(size: int = 30, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a, b = np.triu_indices(size, 1)
    chosen = rng.random(len(a)) < 0.4
    inner = (
        np.concatenate([a[chosen], a[chosen] + size]),
        np.concatenate([b[chosen], b[chosen] + size]),
    )
    return np.append(inner[0], 0), np.append(inner[1], size)  # one line joins the two


@given(
    st.integers(1, 60).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=120),
        )
    )
)
@settings(max_examples=60)
def test_every_network_gets_finite_distinct_places_inside_the_square(
    network: tuple[int, list[tuple[int, int]]],
) -> None:
    count, pairs = network
    pairs = [(x, y) for x, y in pairs if x != y]
    a = np.array([x for x, _ in pairs], dtype=np.int64)
    b = np.array([y for _, y in pairs], dtype=np.int64)
    places = lay_out(count, a, b, np.ones(len(pairs)))
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()
    assert np.abs(places).max() <= 1
    assert len(np.unique(places, axis=0)) == count


def test_the_same_network_gets_the_same_places() -> None:
    a, b = two_groups()
    weight = np.arange(1, len(a) + 1)
    first, second = lay_out(60, a, b, weight), lay_out(60, a, b, weight)
    assert np.array_equal(first, second)
    assert not np.array_equal(first, lay_out(60, a, b, weight, seed=5))


def test_groups_stand_apart() -> None:
    a, b = two_groups()
    places = lay_out(60, a, b, np.ones(len(a)))
    left, right = places[:30], places[30:]
    spread = np.linalg.norm(left - left.mean(axis=0), axis=1).mean()
    apart = np.linalg.norm(left.mean(axis=0) - right.mean(axis=0))
    assert apart > 1.5 * spread


def test_parts_that_are_not_joined_do_not_overlap() -> None:
    size, count = 12, 15
    a, b = np.triu_indices(size, 1)
    a = np.concatenate([a + k * size for k in range(count)])
    b = np.concatenate([b + k * size for k in range(count)])
    places = lay_out(size * count, a, b, np.ones(len(a))).reshape(count, size, 2)
    middle = places.mean(axis=1)
    reach = np.linalg.norm(places - middle[:, None], axis=2).max(axis=1)
    for i in range(count):
        for j in range(i):
            assert np.linalg.norm(middle[i] - middle[j]) > 0.9 * max(reach[i], reach[j])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_small_networks(count: int) -> None:
    empty = np.zeros(0, dtype=np.int64)
    assert lay_out(count, empty, empty, empty).shape == (count, 2)
