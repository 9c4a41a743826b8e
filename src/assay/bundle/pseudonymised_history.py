"""The history of a run's folder, carried over to a run under pseudonyms."""

from __future__ import annotations

import json

from assay.bundle.history import read_history, settings_tried
from assay.bundle.pseudonymised_dataset import Pseudonyms
from assay.engine.write import file_sha256
from assay.model.dataset import Dataset, RunFolder


def carry_history(
    named: RunFolder, dataset: Dataset, nameless: RunFolder, pseudonyms: Pseudonyms
) -> None:
    """Tell the earlier runs without names of files: how much was tried stays in the record.

    A run made again under pseudonyms is no further try: its line takes the place of the last one,
    which tells of the very run that was made again, unless another version made that one.

    Args:
        named: The folder whose history it is.
        dataset: What its last run read.
        nameless: The finished run under pseudonyms.
        pseudonyms: How it came by them.

    Raises:
        InputError: The history is damaged.
    """
    own = read_history(nameless.history)
    data = "dataset_manifest_sha256"
    was, now = file_sha256(dataset.manifest), file_sha256(nameless.dataset.manifest)
    lines = [
        {
            **line,
            "command": None,
            "input": [pseudonyms.source(name) for name in line.get("input") or ()],
            data: now if line.get(data) == was else line.get(data),
        }
        for line in read_history(named.history)
    ]
    if settings_tried(lines[-1:] + own) == 1:
        del lines[-1:]
    told = [*lines, *own]
    text = "".join(json.dumps(line, sort_keys=True, ensure_ascii=False) + "\n" for line in told)
    nameless.history.write_text(text, encoding="utf-8")
