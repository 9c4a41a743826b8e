"""A step: one named table, written as an Ibis expression over tables made before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis

Tables = Mapping[str, "ibis.Table"]


@dataclass(frozen=True)
class Step:
    """One table of a pipeline.

    Attributes:
        name: The table it makes; lower case, as it is called on disk and in SQL.
        reads: Names of the tables that it reads.
        build: Makes the expression from those tables. Pure; runs the same on every engine.
        duckdb_sql: What the expression compiles to for DuckDB, where a test keeps a copy equal
            to it; it spares a run loading Ibis. None: compiled when it runs.
    """

    name: str
    reads: tuple[str, ...]
    build: Callable[[Tables], ibis.Table]
    duckdb_sql: str | None = None
