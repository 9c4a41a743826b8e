"""Every run into a folder, with its parameters and how much it found.

A run folder holds the results of its last run alone. Whoever tries five windows and shows the one
that found something has to be seen doing it: ``history.ndjson`` gets one line for each finished
run, appended under the folder's lock, and goes into every bundle.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.engine.write import file_sha256, rounded
from assay.errors import InputError
from assay.model.dataset import Dataset, RunFolder

_TOLD = ("version", "detector", "command", "input", "parameters", "results")


def append_history(run: RunFolder, dataset: Dataset, record: Mapping[str, Any]) -> None:
    """Add a line on a finished run.

    Args:
        run: The folder that it wrote into; the caller holds its lock.
        dataset: What it read, told by the SHA-256 of its manifest.
        record: What ``run.json`` holds.
    """
    text = json.dumps(history_line(record, dataset), sort_keys=True, ensure_ascii=False)
    with run.history.open("ab") as stream:
        # A line that a kill cut short is closed, so that it harms no other.
        begins = b"\n" if _torn(run.history) else b""
        stream.write(begins + text.encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


def history_line(record: Mapping[str, Any], dataset: Dataset) -> dict[str, Any]:
    """What the history tells of a run: a part of its ``run.json``, and which data it read."""
    line = {name: record.get(name) for name in _TOLD}
    line["family_tests"] = (record.get("family") or {}).get("tests")
    line["dataset_manifest_sha256"] = (
        file_sha256(dataset.manifest) if dataset.manifest.exists() else None
    )
    rounded_line: dict[str, Any] = rounded(line)
    return rounded_line


def _torn(path: Path) -> bool:
    if not path.stat().st_size:
        return False
    with path.open("rb") as stream:
        stream.seek(-1, os.SEEK_END)
        return stream.read(1) != b"\n"


def read_history(path: Path) -> list[dict[str, Any]]:
    """The runs, oldest first; a line cut short by a kill is passed over.

    Raises:
        InputError: The file is damaged in another place.
    """
    if not path.exists():
        return []
    lines = path.read_bytes().splitlines()
    runs = []
    for number, line in enumerate(lines, 1):
        try:
            runs.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            if line.endswith(b"}"):
                raise InputError(
                    "the history of runs is damaged",
                    fix="nothing can mend it; say in the bundle's covering letter that it is so",
                    file=path,
                    row=number,
                ) from error
    return [run for run in runs if isinstance(run, dict)]


def settings_tried(runs: list[dict[str, Any]]) -> int:
    """How many different settings there are among the runs (parameters, data and version)."""
    names = ("version", "parameters", "dataset_manifest_sha256")
    return len({json.dumps([run.get(name) for name in names], sort_keys=True) for run in runs})


def told_run(number: int, run: Mapping[str, Any]) -> str:
    """A line of the history in words."""
    parameters = run.get("parameters") or {}
    results = run.get("results") or {}
    windows = ", ".join(f"{value:g} s" for value in parameters.get("windows_s") or ())
    return (
        f"run {number}: window {windows or 'not told'}, at least "
        f"{parameters.get('min_shared')} objects, threshold {parameters.get('fdr')}, kinds "
        f"{', '.join(parameters.get('kinds') or ())}: {results.get('kept')} pairs kept, "
        f"{results.get('findings')} findings"
    )
