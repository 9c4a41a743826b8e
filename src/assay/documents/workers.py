"""Tasks spread over processes that share one loaded parser, each task within bounds.

A server process loads the parser and the word lists once and forks every worker from itself, so
that a further worker costs neither the seconds nor most of the memory of the first. Results come
in the order of the tasks. A task whose worker ends (it took more than it may, or a library broke)
is told as :class:`Lost`, another worker takes the place of the one that is gone, and the other
tasks go on.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Generic, TypeVar

from assay.documents.bounds import Bounds, Lost, bounded, broken, lost, out_of_memory
from assay.errors import AssayError, CheckFailed, StepFailed

_Task = TypeVar("_Task")
_Done = TypeVar("_Done")

_LOADED = "assay.documents.loaded_worker"
"""What the server imports before it forks."""

_AHEAD = 4
"""Most tasks for each worker that are handed out before the first of them is told."""

AHEAD_BYTES = 64 << 20
"""What these hold together at most; one task alone may hold more."""


@dataclass(frozen=True)
class Work(Generic[_Task, _Done]):
    """What is done with each task.

    Attributes:
        do: A function of a module; it travels by its name, tasks and results by pickle.
        bounds: What a task may take.
        size: How much a task holds, in bytes or in characters.
    """

    do: Callable[[_Task], _Done]
    bounds: Callable[[_Task], Bounds]
    size: Callable[[_Task], int]


_NOTHING = Bounds(cpu_s=0, memory_bytes=0)


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection
    number: int = -1
    bounds: Bounds = _NOTHING


_NOBODY_KNOWS = 255
"""What :mod:`multiprocessing` tells of a worker that ended after the process that started it."""


class Workers:
    """Worker processes, started as they are needed; ended when the block is left.

    Args:
        most: So many at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = max(1, most)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([_LOADED])
        self._idle: list[_Worker] = []
        self._busy: list[_Worker] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        # Also when this process is stopped or a task failed: nobody waits for work not wanted.
        for worker in (*self._idle, *self._busy):
            worker.process.terminate()
            worker.process.join()
            worker.pipe.close()

    def spread(
        self, work: Work[_Task, _Done], tasks: Iterable[_Task]
    ) -> Iterator[tuple[_Task, _Done | Lost]]:
        """Each task with its result, or with what became of it, in the order of the tasks.

        Raises:
            StepFailed: Workers cannot be started.
            AssayError: What the work raised, where it is no fault of one task.
        """
        waiting = enumerate(tasks)
        given: dict[int, _Task] = {}
        finished: dict[int, _Done | Lost | AssayError] = {}
        handed = told = held = 0
        while True:
            while (
                len(self._busy) < self._most
                and handed - told < self._most * _AHEAD
                and held < AHEAD_BYTES
            ):
                following = next(waiting, None)
                if following is None:
                    break
                handed, given[following[0]] = handed + 1, following[1]
                held += work.size(following[1])
                self._hand_out(*following, work)
            if told not in finished:
                if not self._busy:
                    return
                finished.update(self._finished())
                continue
            task, done = given.pop(told), finished.pop(told)
            told, held = told + 1, held - work.size(task)
            if isinstance(done, AssayError):
                raise done
            yield task, done

    def _hand_out(self, number: int, task: _Task, work: Work[_Task, _Done]) -> None:
        worker = self._idle.pop() if self._idle else self._started()
        worker.number, worker.bounds = number, work.bounds(task)
        self._busy.append(worker)
        # A worker that is gone by now tells it by the end of its pipe, like one that goes later.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            worker.pipe.send((work.do, task, worker.bounds))

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs,), daemon=True)
        try:
            _start_server()
            process.start()
        # The bare end of a pipe, where what starts the workers has ended.
        except (EOFError, OSError) as error:
            raise StepFailed(
                "worker processes cannot be started: the system ended the one that starts them, "
                "most likely for want of memory",
                fix="give the same command again with ASSAY_THREADS=1; what was read is kept",
            ) from error
        theirs.close()
        return _Worker(process, ours)

    def _finished(self) -> dict[int, Any]:
        """What workers have done by now, by the tasks' numbers; waits for one at least."""
        ready = wait([worker.pipe for worker in self._busy])
        done = {}
        for worker in [one for one in self._busy if one.pipe in ready]:
            self._busy.remove(worker)
            try:
                done[worker.number] = worker.pipe.recv()
                self._idle.append(worker)
            # In the middle of a result the end of a pipe is a bare error of the system.
            except (EOFError, OSError):
                done[worker.number] = _gone(worker)
        return done


def _start_server() -> None:
    """Start what forks the workers, deaf to Ctrl-C also while it loads; nothing if it runs.

    Ctrl-C reaches every process of the terminal, and the first one alone decides. What is started
    inherits which signals are held back.
    """
    # Where this one starts, it lets the signal in again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _gone(worker: _Worker) -> Lost:
    worker.pipe.close()
    worker.process.join()
    code = worker.process.exitcode
    if code == _NOBODY_KNOWS:
        code = -signal.SIGKILL
    if code is None or code >= 0:
        # What a task raises comes back as an error; a worker that ends by itself never worked.
        raise StepFailed(
            "worker processes cannot be started",
            fix='in a script of your own, call it below `if __name__ == "__main__":`',
        )
    return lost(code, worker.bounds)


def _serve(pipe: Connection) -> None:
    """Work on what comes through the pipe until it is closed."""
    # Ctrl-C reaches every process of the terminal; the first one alone decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            work, task, bounds = pipe.recv()
            pipe.send(outcome(work, task, bounds))


def outcome(work: Callable[[Any], Any], task: Any, bounds: Bounds) -> Any:
    """A task's result, or what became of it, or the error that stops the run."""
    try:
        with bounded(bounds):
            return work(task)
    except MemoryError:
        return out_of_memory(bounds)
    except CheckFailed as error:
        return broken(error.message)
    except AssayError as error:
        # Whoever says what is wrong (a model that cannot be reached) stops the run.
        return error
    # Whatever else a page brings to light in a rule or a library, the other tasks go on; the error
    # is told with its type, so nothing is hidden.
    except Exception as error:  # noqa: BLE001 - one bad document never stops the others
        return broken(f"{type(error).__name__}: {error}")
