"""The engines by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assay.engine.base import Engine
from assay.errors import UsageError

IN_PLACE = "memory"
"""No engine: whatever a step says is done in this process, on arrays that are there anyway."""

ENGINES: tuple[str, ...] = ("duckdb", "spark")

PLACES: tuple[str, ...] = (IN_PLACE, *ENGINES)
"""Where the network can be made."""


@contextmanager
def engine_or_none(
    name: str, *, memory_bytes: int, threads: int, spill_dir: Path
) -> Iterator[Engine | None]:
    """An engine that is closed at the end; None for :data:`IN_PLACE`.

    Args:
        name: One of :data:`PLACES`.
        memory_bytes: As for :func:`open_engine`.
        threads: Likewise.
        spill_dir: Likewise.

    Raises:
        UsageError: As for :func:`open_engine`.
    """
    if name == IN_PLACE:
        yield None
        return
    engine = open_engine(name, memory_bytes=memory_bytes, threads=threads, spill_dir=spill_dir)
    try:
        yield engine
    finally:
        engine.close()


def open_engine(name: str, *, memory_bytes: int, threads: int, spill_dir: Path) -> Engine:
    """Start an engine.

    Args:
        name: One of :data:`ENGINES`.
        memory_bytes: What it may use before it spills.
        threads: Worker threads.
        spill_dir: Where it spills to.

    Raises:
        UsageError: There is no such engine, or what it needs is not installed.
    """
    if name == "duckdb":
        from assay.engine.duckdb import DuckDBEngine

        return DuckDBEngine(memory_bytes=memory_bytes, threads=threads, spill_dir=spill_dir)
    if name == "spark":
        from assay.engine.spark import SparkEngine

        return SparkEngine(memory_bytes=memory_bytes, threads=threads, spill_dir=spill_dir)
    raise UsageError(f"no such engine: {name}", fix="choose from " + ", ".join(PLACES))
