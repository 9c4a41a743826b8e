"""The co-action network by an engine that holds the shares itself, as named steps."""

from __future__ import annotations

import itertools
import math
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from assay.detectors.arrays import ShareArrays, pairs_per_object, taken
from assay.detectors.base import DetectorContext
from assay.detectors.coaction_steps import co_timed_pairs, coordination_network
from assay.detectors.pair_counts import CoTimed
from assay.engine.base import Engine
from assay.engine.step import Step

BYTES_PER_PAIR = 64
"""What the engine takes for one co-timed pair record while it makes them distinct."""


def joined_pairs(
    engine: Engine, active: ShareArrays, window_us: int, min_shared: int, context: DetectorContext
) -> CoTimed:
    """What :func:`assay.detectors.pair_counts.counted_pairs` finds, from the engine.

    Pairs that outgrow its memory are joined in parts. An object is in one part, whatever its size;
    within it the engine spills.

    Args:
        engine: Where to join.
        active: Shares of one kind that may be part of an edge.
        window_us: The window.
        min_shared: Fewest objects of a pair.
        context: How much memory there is, and where parts are kept.
    """
    parts = _parts(active, window_us, context.memory_bytes)
    if len(parts) == 1:
        whole = _joined(engine, active, window_us, coordination_network(min_shared))
    else:
        folder = _join_parts(engine, active, window_us, parts, context)
        whole = _added_up(engine, folder, min_shared)
    return CoTimed(whole["pair"].to_numpy(), whole["shared_objects"].to_numpy(), None)


def _join_parts(
    engine: Engine,
    active: ShareArrays,
    window_us: int,
    parts: list[tuple[int, int]],
    context: DetectorContext,
) -> Path:
    """The network of every part as a file of its own; returns their folder."""
    context.progress.note(f"The share pairs outgrow --memory: {len(parts)} parts, spilled.")
    folder = context.work / "parts"
    # Parts of an interrupted run may be of another kind or window: never read, always made anew.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    context.progress.stage("Joining the parts", len(parts), "parts")
    for number, (begin, end) in enumerate(parts):
        context.progress.advance(1)
        part = taken(active, np.arange(begin, end))
        partial = _joined(engine, part, window_us, coordination_network(1))
        pq.write_table(partial, folder / f"{number:05}.parquet")
    return folder


def _added_up(engine: Engine, folder: Path, min_shared: int) -> pa.Table:
    engine.add_parquet("partial_network", folder)
    step = coordination_network(min_shared, "partial_network")
    engine.run(step)
    result = engine.arrow(step.name, ("pair",))
    engine.drop(step.name)
    engine.drop("partial_network")
    shutil.rmtree(folder)
    return result


def _joined(engine: Engine, active: ShareArrays, window_us: int, network: Step) -> pa.Table:
    engine.add_arrow(
        "active_shares",
        pa.table(
            {"object": active.objects, "account": active.accounts, "shared_us": active.times_us}
        ),
    )
    join = co_timed_pairs(window_us)
    engine.run(join)
    engine.run(network)
    result = engine.arrow(network.name, ("pair",))
    for name in (network.name, join.name, "active_shares"):
        engine.drop(name)
    return result


def _parts(active: ShareArrays, window_us: int, memory_bytes: int) -> list[tuple[int, int]]:
    """Row ranges of whole objects whose share pairs fit into half of the memory each."""
    limit = max(1, memory_bytes // 2 // BYTES_PER_PAIR)
    running = np.cumsum(pairs_per_object(active, window_us))
    total = int(running[-1]) if len(running) else 0
    count = math.ceil(total / limit)
    if count <= 1:
        return [(0, len(active))]
    goals = np.arange(1, count) * (total / count)
    cuts = np.unique(np.concatenate(([0], np.searchsorted(running, goals) + 1, [len(running)])))
    rows = active.starts[cuts]
    return [(int(a), int(b)) for a, b in itertools.pairwise(rows) if b > a]
