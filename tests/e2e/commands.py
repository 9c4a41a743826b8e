"""Run the real command line, and a small campaign for it to read."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
from collections import defaultdict
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assay.cli.main import main
from assay.engine.write import content_hash
from assay.model.dataset import RunFolder

TABLES = ("edges", "edge_tests", "network", "network_accounts", "communities")


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "assay", *map(str, arguments)]


def assay(*arguments: object, cwd: Path | None = None) -> Said:
    """Run the command line to the end, in this process: start-up takes longer than most tests."""
    out, err = io.StringIO(), io.StringIO()
    stopping = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("ASSAY_THREADS", "2")
        if cwd is not None:
            patch.chdir(cwd)
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
    signal.signal(signal.SIGTERM, stopping)
    assert isinstance(ended.value.code, int)
    return Said(ended.value.code, out.getvalue(), err.getvalue())


def assay_process(*arguments: object, cwd: Path | None = None) -> Said:
    """Run to the end in a process of its own; no test may ever see a traceback."""
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=os.environ | {"ASSAY_THREADS": "2"},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


def simulate(folder: Path, *options: object) -> Path:
    """A campaign of 300 accounts with three planted groups and an open feed."""
    done = assay(
        "simulate", "--seed", 3, "--accounts", 300, "--organic-posts", 3_000, "-o", folder, *options
    )
    assert done.returncode == 0, done.stderr
    return folder


def planted_groups(campaign: Path) -> dict[str, set[str]]:
    """The truth, with the platform before the id as in a dataset."""
    groups = defaultdict(set)
    with (campaign / "truth.csv").open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["group"]:
                groups[row["group"]].add(f"{row['platform']}:{row['account_id']}")
    return dict(groups)


def result_hashes(out: Path) -> dict[str, str]:
    """What a run's final tables say."""
    run = RunFolder(out)
    return {name: content_hash(pq.read_table(getattr(run, name))) for name in TABLES}
