"""Asked again in the same folder: stopped, damaged, on another day, with other names."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from tests.identities.protect_rows import (
    DAY,
    asked,
    comparison,
    findings,
    rows,
)

from assay.errors import InputError, UsageError
from assay.identities import judged, protect, protected
from assay.identities import run as identities_run
from assay.identities.asked import Protect
from assay.identities.run import (
    clear_names,
    find_impersonation,
    find_lookalike_domains,
)
from assay.model.dataset import RunFolder
from assay.model.progress import Silent


@pytest.mark.parametrize(
    ("module", "step"),
    [(protect, "account_finding"), (protected, "write_identities"), (identities_run, "write_json")],
)
def test_a_run_that_was_stopped_goes_on_and_leaves_nothing_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
) -> None:
    """Stopped before the last file is written: names are not compared again."""
    bare, out = Protect(folder / "bodies.yaml", DAY), tmp_path / "out"
    accounts = folder / "dataset/accounts.parquet"
    find_impersonation(accounts, bare, out, Silent())
    assert findings(out)
    with monkeypatch.context() as broken:
        broken.setattr(module, step, _stop)
        with pytest.raises(KeyboardInterrupt):
            find_impersonation(accounts, bare, out, Silent())
    for one in findings(out):
        assert step == "write_json", "findings of the run before cited evidence that is gone"
        assert (out / one["evidence"][0]["path"]).is_file()
    with monkeypatch.context() as watched:
        watched.setattr(judged, "judge", _stop)
        find_impersonation(accounts, bare, out, Silent())
    scanned = tmp_path / "whole" / ".work" / "pairs"
    scanned.mkdir(parents=True)
    find_impersonation(accounts, bare, tmp_path / "whole", Silent())
    for name in ("impersonation.parquet", "findings.json", "identities.json", "run.json"):
        assert (out / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert not (out / ".work").exists()
    assert list(scanned.parent.iterdir()) == [scanned], "a stopped scan goes on with its own"


def test_a_stopped_run_begins_anew_with_bodies_in_another_order(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ``identities.json`` that was edited names the same register, and other places in it."""
    accounts, register = folder / "dataset/accounts.parquet", tmp_path / "identities.json"
    told = json.loads((folder / "run/identities.json").read_text("utf-8")) | {"logos": {}}
    register.write_text(json.dumps(told), encoding="utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(protect, "account_finding", _stop)
        with pytest.raises(KeyboardInterrupt):
            find_impersonation(accounts, Protect(register, DAY), tmp_path / "out", Silent())
    told["identities"].reverse()
    register.write_text(json.dumps(told), encoding="utf-8")
    find_impersonation(accounts, Protect(register, DAY), tmp_path / "out", Silent())
    said = rows(tmp_path / "out/impersonation.parquet")
    assert {said[name]["identity"] for name in ("x:1", "x:2", "x:3")} == {"herald"}


@pytest.mark.parametrize("name", ["findings.json", "run.json"])
@pytest.mark.parametrize("content", ['{"findings": [', "[]"])
def test_what_is_damaged_is_told_before_anything_is_taken_away(
    folder: Path, tmp_path: Path, name: str, content: str
) -> None:
    """A scan's folder: its own findings stand beside those about names."""
    (tmp_path / "edges.parquet").touch()
    (tmp_path / name).write_text(content, encoding="utf-8")
    (tmp_path / "impersonation.parquet").touch()
    bare = Protect(folder / "bodies.yaml", DAY)
    with pytest.raises(InputError, match=f"{name} cannot be read") as told:
        find_impersonation(folder / "dataset/accounts.parquet", bare, tmp_path, Silent())
    assert told.value.fix == "delete the file, or name another folder with -o"
    assert (tmp_path / name).read_text("utf-8") == content
    assert (tmp_path / "impersonation.parquet").exists()


def test_a_run_may_have_its_own_register_and_not_be_compared_with_itself(
    folder: Path, tmp_path: Path
) -> None:
    """The register outlasts a stop; tables of the run before do not."""
    run = RunFolder(tmp_path)
    for path in (run.identities, run.impersonation):
        path.touch()
    for elsewhere in (Protect(folder / "bodies.yaml", DAY), None):
        run.identities.touch()
        clear_names(run, elsewhere)
        assert not run.identities.exists()
    run.identities.touch()
    clear_names(run, Protect(tmp_path / "." / "identities.json", DAY))
    assert run.identities.exists()
    assert not run.impersonation.exists()
    since = Protect(folder / "bodies.yaml", DAY, since=tmp_path)
    for find in (find_impersonation, find_lookalike_domains):
        with pytest.raises(UsageError, match="overwritten before it is compared"):
            find(folder / "dataset/accounts.parquet", since, tmp_path, Silent())


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def test_the_day_asked_for_comes_before_that_of_an_earlier_run(
    folder: Path, tmp_path: Path
) -> None:
    """On the last official day the old handle is the body's own still."""
    frozen, accounts = folder / "run/identities.json", folder / "dataset/accounts.parquet"
    for day, verdict, told in (
        (None, "poses_as", "2026-01-01"),
        (date(2023, 12, 31), "declared", "2023-12-31"),
    ):
        out = tmp_path / told
        find_impersonation(accounts, Protect(frozen, date(2027, 1, 1), day=day), out, Silent())
        assert rows(out / "impersonation.parquet")["telegram:7"]["verdict"] == verdict
        assert json.loads((out / "identities.json").read_text("utf-8"))["today"] == told


def test_names_seen_after_the_day_are_not_known_on_it(folder: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text(
        "account_id,seen_at,handle\nx:3,2025-12-01,cats\nx:3,2026-02-01,dogs\n", encoding="utf-8"
    )
    accounts = folder / "dataset/accounts.parquet"
    for day, told in ((DAY, ["cats"]), (date(2026, 3, 1), ["cats", "dogs"])):
        out = tmp_path / str(day)
        find_impersonation(accounts, asked(folder, names=names, day=day), out, Silent())
        assert [one["handle"] for one in comparison(out, "x:3")["history"]] == told
