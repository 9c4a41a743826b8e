"""Documents spread over processes that share one loaded parser.

A server process loads the parser and the word lists once and forks every worker from itself, so
that the second worker costs neither the seconds nor most of the memory of the first. Results come
in the order of the tasks. A worker that dies (of want of memory, say) ends the run with words.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

from assay.errors import StepFailed

_Task = TypeVar("_Task")
_Done = TypeVar("_Done")

_LOADED = "assay.documents.loaded_worker"
"""What the server imports before it forks."""

_AHEAD = 2
"""So many tasks for each worker are handed out at a time; the others can still be called off."""


def spread(
    tasks: Sequence[_Task], work: Callable[[_Task], _Done], processes: int
) -> Iterator[_Done]:
    """Each task's result, in the order of the tasks.

    Args:
        tasks: What to work on; they travel by pickle.
        work: A function of a module.
        processes: How many workers; with one, this very process works.

    Raises:
        StepFailed: A worker ended before its work was done.
    """
    if processes <= 1:
        yield from map(work, tasks)
        return
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_LOADED])
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(processes, context, initializer=_leave_stopping_to_the_first)
    try:
        yield from _in_order(pool, tasks, work, processes * _AHEAD)
    except BrokenProcessPool as error:
        raise StepFailed(
            "a worker process ended before its work was done, most likely for want of memory",
            fix="give the same command again with ASSAY_THREADS=1; what was read is kept",
        ) from error
    finally:
        # Also when this process is stopped or a task failed: nobody waits for work not wanted.
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor,
    tasks: Sequence[_Task],
    work: Callable[[_Task], _Done],
    ahead: int,
) -> Iterator[_Done]:
    following = iter(tasks)
    waiting = deque(pool.submit(work, task) for task in islice(following, ahead))
    while waiting:
        done = waiting.popleft().result()
        waiting.extend(pool.submit(work, task) for task in islice(following, 1))
        yield done


def _leave_stopping_to_the_first() -> None:
    """Ctrl-C reaches every process of the terminal; the first one alone decides."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
