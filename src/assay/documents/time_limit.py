"""A bound on the processor time that one document may take, so that a trap stops nobody."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(Exception):
    """The time is up."""


@contextmanager
def at_most(cpu_s: float) -> Iterator[None]:
    """Raise :class:`TookTooLong` in the block once it has used so much of the processor.

    Time spent waiting does not count, so a busy machine reads the same documents as an idle one.
    Signals reach a process's main thread alone; in any other the block is not bounded.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _stop)
    # Again each second after that: a library may pass the first over as an error of its own.
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_s, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TookTooLong
