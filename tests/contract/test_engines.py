"""Every step says the same on every engine, row by row, and so does the whole detector."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from benchmarks.inputs import ShareInput, share_chunks
from tests.detectors.made_detection import detect

from assay.detectors.coaction_parameters import Coaction
from assay.detectors.coaction_steps import (
    account_codes,
    co_timed_pairs,
    coded_shares,
    coordination_network,
    object_codes,
)
from assay.engine.base import Engine
from assay.engine.registry import ENGINES, open_engine
from assay.engine.step import Step, Tables
from assay.engine.write import content_hash
from assay.errors import StepFailed, UsageError
from assay.model.dataset import Dataset
from assay.model.tables import SHARES

SHARE_COUNT = 120_000
KINDS = ("link", "hashtag", "text")
MEMORY_BYTES = 1_500_000_000

AWKWARD = (
    "",
    "a",
    "A",
    "Z",
    "ä",
    "Ä",
    "é",
    "e\u0301",
    "ß",
    "ss",
    "я",
    "中文",
    "🙂",
    "\uffff",
    " a",
    "a ",
)
"""Names that engines might sort, fold or trim differently: each stays what it is."""


def write_dataset(folder: Path) -> Dataset:
    """Many shares of several kinds, from the benchmark's generator, with awkward names."""
    spec = ShareInput("flat", SHARE_COUNT, SHARE_COUNT // 10, 5.0, 0)
    ((objects, accounts, at_s),) = share_chunks(spec, seed=3)
    rng = np.random.default_rng(3)
    # Fractions of a second in a third of the rows, and some exact repeats.
    times_us = at_s * 1_000_000 + np.where(
        rng.random(len(at_s)) < 0.3, rng.integers(0, 1_000_000, len(at_s)), 0
    )
    accounts %= 3_000
    names = np.array([f"{AWKWARD[n % len(AWKWARD)]}{n // 7}" for n in range(3_000)])
    things = np.array([f"{n // 5}{AWKWARD[n % len(AWKWARD)]}" for n in range(spec.objects)])
    rows = np.concatenate([np.arange(len(objects)), rng.integers(0, len(objects), 500)])
    table = pa.table(
        {
            "account_id": pa.array(names[accounts[rows]]),
            "kind": pa.array(np.array(KINDS)[rng.choice(3, len(rows), p=(0.7, 0.2, 0.1))]),
            "object_id": pa.array(things[objects[rows]]),
            "post_id": pa.array([f"p{n}" for n in range(len(rows))]),
            "shared_at": pa.array(times_us[rows]).cast(SHARES.field("shared_at").type),
        }
    ).cast(SHARES)
    order = [(name, "ascending") for name in ("kind", "object_id", "shared_at", "account_id")]
    dataset = Dataset(folder)
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table.sort_by(order), dataset.shares)
    return dataset


@pytest.fixture(scope="module", autouse=True)
def java_that_starts_soon() -> Iterator[None]:
    """Java's second compiler pays off after minutes, and each test is over in seconds.

    Nor need Spark's own classes be proved well-formed, which is a quarter of its start.
    """
    unproved = "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
    with pytest.MonkeyPatch.context() as patch:
        options = f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC {unproved}"
        patch.setenv("SPARK_SUBMIT_OPTS", options)
        yield


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_dataset(tmp_path_factory.mktemp("dataset"))


def opened(name: str, folder: Path) -> Engine:
    return open_engine(name, memory_bytes=MEMORY_BYTES, threads=2, spill_dir=folder)


class Engines:
    """One engine of each name, opened when it is first asked for: Spark starts for seconds."""

    def __init__(self, new_folder: Callable[[str], Path]) -> None:
        self.new_folder = new_folder
        self.open: dict[str, Engine] = {}

    def __getitem__(self, name: str) -> Engine:
        if name not in self.open:
            self.open[name] = opened(name, self.new_folder(name))
        return self.open[name]

    def close(self) -> None:
        """Whoever asks for one after this is given a new one."""
        for engine in self.open.values():
            engine.close()
        self.open.clear()


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    made = Engines(tmp_path_factory.mktemp)
    yield made
    made.close()


