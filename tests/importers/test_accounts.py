"""Tables of accounts: recognised, read, merged with what posts say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import InputError, UsageError
from assay.importers.accounts import UNZONED_DATES, AccountTable, find_profile_fields
from assay.importers.container import open_container
from assay.lexicon.columns import column_names

from .conftest import Imported

Run = Callable[..., Imported]
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

POSTS = """id,user_id,screen_name,created_at,text,user_followers
1,11,Ann,2021-05-01T10:00:00Z,a first text of some length,5
2,12,Bob,2021-05-01T10:00:05Z,a second text of some length,6
"""
ACCOUNTS = """user_id,username,name,description,created_at,followers_count,status,publisher
11,ann_now,Ann A.,About Ann,2019-01-02T03:04:05Z,"1,500",suspended,The Daily
13,cy,Cy C.,,2018-01-01T00:00:00Z,7.0,gone,
"""


def write(folder: Path, **files: str) -> list[Path]:
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text)
    return paths


def by_id(result: Imported) -> dict[str, dict[str, Any]]:
    return {account["account_id"]: account for account in result.accounts}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_accounts_are_merged_by_id_and_kept_without_posts(
    run_import: Run, tmp_path: Path, order: tuple[int, int]
) -> None:
    paths = write(tmp_path, posts=POSTS, accounts=ACCOUNTS)
    result = run_import([paths[place] for place in order], platform="twitter")
    found = by_id(result)
    assert list(found) == ["twitter:11", "twitter:12", "twitter:13"]
    ann, bob, cy = found.values()
    assert (ann["handle"], ann["display_name"], ann["bio"]) == ("ann_now", "Ann A.", "About Ann")
    assert (ann["followers"], ann["status"], ann["publisher"]) == (1500, "suspended", "The Daily")
    assert ann["created_at"] == datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ann["first_seen_at"] == datetime(2021, 5, 1, 10, 0, tzinfo=UTC)
    assert (bob["handle"], bob["followers"], bob["status"]) == ("Bob", 6, "unknown")
    assert (cy["followers"], cy["status"], cy["publisher"]) == (7, "unknown", None)
    assert cy["first_seen_at"] is None
    assert (result.summary.read, result.summary.kept, len(result.posts)) == (4, 4, 2)
    assert {file.format for file in result.summary.files} == {"accounts", "table"}


def test_a_folder_is_sorted_out_by_itself(run_import: Run, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    write(
        folder,
        posts=POSTS,
        accounts=ACCOUNTS,
        truth="account_id,role,group\n11,planted,a\n",
        labels="account,label\n11,troll\n",
    )
    result = run_import([folder])
    assert set(result.summary.skipped) == {"truth.csv", "labels.csv"}
    assert by_id(result)["unknown:11"]["publisher"] == "The Daily"


def test_accounts_alone_are_a_dataset(run_import: Run) -> None:
    result = run_import(ACCOUNTS + ",,Nobody,,2018-01-01T00:00:00Z,1,,\n")
    assert (result.posts, result.shares, len(result.accounts)) == ([], [], 2)
    assert [(r["row"], r["column"]) for r in result.rejects] == [(3, "user_id")]
    assert result.summary.time_resolution_s == 0.0


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("14,d,,,soon,1,,", "created_at", "the time cannot be read"),
        ("14,d,,,1980-01-01T00:00:00Z,1,,", "created_at", "before 1990"),
        ("14,d,,,2099-01-01T00:00:00Z,1,,", "created_at", "in the future"),
        ("14,d,,,2018-01-01T00:00:00Z,many,,", "followers_count", "no number"),
        (",,d,,2018-01-01T00:00:00Z,1,,", "user_id", "names no account"),
        ("14,d,1", None, "more or fewer fields"),
    ],
)
def test_broken_rows_are_rejects_beside_those_of_posts(
    run_import: Run, tmp_path: Path, row: str, column: str | None, reason: str
) -> None:
    paths = write(tmp_path, accounts=ACCOUNTS + row + "\n", posts=POSTS + "3,12,Bob,,text,\n")
    result = run_import(paths)
    rejects = {reject["source"]: reject for reject in result.rejects}
    assert set(rejects) == {"posts.csv", "accounts.csv"}
    assert (rejects["accounts.csv"]["row"], rejects["accounts.csv"]["column"]) == (3, column)
    assert reason in rejects["accounts.csv"]["reason"]
    assert len(result.accounts) == 3


def test_later_rows_go_first_and_empty_cells_say_nothing(run_import: Run, tmp_path: Path) -> None:
    first = "user_id,display_name,bio\n1,Old,Kept\n2,Two,x\n"
    second = "user_id,display_name,bio\n1,New,\n"
    result = run_import(write(tmp_path, a=first, b=second))
    assert by_id(result)["unknown:1"]["display_name"] == "New"
    assert by_id(result)["unknown:1"]["bio"] == "Kept"


def test_handles_join_where_ids_are_lacking(run_import: Run, tmp_path: Path) -> None:
    posts = "user,created_at,text\nAnn,2021-05-01T10:00:00Z,some words\n"
    accounts = "user_id,username,publisher\n99,@ANN,Daily\n"
    found = by_id(run_import(write(tmp_path, posts=posts, accounts=accounts)))
    assert list(found) == ["unknown:ann"]
    assert found["unknown:ann"]["publisher"] == "Daily"
    bare = "username,publisher\nann,Daily\nzoe,Weekly\n"
    found = by_id(run_import(write(tmp_path, posts=POSTS, accounts=bare)))
    assert found["unknown:11"]["publisher"] == "Daily"
    assert found["unknown:zoe"]["publisher"] == "Weekly"


def test_a_handle_of_two_accounts_joins_neither(run_import: Run, tmp_path: Path) -> None:
    posts = POSTS + "3,15,ann,2021-05-01T10:00:09Z,a third text of some length,1\n"
    found = by_id(run_import(write(tmp_path, posts=posts, acc="username,publisher\nann,Daily\n")))
    assert [found[f"unknown:{name}"]["publisher"] for name in (11, 15, "ann")] == [
        None,
        None,
        "Daily",
    ]


def test_a_table_without_platform_takes_the_one_there_is(run_import: Run, tmp_path: Path) -> None:
    header = "id,platform,user_id,created_at,text\n"
    one = "1,Net,11,2021-05-01T10:00:00Z,some words\n"
    two = "2,other,12,2021-05-01T10:00:00Z,some words\n"
    found = by_id(run_import(write(tmp_path, posts=header + one, accounts=ACCOUNTS)))
    assert list(found) == ["net:11", "net:13"]
    found = by_id(run_import(write(tmp_path, posts=header + one + two, accounts=ACCOUNTS)))
    assert list(found) == ["net:11", "other:12", "unknown:11", "unknown:13"]
    own = "account_id,platform,verified\n11,NET,yes\n12,other,0\n"
    found = by_id(run_import(write(tmp_path, posts=header + one + two, accounts=own)))
    assert [account["verified"] for account in found.values()] == [True, False]


def test_told_columns_and_told_tables(run_import: Run, tmp_path: Path) -> None:
    posts, people = write(tmp_path, posts=POSTS, people="who,outlet\n11,Daily\n")
    told = (("account_id", "who"), ("publisher", "outlet"))
    with pytest.raises(InputError, match="no column 'who'"):
        run_import([posts], accounts=(people,), mapping=told)
    (tmp_path / "people.csv").write_text("user_id,paper\n11,Daily\n")
    result = run_import([posts], accounts=(people,), mapping=(("publisher", "paper"),))
    assert by_id(result)["unknown:11"]["publisher"] == "Daily"
    with pytest.raises(UsageError, match="no table of accounts has a column 'paper'"):
        run_import([posts], mapping=(("publisher", "paper"),))
    (tmp_path / "people.csv").write_text("colour,size\nred,1\n")
    with pytest.raises(InputError, match="account_id or handle"):
        run_import([posts], accounts=(people,))


def test_days_are_read_as_utc_and_clocks_need_a_zone(run_import: Run) -> None:
    header = "userid,user_display_name,account_creation_date\n"
    # Two ways of writing in one column, as in released tables.
    rows = "1,a,2014-02-03\n2,b,2015-04-05\n3,c,7/17/2019\n4,d,2016-01-01\n"
    result = run_import(header + rows)
    assert [account["created_at"].day for account in result.accounts] == [3, 5, 17, 1]
    assert result.summary.files[0].notes == (UNZONED_DATES,)
    clock = header + "1,a,2014-02-03 10:00:00\n"
    with pytest.raises(InputError, match="no time zone"):
        run_import(clock)
    result = run_import(clock, timezone="Europe/Berlin")
    assert result.accounts[0]["created_at"] == datetime(2014, 2, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "header",
    [
        "account_id,url,created_at",
        "user_id,username,url,created_at",
        "object_id,account_id,content_id,timestamp_share,followers",
        "id,username,name,text,created_at,followers_count",
        "author,author_name,timestamp,body,verified",
        "account,label",
        "account_id,role,group",
        "title,url,publisher,account",
    ],
)
def test_what_is_no_table_of_accounts(tmp_path: Path, header: str) -> None:
    path = tmp_path / "in.csv"
    path.write_text(header + "\n" + ",".join("x" for _ in header.split(",")) + "\n")
    assert not AccountTable().recognises(open_container(path))


def test_a_table_where_accounts_repeat_is_no_table_of_accounts(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    rows = [f"{number % 10},https://a.org/{number},3" for number in range(100)]
    path.write_text("account_id,url,followers\n" + "\n".join(rows) + "\n")
    assert not AccountTable().recognises(open_container(path))


@given(st.permutations(["user_id", "username", "name", "description", "url", "verified"]))
def test_the_order_of_columns_changes_nothing(columns: list[str]) -> None:
    fields = find_profile_fields(columns, ())
    assert fields == {
        "account_id": "user_id",
        "handle": "username",
        "display_name": "name",
        "bio": "description",
        "url": "url",
        "verified": "verified",
    }


def test_every_field_has_names() -> None:
    from assay.engine.account_tables import PROFILE_FIELDS

    # The name of a picture's file stands where its hash would.
    assert set(column_names().accounts) == {*PROFILE_FIELDS, "avatar"}


@pytest.mark.parametrize(
    ("header", "cells", "kept"),
    [
        ("avatar", "ann.png", "ann.png"),
        ("avatar,avatar_hash", "ann.png,ffee", "ffee"),
        ("avatar_hash,profile_image", ",ann.png", None),
    ],
)
def test_a_picture_is_told_by_its_hash_or_else_by_its_file(
    run_import: Run, tmp_path: Path, header: str, cells: str, kept: str | None
) -> None:
    paths = write(tmp_path, accounts=f"user_id,username,{header}\n11,ann,{cells}\n")
    result = run_import(paths, platform="x")
    assert by_id(result)["x:11"]["avatar_hash"] == kept


def test_typed_parquet(run_import: Run, tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2]),
            "name": ["a", "b"],
            "created_at": pa.array([datetime(2020, 1, 1, tzinfo=UTC), None]),
            "followers": pa.array([1.0, None]),
            "verified": [True, None],
        }
    )
    pq.write_table(table, tmp_path / "accounts.parquet")
    first, second = run_import([tmp_path / "accounts.parquet"]).accounts
    assert (first["followers"], first["verified"]) == (1, True)
    assert first["created_at"] == datetime(2020, 1, 1, tzinfo=UTC)
    assert (second["followers"], second["verified"], second["created_at"]) == (None, None, None)


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "rows", "accounts"),
    [
        ("ira-tweets/authors.csv", 2_856, 2_856),
        # A spreadsheet rounded three of their ids.
        ("twitter-io-accounts/io_accounts.parquet", 3_532, 3_500),
        ("twitter-io-accounts/io_accounts.csv", 3_532, 3_500),
    ],
)
def test_real_tables(run_import: Run, name: str, rows: int, accounts: int) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the real data {name} are not beside the repository")
    result = run_import([path])
    assert result.summary.files[0].format == "accounts"
    assert (result.summary.kept, len(result.accounts)) == (rows, accounts)
