"""The environment is read once, and nonsense in it is refused."""

from __future__ import annotations

import os
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.settings import read_settings


def test_defaults_are_the_machine() -> None:
    settings = read_settings({})
    assert settings.threads == len(os.sched_getaffinity(0))
    assert settings.memory_bytes is None
    assert settings.spill_dir is None


def test_variables_are_read() -> None:
    settings = read_settings(
        {"ASSAY_THREADS": "3", "ASSAY_MEMORY": "2GB", "ASSAY_SPILL_DIR": "/var/tmp/spill"}
    )
    assert settings.threads == 3
    assert settings.memory_bytes == 2_000_000_000
    assert settings.spill_dir == Path("/var/tmp/spill")


@pytest.mark.parametrize("value", ["0", "-1", "two", "1.5", " "])
def test_threads_must_be_a_count(value: str) -> None:
    with pytest.raises(UsageError, match="ASSAY_THREADS"):
        read_settings({"ASSAY_THREADS": value})


@pytest.mark.parametrize("value", ["lots", "0", "-2GB", "2 parsecs"])
def test_memory_must_be_a_size(value: str) -> None:
    with pytest.raises(UsageError, match="no size"):
        read_settings({"ASSAY_MEMORY": value})


def test_settings_cannot_change() -> None:
    with pytest.raises(FrozenInstanceError):
        read_settings({}).threads = 1  # type: ignore[misc]  # frozen: it must fail
