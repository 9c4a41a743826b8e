"""A scan that holds accounts and links against a register, packed, and run again."""

from __future__ import annotations

import errno
import html
import json
import os
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from assay import workbench
from assay.bundle.contest import ContestOptions
from assay.bundle.pack import PackOptions
from assay.bundle.pseudonym_key import new_key, read_key
from assay.bundle.pseudonymise import PseudonymiseOptions, pseudonymise
from assay.bundle.pseudonymised_dataset import Pseudonyms
from assay.bundle.pseudonyms import PSEUDONYM
from assay.bundle.sheet_files import Sheet
from assay.bundle.verify import Against
from assay.cli.bundle import bundle
from assay.cli.detect import detect
from assay.detectors.coaction_parameters import Coaction
from assay.errors import InputError, UsageError
from assay.handover import bundle_run, contest_bundle, verify_bundle
from assay.identities.asked import Protect
from assay.importers.report import ImportOptions
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent
from assay.workbench import RunOptions, scan
from tests.bundle.leaks import LeakFinder
from tests.identities.protect_rows import BIO, DAY, TEXTS, asked, make_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    make_folder(folder)
    (folder / "accounts.csv").write_text(
        "account_id,platform,handle,display_name,bio\n"
        f"1,x,morningherald,The Morning Herald,{BIO}\n"
        f"2,x,morningheraid,Mоrning Herald,{BIO}\n"
        "6,x,critic,Bob,The Morning Herald lies every day\n",
        encoding="utf-8",
    )
    (folder / "posts.csv").write_text(
        "post_id,account_id,handle,created_at,text\n"
        + "".join(
            f'{who}{k},{who},{handle},2025-12-1{k}T{hour}:00:00Z,"{text} https://{site}/{k}"\n'
            for k, text in enumerate(TEXTS)
            for who, handle, hour, site in (
                ("1", "morningherald", "08", "morningherald.com"),
                ("2", "morningheraid", "09", "mornlngherald.com"),
                ("6", "critic", "10", "weather.org"),
            )
        ),
        encoding="utf-8",
    )
    options = RunOptions(identities=asked(folder), report=False)
    inputs = [folder / "posts.csv", folder / "accounts.csv"]
    importing = ImportOptions(platform="x")
    scan(inputs, RunFolder(folder / "run"), importing, Coaction(), options, Silent())
    return folder


def test_a_scan_finds_accounts_and_links(folder: Path) -> None:
    run = RunFolder(folder / "run")
    told = json.loads(run.run.read_text("utf-8"))
    findings = json.loads(run.findings.read_text("utf-8"))["findings"]
    kinds = {one["subjects"][0]: one["kind"] for one in findings}
    assert kinds == {
        "x:2": "impersonation.poses_as",
        "mornlngherald.com": "lookalike-domain.resembles",
    }
    assert told["results"]["findings"] == 2
    assert told["identities"]["accounts"]["verdicts"] == {"proved": 1, "poses_as": 1}
    assert "1 account shared links to it" in findings[1]["statement"]
    assert findings[0]["statistic"]["copied_posts"] == 2


