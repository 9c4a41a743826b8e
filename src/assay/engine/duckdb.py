"""DuckDB: the default engine. Steps become tables of a database that spills to disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from assay.engine.connection import connect
from assay.engine.step import Step
from assay.errors import StepFailed


class DuckDBEngine:
    """Runs steps in one DuckDB process database.

    Args:
        memory_bytes: DuckDB's own limit; above it tables and joins spill.
        threads: Worker threads.
        spill_dir: Where it spills to; made if missing.
    """

    name = "duckdb"

    def __init__(self, *, memory_bytes: int, threads: int, spill_dir: Path) -> None:
        spill_dir.mkdir(parents=True, exist_ok=True)
        self._file = spill_dir / f"steps-{os.getpid()}.duckdb"
        # A database file, not :memory:, so that materialised steps can leave the memory.
        self._con = connect(
            str(self._file),
            config={
                "threads": int(threads),
                "memory_limit": f"{max(int(memory_bytes) // 2**20, 64)}MiB",
                "temp_directory": str(spill_dir / "spill"),
                "allocator_background_threads": False,
            },
        )
        # As Ibis sets them, so that steps run the same whether it was loaded or not.
        self._con.execute("SET TimeZone = 'UTC'")
        self._con.execute("SET python_enable_replacements = false")
        self._views: set[str] = set()
        self._kept_alive: dict[str, pa.Table] = {}

    def add_parquet(self, name: str, path: Path) -> None:
        """Make Parquet known as a view."""
        pattern = str(path / "*.parquet") if path.is_dir() else str(path)
        with _failing(f"reading {path}"):
            relation = self._con.read_parquet(pattern)
            relation.create_view(name, replace=True)
        self._views.add(name)

    def add_arrow(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known without copying it."""
        with _failing(f"taking the table {name}"):
            self._con.register(name, table)
        self._kept_alive[name] = table

    def run(self, step: Step) -> None:
        """Materialise one step as a table."""
        sql = step.duckdb_sql or self._compiled(step)
        with _failing(f"the step {step.name!r}", sql):
            # Only ORDER BY needs order, and DuckDB plans better without keeping it.
            statement = f'CREATE OR REPLACE TEMP TABLE "{step.name}" AS {sql}'
            self._con.execute(statement)

    def _compiled(self, step: Step) -> str:
        """The step in DuckDB's SQL."""
        # Here, not above: Ibis takes seconds to load, and not every run needs it.
        import ibis
        from ibis.common.exceptions import IbisError, TableNotFound

        try:
            known = ibis.duckdb.from_connection(self._con)
            tables = {name: known.table(name) for name in step.reads}
            return str(ibis.to_sql(step.build(tables), dialect="duckdb"))
        except (duckdb.Error, IbisError, TableNotFound) as error:
            raise StepFailed(
                f"DuckDB failed at the step {step.name!r}: {error}",
                fix="report this with the versions of DuckDB and Ibis",
            ) from error

    def count(self, name: str) -> int:
        """The number of rows."""
        with _failing(f"counting {name}"):
            # All of it: a result left unfetched blocks the connection.
            rows = self._con.execute(f'SELECT count(*) FROM "{name}"').fetchall()  # noqa: S608 — a step's name
        return int(rows[0][0])

    def arrow(self, name: str, order_by: tuple[str, ...] = ()) -> pa.Table:
        """Fetch a table as Arrow."""
        with _failing(f"fetching {name}"):
            return self._con.sql(_select(name, order_by)).to_arrow_table()

    def write_parquet(self, name: str, path: Path) -> None:
        """Write a table to Parquet through a temporary sibling."""
        unfinished = path.with_name(path.name + ".part")
        target = str(unfinished).replace("'", "''")
        with _failing(f"writing {path}"):
            self._con.execute(f"COPY \"{name}\" TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        unfinished.replace(path)

    def drop(self, name: str) -> None:
        """Forget a table, view or Arrow table."""
        with _failing(f"dropping {name}"):
            if name in self._kept_alive:
                self._con.unregister(name)
                del self._kept_alive[name]
            elif name in self._views:
                self._con.execute(f'DROP VIEW IF EXISTS "{name}"')
                self._views.discard(name)
            else:
                self._con.execute(f'DROP TABLE IF EXISTS "{name}"')

    def close(self) -> None:
        """Close the connection and take its file away."""
        self._con.close()
        for leftover in (self._file, self._file.with_name(self._file.name + ".wal")):
            leftover.unlink(missing_ok=True)


def _select(name: str, order_by: tuple[str, ...]) -> str:
    order = ", ".join(f'"{column}"' for column in order_by)
    return f'SELECT * FROM "{name}"' + (f" ORDER BY {order}" if order else "")  # noqa: S608 — a step's name and its columns


@contextmanager
def _failing(what: str, sql: str = "") -> Iterator[None]:
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise StepFailed(
            f"DuckDB failed at {what}: {error}" + (f"\n{sql}" if sql else ""),
            fix="give more room with --memory or ASSAY_SPILL_DIR if it ran out of it",
        ) from error
