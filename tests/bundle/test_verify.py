"""A whole bundle holds; figures, data and files that were changed in it are named."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assay.bundle import verify
from assay.bundle.contest import ContestOptions
from assay.bundle.unpacked import unpacked
from assay.engine.stored_zip import Member, write_archive
from assay.errors import InputError
from assay.handover import contest_bundle
from assay.model.method import METHOD
from assay.model.progress import Silent
from assay.web.sample import SAMPLE
from assay.workbench import RunOptions
from tests.bundle.made_bundle import GROUP, MadeRun, named, verified
from tests.bundle.rewritten import appended, rewritten


def test_a_whole_bundle_holds(case: Path) -> None:
    verdict = verified(case)
    (given,) = [check for check in verdict.checks if check.outcome != "same"]
    assert given.outcome == "given"
    assert "dataset/" in given.detail
    assert verdict.holds
    assert verdict.complete
    assert verdict.description.operator == "A. Tester"
    # Both settings that were tried stand in the record, though the folder shows the last alone.
    assert (verdict.description.runs, verdict.description.settings) == (2, 2)
    assert ["120 s" in line for line in verdict.tried] == [True, False]


FLIPPED = (
    "edges.parquet",
    "dataset/shares.parquet",
    "findings.json",
    "run.json",
    "report.html",
    "history.ndjson",
    "bundle.json",
    "SHA256SUMS",
    "README.txt",
)


@pytest.mark.parametrize("name", FLIPPED)
def test_a_single_changed_byte_is_named(
    case: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assay.bundle import integrity

    assert verify.check_files is integrity.check_files
    content = bytearray(case.read_bytes())
    with zipfile.ZipFile(case) as archive:
        info = archive.getinfo(name)
        with archive.open(name) as stream:
            # zipfile tells no public way where a member's bytes begin.
            begin = stream._fileobj.tell()  # type: ignore[attr-defined]
    # A digit inside a text that stays readable, so that the check itself can go on.
    place = info.file_size // 2
    while name.endswith(("json", "SUMS")) and not chr(content[begin + place]).isdigit():
        place += 1
    was = content[begin + place]
    content[begin + place] = ord("1") if was != ord("1") else ord("2")
    (tmp_path / "x.zip").write_bytes(content)
    with unpacked(tmp_path / "x.zip", Silent()) as bundle:
        check = integrity.check_files(
            bundle.folder, bundle.description, dict(bundle.crc32), list(bundle.damaged)
        )
    assert check.outcome == "different"
    told = [line for line in check.differences if line.startswith(f"{name}: byte {place:,} ")]
    if name not in ("bundle.json", "SHA256SUMS"):
        assert len(check.differences) == 1
        assert len(told) == 1
    else:
        assert check.differences
        assert all(line.startswith((name, "SHA256SUMS", "bundle")) or ":" in line
                   for line in check.differences)  # fmt: skip


def test_a_doctored_figure_is_found_though_all_checksums_fit(case: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        path = folder / "edges.parquet"
        table = pq.read_table(path)
        values = table["p_value"].to_pylist()
        values[2] /= 10
        place = table.column_names.index("p_value")
        table = table.set_column(place, table.schema.field(place), pa.array(values))
        pq.write_table(table, path)

    verdict = verified(rewritten(case, tmp_path / "x.zip", change, seal=True))
    assert named(verdict, "Files are as they were packed").outcome == "same"
    check = named(verdict, "edges.parquet")
    assert check.outcome == "different"
    assert check.differences[0].startswith("edges.parquet, row 3, column p_value: ")
    assert not verdict.holds


def test_a_doctored_sentence_and_a_doctored_report_are_found(case: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        for name, other in (("findings.json", "9 accounts"), ("report.html", "4 accounts")):
            path = folder / name
            text = path.read_text(encoding="utf-8")
            assert "5 accounts shared" in text
            path.write_text(text.replace("5 accounts shared", f"{other} shared"), "utf-8")

    verdict = verified(rewritten(case, tmp_path / "x.zip", change, seal=True))
    assert "findings[0].statement" in named(verdict, "findings.json").differences[0]
    assert named(verdict, "report.html").outcome == "different"


def test_a_run_has_the_parts_that_its_version_of_the_method_has(made: MadeRun) -> None:
    """One part more, and every bundle packed before would seem to be changed: raise METHOD."""
    with zipfile.ZipFile(SAMPLE) as archive:
        packed = json.loads(archive.read("run.json"))
    assert packed["method"] == METHOD
    assert packed.keys() == json.loads(made.run.run.read_bytes()).keys()


def test_another_version_of_the_method_gets_one_clear_word(case: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        path = folder / "run.json"
        told = json.loads(path.read_bytes())
        del told["method"]
        path.write_text(json.dumps(told), "utf-8")
        # Its pages are those of its own version.
        appended(folder / "method" / "chance.md")

    path = rewritten(case, tmp_path / "x.zip", change, seal=True)
    verdict = verified(path)
    check = named(verdict, "Every figure comes out again")
    assert check.outcome == "not done"
    assert "a version before 3" in check.detail
    assert not verdict.made_again
    assert not verdict.complete
    assert [one.name for one in verdict.checks if one.outcome == "different"] == []
    assert "edges.parquet" not in {one.name for one in verdict.checks}
    assert named(verdict, "report.html").outcome == "not done"
    asked = ContestOptions(account=GROUP[0], most=0)
    with pytest.raises(InputError, match="a version before 3"):
        contest_bundle(path, asked, (tmp_path / "sheet", False), RunOptions(), Silent())


def test_a_row_taken_out_of_the_data_is_found(case: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        path = folder / "dataset" / "shares.parquet"
        table = pq.read_table(path)
        mine = pc.and_(pc.equal(table["account_id"], GROUP[0]), pc.equal(table["kind"], "link"))
        first = mine.to_pylist().index(True)
        keep = pa.array([row != first for row in range(len(table))])
        pq.write_table(table.filter(keep), path)

    verdict = verified(rewritten(case, tmp_path / "x.zip", change, seal=True))
    assert not verdict.holds
    assert any("data.shares" in line for line in named(verdict, "run.json").differences)


def test_files_added_and_missing_are_named(case: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        (folder / "communities.parquet").unlink()
        (folder / "extra.txt").write_text("x")

    check = named(
        verified(rewritten(case, tmp_path / "x.zip", change, seal=False)),
        "Files are as they were packed",
    )
    assert check.differences == (
        "extra.txt: is not listed in bundle.json",
        "communities.parquet: is missing",
    )


def test_another_version_is_said(case: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        for name in ("run.json", "findings.json", "bundle.json"):
            path = folder / name
            text = path.read_text("utf-8").replace('"version": "0.', '"version": "9.')
            path.write_text(text, "utf-8")

    verdict = verified(rewritten(case, tmp_path / "x.zip", change, seal=True))
    check = named(verdict, "Version of Assay")
    assert check.outcome == "not done"
    assert "12 significant digits" in check.detail
    assert named(verdict, "edges.parquet").outcome == "same"


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("bundle.json", '"schema": 1', '"schema": 99', "schema 99"),
        ("bundle.json", '"kind": "assay.bundle"', '"kind": "other"', "schema"),
        ("bundle.json", '"files": [', '"files": [7,', "damaged"),
        ("bundle.json", "{", "[" * 100_000, "damaged"),
    ],
)
def test_descriptions_that_cannot_be_read(
    case: Path, tmp_path: Path, name: str, old: str, new: str, why: str
) -> None:
    def change(folder: Path) -> None:
        path = folder / name
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")

    with pytest.raises(InputError, match=why):
        verified(rewritten(case, tmp_path / "x.zip", change, seal=False))


def test_an_archive_without_a_description_is_no_bundle(tmp_path: Path) -> None:
    write_archive(tmp_path / "x.zip", [Member("a.txt", b"hello")])
    with pytest.raises(InputError, match="no bundle of Assay"):
        verified(tmp_path / "x.zip")


def test_a_cut_bundle_is_said_to_be_cut(case: Path, tmp_path: Path) -> None:
    content = case.read_bytes()
    for part in (0.2, 0.6, 0.999):
        (tmp_path / "x.zip").write_bytes(content[: int(len(content) * part)])
        with pytest.raises(InputError, match="cut short"):
            verified(tmp_path / "x.zip")
