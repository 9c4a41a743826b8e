"""What make does with an environment whose making did not come to its end."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
NOBODY = 2**22
"""No process of Linux has this number: its greatest is one less."""


@pytest.mark.parametrize(
    ("maker", "removed"),
    [(None, False), (str(NOBODY), True), ("", True), (str(os.getpid()), False)],
    # Without the number: each worker has another, and all must collect the same tests.
    ids=["nobody was", "who is gone", "who left no number", "who is there"],
)
def test_only_what_nobody_is_making_any_more_is_made_anew(
    tmp_path: Path, maker: str | None, removed: bool
) -> None:
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/.python").touch()
    os.utime(tmp_path / ".venv/.python", (0, 0))
    if maker is not None:
        (tmp_path / ".venv/.core.half").write_text(maker, encoding="ascii")
    told = subprocess.run(
        ["make", "-n", ".venv/.python"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert ("rm -rf .venv" in told.stdout) == removed
