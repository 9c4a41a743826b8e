"""The whole line: a dataset and a register in; tables, findings and frozen evidence out."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.identities.protect_rows import (
    DAY,
    comparison,
    findings,
    rows,
)

from assay.errors import UsageError
from assay.identities.asked import Protect
from assay.identities.run import (
    find_impersonation,
    find_lookalike_domains,
    hold_against,
    read_asked,
)
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent


def test_each_kind_of_evidence_makes_its_verdict(folder: Path) -> None:
    said = {
        name: row["verdict"] for name, row in rows(folder / "run/impersonation.parquet").items()
    }
    assert said == {
        "x:1": "proved",
        "x:2": "poses_as",
        "x:3": "poses_as",
        "x:5": "poses_as",
        "telegram:7": "poses_as",
        "x:8": "sister",
    }
    reasons = {
        name: " ".join(row["reasons"])
        for name, row in rows(folder / "run/impersonation.parquet").items()
    }
    assert "U+043E CYRILLIC SMALL LETTER O" in reasons["x:2"]
    assert "its bio is that of the genuine account" in reasons["x:2"]
    assert "trust.txt" in reasons["x:2"]
    assert "its picture is the body's" in reasons["x:3"]
    assert "2 posts repeat earlier ones" in reasons["x:5"]
    assert "took an abandoned handle" in reasons["telegram:7"]
    assert "trust.txt" in reasons["x:1"]


def test_evidence_is_frozen_with_its_hashes(folder: Path) -> None:
    run = folder / "run"
    listed = findings(run)
    assert len(listed) == 5
    for one in listed:
        posing = one["kind"] == "impersonation.poses_as"
        assert one["claim"] == ("inauthentic" if posing else "likeness")
        assert len(one["explanations"]) >= 3
        for reference in one["evidence"]:
            content = (run / reference["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == reference["sha256"]
        sums = (run / "evidence" / one["id"] / "SHA256SUMS").read_text("ascii").splitlines()
        for line in sums:
            digest, name = line.split("  ")
            content = (run / "evidence" / one["id"] / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
    told = comparison(run, "x:2")
    assert told["proof"]["state"] == "contradicted"
    assert told["suspect"]["row"] == 2
    assert [name["genuine"] for name in told["names"]] == ["Morning Herald", "morningherald"]
    copied = next(one for one in listed if one["subjects"] == ["x:5"])["evidence"][1]
    assert copied["path"].endswith("copied_posts.parquet")
    assert copied["rows"] == 2
    text = json.dumps(listed)
    assert "guilty" not in text


def test_a_domain_s_links_stand_behind_it(folder: Path) -> None:
    run = folder / "run"
    said = rows(run / "domains.parquet", "domain")
    assert {name: row["verdict"] for name, row in said.items()} == {
        "morningherald.com": "declared",
        "mornlngherald.com": "resembles",
    }
    (one,) = [one for one in findings(run) if one["kind"].startswith("lookalike")]
    assert one["statistic"]["accounts"] == 2
    assert "accounts shared links to it" in one["statement"]
    shares = pq.read_table(run / one["evidence"][1]["path"])
    assert shares["account_id"].to_pylist() == ["x:5", "x:6"]


def test_identities_json_stands_for_register_captures_and_pictures(
    folder: Path, tmp_path: Path
) -> None:
    frozen = Protect(folder / "run/identities.json", DAY)
    again = RunFolder(tmp_path / "again")
    hold_against(Dataset(folder / "dataset"), again, read_asked(frozen), Silent())
    for name in ("impersonation.parquet", "domains.parquet", "identities.json"):
        assert (again.folder / name).read_bytes() == (folder / "run" / name).read_bytes()
    assert findings(again.folder) == findings(folder / "run")
    # What was supplied then is in it; what is supplied now is not dropped without a word.
    for name in ("captures", "pictures", "names", "population"):
        more: dict[str, Any] = {name: folder / "captures"}
        with pytest.raises(UsageError, match=f"--{name} would not be read"):
            read_asked(Protect(frozen.identities, DAY, **more))


def test_nothing_is_said_without_evidence_of_a_second_kind(folder: Path, tmp_path: Path) -> None:
    """The same accounts without pictures, posts and captures: names alone never convict."""
    names = ["account_id", "handle", "display_name"]
    table = pq.read_table(folder / "dataset/accounts.parquet", columns=names)
    pq.write_table(table, tmp_path / "names.parquet")
    bare = Protect(folder / "bodies.yaml", DAY)
    find_impersonation(tmp_path / "names.parquet", bare, tmp_path / "out", Silent())
    said = rows(tmp_path / "out/impersonation.parquet")
    assert "poses_as" not in {row["verdict"] for row in said.values()}
    assert said["x:3"]["verdict"] == "resembles"


def test_domains_alone_leave_findings_too(folder: Path, tmp_path: Path) -> None:
    lines = tmp_path / "links.txt"
    lines.write_text("https://mornlngherald.com/x\nmorningherald.com\n", encoding="utf-8")
    bare = Protect(folder / "bodies.yaml", DAY)
    counts = find_lookalike_domains(lines, bare, tmp_path / "out", Silent())
    assert (counts["resembles"], counts["declared"]) == (1, 1)
    told = comparison(tmp_path / "out", "mornlngherald.com")
    (cut,) = told["names"]
    assert [one["text"] for one in cut["segments"] if one["told"]] == ["l"]


def test_a_handle_on_two_platforms_is_two_accounts_and_a_row_given_twice_is_one(
    folder: Path, tmp_path: Path
) -> None:
    accounts, bare = tmp_path / "accounts.csv", Protect(folder / "bodies.yaml", DAY)
    accounts.write_text(
        "account_id,platform,handle,display_name,bio\n"
        ",x,herald_a,Morning Herald,official\n"
        ",instagram,herald_a,Morning Herald,\n"
        "7,x,herald_b,Morning Herald,\n"
        "7,x,herald_b,Morning Herald,the only official account\n",
        encoding="utf-8",
    )
    find_impersonation(accounts, bare, tmp_path / "out", Silent())
    told = findings(tmp_path / "out")
    assert [(one["subjects"][0], one["kind"]) for one in told] == [
        ("7", "impersonation.poses_as"),
        ("x:herald_a", "impersonation.poses_as"),
        ("instagram:herald_a", "impersonation.resembles"),
    ]
    for one in told:
        for reference in one["evidence"]:
            content = (tmp_path / "out" / reference["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == reference["sha256"]
    assert comparison(tmp_path / "out", "7")["suspect"]["row"] == 4
    assert len(pq.read_table(tmp_path / "out/impersonation.parquet")) == 4
