"""Connections that a stop reaches, opened while the stop is said."""

from __future__ import annotations

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from assay.engine.connection import connect, interrupt_queries


class Quiet:
    """A connection without a query."""

    def interrupt(self) -> None:
        """Break nothing off."""


def test_connections_may_be_opened_while_others_are_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thread that dies here would say the stop no more."""
    monkeypatch.setattr(duckdb, "connect", lambda *_, **__: Quiet())
    over = threading.Event()

    def repeat() -> int:
        times = 0
        while not over.is_set():
            interrupt_queries()
            times += 1
        return times

    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(1) as stopping:
            repeated = stopping.submit(repeat)
            opened = [connect() for _ in range(30_000)]
            over.set()
            assert repeated.result() > 0
    finally:
        sys.setswitchinterval(often)
    assert len(opened) == 30_000


def test_a_closed_connection_is_passed_over() -> None:
    connection = connect()
    connection.close()
    interrupt_queries()
    assert connect().execute("SELECT 1").fetchall() == [(1,)]