def test_a_scan_that_is_stopped_keeps_the_register_that_it_was_given(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``--identities OUT/identities.json -o OUT``: the same command has to work again."""
    run = RunFolder(tmp_path)
    for path in (run.identities, run.impersonation):
        path.write_bytes((folder / "run" / path.name).read_bytes())
    before = run.identities.read_bytes()

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workbench, "detect_coaction", stop)
    options = RunOptions(identities=Protect(run.identities, DAY), report=False)
    with pytest.raises(KeyboardInterrupt):
        scan([folder / "run/dataset"], run, ImportOptions(), Coaction(), options, Silent())
    assert run.identities.read_bytes() == before
    assert not run.impersonation.exists()


def test_a_bundle_makes_findings_about_names_again(folder: Path, packed: Path) -> None:
    verdict = verify_bundle(packed, Against(), RunOptions(), Silent())
    assert [one for one in verdict.checks if one.outcome == "different"] == []
    named = [one.name for one in verdict.checks if one.name.endswith("comparison.json")]
    assert len(named) == 2
    with pytest.raises(InputError, match="cannot do without names, which --dehydrate takes out"):
        bundle_run(RunFolder(folder / "run"), None, packed, PackOptions(dehydrate=True), Silent())


@pytest.fixture(scope="module")
def packed(folder: Path) -> Path:
    out = folder / "run.zip"
    bundle_run(RunFolder(folder / "run"), None, out, PackOptions(), Silent())
    return out


def contested(packed: Path, asked_for: ContestOptions, name: str) -> tuple[Sheet, str]:
    out = packed.parent / name
    sheet = contest_bundle(packed, asked_for, (out, False), RunOptions(), Silent())
    return sheet, (out / "sheet.html").read_text("utf-8")


def test_who_is_named_for_a_likeness_is_told_so(packed: Path) -> None:
    """No timing is there to contest, and yet the sheet never says that nothing names them."""
    sheet, page = contested(packed, ContestOptions("x:2"), "sheet")
    (finding,) = sheet.contest["of_names"]
    assert sheet.contest["findings"] == []
    assert "no finding" not in page.lower()
    assert "1 finding names it" in page
    assert html.escape(finding["statement"]) in page
    assert finding["explanations"]
    for one in finding["explanations"]:
        assert html.escape(one["speaks_for"]) in page
    assert sheet.told == (
        f"{finding['id']}: of its name or picture, not of timing; the sheet tells it as it stands",
    )
    only, again = contested(packed, ContestOptions("x:2", finding=finding["id"]), "only")
    assert (only.contest, again) == (sheet.contest, page)
    _, critic = contested(packed, ContestOptions("x:6"), "critic")
    assert "Nothing. The account stands in the data, and no finding of this bundle names it" in (
        critic
    )


def test_what_does_not_go_together_is_refused_before_any_work(folder: Path) -> None:
    run = RunFolder(folder / "none")
    since = asked(folder, since=folder / "run")
    for wrong, says in (
        (RunOptions(identities=since, pseudonyms=Pseudonyms(new_key(folder / "key"))), "not under"),
        (RunOptions(identities=asked(folder, since=run.folder)), "overwritten"),
    ):
        with pytest.raises(UsageError, match=says):
            scan([folder / "posts.csv"], run, ImportOptions(), Coaction(), wrong, Silent())
    damaged = folder / "damaged"
    damaged.mkdir()
    (damaged / "impersonation.parquet").write_bytes(
        (folder / "run/impersonation.parquet").read_bytes()
    )
    key = Pseudonyms(read_key(folder / "key"))
    for earlier, held, says in (
        (folder / "nowhere", None, "holds no earlier run"),
        (damaged, "{broken", "run.json cannot be read"),
        (damaged, "[1]", "it is no object"),
        (damaged, '{"pseudonymised": 5}', "does not say which key"),
    ):
        if held is not None:
            (earlier / "run.json").write_text(held)
        wrong = RunOptions(identities=asked(folder, since=earlier), pseudonyms=key)
        with pytest.raises(InputError, match=says):
            scan([folder / "posts.csv"], run, ImportOptions(), Coaction(), wrong, Silent())
    missing = replace(asked(folder), identities=folder / "nobody.yaml")
    with pytest.raises(InputError, match="no such register"):
        scan([folder / "posts.csv"], run, ImportOptions(), Coaction(),
             RunOptions(identities=missing), Silent())  # fmt: skip
    assert not run.dataset.folder.exists()


def test_pseudonyms_are_held_against_no_register(folder: Path) -> None:
    nameless = folder / "nameless"
    named = RunFolder(folder / "run")
    key = new_key(folder / "own.key")
    pseudonymise(named.dataset, Dataset(nameless), key, PseudonymiseOptions(), Silent())
    with pytest.raises(UsageError, match="no name in it can be compared") as refused:
        scan([nameless], RunFolder(folder / "never"), ImportOptions(), Coaction(),
             RunOptions(identities=asked(folder)), Silent())  # fmt: skip
    assert "as it was before" in str(refused.value.fix)
    asked_for = ["impersonation", nameless, "--identities", folder / "bodies.yaml", "-o", "x"]
    again = CliRunner().invoke(detect, [str(word) for word in asked_for])
    assert isinstance(again.exception, UsageError)
    assert "no name in it can be compared" in again.exception.message


def test_what_was_found_by_names_leaves_under_pseudonyms(folder: Path) -> None:
    """The run with names, bundled: the body is named and the account is not, and it verifies."""
    new_key(folder / "export.key")
    out = folder / "nameless.zip"
    asked_for = [folder / "run", "-o", out, "--pseudonymise", folder / "export.key"]
    CliRunner().invoke(bundle, [str(word) for word in asked_for], catch_exceptions=False)
    assert LeakFinder(["morningheraid"]).in_tree(out) == []
    with zipfile.ZipFile(out) as archive:
        assert not any("Mоrning".encode() in archive.read(name) for name in archive.namelist())
        told = json.loads(archive.read("findings.json"))["findings"]
    assert [(one["kind"], one["statistic"]["identity"]) for one in told] == [
        ("impersonation.poses_as", "herald"),
        ("lookalike-domain.resembles", "herald"),
    ]
    (account,) = told[0]["subjects"]
    assert re.fullmatch(rf"x:{PSEUDONYM.pattern}", account)
    assert f"The account {account} poses as The Morning Herald" in told[0]["statement"]
    assert f"handle {account[2:]} is written like The Morning Herald" in told[0]["reason"]
    verdict = verify_bundle(out, Against(), RunOptions(), Silent())
    assert [one for one in verdict.checks if one.outcome == "different"] == []
    (given,) = [one for one in verdict.checks if one.outcome == "given"]
    assert "made before the names were replaced" in given.detail


@pytest.fixture
def run_on_its_own_volume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """As where ``-o`` is a container's volume: nothing beside it can be renamed into it."""
    run = RunFolder(tmp_path / "sent" / "run")
    rename = os.rename

    def renamed(source: str | Path, target: str | Path) -> None:
        if len({run.folder in Path(path).parents for path in (source, target)}) > 1:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        rename(source, target)

    monkeypatch.setattr(os, "rename", renamed)
    monkeypatch.setattr(os, "replace", renamed)
    return run


def test_what_an_earlier_run_said_of_names_goes_under_pseudonyms_too(
    folder: Path, tmp_path: Path, run_on_its_own_volume: RunFolder
) -> None:
    """``identities.json`` of a run made with ``--since`` and ``--population`` holds names."""
    run = run_on_its_own_volume
    named = RunFolder(folder / "run")
    told = json.loads(named.identities.read_text("utf-8"))
    before = [row for row in pq.read_table(named.impersonation).to_pylist() if row["score"]]
    gone = {"account_id": "x:9", "handle": "zqxherald", "display_name": "Zqx Herald",
            "reasons": ["the handle zqxherald is told"]}  # fmt: skip
    told["earlier"] = {"accounts": [*before, before[0] | gone], "domains": []}
    told["population"] = {"words": ["zqxfamily"], "names": [], "inside": []}
    frozen = tmp_path / "identities.json"
    frozen.write_text(json.dumps(told, default=str), encoding="utf-8")
    options = RunOptions(
        identities=Protect(frozen, DAY),
        pseudonyms=Pseudonyms(new_key(tmp_path / "own.key")),
        report=False,
    )
    scan([named.dataset.folder], run, ImportOptions(), Coaction(), options, Silent())
    names = ["zqxherald", "zqx", "zqxfamily", "morningheraid"]
    assert LeakFinder(names).in_tree(run.folder.parent) == []
    changed = {row["change"]: row for row in pq.read_table(run.changes).to_pylist()}
    assert set(changed) == {"gone", "new"}
    assert re.fullmatch(rf"x:{PSEUDONYM.pattern}", changed["gone"]["subject"])
    assert changed["gone"]["handle_before"] == changed["gone"]["subject"][2:]
    # Of the account that was there before nothing is new; the domain was not.
    assert changed["new"]["subject"] == "mornlngherald.com"
