"""The engines by name."""

from __future__ import annotations

from pathlib import Path

from assay.engine.base import Engine
from assay.errors import UsageError

ENGINES: tuple[str, ...] = ("duckdb", "spark")


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
    raise UsageError(f"no such engine: {name}", fix="choose from " + ", ".join(ENGINES))
