"""The whole line: a dataset and a register in; tables, findings and frozen evidence out."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.identities.protect_rows import DAY, PROFILES, REGISTER, asked, make_folder

from assay.engine.write import write_table
from assay.errors import InputError, UsageError
from assay.identities import judged, protect, protected
from assay.identities import run as identities_run
from assay.identities.asked import Protect
from assay.identities.run import (
    clear_names,
    find_impersonation,
    find_lookalike_domains,
    hold_against,
    read_asked,
)
from assay.identities.watch import changes
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent
from assay.model.tables import ACCOUNTS, CHANGES


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("protect")
    dataset = make_folder(folder)
    hold_against(dataset, RunFolder(folder / "run"), read_asked(asked(folder)), Silent())
    return folder


def rows(path: Path, subject: str = "account_id") -> dict[str, dict[str, Any]]:
    return {row[subject]: row for row in pq.read_table(path).to_pylist()}


def findings(run: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads((run / "findings.json").read_text("utf-8"))[
        "findings"
    ]
    return listed


def comparison(run: Path, subject: str) -> dict[str, Any]:
    (one,) = [one for one in findings(run) if one["subjects"] == [subject]]
    told: dict[str, Any] = json.loads((run / one["evidence"][0]["path"]).read_text("utf-8"))
    return told


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


def test_a_later_run_shows_what_is_new_renamed_or_gone(folder: Path, tmp_path: Path) -> None:
    later = [dict(profile) for profile in PROFILES if profile["account_id"] != "x:2"]
    for profile in later:
        if profile["account_id"] == "x:3":
            profile["handle"] = "herald_daily8"
    later.append({"account_id": "x:9", "handle": "morning_herald_", "display_name": ""})
    whole = [{"platform": "x", "status": "active"} | profile for profile in later]
    accounts = tmp_path / "accounts.parquet"
    write_table(accounts, pa.Table.from_pylist(whole, schema=ACCOUNTS), ACCOUNTS)
    since = asked(folder, since=folder / "run")
    found = find_impersonation(accounts, since, tmp_path / "out", Silent())
    told = pq.read_table(tmp_path / "out/changes.parquet", schema=CHANGES).to_pylist()
    assert {(row["change"], row["subject"]) for row in told} == {
        ("new", "x:9"),
        ("renamed", "x:3"),
        ("gone", "x:2"),
    }
    assert found["changes"] == {"new": 1, "renamed": 1, "gone": 1}
    (renamed,) = [row for row in told if row["change"] == "renamed"]
    assert (renamed["handle_before"], renamed["handle"]) == ("herald_daily7", "herald_daily8")
    assert {one["subjects"][0] for one in findings(tmp_path / "out")} == {"x:9", "x:3"}
    # What the earlier run saw is a name seen before.
    seen = comparison(tmp_path / "out", "x:3")["history"]
    assert [one["handle"] for one in seen] == ["herald_daily7"]
    # So it is where an earlier run's identities.json stands for the register.
    frozen = Protect(folder / "run/identities.json", DAY, since=folder / "run")
    find_impersonation(accounts, frozen, tmp_path / "frozen", Silent())
    assert comparison(tmp_path / "frozen", "x:3")["history"] == seen
    with pytest.raises(InputError, match="no earlier run"):
        find_impersonation(accounts, asked(folder, since=tmp_path), tmp_path / "o", Silent())


def test_only_watched_verdicts_come_and_go() -> None:
    row = {"account_id": "1", "identity": "a", "verdict": "resembles", "handle": "h",
           "display_name": None, "score": 0.5}  # fmt: skip
    worse = row | {"verdict": "poses_as"}
    assert [one["change"] for one in changes([worse], {("1", "a"): row}, "account_id")] == ["new"]
    assert changes([row], {("1", "a"): row}, "account_id") == []
    assert changes([row], {("1", "a"): worse}, "account_id") == []
    assert changes([row | {"verdict": "sister"}], {}, "account_id") == []


def test_a_row_given_twice_is_the_same_row_tomorrow(folder: Path, tmp_path: Path) -> None:
    """One account under two handles in a table, in either order: nothing is new or renamed."""
    head, one, two = (
        "account_id,platform,handle,display_name,bio\n",
        "7,x,herald_b,Morning Herald,\n",
        "7,x,herald_a,Morning Herald,\n",
    )
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    before.write_text(head + one + two, encoding="utf-8")
    after.write_text(head + two + one, encoding="utf-8")
    bare = Protect(folder / "bodies.yaml", DAY)
    find_impersonation(before, bare, tmp_path / "first", Silent())
    since = Protect(folder / "bodies.yaml", DAY, since=tmp_path / "first")
    found = find_impersonation(after, since, tmp_path / "second", Silent())
    assert found["changes"] == {}
    assert findings(tmp_path / "second") == []


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


def test_domains_alone_leave_findings_too(folder: Path, tmp_path: Path) -> None:
    lines = tmp_path / "links.txt"
    lines.write_text("https://mornlngherald.com/x\nmorningherald.com\n", encoding="utf-8")
    bare = Protect(folder / "bodies.yaml", DAY)
    counts = find_lookalike_domains(lines, bare, tmp_path / "out", Silent())
    assert (counts["resembles"], counts["declared"]) == (1, 1)
    told = comparison(tmp_path / "out", "mornlngherald.com")
    (cut,) = told["names"]
    assert [one["text"] for one in cut["segments"] if one["told"]] == ["l"]


def test_countries_exchanged_change_names_and_nothing_else(tmp_path: Path) -> None:
    """Scores, verdicts, points and every sentence stay the same but for the names themselves."""
    told = []
    for sender, host, name in (
        ("FR", "JP", "Embassy of France in Japan"),
        ("RU", "UA", "Embassy of Russia in Ukraine"),
        ("US", "IR", "Embassy of the United States in Iran"),
        ("CN", "IN", "Embassy of China in India"),
    ):
        register, accounts = tmp_path / f"{sender}.csv", tmp_path / f"{sender}-accounts.csv"
        register.write_text(
            "id,name,kind,sender,host,handles\n"
            f"body,{name},embassy,{sender},{host},x:thebodyitself\n",
            encoding="utf-8",
        )
        accounts.write_text(
            "account_id,platform,handle,display_name,bio,created_at\n"
            f"1,x,thebodyitself,{name},our post and its news for you since 1950,2010-01-01\n"
            f"2,x,a1,{name},our post and its news for you since 1950,2015-01-01\n"
            f"3,x,a2,{name},,2025-12-20\n"
            f"4,x,a3,Parody {name},parody,2015-01-01\n"
            f"5,x,a4,{name},the only official account,2015-01-01\n"
            f"6,x,a5,Down with the {name},they are corrupt and lie,2015-01-01\n"
            "7,x,a6,Bob,they are corrupt and lie,2015-01-01\n",
            encoding="utf-8",
        )
        out = tmp_path / sender
        find_impersonation(accounts, Protect(register, DAY), out, Silent())
        told.append(
            [
                [(key, row["verdict"], row["score"], [one[-8:] for one in row["reasons"]])
                 for key, row in sorted(rows(out / "impersonation.parquet").items())],
                [one["statement"].replace(name, "BODY") for one in findings(out)],
            ]
        )  # fmt: skip
    assert told[0] == told[1] == told[2] == told[3]
    verdicts = {key: verdict for key, verdict, *_ in told[0][0]}
    assert [verdicts.get(key) for key in "123457"] == [
        "declared", "poses_as", "resembles", None, "poses_as", None,
    ]  # fmt: skip
    # Who speaks against the body poses as nobody.
    assert verdicts.get("6") != "poses_as"
    assert told[0][1][0] == (
        "The account “BODY” (x:a4) poses as BODY: its name resembles it, with what its bio claims "
        "pointing the same way; no proof that it is the body's own was supplied."
    )


def test_roles_exchanged_change_names_and_nothing_else(tmp_path: Path) -> None:
    """An outlet, an agency and a company are protected alike."""
    outcomes = []
    for kind in ("outlet", "agency", "company"):
        path = tmp_path / f"{kind}.yaml"
        path.write_text(REGISTER.replace("kind: outlet", f"kind: {kind}").replace(
            "  logos: [logo.png]\n", ""), encoding="utf-8")  # fmt: skip
        accounts = tmp_path / f"{kind}.csv"
        accounts.write_text(
            "account_id,platform,handle,display_name,bio\n1,x,a,Morning Herald,official\n"
            "2,x,b,Morning Herald,\n3,x,c,Parody Morning Herald,parody\n",
            encoding="utf-8",
        )
        find_impersonation(accounts, Protect(path, DAY), tmp_path / kind, Silent())
        said = rows(tmp_path / kind / "impersonation.parquet")
        outcomes.append([(key, row["verdict"], row["score"]) for key, row in sorted(said.items())])
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert [verdict for _, verdict, _ in outcomes[0]] == ["poses_as", "resembles"]


def test_a_label_counts_on_an_abandoned_handle_too(tmp_path: Path) -> None:
    """Parody under a handle that was official once is parody; without a label it poses as."""
    register, accounts = tmp_path / "bodies.yaml", tmp_path / "accounts.csv"
    listed = "  - {{platform: x, handle: old{}, until: 2023-12-31}}\n"
    handles = "".join(map(listed.format, (1, 2, 3, 4)))
    text = f"identities:\n- id: herald\n  name: The Morning Herald\n  handles:\n{handles}"
    register.write_text(text, encoding="utf-8")
    accounts.write_text(
        "account_id,platform,handle,display_name,bio,created_at\n"
        "1,x,old1,Parody Morning Herald,parody,2025-03-01\n"
        "2,x,old2,Morning Herald (parody),bread,2025-03-01\n"
        "3,x,old3,Morning Herald,,2025-03-01\n"
        "4,x,old4,Morning Herald,,2015-03-01\n",
        encoding="utf-8",
    )
    found = find_impersonation(accounts, Protect(register, DAY), tmp_path / "out", Silent())
    said = rows(tmp_path / "out/impersonation.parquet")
    verdicts = {name: row["verdict"] for name, row in said.items()}
    assert verdicts == {"2": "resembles", "3": "poses_as", "4": "declared"}
    assert found["labelled"] == 1
    assert said["3"]["score"] == 0.9
    assert "does not pose as the body" in " ".join(said["2"]["reasons"])


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


def test_a_link_to_the_body_s_site_convicts_nobody(folder: Path, tmp_path: Path) -> None:
    """Fans link there too, whether that site was captured and names others or was not."""
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(
        "account_id,platform,handle,display_name,url\n"
        "1,x,morningherald_,Morning Herald bio claims,https://morningherald.com/\n",
        encoding="utf-8",
    )
    for supplied in (asked(folder), Protect(folder / "bodies.yaml", DAY)):
        find_impersonation(accounts, supplied, tmp_path / "out", Silent())
        (one,) = findings(tmp_path / "out")
        assert (one["kind"], one["claim"]) == ("impersonation.resembles", "likeness")


def test_what_is_older_than_the_body_s_own_account_was_not_made_to_pose_as_it(
    tmp_path: Path,
) -> None:
    """A personal account with the office's own bio; a younger one; an old one that was renamed."""
    bio = "Working for the people of the valley in Parliament since 2019"
    (tmp_path / "bodies.yaml").write_text(
        "identities:\n- id: anna\n  name: Anna Kowalska\n  kind: office-holder\n"
        "  handles: ['x:kowalska_office']\n",
        encoding="utf-8",
    )
    (tmp_path / "accounts.csv").write_text(
        "account_id,platform,handle,display_name,bio,created_at\n"
        f"1,x,kowalska_office,Anna Kowalska,{bio},2019-07-01\n"
        f"2,x,annakowalska,Anna Kowalska,{bio},2011-02-01\n"
        f"3,x,anna_kowalska,Anna Kowalska,{bio},2022-02-01\n"
        f"4,x,annakowalska_,Anna Kowalska,{bio},2011-02-01\n"
        f"5,x,annakowalska__,Anna Kowalska,,2011-02-01\n"
        f"6,bluesky,annakowalska,Anna Kowalska,{bio},2011-02-01\n"
        "7,x,kowalska_offlce,,,2011-02-01\n",
        encoding="utf-8",
    )
    (tmp_path / "names.csv").write_text(
        "account_id,seen_at,handle\n4,2020-01-01,cats\n", encoding="utf-8"
    )
    asking = Protect(tmp_path / "bodies.yaml", DAY, names=tmp_path / "names.csv")
    find_impersonation(tmp_path / "accounts.csv", asking, tmp_path / "out", Silent())
    said = rows(tmp_path / "out/impersonation.parquet")
    assert {name: row["verdict"] for name, row in said.items()} == {
        "1": "declared", "2": "resembles", "3": "poses_as", "4": "poses_as", "6": "poses_as",
        "7": "resembles",
    }  # fmt: skip
    assert "(+0.00)" in said["7"]["reasons"][-2], "a likeness to the office's handle is no less"
    assert said["2"]["score"] == round(said["3"]["score"] - 0.15, 4)
    told = {one["subjects"][0]: one for one in findings(tmp_path / "out")}
    assert told["2"]["claim"] == "likeness"
    assert (
        "but is older than the body's own account; it is not said to pose as the body."
        in told["2"]["statement"]
    )
    before = "before the body's own account"
    assert before in said["2"]["reasons"][-1]
    weighed = {one["name"]: one for one in told["2"]["explanations"]}
    assert before in weighed["an account of the body's own that the register lacks"]["speaks_for"]
    assert before in weighed["an account that poses as the body"]["speaks_against"]
    assert "evidence of a second kind" in weighed["an account that poses as the body"]["speaks_for"]


