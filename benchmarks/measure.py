"""One command as a process of its own: CPU-seconds, wall time and peak memory, up to a time limit.

The peak that Linux reports for a process is never below that of the process which started it.
This module and those that use it therefore import nothing heavy: inputs are made by others.
"""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """What one process and its children took.

    Attributes:
        cpu_s: User and system time of all of them, in CPU-seconds.
        wall_s: From the start to the end, in seconds.
        peak_mb: Largest resident memory of any one of them, in megabytes.
    """

    cpu_s: float
    wall_s: float
    peak_mb: float


class NotMeasured(Exception):
    """The command failed or took too long; says which."""


def measure(
    command: Sequence[str], environment: Mapping[str, str], timeout_s: float = 1800.0
) -> Measured:
    """Run a command to its end and take its resource use.

    Raises:
        NotMeasured: It failed, or was stopped at the time limit.
    """
    with tempfile.TemporaryFile() as errors:
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=dict(environment),
            start_new_session=True,
        )
        stopped = threading.Event()
        timer = threading.Timer(timeout_s, _stop, (process.pid, stopped))
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            _stop(process.pid, stopped)
            process.wait()
            raise
        finally:
            timer.cancel()
        wall_s = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if stopped.is_set():
            raise NotMeasured(f"not finished within {timeout_s:g} s")
        if process.returncode:
            errors.seek(0)
            told = errors.read().decode(errors="replace").strip().splitlines()
            last = "; ".join(line.strip() for line in told[-3:])[-300:] or "it said nothing"
            raise NotMeasured(f"failed with {process.returncode}: {last}")
    # Linux counts ru_maxrss in kibibytes.
    return Measured(usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss * 1024 / 1e6)


def _stop(session: int, stopped: threading.Event) -> None:
    stopped.set()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(session, signal.SIGKILL)


def median(runs: int, once: Callable[[], Measured]) -> Measured:
    """Measure several times; each figure is the median of its own."""
    measured = [once() for _ in range(max(runs, 1))]
    return Measured(
        statistics.median(run.cpu_s for run in measured),
        statistics.median(run.wall_s for run in measured),
        statistics.median(run.peak_mb for run in measured),
    )
