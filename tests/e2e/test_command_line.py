"""Stopped, killed, crowded: the command line ends in order and goes on where it was."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from tests.e2e.commands import Said, assay, assay_process, command, result_hashes, simulate

from assay.errors import EXIT_DONE, EXIT_INTERRUPTED, EXIT_USAGE

STAGES = (
    "reading",
    "sorting",
    "Numbering",
    "link, 60 s",
    "Weighing all tests",
    "Comparing with surrogates",
    "Weighing the findings",
)
"""Lines that a scan prints on its way, in order."""


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return simulate(tmp_path_factory.mktemp("campaign"))


@pytest.fixture(scope="module")
def undisturbed(campaign: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("undisturbed")
    done = assay("scan", campaign / "posts.csv", "-o", out, "--no-report")
    assert done.returncode == EXIT_DONE
    return result_hashes(out)


def scan(campaign: Path, out: Path) -> Said:
    return assay_process("scan", campaign / "posts.csv", "-o", out, "--no-report")


def started(campaign: Path, out: Path, stage: str) -> subprocess.Popen[str]:
    """A scan that has just said that it begins this stage."""
    process = subprocess.Popen(
        command("scan", campaign / "posts.csv", "-o", out, "--no-report"),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"ASSAY_THREADS": "2"},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(stage):
            return process
    raise AssertionError(f"the scan never came to {stage!r}")


@pytest.mark.parametrize(
    "stages",
    [
        # Each start of the command takes longer than the stage.
        pytest.param(STAGES[::2], id="every-other"),
        pytest.param(STAGES, id="all", marks=pytest.mark.slow),
    ],
)
def test_a_run_that_is_stopped_again_and_again_ends_the_same(
    campaign: Path, undisturbed: dict[str, str], tmp_path: Path, stages: tuple[str, ...]
) -> None:
    for number, stage in enumerate(stages):
        process = started(campaign, tmp_path, stage)
        process.send_signal(signal.SIGTERM if number % 2 else signal.SIGINT)
        _, said = process.communicate()
        assert process.returncode == EXIT_INTERRUPTED, (stage, said)
        assert "Give the same command again" in said
        assert "Traceback" not in said
        assert not (tmp_path / ".lock").exists()
        assert not (tmp_path / "run.json").exists()
    finished = scan(campaign, tmp_path)
    assert finished.returncode == EXIT_DONE
    assert "it is used again" in finished.stderr
    assert result_hashes(tmp_path) == undisturbed
    assert not (tmp_path / ".work").exists()


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_run_that_is_killed_can_be_finished(
    campaign: Path, undisturbed: dict[str, str], tmp_path: Path, stage: str
) -> None:
    process = started(campaign, tmp_path, stage)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert scan(campaign, tmp_path).returncode == EXIT_DONE
    assert result_hashes(tmp_path) == undisturbed
    assert not (tmp_path / ".work").exists()


def test_two_runs_in_one_folder_do_not_mix(
    campaign: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    first = started(campaign, tmp_path, "Numbering")
    first.send_signal(signal.SIGSTOP)
    try:
        second = scan(campaign, tmp_path)
    finally:
        first.send_signal(signal.SIGCONT)
    assert second.returncode == EXIT_USAGE
    assert "another run is writing into" in second.stderr
    first.communicate()
    assert first.returncode == EXIT_DONE
    assert result_hashes(tmp_path) == undisturbed
