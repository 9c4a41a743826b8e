"""What a run wrote, read again by whoever goes on with its folder or shows it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.errors import InputError

_AGAIN = "give a folder that a run finished, or run it again"


def json_back(path: Path, fix: str = _AGAIN) -> dict[str, Any]:
    """A JSON object that a run wrote.

    Raises:
        InputError: The file is missing, damaged, or holds something else.
    """
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path.name} cannot be read: {error}", fix=fix, file=path) from error
    if not isinstance(told, dict):
        raise InputError(f"{path.name} cannot be read: it is no object", fix=fix, file=path)
    return told


def table_back(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A table that a run wrote.

    Raises:
        InputError: The file is missing or damaged, or lacks a column.
    """
    try:
        return pq.read_table(path, columns=columns)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path.name} cannot be read: {error}", fix=_AGAIN, file=path) from error


def findings_back(path: Path, fix: str = _AGAIN) -> list[dict[str, Any]]:
    """The findings of a ``findings.json``, which may come from anyone.

    Raises:
        InputError: The file is missing or damaged, or a finding's evidence cannot be followed.
    """
    return findings_of(json_back(path, fix), path, fix)


def findings_of(told: object, path: Path, fix: str) -> list[dict[str, Any]]:
    """The findings in what a file holds.

    Raises:
        InputError: It is no list of findings whose evidence can be followed.
    """
    try:
        return listed_findings(told)
    except ValueError as error:
        raise InputError(f"{path.name} cannot be read: {error}", fix=fix, file=path) from error


def listed_findings(told: object) -> list[dict[str, Any]]:
    """The findings in what a ``findings.json`` holds.

    Raises:
        ValueError: It is no list of findings whose evidence can be followed.
    """
    found = told.get("findings") if isinstance(told, dict) else None
    if not isinstance(found, list) or not all(map(_cites, found)):
        raise ValueError("it is no list of findings with their evidence")
    return found


def _cites(finding: object) -> bool:
    """Whether it is a finding whose references can be followed."""
    evidence = finding.get("evidence") if isinstance(finding, dict) else None
    return isinstance(evidence, list) and all(isinstance(one, dict) for one in evidence)
