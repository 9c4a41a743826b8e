"""A stop is one orderly end of the command, also when compiled code drops the signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from assay import errors
from assay.cli import main as entry
from assay.cli import stopping

STOPS = (signal.SIGINT, signal.SIGTERM)


def asked_to_stop(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)
    time.sleep(5)


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
