"""What a bundle holds, and what a reader without Assay can check."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assay.bundle.contents import CHECKSUMS
from assay.errors import InputError
from assay.model.dataset import Dataset
from tests.bundle.made_bundle import GROUP, SECRET, MadeRun, named, verified


def test_a_reader_without_assay_can_check_it(case: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(case) as archive:
        archive.extractall(tmp_path)
    subprocess.run(["sha256sum", "-c", "--strict", "--quiet", CHECKSUMS], cwd=tmp_path, check=True)
    evidence = next((tmp_path / "evidence").iterdir())
    subprocess.run(["sha256sum", "-c", "--quiet", CHECKSUMS], cwd=evidence, check=True)
    assert "A. Tester" in (tmp_path / "README.txt").read_text()
    assert (tmp_path / "method" / "chance.md").read_text().startswith("# ")


def test_the_bundle_holds_what_speaks_for_the_accounts(case: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(case) as archive:
        archive.extractall(tmp_path)
    finding = json.loads((tmp_path / "findings.json").read_bytes())["findings"][0]
    assert finding["subjects"] == sorted(GROUP)
    assert {one["name"] for one in finding["explanations"]} >= {"Chance", "A common feed"}
    pairs = pq.read_table(tmp_path / "evidence" / finding["id"] / "pairs.parquet")
    apart = pairs.filter(pc.invert(pairs["co_timed"]))
    # Two links that all ten pairs shared at other moments.
    assert len(apart) == 20
    assert set(apart["object_id"].to_pylist()) == {"https://b.example/s20", "https://b.example/s21"}


def test_the_same_run_gives_the_same_bytes(made: MadeRun, tmp_path: Path) -> None:
    one = made.packed(tmp_path / "1.zip", operator="x").read_bytes()
    assert one == made.packed(tmp_path / "2.zip", operator="x").read_bytes()
    assert one != made.packed(tmp_path / "3.zip", operator="y").read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["1.zip", "2.zip", "3.zip"]


def test_a_dehydrated_bundle_holds_no_text_and_reruns(made: MadeRun, tmp_path: Path) -> None:
    path = made.packed(tmp_path / "dry.zip", dehydrate=True)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "dry")
    for file in (tmp_path / "dry").rglob("*"):
        if file.suffix == ".parquet":
            assert SECRET not in str(pq.read_table(file).to_pylist()), file.name
            assert SECRET.encode() not in file.read_bytes()
        elif file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file.name
    assert not (tmp_path / "dry" / "report.html").exists()
    alone = verified(path)
    assert alone.holds
    assert not alone.complete
    assert named(alone, "edges.parquet").outcome == "same"
    assert "--dataset" in named(alone, "Texts and names").detail
    with_data = verified(path, made.run.dataset)
    assert with_data.holds
    assert named(with_data, "dataset/hashes.parquet").outcome == "same"


def test_other_texts_do_not_fit_a_dehydrated_bundle(made: MadeRun, tmp_path: Path) -> None:
    path = made.packed(tmp_path / "dry.zip", dehydrate=True)
    other = Dataset(tmp_path / "other")
    other.folder.mkdir()
    for file in made.run.dataset.folder.iterdir():
        (other.folder / file.name).write_bytes(file.read_bytes())
    table = pq.read_table(other.posts)
    texts = table["text"].to_pylist()
    texts[4] = "something else"
    place = table.column_names.index("text")
    pq.write_table(table.set_column(place, "text", pa.array(texts, pa.string())), other.posts)
    check = named(verified(path, other), "dataset/hashes.parquet")
    assert check.outcome == "different"
    assert "row 5, column sha256" in check.differences[0]


def test_a_run_without_its_data_is_not_packed(made: MadeRun, tmp_path: Path) -> None:
    from assay.model.dataset import RunFolder
    from tests.bundle.made_bundle import MadeRun as Made

    lonely = tmp_path / "lonely"
    lonely.mkdir()
    for file in made.run.folder.iterdir():
        if file.is_file():
            (lonely / file.name).write_bytes(file.read_bytes())
    with pytest.raises(InputError, match="dataset is not here"):
        Made(RunFolder(lonely), made.source).packed(tmp_path / "x.zip")
    (lonely / "run.json").unlink()
    with pytest.raises(InputError, match="no finished run"):
        Made(RunFolder(lonely), made.source).packed(tmp_path / "x.zip")
    whole = tmp_path / "whole"
    shutil.copytree(made.run.folder, whole)
    (whole / "run.json").write_text("[1]")
    with pytest.raises(InputError, match="it is no object"):
        Made(RunFolder(whole), made.source).packed(tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()
