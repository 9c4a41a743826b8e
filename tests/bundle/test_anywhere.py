"""The same figures on one and two threads, on both engines, and on every supported Python."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.bundle.made_bundle import MadeRun, verified
from tests.conftest import REPOSITORY

VERSIONS = ("3.11", "3.12", "3.13")


def test_one_thread_gives_what_two_gave(case: Path) -> None:
    verdict = verified(case, threads=1)
    assert verdict.holds, [check for check in verdict.checks if check.outcome == "different"]


@pytest.mark.spark
@pytest.mark.slow
def test_spark_gives_what_duckdb_gave(case: Path) -> None:
    verdict = verified(case, engine="spark", memory_bytes=3_000_000_000)
    assert verdict.holds, [check for check in verdict.checks if check.outcome == "different"]


def found_python(version: str) -> str | None:
    """An interpreter of that version on PATH, or among pyenv's."""
    on_path = shutil.which(f"python{version}")
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [*(str(one) for one in sorted(root.glob(f"{version}.*/bin/python"))), on_path]
    for path in candidates:
        if path is None:
            continue
        asked = subprocess.run([path, "-c", "import venv"], capture_output=True, check=False)
        if asked.returncode == 0:
            return path
    return None


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_every_supported_python_gives_the_same(case: Path, tmp_path: Path, version: str) -> None:
    """A fresh environment from the lock, and the bundle that this Python made."""
    if version == ".".join(map(str, sys.version_info[:2])):
        assert verified(case).holds
        return
    python = found_python(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    subprocess.run([python, "-m", "venv", str(tmp_path / "venv")], check=True)
    own = tmp_path / "venv" / "bin" / "python"
    install = [str(own), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    lock = str(REPOSITORY / "requirements.lock")
    subprocess.run([*install, "--require-hashes", "-r", lock], check=True, timeout=900)
    answer = subprocess.run(
        [str(own), "-m", "assay", "verify", str(case), "--json"],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    told = json.loads(answer.stdout)
    wrong = [check for check in told["checks"] if check["outcome"] == "different"]
    assert wrong == [], answer.stderr
    # Hashes, not only values within a tolerance.
    edges = next(check for check in told["checks"] if check["name"] == "edges.parquet")
    assert "the same content hash" in edges["detail"]


@pytest.mark.slow
def test_a_kill_leaves_no_half_bundle(made: MadeRun, tmp_path: Path) -> None:
    out = tmp_path / "case.zip"
    command = [sys.executable, "-m", "assay", "bundle", str(made.run.folder), "-o", str(out)]
    for wait_s in (0.3, 0.8, 1.2, 1.6, 2.0, 2.4):
        started = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
        )
        time.sleep(wait_s)
        started.send_signal(signal.SIGKILL)
        started.wait()
        if out.exists():
            assert verified(out).holds
            out.unlink()
