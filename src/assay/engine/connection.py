"""DuckDB connections: opened here, so that a stop reaches the query that each of them runs."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING
from weakref import WeakSet

from assay.model.units import parse_bytes

if TYPE_CHECKING:
    import duckdb

_OPENED: WeakSet[duckdb.DuckDBPyConnection] = WeakSet()
_LISTING = threading.Lock()
"""Held while a connection is added, or all are listed by another thread."""


def connect(
    database: str = ":memory:",
    config: dict[str, str | bool | int | float | list[str]] | None = None,
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that :func:`interrupt_queries` knows."""
    # Here, not above: a run on a dataset that is imported already never needs it.
    import duckdb

    connection = duckdb.connect(database, config=config or {})
    with _LISTING:
        _OPENED.add(connection)
    return connection


def interrupt_queries() -> None:
    """Break off whatever the open connections are running; may be called from any thread.

    A query that meets a signal waits for its threads, which know nothing of it and finish what
    they have in hand, for minutes if that is much. This tells the threads themselves.
    """
    import duckdb

    with _LISTING:
        opened = list(_OPENED)
    for connection in opened:
        with suppress(duckdb.ConnectionException):  # closed in the meantime
            connection.interrupt()


def open_connection(
    threads: int, memory_bytes: int | None, spill: str
) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that spills into a folder and keeps rows in order."""
    connection = connect()
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
