"""Work over several processes: in order, each task within its bounds, no process left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import forkserver
from typing import Any

import pytest

from assay.documents import workers
from assay.documents.bounds import Bounds, Lost
from assay.documents.workers import Work, Workers
from assay.errors import StepFailed

BOUNDS = Bounds(cpu_s=0.3, memory_bytes=200 << 20)


def size_of(task: int) -> int:
    return 1


def slower_the_smaller(task: int) -> int:
    time.sleep(0.05 * (3 - task % 3))
    return task * 10


def killed_at_three(task: int) -> int:
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def breaking_a_library_at_three(task: int) -> int:
    if task == 3:
        os.abort()
    return task


def endless_in_compiled_code_at_three(task: int) -> int:
    return sum(range(10**12)) if task == 3 else task


def greedy_at_three(task: int) -> int:
    return len(bytearray(1 << 30)) if task == 3 else task


def unforeseen_at_three(task: int) -> int:
    if task == 3:
        raise ValueError("no such task was foreseen")
    return task


def stopping_at_three(task: int) -> int:
    if task == 3:
        raise StepFailed("the model cannot be reached", fix="start it")
    return task


def spread(do: Callable[[int], int], tasks: int) -> list[tuple[int, Any]]:
    with Workers(2) as running:
        return list(running.spread(Work(do, lambda _: BOUNDS, size_of), range(tasks)))


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert spread(slower_the_smaller, 9) == [(task, 10 * task) for task in range(9)]


@pytest.mark.parametrize(
    ("do", "how"),
    [
        (endless_in_compiled_code_at_three, "took more than 0.3 s of the processor"),
        (greedy_at_three, "took more than 200 MB of memory"),
        (killed_at_three, "was ended by the system, most likely for want of memory"),
        (breaking_a_library_at_three, "failed: a library broke off (SIGABRT)"),
        (unforeseen_at_three, "failed: ValueError: no such task was foreseen"),
    ],
)
def test_a_task_that_is_lost_is_told_and_the_others_are_worked_on(
    do: Callable[[int], int], how: str
) -> None:
    told = dict(spread(do, 6))
    lost = told.pop(3)
    assert isinstance(lost, Lost)
    assert lost.how == how
    assert lost.fix
    assert told == {task: task for task in (0, 1, 2, 4, 5)}
    assert not multiprocessing.active_children()


def test_what_one_task_took_does_not_count_for_the_next() -> None:
    with Workers(1) as workers:
        assert list(
            workers.spread(Work(half_of_what_is_allowed, lambda _: BOUNDS, size_of), range(6))
        ) == [(task, task) for task in range(6)]


def half_of_what_is_allowed(task: int) -> int:
    began = time.process_time()
    while time.process_time() - began < BOUNDS.cpu_s / 2:
        sum(range(1000))
    return task


def killed_while_it_tells(task: int) -> bytes:
    if task:
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return bytes(task << 24)


def test_a_worker_that_ends_in_the_middle_of_its_result_loses_that_task() -> None:
    with Workers(1) as running:
        told = running.spread(Work(killed_while_it_tells, lambda _: BOUNDS, size_of), range(2))
        assert next(told) == (0, b"")
        # Nobody listens to the second result, which fills the pipe, until its worker is gone.
        for worker in multiprocessing.active_children():
            worker.join(10)
        _, lost = next(told)
    assert isinstance(lost, Lost)
    assert not multiprocessing.active_children()


def holds_back_ctrl_c(task: int) -> int:
    return int(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))


def test_ctrl_c_reaches_no_worker_even_while_it_is_started() -> None:
    """What is started inherits what the server was started with."""
    assert spread(holds_back_ctrl_c, 1) == [(0, 1)]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_what_is_read_ahead_is_bounded_by_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "AHEAD_BYTES", 100)
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for task in range(12):
            taken.append(task)
            yield task

    with Workers(2) as running:
        for done, _ in running.spread(Work(unforeseen_at_three, lambda _: BOUNDS, fifty), tasks()):
            assert len(taken) <= done + 2
    assert len(taken) == 12


def fifty(task: int) -> int:
    return 50


def test_where_the_process_that_starts_workers_has_ended_it_is_told() -> None:
    with Workers(1) as running, pytest.MonkeyPatch.context() as patch:
        patch.setattr(forkserver, "ensure_running", _ended)
        with pytest.raises(StepFailed, match="cannot be started") as told:
            list(running.spread(Work(unforeseen_at_three, lambda _: BOUNDS, size_of), range(2)))
    assert "ASSAY_THREADS=1" in str(told.value.fix)


def _ended() -> None:
    raise EOFError


def test_without_the_process_that_started_them_workers_are_lost_and_started_like_others() -> None:
    with Workers(1) as running:
        told = running.spread(Work(killed_at_three, lambda _: BOUNDS, size_of), range(5))
        assert next(told) == (0, 0)
        server: int = forkserver._forkserver._forkserver_pid
        os.kill(server, signal.SIGKILL)
        os.waitid(os.P_PID, server, os.WEXITED | os.WNOWAIT)
        *_, (_, lost), last = told
    assert isinstance(lost, Lost)
    assert "ended by the system" in lost.how
    assert last == (4, 4)


def test_an_error_that_is_no_fault_of_one_task_is_raised_and_no_process_stays() -> None:
    with pytest.raises(StepFailed, match="cannot be reached") as told:
        spread(stopping_at_three, 50)
    assert told.value.fix == "start it"
    assert not multiprocessing.active_children()
