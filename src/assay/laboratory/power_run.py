"""Carry out a measurement of power from a folder to a folder; goes on where it was stopped."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assay import __version__
from assay.detectors.base import DetectorContext
from assay.engine.room import run_memory_bytes
from assay.errors import UsageError
from assay.laboratory.dataset_folder import dataset_in
from assay.laboratory.power import Setup, measure_power
from assay.laboratory.power_files import write_power
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Progress


@dataclass(frozen=True)
class Measured:
    """A finished measurement: what ``power.json`` holds, and the files written."""

    record: dict[str, Any]
    files: tuple[Path, ...]


def run_power(
    folder: Path,
    out: Path,
    setup: Setup,
    room: tuple[int | None, int],
    progress: Progress,
) -> Measured:
    """Measure power in a dataset.

    Args:
        folder: A dataset, or the folder of a run with a dataset inside.
        out: Where to write.
        setup: What to plant and how to look.
        room: Memory in bytes (None: 70 % of the machine) and worker threads.
        progress: Told how far it is.

    Raises:
        InputError: There is no dataset, or it has no shares of the wanted kinds.
        UsageError: Parameters make no sense.
    """
    dataset = dataset_in(folder)
    if out.exists() and not out.is_dir():
        raise UsageError("the output is a file, not a folder", fix="name a folder", file=out)
    work = out / ".work" / f"power-{_key(dataset, setup)}"
    work.mkdir(parents=True, exist_ok=True)
    memory_bytes, threads = run_memory_bytes(room[0]), room[1]
    context = DetectorContext(dataset, RunFolder(work), work, None, memory_bytes, threads, progress)
    result = measure_power(setup, context)
    progress.stage("Drawing the curve")
    files = write_power(out, result, setup.grid, folder.resolve().name)
    shutil.rmtree(work)
    record = json.loads((out / "power.json").read_text(encoding="utf-8"))
    return Measured(record, tuple(files))


def _key(dataset: Dataset, setup: Setup) -> str:
    """Names the folder of half-done work, used again only for the same data and detector."""
    shares = dataset.shares.stat()
    told = [__version__, asdict(setup.coaction), shares.st_size, shares.st_mtime_ns]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
