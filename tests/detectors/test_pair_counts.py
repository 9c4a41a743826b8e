"""Pairs counted in place are those of the steps that engines run."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.detectors.made_shares import Row, arrays_of, share_rows

from assay.detectors import pair_counts
from assay.detectors.arrays import ShareArrays, count_share_pairs
from assay.detectors.coaction_steps import PAIR_BASE, co_timed_pairs, coordination_network
from assay.detectors.pair_counts import counted_pairs, turns_needed
from assay.engine.base import Engine
from assay.engine.registry import open_engine

SECOND_US = 1_000_000
PLENTY = 1 << 30
Pairs = list[tuple[int, int, list[int]]]
"""A pair, how many objects it was co-timed on, and which."""


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(
        "duckdb", memory_bytes=1 << 30, threads=1, spill_dir=tmp_path_factory.mktemp("spill")
    )
    yield engine
    engine.close()


def of_the_steps(engine: Engine, shares: ShareArrays, window_us: int, least: int) -> Pairs:
    engine.add_arrow(
        "active_shares",
        pa.table(
            {"object": shares.objects, "account": shares.accounts, "shared_us": shares.times_us}
        ),
    )
    steps = (co_timed_pairs(window_us), coordination_network(least))
    for step in steps:
        engine.run(step)
    network = engine.arrow(steps[1].name, ("pair",))
    met: dict[int, list[int]] = {}
    co_timed = engine.arrow(steps[0].name, ("pair", "object"))
    for pair, thing in zip(
        co_timed["pair"].to_pylist(), co_timed["object"].to_pylist(), strict=True
    ):
        met.setdefault(pair, []).append(thing)
    for name in ("active_shares", *(step.name for step in steps)):
        engine.drop(name)
    weights = zip(network["pair"].to_pylist(), network["shared_objects"].to_pylist(), strict=True)
    return [(pair, weight, met[pair]) for pair, weight in weights]


def in_place(shares: ShareArrays, window_us: int, least: int, memory_bytes: int = PLENTY) -> Pairs:
    pairs, weights, objects = counted_pairs(shares, window_us, least, memory_bytes)
    assert objects is not None
    assert len(objects) == weights.sum()
    met = [part.tolist() for part in np.split(objects, np.cumsum(weights))]
    return list(zip(pairs.tolist(), weights.tolist(), met[:-1], strict=True))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=share_rows(objects=4, accounts=5, span_us=20 * SECOND_US),
    window_us=st.integers(0, 5 * SECOND_US),
    least=st.integers(1, 3),
)
def test_they_are_the_engines(duckdb: Engine, rows: list[Row], window_us: int, least: int) -> None:
    shares = arrays_of(rows)
    assert in_place(shares, window_us, least) == of_the_steps(duckdb, shares, window_us, least)


@given(
    rows=share_rows(objects=9, accounts=6, span_us=20 * SECOND_US),
    window_us=st.integers(0, 5 * SECOND_US),
    turns=st.integers(2, 7),
    object_bits=st.integers(0, 3),
)
def test_turns_and_narrow_numbers_change_nothing(
    rows: list[Row], window_us: int, turns: int, object_bits: int
) -> None:
    """A hub is spread over turns; objects that do not fit beside two accounts come later."""
    shares = arrays_of(rows)
    whole = in_place(shares, window_us, 2)
    pairs = count_share_pairs(shares, window_us)
    scarce = max(1, 4 * pair_counts.BYTES_PER_PAIR * pairs // turns)
    assert turns_needed(pairs, scarce) >= min(turns, pairs)
    assert in_place(shares, window_us, 2, scarce) == whole
    acting = len(set(shares.accounts.tolist()))
    with pytest.MonkeyPatch.context() as patch:
        bits = 2 * max(acting - 1, 1).bit_length() + object_bits
        patch.setattr(pair_counts, "KEY_BITS", bits)
        assert in_place(shares, window_us, 2) == whole
        assert in_place(shares, window_us, 2, scarce) == whole


def test_account_numbers_may_be_as_large_as_they_come() -> None:
    """Numbers of accounts that do not act take no room in the sorted number."""
    last = 2**22
    rows = [(thing, account, 0) for thing in range(3) for account in (7, last - 2, last - 1)]
    shares = arrays_of(rows, last)
    low = [(7, last - 2), (7, last - 1), (last - 2, last - 1)]
    assert in_place(shares, SECOND_US, 3) == [(i * PAIR_BASE + j, 3, [0, 1, 2]) for i, j in low]


def test_no_shares_make_no_pairs() -> None:
    empty = np.empty(0, np.int32)
    shares = ShareArrays(empty, empty, np.empty(0, np.int64), np.zeros(1, np.int64), 0)
    assert in_place(shares, SECOND_US, 1) == []
