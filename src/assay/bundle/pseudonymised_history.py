"""The history of a run's folder, carried over to a run under pseudonyms."""

from __future__ import annotations

import json

from assay.bundle.history import read_history
from assay.bundle.pseudonymised_dataset import Pseudonyms
from assay.model.dataset import RunFolder


def carry_history(named: RunFolder, nameless: RunFolder, pseudonyms: Pseudonyms) -> None:
    """Tell the earlier runs without names of files: how much was tried stays in the record.

    Raises:
        InputError: The history is damaged.
    """
    lines = [
        {
            **line,
            "command": None,
            "input": [pseudonyms.source(name) for name in line.get("input") or ()],
        }
        for line in read_history(named.history)
    ]
    if lines:
        nameless.folder.mkdir(parents=True, exist_ok=True)
        text = "".join(
            json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n" for line in lines
        )
        nameless.history.write_text(text, encoding="utf-8")