def test_who_is_known_by_its_did_may_take_an_abandoned_handle_again(tmp_path: Path) -> None:
    """A handle changes hands, the DID that the body's own site names does not."""
    did = "did:plc:" + "a" * 24
    site = tmp_path / "captures" / "herald.example.org" / ".well-known"
    site.mkdir(parents=True)
    (site / "atproto-did").write_text(did, encoding="utf-8")
    (tmp_path / "bodies.yaml").write_text(
        "identities:\n- id: herald\n  name: The Morning Herald\n  domains: [herald.example.org]\n"
        "  handles: [{platform: bluesky, handle: herald.example.org, until: 2023-12-31}]\n",
        encoding="utf-8",
    )
    (tmp_path / "accounts.csv").write_text(
        "account_id,platform,handle,display_name,created_at\n"
        f"{did},bluesky,herald.example.org,Morning Herald,2025-03-01\n"
        f"did:plc:{'b' * 24},bluesky,herald.example.org,Morning Herald,2025-03-01\n",
        encoding="utf-8",
    )
    asking = Protect(tmp_path / "bodies.yaml", DAY, captures=tmp_path / "captures")
    find_impersonation(tmp_path / "accounts.csv", asking, tmp_path / "out", Silent())
    said = rows(tmp_path / "out/impersonation.parquet")
    assert said[did]["verdict"] == "proved"
    assert said["did:plc:" + "b" * 24]["verdict"] == "poses_as"


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
