"""What one task may take of the machine; its process ends where it takes more.

A signal that Python handles reaches no library that is busy in compiled code, so the kernel ends
the process instead: by a timer of its processor time, whose signal nobody catches, and by a bound
on its address space. :mod:`assay.documents.workers` goes on with another process.
"""

from __future__ import annotations

import contextlib
import resource
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_STATM = Path("/proc/self/statm")
"""Where Linux tells how many pages a process has in its address space; elsewhere none is told."""


@dataclass(frozen=True)
class Bounds:
    """What a task may take.

    Attributes:
        cpu_s: Seconds of the processor; waiting does not count, so a busy machine reads the same
            documents as an idle one.
        memory_bytes: Address space beyond what the process had when it began; on Linux alone.
    """

    cpu_s: float
    memory_bytes: int


@dataclass(frozen=True)
class Lost:
    """A task that took more than it may, or that its process did not outlive.

    Attributes:
        how: What became of it, as the end of a sentence that names the work.
        fix: What the user can do.
    """

    how: str
    fix: str


@contextlib.contextmanager
def bounded(bounds: Bounds) -> Iterator[None]:
    """End this process, as the kernel does it, if the block takes more of the processor.

    Raises:
        MemoryError: In the block, by whoever asks for more memory than is allowed.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    if _STATM.exists():
        used = int(_STATM.read_text().split()[0]) * resource.getpagesize()
        allowed = used + bounds.memory_bytes
        if before == resource.RLIM_INFINITY or allowed < before:
            resource.setrlimit(resource.RLIMIT_AS, (allowed, most))
    signal.setitimer(signal.ITIMER_PROF, bounds.cpu_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def out_of_memory(bounds: Bounds) -> Lost:
    """A task that asked for more memory than it may take."""
    return Lost(
        f"took more than {bounds.memory_bytes >> 20:,} MB of memory",
        "split it, or read the part that matters",
    )


def lost(exit_code: int, bounds: Bounds) -> Lost:
    """What became of a task whose process was ended.

    Args:
        exit_code: Of the process: the signal that ended it, negative.
        bounds: What the task was allowed.
    """
    if exit_code == -signal.SIGPROF:
        return Lost(
            f"took more than {bounds.cpu_s:.3g} s of the processor",
            "it repeats itself or is a trap: read the part that matters",
        )
    if exit_code == -signal.SIGKILL:
        return Lost(
            "was ended by the system, most likely for want of memory",
            "give the same command again with ASSAY_THREADS=1; what was read is kept",
        )
    name = signal.Signals(-exit_code).name
    return broken(f"a library broke off ({name})")


def broken(why: str) -> Lost:
    """A task that brought to light a fault of ours, or of a library."""
    return Lost(f"failed: {why}", "report this, with the document")
