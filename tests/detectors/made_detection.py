"""Run the whole detector on a few shares, and the same figures by loops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tests.detectors.made_shares import arrays_of, slow_pairs, slow_test

from assay.detectors.base import DetectorContext
from assay.detectors.block_grid import BlockGrid
from assay.detectors.coaction import CoactionDetector
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.density import SHRINKAGE
from assay.engine.registry import engine_or_none
from assay.engine.write import write_table
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent
from assay.model.tables import SHARES

BEGIN_US = 1_600_000_000_000_000
SECOND_US = 1_000_000


@dataclass(frozen=True)
class Act:
    """One share."""

    account: str
    object: str
    at_us: int
    kind: str = "link"


def write_shares(folder: Path, acts: Iterable[Act]) -> Dataset:
    """A dataset of shares alone; every act is a post of its own."""
    dataset = Dataset(folder)
    rows = sorted((act.kind, act.object, act.at_us, act.account) for act in acts)
    kinds, objects, times, accounts = zip(*rows, strict=True) if rows else ((), (), (), ())
    table = pa.table(
        {
            "account_id": pa.array(accounts, pa.string()),
            "kind": pa.array(kinds, pa.string()),
            "object_id": pa.array(objects, pa.string()),
            "post_id": pa.array([f"p:{number}" for number in range(len(rows))], pa.string()),
            "shared_at": pa.array(times, pa.int64()).cast(SHARES.field("shared_at").type),
        }
    )
    write_table(dataset.shares, table, SHARES)
    return dataset


class Listening(Silent):
    """Progress that remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def stage(self, name: str, total: float | None = None, unit: str = "") -> None:
        self.said.append(name)

    def note(self, text: str) -> None:
        self.said.append(text)


@dataclass(frozen=True)
class Detected:
    """What the detector left behind."""

    record: dict[str, Any]
    edges: pa.Table
    tests: pa.Table
    said: Sequence[str]

    def pairs(self) -> dict[tuple[str, float, str, str], dict[str, Any]]:
        """Edges by kind, window and accounts."""
        return {
            (row["kind"], row["window_s"], row["account_a"], row["account_b"]): row
            for row in self.edges.to_pylist()
        }


def detect(
    folder: Path,
    dataset: Dataset,
    parameters: Coaction | None = None,
    *,
    engine: str = "memory",
    threads: int = 1,
    memory_bytes: int = 1_000_000_000,
) -> Detected:
    """Run the detector; ``memory_bytes`` says when it partitions, the engine has its own."""
    work = folder / ".work"
    work.mkdir(parents=True)
    run, progress = RunFolder(folder), Listening()
    with engine_or_none(
        engine, memory_bytes=1_000_000_000, threads=threads, spill_dir=work
    ) as opened:
        record = CoactionDetector().run(
            parameters or Coaction(shrinkage=SHRINKAGE),
            DetectorContext(dataset, run, work, opened, memory_bytes, threads, progress),
        )
    return Detected(record, pq.read_table(run.edges), pq.read_table(run.edge_tests), progress.said)


def slow_edges(
    acts: Sequence[Act], kind: str, window_s: float, grid: BlockGrid, min_shared: int = 2
) -> dict[tuple[str, str], dict[str, Any]]:
    """Edges of one kind and window by loops; ``expected`` by enumeration of every tick."""
    names = sorted({act.account for act in acts})
    moments = frozenset((names.index(act.account), act.at_us) for act in acts)
    acts = [act for act in acts if act.kind == kind]
    objects = sorted({act.object for act in acts})
    shares = arrays_of(
        [(objects.index(act.object), names.index(act.account), act.at_us) for act in acts]
    )
    found = {}
    for (i, j), facts in slow_pairs(shares, round(window_s * 1e6)).items():
        if len(facts.shared) < min_shared:
            continue
        found[names[i], names[j]] = {
            "shared_objects": len(facts.shared),
            "co_shares": facts.co_shares,
            "common_objects": len(facts.common),
            "first_at": facts.first_us,
            "last_at": facts.last_us,
            "median_gap_s": (facts.median_gap_us or 0) / 1e6,
            "expected": sum(
                chance
                for _, chance in slow_test(shares, grid, (i, j), facts.common, moments=moments)
            ),
        }
    return found


def world(
    seed: int,
    *,
    accounts: int = 25,
    objects: int = 20,
    size: int = 300,
    span_s: int = 3_000,
    step_us: int = SECOND_US,
    kinds: Sequence[str] = ("link",),
    planted: Sequence[str] = (),
) -> list[Act]:
    """Random acts, and accounts planted that share objects of their own within 5 s."""
    rng = np.random.default_rng(seed)
    acts = [
        Act(
            f"x:{rng.integers(accounts):03}",
            f"o{rng.integers(objects):03}",
            BEGIN_US + int(rng.integers(0, span_s * SECOND_US // step_us)) * step_us,
            str(rng.choice(kinds)),
        )
        for _ in range(size)
    ]
    for number in range(12):
        at = int(rng.integers(0, 30 * 86_400))
        acts += [
            Act(
                name,
                f"planted{number:02}",
                BEGIN_US + (at + int(rng.integers(0, 5))) * SECOND_US,
                kinds[number % len(kinds)],
            )
            for name in planted
        ]
    return acts
