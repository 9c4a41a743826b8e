"""A whole bundle holds; whatever is changed in it is named."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assay.bundle import members, verify
from assay.bundle.contents import CHECKSUMS, DESCRIPTION, checksums, list_file, read_findings
from assay.bundle.contest import ContestOptions
from assay.bundle.unpacked import unpacked
from assay.engine.stored_zip import Member, write_archive
from assay.errors import InputError
from assay.handover import contest_bundle
from assay.model.dataset import Dataset
from assay.model.progress import Silent
from assay.workbench import RunOptions
from tests.bundle.made_bundle import GROUP, SECRET, MadeRun, named, verified


def rewritten(case: Path, out: Path, change: Callable[[Path], None], *, seal: bool) -> Path:
    """The bundle with files changed; sealed, its lists of checksums are made to fit again."""
    folder = out.parent / (out.name + ".folder")
    with zipfile.ZipFile(case) as archive:
        archive.extractall(folder)
    change(folder)
    if seal:
        told = json.loads((folder / DESCRIPTION).read_bytes())
        tables = {one["path"] for one in told["files"] if one["content_sha256"] is not None}
        told["files"] = [
            vars(list_file(name, folder / name if name in tables else (folder / name).read_bytes()))
            for name in sorted(
                path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
            )
            if name not in (DESCRIPTION, CHECKSUMS)
        ]
        text = json.dumps(told, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (folder / DESCRIPTION).write_text(text, encoding="utf-8")
        hashes = [(one["path"], one["sha256"]) for one in told["files"]]
        hashes.append((DESCRIPTION, hashlib.sha256(text.encode()).hexdigest()))
        (folder / CHECKSUMS).write_bytes(checksums(hashes))
    files = [path for path in folder.rglob("*") if path.is_file()]
    write_archive(out, [Member(path.relative_to(folder).as_posix(), path) for path in files])
    return out


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


def appended(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def test_whatever_a_forger_changes_and_seals_again_is_named(case: Path, tmp_path: Path) -> None:
    """One change in each sort of member that the rerun does not make; all checksums fit."""
    changed = (
        "README.txt",
        "method/chance.md",
        "pictures/network.png",
        "pictures/timeline-group-0.svg",
        "report.html",
    )
    added = ("pictures/another.png", "method/another.md")
    unknown = (
        "another.txt",
        "dataset/another.parquet",
        "evidence/another.parquet",
        "evidence/a/b.txt",
        "evidence/b/SHA256SUMS/folder.txt",
        "timestamps/another.txt",
        "timestamps/b.tsr/folder.txt",
    )

    def change(folder: Path) -> None:
        for name in changed:
            appended(folder / name)
        appended(next((folder / "evidence").glob("*/SHA256SUMS")))
        for name in (*added, *unknown):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(b"x")
        lines = (folder / "history.ndjson").read_text("utf-8").splitlines(keepends=True)
        (folder / "history.ndjson").write_text(lines[0], "utf-8")

    verdict = verified(rewritten(case, tmp_path / "x.zip", change, seal=True))
    assert not verdict.holds
    assert named(verdict, "Files are as they were packed").outcome == "same"
    told = "\n".join(line for check in verdict.checks for line in check.differences)
    for name in changed:
        assert f"{name}: differs from byte " in told, name
    for name in added:
        assert f"{name}: does not come out again" in told, name
    assert "/SHA256SUMS: does not fit the files beside it" in told
    strangers = named(verdict, "Files that Assay does not pack")
    assert strangers.differences == tuple(sorted(unknown))
    assert named(verdict, "bundle.json and the history tell of this run").differences == (
        "bundle.json, runs: 2; the bundle itself has 1",
        "bundle.json, settings: 2; the bundle itself has 1",
        "history.ndjson: the run that is packed does not stand in it as the last one",
    )


def test_a_list_of_checksums_that_was_taken_out_is_missed(case: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        for path in sorted((folder / "evidence").glob(f"*/{CHECKSUMS}")):
            path.unlink()

    with unpacked(rewritten(case, tmp_path / "x.zip", change, seal=True), Silent()) as bundle:
        findings = read_findings(bundle.run.findings)
        lists = members._check_evidence_lists(bundle)
    told = sorted(f"evidence/{one['id']}/{CHECKSUMS}: is not in the bundle" for one in findings)
    assert lists.differences == tuple(told) != ()


def test_a_folder_of_evidence_that_is_cited_and_not_there_is_missed(
    case: Path, tmp_path: Path
) -> None:
    def change(folder: Path) -> None:
        for path in (folder / "evidence").glob("*/*"):
            path.unlink()

    with unpacked(rewritten(case, tmp_path / "x.zip", change, seal=True), Silent()) as bundle:
        lists = members._check_evidence_lists(bundle)
    assert [line.split(": ")[1] for line in lists.differences] == ["is not in the bundle"]


@pytest.mark.parametrize("value", ["7", '["x"]', '[{"id": "a"}]', '[{"evidence": ["x"]}]'])
def test_findings_that_are_none_are_told(case: Path, tmp_path: Path, value: str) -> None:
    def change(folder: Path) -> None:
        (folder / "findings.json").write_text(f'{{"findings": {value}}}', "utf-8")

    with unpacked(rewritten(case, tmp_path / "x.zip", change, seal=True), Silent()) as bundle:
        for check in (verify._check_references(bundle), members._check_evidence_lists(bundle)):
            assert check.outcome == "different"
            assert check.differences[0].startswith("findings.json is damaged: ")


def test_the_history_must_tell_what_the_run_found(case: Path, tmp_path: Path) -> None:
    was: dict[str, int] = {}

    def change(folder: Path) -> None:
        path = folder / "history.ndjson"
        *earlier, last = path.read_text("utf-8").splitlines()
        line = json.loads(last)
        was.update(kept=line["results"]["kept"], tests=line["family_tests"])
        line["results"]["kept"] += 90
        line["family_tests"] = 1
        path.write_text("\n".join([*earlier, json.dumps(line)]) + "\n", "utf-8")

    with unpacked(rewritten(case, tmp_path / "x.zip", change, seal=True), Silent()) as bundle:
        check = members._check_description(bundle)
    assert check.outcome == "different"
    assert check.differences == (
        f"history.ndjson, last line, family_tests: 1; run.json has {was['tests']}",
        f"history.ndjson, last line, results.kept: {was['kept'] + 90}; run.json has {was['kept']}",
    )


def test_pictures_by_another_drawer_are_named_as_not_checked(case: Path, tmp_path: Path) -> None:
    def change(folder: Path) -> None:
        path = folder / DESCRIPTION
        told = json.loads(path.read_bytes())
        told["packed_with"]["resvg-py"] = "0.0.1"
        path.write_text(json.dumps(told), "utf-8")

    check = named(verified(rewritten(case, tmp_path / "x.zip", change, seal=True)), "report.html")
    assert check.outcome == "not done"
    assert "resvg-py 0.0.1" in check.detail


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
    assert not (tmp_path / "x.zip").exists()
