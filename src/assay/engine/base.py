"""What an engine can do; detectors know this and nothing more.

An engine materialises each step before the next one reads it: Ibis would otherwise inline the
steps into one query, which neither engine plans well, and a reader could not look at them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pyarrow as pa

from assay.engine.step import Step


class Engine(Protocol):
    """Runs steps and hands their tables over as Parquet or Arrow.

    Every method raises :class:`assay.errors.StepFailed` with the cause chained when the engine
    refuses.
    """

    name: str

    def add_parquet(self, name: str, path: Path) -> None:
        """Make Parquet known as a table: a file, or a folder of parts."""

    def add_arrow(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known as a table."""

    def run(self, step: Step) -> None:
        """Materialise one step."""

    def count(self, name: str) -> int:
        """The number of rows of a table."""

    def arrow(self, name: str, order_by: tuple[str, ...] = ()) -> pa.Table:
        """Fetch a table, in the given order if one is given."""

    def write_parquet(self, name: str, path: Path) -> None:
        """Write a table to one Parquet file, whole or not at all."""

    def drop(self, name: str) -> None:
        """Forget a table and free what it takes."""

    def close(self) -> None:
        """Free everything."""
