"""The join in memory gives the engine's pairs, and the detector in memory the detector's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.detectors.made_detection import Act, detect, write_shares
from tests.detectors.made_shares import Row, arrays_of, share_rows

from assay.detectors.arrays import ShareArrays
from assay.detectors.coaction import Coaction
from assay.detectors.coaction_steps import co_timed_pairs, coded_shares, coordination_network
from assay.detectors.in_memory import MemoryEngine, detect_in_memory
from assay.engine.base import Engine
from assay.engine.registry import open_engine
from assay.engine.step import Step
from assay.errors import CheckFailed, UsageError
from assay.laboratory.worlds import TrueWorld, find_worlds, make_world

SECOND_US = 1_000_000


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = open_engine(
        "duckdb", memory_bytes=1 << 30, threads=1, spill_dir=tmp_path_factory.mktemp("spill")
    )
    yield engine
    engine.close()


def tables_of(engine: Engine, shares: ShareArrays, window_us: int, least: int) -> list[pa.Table]:
    engine.add_arrow(
        "active_shares",
        pa.table(
            {"object": shares.objects, "account": shares.accounts, "shared_us": shares.times_us}
        ),
    )
    steps = (co_timed_pairs(window_us), coordination_network(least))
    for step in steps:
        engine.run(step)
    made = [
        engine.arrow(steps[0].name, ("object", "pair")),
        engine.arrow(steps[1].name, ("pair",)),
    ]
    for name in ("active_shares", *(step.name for step in steps)):
        engine.drop(name)
    return made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=share_rows(objects=4, accounts=5, span_us=20 * SECOND_US),
    window_us=st.integers(0, 5 * SECOND_US),
    least=st.integers(1, 3),
)
def test_the_join_in_memory_is_the_engines_join(
    duckdb: Engine, rows: list[Row], window_us: int, least: int
) -> None:
    shares = arrays_of(rows)
    memory = MemoryEngine(window_us, least)
    mine = tables_of(memory, shares, window_us, least)
    theirs = tables_of(duckdb, shares, window_us, least)
    for own, other in zip(mine, theirs, strict=True):
        assert own.to_pydict() == other.to_pydict()


def acts_of(made: TrueWorld) -> list[Act]:
    """The same shares with ids whose order is that of the numbers."""
    shares = made.shares
    return [
        Act(f"a{account:05}", f"o{number:05}", at, "object")
        for number, account, at in zip(
            shares.objects.tolist(), shares.accounts.tolist(), shares.times_us.tolist(), strict=True
        )
    ]


@pytest.mark.parametrize(
    ("name", "window_s"), [("few", 20.0), ("repeaters", 60.0), ("minutes", 600.0)]
)
def test_the_tests_are_those_of_the_detector(tmp_path: Path, name: str, window_s: float) -> None:
    (world,) = find_worlds([name])
    made = make_world(world, 3, 0, 20.0)
    parameters = Coaction(windows_s=(window_s,), kinds=("object",), fdr=0.2)
    whole = detect(tmp_path / "out", write_shares(tmp_path / "dataset", acts_of(made)), parameters)
    tested = detect_in_memory(made.shares, window_s, world.resolution_us, parameters, tmp_path)

    assert whole.record["data"]["time_resolution_s"] == world.resolution_us / 1e6
    assert whole.record["family"]["members"][0]["pairs_at_risk"] == tested.family
    rows = {(row["account_a"], row["account_b"]): row for row in whole.edges.to_pylist()}
    tests = {
        (row["account_a"], row["account_b"], row["delta_s"]): row for row in whole.tests.to_pylist()
    }
    assert len(rows) == len(tested.account_i) > 20
    for place, (i, j) in enumerate(zip(tested.account_i, tested.account_j, strict=True)):
        names = (f"a{i:05}", f"a{j:05}")
        row = rows[names]
        assert row["shared_objects"] == tested.shared_objects[place]
        assert row["co_shares"] == tested.co_shares[place]
        for null in ("shuffle", "rate", "hypergeometric"):
            wanted = getattr(tested, f"p_{null}")[place]
            assert row[f"p_{null}"] == pytest.approx(wanted, rel=1e-11)
        for number, delta_s in enumerate(tested.deltas_s):
            test = tests[*names, delta_s]
            assert test["p_value"] == pytest.approx(tested.p_values[number, place], rel=1e-11)
            assert test["q_value"] == pytest.approx(tested.q_values[number, place], rel=1e-11)
        passing = tested.q_values[0, place] <= 0.2 and tested.shared_objects[place] >= 2
        assert row["kept"] == passing
    assert not list(tmp_path.glob("*.parquet"))


def test_a_window_below_twice_the_resolution_is_refused(tmp_path: Path) -> None:
    shares = arrays_of([(0, 0, 0), (0, 1, 60 * SECOND_US)])
    with pytest.raises(UsageError, match="resolution"):
        detect_in_memory(shares, 60.0, 60 * SECOND_US, Coaction(), tmp_path)


def test_the_engine_in_memory_refuses_what_it_does_not_know(tmp_path: Path) -> None:
    engine = MemoryEngine(60 * SECOND_US, 2)
    unknown: tuple[Step, ...] = (
        coded_shares("shares", "link"),
        coordination_network(2, "partial_network"),
    )
    for step in unknown:
        with pytest.raises(CheckFailed, match="does not know"):
            engine.run(step)
    with pytest.raises(CheckFailed):
        engine.add_parquet("shares", tmp_path / "shares.parquet")
    with pytest.raises(CheckFailed):
        engine.write_parquet("shares", tmp_path / "shares.parquet")
    engine.add_arrow("shares", pa.table({"object": np.arange(3)}))
    assert engine.count("shares") == 3
    engine.close()
