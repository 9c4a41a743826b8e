"""The dataset that a run works on: the one named, the one already made, or a new one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.engine.read_back import json_back
from assay.errors import InputError, UsageError
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Progress

if TYPE_CHECKING:
    from assay.importers.report import ImportOptions


def open_dataset(
    inputs: Sequence[str | Path], run: RunFolder, importing: ImportOptions, progress: Progress
) -> Dataset:
    """The dataset to work on: the one named, the one already made, or a new one.

    Raises:
        InputError: The input cannot be used.
        UsageError: The results would lie among the input's files.
    """
    if len(inputs) == 1 and Dataset(Path(inputs[0])).manifest.exists():
        dataset = Dataset(Path(inputs[0]))
        _check_whole(dataset)
        return dataset
    if run.folder.resolve() in {Path(one).resolve() for one in inputs}:
        raise UsageError(
            f"the results would lie among the files of {run.folder}",
            fix="name another folder with -o; one inside it will do",
        )
    # Here, not above: a dataset that is imported already needs no importer and no DuckDB.
    from assay.importers.run import dataset_made_from, import_files

    if dataset_made_from(inputs, run.dataset.folder, importing):
        progress.note(f"{run.dataset.folder} was made from these very files; it is used again.")
        return run.dataset
    run.folder.mkdir(parents=True, exist_ok=True)
    summary = import_files(inputs, run.dataset.folder, importing, progress)
    progress.note(
        f"{summary.read:,} rows read = {summary.kept:,} kept + {summary.rejected:,} rejected"
    )
    if not summary.kept:
        raise InputError(
            f"none of {summary.read:,} rows can be used" if summary.read else "there are no rows",
            fix=f"see {run.dataset.rejects}" if summary.read else "check that the export is whole",
            file=", ".join(map(str, inputs)),
        )
    return run.dataset


def dataset_counts(dataset: Dataset) -> dict[str, Any]:
    """Shares, posts and accounts of a dataset; rows read, kept and rejected where it says so."""
    manifest = json_back(dataset.manifest) if dataset.manifest.exists() else {}
    rows = manifest.get("rows", {})
    return {
        "shares": pq.ParquetFile(dataset.shares).metadata.num_rows,
        "posts": manifest.get("posts"),
        "accounts": manifest.get("accounts"),
        "read": rows.get("read"),
        "kept": rows.get("kept"),
        "rejected": rows.get("rejected"),
    }


def _check_whole(dataset: Dataset) -> None:
    """Refuse a dataset with a missing or damaged part before any work is done.

    Raises:
        InputError: A part is missing or cannot be read.
    """
    fix = "make the dataset again with `assay import`"
    json_back(dataset.manifest, fix)
    for part in (dataset.posts, dataset.accounts, dataset.shares, dataset.rejects):
        try:
            pq.ParquetFile(part).close()
        except FileNotFoundError as error:
            raise InputError("the dataset lacks a part", fix=fix, file=part) from error
        except (OSError, pa.ArrowInvalid) as error:
            raise InputError("the dataset has a damaged part", fix=fix, file=part) from error
