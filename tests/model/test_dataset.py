"""The files of a dataset and of a run lie where the contract says."""

from __future__ import annotations

from pathlib import Path

from assay.model.dataset import Dataset, RunFolder


def paths_of(thing: Dataset | RunFolder) -> set[str]:
    values = {
        getattr(thing, name)
        for name, kind in vars(type(thing)).items()
        if isinstance(kind, property)
    }
    return {path.relative_to(thing.folder).as_posix() for path in values if isinstance(path, Path)}


def test_dataset() -> None:
    assert paths_of(Dataset(Path("d"))) == {
        "posts.parquet",
        "accounts.parquet",
        "shares.parquet",
        "rejects.parquet",
        "manifest.json",
    }


def test_run() -> None:
    run = RunFolder(Path("out"))
    assert paths_of(run) >= {
        "edges.parquet",
        "network_accounts.parquet",
        "communities.parquet",
        "findings.json",
        "evidence",
        "report.html",
        "run.json",
    }
    assert run.dataset.folder == Path("out/dataset")
