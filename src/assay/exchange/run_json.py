"""The JSON files of a finished run, as exports read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assay.errors import InputError


def read_run_json(path: Path) -> dict[str, Any]:
    """A JSON object that a run left.

    Raises:
        InputError: It is missing or damaged.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path.name} cannot be read", fix="name the folder of a finished run", file=path
        ) from error
    if not isinstance(value, dict):
        raise InputError(f"{path.name} holds no JSON object", fix="run the scan again", file=path)
    return value
