"""The files of a campaign say the same in every format, and the same bytes twice."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from assay.cli.simulate import FORMAT_NAMES
from assay.cli.simulate import simulate as command
from assay.engine.write import file_sha256
from assay.errors import UsageError
from assay.laboratory.campaign import Campaign
from assay.laboratory.campaign_files import FORMATS, share_table, write_campaign
from assay.laboratory.simulate import SimulatedCampaign, simulate

SMALL = Campaign(accounts=200, organic_posts=800, days=3, burst_accounts=40, group_size_max=8)


@pytest.fixture(scope="module")
def sim() -> SimulatedCampaign:
    return simulate(SMALL)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_are_reproducible(name: str, sim: SimulatedCampaign, tmp_path: Path) -> None:
    first = write_campaign(sim, tmp_path / "first", name)
    second = write_campaign(simulate(SMALL), tmp_path / "second", name)
    assert [path.name for path in first][1:] == ["accounts.csv", "truth.csv", "truth.json"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == sorted(
        path.name for path in first
    )


def test_bytes_do_not_hang_on_the_process(tmp_path: Path) -> None:
    options = ["--accounts", "200", "--organic-posts", "500", "--burst-accounts", "20"]
    # Another hash seed than this process has, whichever that is, and a zone that nobody lives in.
    other = {"PYTHONHASHSEED": "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"}
    subprocess.run(
        [sys.executable, "-m", "assay", "simulate", *options, "-o", tmp_path / "other"],
        env={**os.environ, **other, "TZ": "ODD-13:17"},
        check=True,
    )
    here = CliRunner().invoke(command, [*options, "-o", str(tmp_path / "here")])
    assert here.exit_code == 0, here.output
    for name in ("posts.csv", "accounts.csv", "truth.csv", "truth.json"):
        assert (tmp_path / "other" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_csv_ndjson_and_parquet_hold_the_same_posts(sim: SimulatedCampaign, tmp_path: Path) -> None:
    for name in ("csv", "ndjson", "parquet"):
        write_campaign(sim, tmp_path, name)
    from_csv = rows_of(tmp_path / "posts.csv")
    lines = (tmp_path / "posts.ndjson").read_text("utf-8").splitlines()
    from_ndjson = [json.loads(line) for line in lines]
    from_parquet = pq.read_table(tmp_path / "posts.parquet").to_pylist()
    assert len(from_csv) == len(from_ndjson) == len(from_parquet) == sim.posts.num_rows
    for flat, line, row in zip(from_csv, from_ndjson, from_parquet, strict=True):
        assert flat["id"] == line["id"] == row["id"]
        assert flat["text"] == line["text"] == row["text"]
        assert flat["created_at"] == line["created_at"]
        assert line["created_at"] == row["created_at"].strftime("%Y-%m-%dT%H:%M:%SZ")
        assert ([flat["urls"]] if flat["urls"] else []) == line["urls"] == row["urls"]
        assert ([flat["hashtags"]] if flat["hashtags"] else []) == line["hashtags"]
        assert (flat["repost_of"] or None) == line["repost_of"] == row["repost_of"]


def test_share_table_holds_each_share_once(sim: SimulatedCampaign) -> None:
    expected = 0
    for post in sim.posts.to_pylist():
        if post["repost_of"]:
            expected += 1
        else:
            copied = post["text"].startswith("sample statement")
            expected += len(post["urls"]) + len(post["hashtags"]) + copied
    shares = share_table(sim)
    assert shares.num_rows == expected
    assert shares.column_names[:4] == ["object_id", "account_id", "content_id", "timestamp_share"]
    assert set(shares["kind"].to_pylist()) == {"link", "hashtag", "repost", "text"}
    assert not [item for item in shares["object_id"].to_pylist() if "utm_" in item]
    times = shares["timestamp_share"].to_pylist()
    assert times == sorted(times)
    assert times[0] >= SMALL.starts_at.timestamp()


def test_truth_names_every_member_and_the_files_sums(
    sim: SimulatedCampaign, tmp_path: Path
) -> None:
    write_campaign(sim, tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    by_group: dict[str, list[str]] = {}
    for row in rows_of(tmp_path / "truth.csv"):
        by_group.setdefault(row["group"], []).append(row["account_id"])
    assert {group["name"]: group["account_ids"] for group in truth["groups"]} == {
        name: ids for name, ids in by_group.items() if name
    }
    assert truth["parameters"]["seed"] == SMALL.seed
    assert truth["sha256"]["posts.csv"] == file_sha256(tmp_path / "posts.csv")


def test_unknown_format_and_file_in_the_way_are_refused(
    sim: SimulatedCampaign, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="xlsx"):
        write_campaign(sim, tmp_path, "xlsx")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        write_campaign(sim, tmp_path / "file")


def test_command_passes_every_kind_of_parameter_on(tmp_path: Path) -> None:
    options = {
        "--accounts": "200",
        "--organic-posts": "500",
        "--burst-accounts": "20",
        "--days": "2.5",
        "--starts-at": "2025-01-01T06:00Z",
        "--platforms": "one,two,three",
        "--timezones-h": "-5,0.5",
        "--groups": "1",
    }
    arguments = [part for pair in options.items() for part in pair]
    answer = CliRunner().invoke(command, [*arguments, "-o", str(tmp_path / "out"), "--json"])
    assert answer.exit_code == 0, answer.output
    said = json.loads(answer.stdout)
    assert said["accounts"] == 205
    assert set(said["groups"]) == {"group-1", "feed"}
    parameters = json.loads((tmp_path / "out" / "truth.json").read_text("utf-8"))["parameters"]
    assert parameters["starts_at"] == "2025-01-01T06:00:00+00:00"
    assert parameters["platforms"] == ["one", "two", "three"]
    assert parameters["timezones_h"] == [-5.0, 0.5]
    assert {row["platform"] for row in rows_of(tmp_path / "out" / "posts.csv")} == {
        "one",
        "two",
        "three",
    }


@pytest.mark.parametrize(
    ("option", "value"),
    [("--starts-at", "yesterday"), ("--timezones-h", "a,b"), ("--homophily", "2")],
)
def test_command_refuses_nonsense(option: str, value: str, tmp_path: Path) -> None:
    answer = CliRunner().invoke(command, [option, value, "-o", str(tmp_path / "out")])
    assert isinstance(answer.exception, UsageError)
    assert not (tmp_path / "out").exists()


def test_command_offers_the_formats_that_there_are() -> None:
    assert set(FORMAT_NAMES) == set(FORMATS)
