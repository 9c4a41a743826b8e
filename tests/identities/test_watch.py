"""What a later run says beside an earlier one: new, renamed, gone."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.identities.protect_rows import (
    DAY,
    PROFILES,
    asked,
    comparison,
    findings,
)

from assay.engine.write import write_table
from assay.errors import InputError
from assay.identities.asked import Protect
from assay.identities.run import (
    find_impersonation,
)
from assay.identities.watch import changes
from assay.model.progress import Silent
from assay.model.tables import ACCOUNTS, CHANGES


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
