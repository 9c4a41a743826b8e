from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from assay.importers.report import ImportOptions, ImportSummary
from assay.importers.run import import_files
from assay.model.dataset import Dataset
from assay.model.progress import Silent
from assay.model.tables import ACCOUNTS, POSTS, REJECTS, SHARES


@dataclass(frozen=True)
class Imported:
    """A dataset read back, its contract checked."""

    summary: ImportSummary
    dataset: Dataset
    posts: list[dict[str, Any]]
    accounts: list[dict[str, Any]]
    shares: list[dict[str, Any]]
    rejects: list[dict[str, Any]]

    def objects(self, kind: str) -> list[str]:
        return [share["object_id"] for share in self.shares if share["kind"] == kind]

    def reasons(self) -> list[str]:
        return [reject["reason"] for reject in self.rejects]


def read_back(summary: ImportSummary, folder: Path) -> Imported:
    dataset = Dataset(folder)
    tables = {}
    for name, schema in (
        ("posts", POSTS),
        ("accounts", ACCOUNTS),
        ("shares", SHARES),
        ("rejects", REJECTS),
    ):
        table = pq.read_table(folder / f"{name}.parquet")
        assert table.schema.equals(schema), name
        tables[name] = table.to_pylist()
    keys = [
        (s["kind"], s["object_id"], s["shared_at"], s["account_id"], s["post_id"])
        for s in tables["shares"]
    ]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert summary.read == summary.kept + summary.rejected
    assert summary.rejected == sum(1 for reject in tables["rejects"] if reject["row"] is not None)
    assert not list(folder.parent.glob(".*.importing"))
    return Imported(summary, dataset, **tables)


@pytest.fixture
def run_import(tmp_path: Path) -> Callable[..., Imported]:
    """Import a text (or bytes, or paths) and read the dataset back."""

    def run(content: str | bytes | list[Path], name: str = "in.csv", **options: Any) -> Imported:
        if isinstance(content, list):
            inputs = content
        else:
            path = tmp_path / name
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            inputs = [path]
        told = ImportOptions(now=datetime(2026, 1, 1, tzinfo=UTC), **options)
        out = tmp_path / "dataset"
        return read_back(import_files(inputs, out, told, Silent()), out)

    return run
