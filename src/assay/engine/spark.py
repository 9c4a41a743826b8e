"""Spark, for shares that outgrow one machine; locally it costs ten times DuckDB's processor time.

Steps are written to Parquet, one folder each, and read back: a step is computed once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.common.exceptions import IbisError, TableNotFound

from assay.engine.step import Step
from assay.errors import StepFailed, UsageError, to_install


class _Compiler(PySparkCompiler):  # type: ignore[misc]  # Ibis ships no types
    """Ibis's compiler, and the microseconds that it declines though Spark has them."""

    def visit_ExtractMicrosecond(self, op: Any, *, arg: Any) -> Any:  # noqa: N802 — Ibis's name
        """The part of a second, as Ibis defines it for DuckDB."""
        return self.f.anon.unix_micros(arg) % 1_000_000


class SparkEngine:
    """Runs steps on a Spark session: the running one, or a local one made here.

    Args:
        memory_bytes: Memory of a local session's driver.
        threads: Cores of a local session.
        spill_dir: Where steps and shuffles are written.

    Raises:
        UsageError: pyspark or Java is not installed.
    """

    name = "spark"

    def __init__(self, *, memory_bytes: int, threads: int, spill_dir: Path) -> None:
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise UsageError(
                "Spark is not installed", fix=f"{to_install('spark')}, and Java 17"
            ) from error
        if SparkSession.getActiveSession() is None and shutil.which("java") is None:
            raise UsageError("Spark needs Java", fix="install Java 17 (openjdk-17-jre-headless)")
        self._folder = spill_dir / "steps-spark"
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self._errors: tuple[type[BaseException], ...] = (
            PySparkException,
            IbisError,
            TableNotFound,
        )
        self._session: Any = (
            SparkSession.builder.master(f"local[{int(threads)}]")
            .appName("assay")
            .config("spark.driver.memory", f"{max(int(memory_bytes) // 2**20, 1024)}m")
            .config("spark.local.dir", str(spill_dir))
            .config("spark.sql.warehouse.dir", str(spill_dir / "warehouse"))
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.ansi.enabled", "true")
            .config("spark.sql.shuffle.partitions", str(4 * int(threads)))
            .config("spark.ui.enabled", "false")
            # Its own bars would be drawn over our progress, and where --quiet asks for none.
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
        self._session.sparkContext.setLogLevel("ERROR")
        self._ibis = ibis.pyspark.connect(self._session)
        self._ibis.compiler = _Compiler()

    def add_parquet(self, name: str, path: Path) -> None:
        """Make Parquet known as a view."""
        with self._failing(f"reading {path}"):
            self._session.read.parquet(str(path)).createOrReplaceTempView(name)

    def add_arrow(self, name: str, table: pa.Table) -> None:
        """Write an Arrow table beside the steps and make it known."""
        folder = self._fresh(name)
        folder.mkdir()
        # Many row groups, so that Spark reads them side by side.
        pq.write_table(table, folder / "part.parquet", row_group_size=250_000)
        self.add_parquet(name, folder)

    def run(self, step: Step) -> None:
        """Materialise one step to Parquet."""
        with self._failing(f"the step {step.name!r}"):
            tables = {name: self._ibis.table(name) for name in step.reads}
            sql = str(self._ibis.compile(step.build(tables)))
        folder = self._fresh(step.name)
        with self._failing(f"the step {step.name!r}", sql):
            self._session.sql(sql).write.parquet(str(folder))
        self.add_parquet(step.name, folder)

    def count(self, name: str) -> int:
        """The number of rows."""
        with self._failing(f"counting {name}"):
            return int(self._session.table(name).count())

    def arrow(self, name: str, order_by: tuple[str, ...] = ()) -> pa.Table:
        """Fetch a table as Arrow, sorted here."""
        folder = self._folder / name
        with self._failing(f"fetching {name}"):
            table = pq.read_table(folder) if folder.exists() else self._collected(name)
        if order_by:
            order = pc.sort_indices(table, sort_keys=[(column, "ascending") for column in order_by])
            table = table.take(order)
        return table

    def write_parquet(self, name: str, path: Path) -> None:
        """Write a table to one Parquet file through a temporary sibling."""
        unfinished = path.with_name(path.name + ".part")
        pq.write_table(self.arrow(name), unfinished, compression="zstd")
        unfinished.replace(path)

    def drop(self, name: str) -> None:
        """Forget a table and remove what was written of it."""
        self._session.catalog.dropTempView(name)
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def close(self) -> None:
        """Stop the session and take its files away."""
        self._session.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _collected(self, name: str) -> pa.Table:
        return self._session.table(name).toArrow()

    def _fresh(self, name: str) -> Path:
        folder = self._folder / name
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    @contextmanager
    def _failing(self, what: str, sql: str = "") -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise StepFailed(
                f"Spark failed at {what}: {error}" + (f"\n{sql}" if sql else ""),
                fix="give more room with --memory, or run with --engine duckdb",
            ) from error
