"""A stop is one orderly end of the command, also when compiled code drops the signal."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from assay import errors
from assay.cli import main as entry
from assay.cli import stopping
from assay.cli.options import TerminalProgress

STOPS = (signal.SIGINT, signal.SIGTERM)


def asked_to_stop(number: int, then_s: float = 5) -> None:
    os.kill(os.getpid(), number)
    time.sleep(then_s)


@pytest.mark.parametrize("number", STOPS)
def test_a_stop_ends_the_command_with_its_own_code(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(entry.cli, "main", lambda **_: asked_to_stop(number))
    before = signal.getsignal(number)
    with pytest.raises(SystemExit) as left:
        entry.main([])
    assert left.value.code == errors.EXIT_INTERRUPTED
    assert "kept" in capsys.readouterr().err
    assert signal.getsignal(number) is before


def test_a_stop_that_a_step_took_for_its_failure_is_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(**_: object) -> None:
        try:
            asked_to_stop(signal.SIGTERM)
        except KeyboardInterrupt as stop:
            raise errors.StepFailed("the engine failed") from stop

    monkeypatch.setattr(entry.cli, "main", broken_off)
    with pytest.raises(SystemExit) as left:
        entry.main([])
    assert left.value.code == errors.EXIT_INTERRUPTED


@pytest.mark.parametrize("number", STOPS)
def test_a_stop_that_was_dropped_is_said_again(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "AGAIN_AFTER_S", 0.02)
    dropped: list[int] = []
    with pytest.raises(KeyboardInterrupt), stopping.stops_that_are_heard():
        for _ in range(3):
            try:
                asked_to_stop(number) if not dropped else time.sleep(5)
            except KeyboardInterrupt:
                dropped.append(number)
        time.sleep(5)
    assert len(dropped) == 3


def test_what_cleans_up_after_a_stop_is_not_disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "AGAIN_AFTER_S", 0.02)
    cleaned: list[str] = []
    with pytest.raises(KeyboardInterrupt), stopping.stops_that_are_heard():
        try:
            asked_to_stop(signal.SIGTERM)
        finally:
            time.sleep(0.2)
            try:
                os.environ["NOT_SET_ANYWHERE"]
            except KeyError:  # a fault of its own, met and settled while cleaning up
                time.sleep(0.2)
            cleaned.append("up")
    assert cleaned == ["up"]


def test_no_stop_is_raised_where_compiled_code_called_back() -> None:
    """What LLVM or DuckDB is told there is lost, or ends the process; they are left first."""
    left: list[int] = []
    library: dict[str, Any] = {"__name__": "llvmlite.binding", "ask": asked_to_stop, "left": left}
    exec("def called_back():\n    ask(15, 0.3)\n    left.append(1)", library)
    with pytest.raises(KeyboardInterrupt), stopping.stops_that_are_heard():
        library["called_back"]()
        time.sleep(5)
    assert left == [1]


def test_the_next_stage_leaves_if_the_stop_was_dropped() -> None:
    progress = TerminalProgress(quiet=True)
    with pytest.raises(KeyboardInterrupt), stopping.stops_that_are_heard():
        try:
            asked_to_stop(signal.SIGTERM)
        except KeyboardInterrupt:  # dropped
            progress.stage("the next")
    progress.stage("of another run")


def test_an_error_that_a_stop_became_ends_as_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """DuckDB tells some interrupts in words of its own, with no trace of them."""

    def broken(**_: object) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            asked_to_stop(signal.SIGTERM)
        raise OSError("reading the schema failed")

    monkeypatch.setattr(entry.cli, "main", broken)
    with pytest.raises(SystemExit) as left:
        entry.main([])
    assert left.value.code == errors.EXIT_INTERRUPTED


def test_a_ctrl_c_that_the_parent_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stopping.stops_that_are_heard():
            os.kill(os.getpid(), signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)


LONG_QUERY = """
import os, signal, threading
from assay.cli import main as entry
from assay.engine.connection import connect

def long_query(**_):
    query = "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"
    connection = connect()
    threading.Timer(AFTER_S, os.kill, (os.getpid(), signal.STOP)).start()
    connection.execute(query).fetchall()

entry.cli.main = long_query
entry.main([])
"""


@pytest.mark.parametrize(("stop", "after_s"), [("SIGINT", 0.02), ("SIGTERM", 0.2)])
def test_a_stop_while_duckdb_works_is_heard(stop: str, after_s: float) -> None:
    """DuckDB drops some interrupts, waits long after others, or makes errors of its own."""
    program = LONG_QUERY.replace("STOP", stop).replace("AFTER_S", str(after_s))
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (said.returncode, "Traceback" in said.stderr) == (errors.EXIT_INTERRUPTED, False)
