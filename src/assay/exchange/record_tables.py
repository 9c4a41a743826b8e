"""What export formats of a record share: its rows, and the error where there is no record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay.errors import InputError
from assay.model.record_folder import RecordFolder

Row = dict[str, Any]


def check_record(record: RecordFolder) -> None:
    """Make sure that the folder holds a record.

    Raises:
        InputError: It holds none.
    """
    if not record.documents.exists():
        raise InputError(
            "the folder holds no record of documents",
            fix="name the folder that `assay read … -o OUT` wrote",
            file=record.folder,
        )


def rows(path: Path) -> list[Row]:
    """The rows of one table.

    Raises:
        InputError: The record lacks it.
    """
    try:
        found: list[Row] = pq.read_table(path).to_pylist()
    except OSError as error:
        raise InputError("the record lacks a table", fix="read again", file=path) from error
    return found
