"""A stop (Ctrl-C, SIGTERM) that is said again until the work has heard it.

A signal's handler raises :class:`KeyboardInterrupt` in whatever is running, and compiled code may
drop it: a part of those that come while DuckDB 2.0 runs a query, those that come in a destructor.
Then the work goes on as if nobody had asked. So a stop repeats itself, to the main thread and to
DuckDB's own, until some frame is leaving because of it; what then cleans up is not disturbed.
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


@contextmanager
def stops_that_are_heard() -> Iterator[None]:
    """Within it Ctrl-C and SIGTERM are one orderly stop, repeated until it is heard.

    For the main thread. The stop comes out of it as an error that :func:`is_a_stop` knows. A
    Ctrl-C that whoever started the process had ignored stays ignored.
    """
    main = threading.get_ident()
    asked: list[int] = []
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
        if not asked:
            asked.append(number)
            # Not by threading: its start takes locks that the interrupted code may hold.
            _thread.start_new_thread(repeat, ())
        raise KeyboardInterrupt

    def stop_again(number: int, frame: FrameType | None) -> None:
        # While a stop unwinds, whatever runs (a finally, an except, the end of a with) handles it.
        if not is_a_stop(sys.exception()):
            raise KeyboardInterrupt

    handlers = {signal.SIGTERM: stop, signal.SIGALRM: stop_again}
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        handlers[signal.SIGINT] = stop
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        with telling:
            over.set()
        for number, handler in before.items():
            signal.signal(number, handler)
