"""What a rerun does not make is held too: pages, pictures, lists of checksums, the history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.bundle import members, verify
from assay.bundle.contents import CHECKSUMS, DESCRIPTION, read_findings
from assay.bundle.unpacked import unpacked
from assay.model.progress import Silent
from tests.bundle.made_bundle import named, verified
from tests.bundle.rewritten import appended, rewritten


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
