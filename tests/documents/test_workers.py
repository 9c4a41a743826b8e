"""Work over several processes: in order, and never waiting for a worker that is gone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time

import pytest

from assay.documents.workers import spread
from assay.errors import StepFailed


def slower_the_smaller(task: int) -> int:
    time.sleep(0.05 * (3 - task % 3))
    return task * 10


def killed_at_three(task: int) -> int:
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def failing_at_two(task: int) -> int:
    if task == 2:
        raise ValueError("no such task was foreseen")
    return task


def test_results_come_in_the_order_of_the_tasks() -> None:
    assert list(spread(range(9), slower_the_smaller, 2)) == [10 * task for task in range(9)]


def test_a_worker_that_is_killed_ends_the_run_with_words() -> None:
    with pytest.raises(StepFailed, match="ended before its work was done") as told:
        list(spread(range(8), killed_at_three, 2))
    assert "ASSAY_THREADS=1" in str(told.value)
    assert not multiprocessing.active_children()


def test_an_error_of_the_work_is_raised_and_no_process_stays() -> None:
    with pytest.raises(ValueError, match="foreseen"):
        list(spread(range(50), failing_at_two, 2))
    assert not multiprocessing.active_children()
