"""The dataset that a user means by a folder."""

from __future__ import annotations

from pathlib import Path

from assay.errors import InputError
from assay.model.dataset import Dataset, RunFolder


def dataset_in(folder: Path) -> Dataset:
    """The dataset that a folder is or holds.

    Raises:
        InputError: Neither is the case.
    """
    for dataset in (Dataset(folder), RunFolder(folder).dataset):
        if dataset.shares.exists():
            return dataset
    raise InputError(
        "there is no dataset here",
        fix="make one with `assay import FILES -o FOLDER`, or name the folder of a run",
        file=folder,
    )
