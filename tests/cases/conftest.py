"""A store on each sort of database, for the tests of case work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.cases.store.case_store import CaseStore, open_store
from tests.cases.databases import (
    database,
    empty_database,
    postgres_folder,
    with_tables,
)

__all__ = [
    "database",
    "empty_database",
    "postgres_folder",
    "store",
    "with_tables",
]


@pytest.fixture
def store(database: str, tmp_path: Path) -> Iterator[CaseStore]:
    """An empty store with keys of its own."""
    opened = open_store(database, tmp_path / "keys", make=True)
    yield opened
    opened.engine.dispose()
