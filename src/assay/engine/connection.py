"""The DuckDB connection that an import works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.model.units import parse_bytes

if TYPE_CHECKING:
    import duckdb


def open_connection(
    threads: int, memory_bytes: int | None, spill: str
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that spills into a folder and keeps rows in order."""
    # Here, not above: a run on a dataset that is imported already never needs it.
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET preserve_insertion_order = true")
    connection.execute(f"SET threads = {int(threads)}")
    if memory_bytes is not None:
        connection.execute(f"SET memory_limit = '{int(memory_bytes) // 1000}kB'")
    connection.execute("SET temp_directory = $folder", {"folder": spill})
    return connection


def memory_limit_bytes(connection: duckdb.DuckDBPyConnection) -> int:
    """How much memory the connection may use."""
    rows = connection.execute("SELECT current_setting('memory_limit')").fetchall()
    return parse_bytes(str(rows[0][0]))
