"""A measurement counts the process and its children, and ends what does not end."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from benchmarks.measure import Measured, NotMeasured, measure, median

SPIN = """
import time
until = time.process_time() + {seconds}
while time.process_time() < until:
    pass
"""


def python(code: str) -> Measured:
    return measure([sys.executable, "-c", code], os.environ, 60)


def test_cpu_of_children_is_counted() -> None:
    child = SPIN.format(seconds=0.4)
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    measured = python(code)
    assert measured.cpu_s >= 0.4
    assert measured.wall_s >= 0.4


def test_sleep_costs_wall_time_only() -> None:
    measured = python("import time; time.sleep(0.8)")
    assert measured.wall_s >= 0.8
    assert measured.cpu_s < measured.wall_s


def test_peak_memory_is_in_megabytes() -> None:
    small, large = python("pass"), python("x = bytearray(300_000_000)")
    # Those that started the process may be larger than it: its peak is not below theirs.
    assert large.peak_mb >= 300
    assert large.peak_mb < 300 + 2 * small.peak_mb


def test_failure_says_the_last_words() -> None:
    with pytest.raises(NotMeasured, match="failed with 3: no room"):
        python("import sys; print('no room', file=sys.stderr); sys.exit(3)")


def test_a_silent_failure_is_told_too() -> None:
    with pytest.raises(NotMeasured, match="failed with 4: it said nothing"):
        python("import sys; sys.exit(4)")


def test_at_the_limit_the_children_end_too(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    child = f"import time, pathlib; time.sleep(3); pathlib.Path({str(alive)!r}).touch()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with pytest.raises(NotMeasured, match="not finished within 1 s"):
        measure([sys.executable, "-c", code], os.environ, 1)
    time.sleep(3)
    assert not alive.exists()


def test_environment_is_the_one_given() -> None:
    code = "import os, sys; sys.exit(0 if os.environ.get('ONE') == '1' else 5)"
    measure([sys.executable, "-c", code], {"ONE": "1"}, 60)
    with pytest.raises(NotMeasured):
        measure([sys.executable, "-c", code], {}, 60)


def test_median_is_taken_figure_by_figure() -> None:
    runs = iter([Measured(1, 9, 5), Measured(3, 7, 4), Measured(2, 8, 6)])
    assert median(3, lambda: next(runs)) == Measured(2, 8, 5)