@pytest.fixture
def engines_end(engines: Engines) -> Iterator[Engines]:
    """For a test that closes an engine of its own: on Spark this ends the session of all."""
    yield engines
    engines.close()


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request: pytest.FixtureRequest, engines: Engines) -> Engine:
    """An engine that knows no table; a test drops what it makes."""
    return engines[request.param]


def pipeline(engine: Engine, dataset: Dataset) -> dict[str, pa.Table]:
    """Every step of the detector on one engine, in a defined order of rows and types."""
    engine.add_parquet("shares", dataset.shares)
    made: dict[str, pa.Table] = {}

    def ran(step: Step, *order: str) -> None:
        engine.run(step)
        made[step.name] = engine.arrow(step.name, order)
        assert engine.count(step.name) == len(made[step.name])

    ran(account_codes("shares", KINDS[:2]), "account")
    ran(object_codes("shares", "link"), "object")
    ran(coded_shares("shares", "link"), "object", "shared_us", "account")
    engine.add_arrow("active_shares", made["coded_shares"])
    ran(co_timed_pairs(60_000_000), "object", "pair")
    ran(coordination_network(2), "pair")
    once = made["coordination_network"]
    for name in reversed(made):
        engine.drop(name)
    engine.drop("active_shares")
    # The partitioned form adds up what the parts have counted.
    engine.add_arrow("partial_network", pa.concat_tables([once, once]))
    ran(coordination_network(6, "partial_network"), "pair")
    made["summed_network"] = made["coordination_network"]
    made["coordination_network"] = once
    engine.drop("coordination_network")
    engine.drop("partial_network")
    engine.drop("shares")
    return made


def in_python(dataset: Dataset) -> dict[str, pa.Table]:
    """The numbering of ids and the shares by number, without any engine."""
    table = pq.read_table(dataset.shares)
    both = table.filter(pc.is_in(table["kind"], pa.array(KINDS[:2])))
    # By the bytes of UTF-8, as engines compare strings.
    names = sorted(set(both["account_id"].to_pylist()), key=str.encode)
    links = table.filter(pc.equal(table["kind"], "link"))
    things = sorted(set(links["object_id"].to_pylist()), key=str.encode)
    number = {name: place for place, name in enumerate(names)}
    thing = {name: place for place, name in enumerate(things)}
    rows = sorted(
        (thing[obj], at, number[account])
        for obj, at, account in zip(
            links["object_id"].to_pylist(),
            links["shared_at"].cast(pa.int64()).to_pylist(),
            links["account_id"].to_pylist(),
            strict=True,
        )
    )
    objects, times, accounts = zip(*rows, strict=True)
    return {
        "account_codes": pa.table({"account_id": names, "account": range(len(names))}),
        "object_codes": pa.table({"object_id": things, "object": range(len(things))}),
        "coded_shares": pa.table({"object": objects, "account": accounts, "shared_us": times}),
    }


def test_numbering_follows_the_bytes_of_the_ids(engines: Engines, dataset: Dataset) -> None:
    """On the default engine; the test below holds the other one to it."""
    made = pipeline(engines["duckdb"], dataset)
    for name, wanted in in_python(dataset).items():
        assert made[name].column_names == wanted.column_names
        for column in wanted.column_names:
            assert made[name][column].to_pylist() == wanted[column].to_pylist(), (name, column)


@pytest.mark.spark
def test_every_step_is_the_same_row_by_row(engines: Engines, dataset: Dataset) -> None:
    made = {name: pipeline(engines[name], dataset) for name in ENGINES}
    for step, table in made["duckdb"].items():
        other = made["spark"][step]
        assert other.column_names == table.column_names, step
        for column in table.column_names:
            assert other[column].type == table[column].type, (step, column)
            assert other[column].combine_chunks().equals(table[column].combine_chunks()), (
                step,
                column,
            )
    assert len(made["duckdb"]["coded_shares"]) > 80_000
    assert len(made["duckdb"]["co_timed_pairs"]) > 50_000
    assert len(made["duckdb"]["summed_network"]) > 100


