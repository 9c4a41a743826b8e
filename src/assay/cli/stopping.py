"""A stop (Ctrl-C, SIGTERM) that is said again until the work has heard it.

A signal's handler raises :class:`KeyboardInterrupt` in whatever is running, and compiled code may
drop it: a part of those that come while DuckDB 2.0 runs a query, those that come in a destructor.
Then the work goes on as if nobody had asked. So a stop repeats itself, to the main thread and to
DuckDB's own, until some frame is leaving because of it; what then cleans up is not disturbed.
It is not raised where compiled code has called back into Python, which would be lost or worse.
"""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from assay.errors import is_a_stop

AGAIN_AFTER_S = 0.5
"""Between a stop and the look whether it was heard."""
CALLED_BACK = ("duckdb", "llvmlite", "numba")
"""Packages whose compiled code calls their own Python: an error in there ends as they please."""
_ASKED: list[int] = []
"""The signal of a stop that was asked for, until all is over."""


def leave_if_asked() -> None:
    """A place where the work can be left: raises a stop that was asked for and not yet heard.

    Raises:
        KeyboardInterrupt: A stop was asked for; only ever in the main thread.
    """
    if _ASKED and threading.current_thread() is threading.main_thread():
        raise KeyboardInterrupt


def _called_back(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__")).partition(".")[0] in CALLED_BACK:
            return True
        frame = frame.f_back
    return False


@contextmanager
def stops_that_are_heard() -> Iterator[None]:
    """Within it Ctrl-C and SIGTERM are one orderly stop, repeated until it is heard.

    For the main thread. A Ctrl-C that whoever started the process had ignored stays ignored.

    Raises:
        KeyboardInterrupt: The work was left by a stop, as whatever error it came to its end.
    """
    main = threading.get_ident()
    over = threading.Event()
    telling = threading.Lock()

    def repeat() -> None:
        while not over.wait(AGAIN_AFTER_S):
            # By its name: help and the like never load DuckDB, nor what opens it.
            if queries := sys.modules.get("assay.engine.connection"):
                queries.interrupt_queries()
            with telling:  # never after the end, when nobody takes the signal any more
                if not over.is_set():
                    signal.pthread_kill(main, signal.SIGALRM)

    def stop(number: int, frame: FrameType | None) -> None:
        if not _ASKED:
            _ASKED.append(number)
            # Not by threading: its start takes locks that the interrupted code may hold.
            _thread.start_new_thread(repeat, ())
        if not _called_back(frame):
            raise KeyboardInterrupt

    def stop_again(number: int, frame: FrameType | None) -> None:
        # While a stop unwinds, whatever runs (a finally, an except, the end of a with) handles it.
        if not _called_back(frame) and not is_a_stop(sys.exception()):
            raise KeyboardInterrupt

    handlers = {signal.SIGTERM: stop, signal.SIGALRM: stop_again}
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        handlers[signal.SIGINT] = stop
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    except BaseException as error:
        if _ASKED or is_a_stop(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        with telling:
            over.set()
        _ASKED.clear()
        for number, handler in before.items():
            signal.signal(number, handler)
