"""Datasets made from the real data that may lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli.import_ import import_command
from assay.model.dataset import Dataset

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"


def real_dataset(name: str, options: list[str], folder: Path) -> Dataset:
    """Import one file; skips where the data are absent."""
    if not (DATA / name).exists():
        pytest.skip(f"real data are not here: shared/data/{name}")
    answer = CliRunner().invoke(
        import_command, [str(DATA / name), "-o", str(folder / "real"), *options]
    )
    assert answer.exit_code == 0, answer.output
    return Dataset(folder / "real")
