"""Kernels keep their signature, compute what plain Python computes, and are cached."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba.core.errors import NumbaError

from assay.engine.compiled import njit, prange


def plain_gaps(times_s: np.ndarray) -> np.ndarray:
    """Gap to the neighbour before, 0 for the first."""
    gaps = np.zeros_like(times_s)
    for i in range(1, len(times_s)):
        gaps[i] = times_s[i] - times_s[i - 1]
    return gaps


gaps_kernel = njit(plain_gaps)


@njit(parallel=True)
def squares(values: np.ndarray) -> np.ndarray:
    out = np.empty_like(values)
    for i in prange(len(values)):
        out[i] = values[i] * values[i]
    return out


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=20))
def test_a_kernel_computes_what_its_source_says(values: list[float]) -> None:
    times_s = np.array(values, dtype=np.float64)
    assert np.array_equal(gaps_kernel(times_s), plain_gaps(times_s))
    assert np.array_equal(squares(times_s), times_s * times_s)


@njit(counted=False)
def ends(values: tuple[np.ndarray, np.ndarray]) -> float:
    """From arrays in a tuple, and through a kernel that makes an array."""
    first, second = values
    return float(first[0] + second[-1] + total_of_squares(first))


@njit
def total_of_squares(values: np.ndarray) -> float:
    return float((values * values).sum())


@njit(counted=False)
def made(count: int) -> float:
    return float(np.zeros(count).sum())


def test_a_kernel_that_counts_no_references_makes_no_array() -> None:
    assert ends((np.array([1.0, 2.0]), np.array([3.0, 4.0]))) == 10.0
    with pytest.raises(NumbaError, match="Only accept returning of array passed into the function"):
        made(3)


def test_a_kernel_is_read_from_its_cache_by_the_next_process(tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text(
        "from assay.engine.compiled import njit\n"
        "@njit\n"
        "def twice(x: int) -> int:\n"
        "    return 2 * x\n"
        "twice(3)\n"
        "import sys\n"
        "loaded = [name in sys.modules for name in ('scipy.linalg', 'numba.cpython.mathimpl')]\n"
        "print(sum(twice.stats.cache_hits.values()), *loaded)\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    hits = [
        subprocess.run(
            [sys.executable, "kernel.py"],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        for _ in range(2)
    ]
    # Scipy's algebra is never loaded; what the compiler knows of mathematics, where it compiles.
    assert hits == ["0 False True", "1 False False"]
