"""How long a table's cell may be, whatever other libraries have done to the process.

:mod:`csv` keeps its longest cell for the whole process, and some libraries raise it when they are
imported. An unclosed quote would then swallow a file into one cell instead of being refused.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_CELL = 131_072
"""Characters: what :mod:`csv` itself begins with."""


@contextmanager
def longest_cell(characters: int = LONGEST_CELL) -> Iterator[None]:
    """Let :mod:`csv` refuse longer cells while the block runs."""
    before = csv.field_size_limit(characters)
    try:
        yield
    finally:
        csv.field_size_limit(before)
