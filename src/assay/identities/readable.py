"""Files that somebody supplied: what is wrong with one is said with its name and a remedy."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from assay.errors import InputError
from assay.text.longest_cell import longest_cell


@contextmanager
def readable(path: Path, what: str, fix: str) -> Iterator[None]:
    """Read a file inside the block.

    Args:
        path: The file.
        what: What it holds, in plural: ``the domains``.
        fix: How to give it instead.

    Raises:
        InputError: It is missing, no UTF-8, or no table.
    """
    try:
        with longest_cell():
            yield
    except (OSError, UnicodeDecodeError, csv.Error, pa.ArrowInvalid) as error:
        raise InputError(f"{what} cannot be read: {error}", fix=fix, file=path) from error
