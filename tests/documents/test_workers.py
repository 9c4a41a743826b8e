"""Work over several processes: in order, each task within its bounds, no process left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from assay.documents.bounds import Bounds, Lost
from assay.documents.workers import Work, Workers
from assay.errors import StepFailed

BOUNDS = Bounds(cpu_s=0.3, memory_bytes=200 << 20)


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
    with Workers(2) as workers:
        return list(workers.spread(Work(do, lambda _: BOUNDS), range(tasks)))


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
        assert list(workers.spread(Work(half_of_what_is_allowed, lambda _: BOUNDS), range(6))) == [
            (task, task) for task in range(6)
        ]


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
    with Workers(1) as workers:
        told = workers.spread(Work(killed_while_it_tells, lambda _: BOUNDS), range(2))
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


def test_an_error_that_is_no_fault_of_one_task_is_raised_and_no_process_stays() -> None:
    with pytest.raises(StepFailed, match="cannot be reached") as told:
        spread(stopping_at_three, 50)
    assert told.value.fix == "start it"
    assert not multiprocessing.active_children()
