"""A cached kernel is thrown away when anything that it was compiled from has changed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from numba import config

CONSTANTS = "STEP = {}\n"
CALLED = """
from {package} import constants
from assay.engine.compiled import njit

STEP = constants.STEP

@njit
def step(x: int) -> int:
    return x * STEP + {added}
"""
CALLER = """
from assay.engine.compiled import njit
from {package}.called import (
    step,
)

@njit
def walk(x: int) -> int:
    return step(x)
"""


def written(folder: Path, package: str, added: int, factor: int) -> None:
    root = folder / package
    root.mkdir(exist_ok=True)
    (root / "__init__.py").touch()
    (root / "called.py").write_text(CALLED.format(package=package, added=added))
    (root / "constants.py").write_text(CONSTANTS.format(factor))
    (root / "caller.py").write_text(CALLER.format(package=package))


def loaded(package: str) -> tuple[int, int]:
    """What the kernel computes in a new start, and how often it came from the cache."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
    for known in ("_source", "stamp_of_sources"):
        getattr(importlib.import_module("assay.engine.kernel_sources"), known).cache_clear()
    importlib.invalidate_caches()
    walk = importlib.import_module(f"{package}.caller").walk
    return walk(1), sum(walk.stats.cache_hits.values())


def test_what_a_kernel_calls_and_its_constants_are_part_of_the_cache_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(str(tmp_path))
    package = "made_for_the_test_of_kernel_sources"
    written(tmp_path, package, added=1, factor=1)
    assert loaded(package) == (2, 0)
    assert loaded(package) == (2, 1)
    written(tmp_path, package, added=5, factor=1)
    assert loaded(package) == (6, 0)
    written(tmp_path, package, added=5, factor=10)
    assert loaded(package) == (15, 0)
    assert loaded(package) == (15, 1)
