"""What a dataset or a run says of its pseudonyms: whether it has any, and under which key."""

from __future__ import annotations

from pathlib import Path

from assay.engine.read_back import json_back
from assay.errors import InputError, UsageError
from assay.model.dataset import Dataset


def pseudonyms_told(dataset: Dataset) -> dict[str, str] | None:
    """What a dataset's manifest says of its pseudonyms; None if it names people.

    Raises:
        InputError: The manifest is damaged.
    """
    return pseudonyms_in(dataset.manifest)


def pseudonyms_in(path: Path) -> dict[str, str] | None:
    """What a manifest or ``run.json`` says of pseudonyms; None if it is not there or says nothing.

    Raises:
        InputError: It is damaged.
    """
    if not path.exists():
        return None
    told = json_back(path).get("pseudonymised")
    if told is None:
        return None
    if not isinstance(told, dict) or not {"key", "note"} <= told.keys():
        raise InputError(
            f"{path.name} does not say which key its pseudonyms are under",
            fix="give a dataset or run as Assay wrote it",
            file=path,
        )
    return {"key": str(told["key"]), "note": str(told["note"])}


def pseudonymised_with(dataset: Dataset) -> str | None:
    """The fingerprint of the key that a dataset is pseudonymised with; None if it is not."""
    told = pseudonyms_told(dataset)
    return None if told is None else told["key"]


def check_named(dataset: Dataset) -> None:
    """Refuse to compare names where there are only pseudonyms: nothing would be found, ever.

    Raises:
        UsageError: The dataset is pseudonymised.
    """
    key = pseudonymised_with(dataset)
    if key is not None:
        raise UsageError(
            f"the dataset is pseudonymised, with the key {key}: no name in it can be compared "
            "with a register",
            fix="name the dataset as it was before, or leave --identities out",
            file=dataset.folder,
        )