def test_empty_tables_stay_tables(engine: Engine, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    pq.write_table(SHARES.empty_table(), empty / "shares.parquet")
    made = pipeline(engine, Dataset(empty))
    assert {name: len(table) for name, table in made.items()} == dict.fromkeys(made, 0)
    assert made["coordination_network"].column_names == ["pair", "shared_objects"]


def test_arrow_in_and_out(engine: Engine, tmp_path: Path) -> None:
    given = pa.table({"pair": pa.array([3, 1, 2], pa.int64()), "name": ["x", "ü", "X"]})
    engine.add_arrow("given", given)
    assert engine.count("given") == 3
    assert engine.arrow("given", ("pair",)).to_pylist() == given.sort_by("pair").to_pylist()
    # Given again under the same name, the new one stands.
    engine.add_arrow("given", given.slice(1))
    assert engine.count("given") == 2
    engine.write_parquet("given", tmp_path / "given.parquet")
    assert pq.read_table(tmp_path / "given.parquet").sort_by("pair")["name"].to_pylist() == [
        "ü",
        "X",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["given.parquet"]
    engine.drop("given")
    with pytest.raises(StepFailed):
        engine.count("given")


def test_a_folder_of_parts_is_one_table(engine: Engine, tmp_path: Path) -> None:
    for part in range(3):
        pq.write_table(pa.table({"pair": [part]}), tmp_path / f"{part:05}.parquet")
    engine.add_parquet("parts", tmp_path)
    assert engine.arrow("parts", ("pair",))["pair"].to_pylist() == [0, 1, 2]
    engine.drop("parts")


def test_what_an_engine_refuses_names_the_step(engine: Engine) -> None:
    engine.add_arrow("given", pa.table({"name": ["x"]}))

    def build(tables: Tables) -> Any:
        return tables["given"].mutate(number=tables["given"].name.cast("int64"))

    with pytest.raises(StepFailed) as failed:
        engine.run(Step("numbers", ("given",), build))
    assert "'numbers'" in failed.value.message
    assert failed.value.fix
    assert failed.value.__cause__ is not None
    engine.drop("given")


def test_missing_tables_and_files_are_failed_steps(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(StepFailed):
        engine.add_parquet("shares", tmp_path / "absent.parquet")
    with pytest.raises(StepFailed):
        engine.arrow("absent")
    with pytest.raises(StepFailed):
        engine.run(Step("nothing", ("absent",), lambda tables: tables["absent"]))


@pytest.mark.spark
@pytest.mark.usefixtures("engines_end")
def test_the_whole_detector_writes_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory, dataset: Dataset
) -> None:
    parameters = Coaction(windows_s=(60.0,), kinds=KINDS[:2])
    # In parts on Spark, and whole on DuckDB, which must not show either.
    first, other = (
        detect(
            tmp_path_factory.mktemp(name),
            dataset,
            parameters,
            engine=name,
            threads=2,
            memory_bytes=memory_bytes,
        )
        for name, memory_bytes in (("duckdb", 10**9), ("spark", 6_000_000))
    )
    assert len(first.edges) > 1_000
    assert any("parts, spilled" in line for line in other.said)
    assert content_hash(other.edges) == content_hash(first.edges)
    assert content_hash(other.tests) == content_hash(first.tests)
    assert other.record == first.record


@pytest.mark.parametrize("name", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_closing_leaves_nothing_behind(name: str, engines_end: Engines, tmp_path: Path) -> None:
    engines_end.close()  # what is opened now has a session of its own, and its files here
    engine = opened(name, tmp_path)
    engine.add_arrow("given", pa.table({"pair": [1, 2]}))
    engine.run(Step("taken", ("given",), lambda tables: tables["given"].filter(True)))
    assert engine.count("taken") == 2
    engine.close()
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []


def test_an_unknown_engine_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        opened("abacus", tmp_path)
    assert "duckdb" in (refused.value.fix or "")
