"""``assay scan`` on real exports: runs to the end, accounts for every row, accuses no crowd."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.e2e.commands import assay

from assay.errors import EXIT_DONE

pytestmark = pytest.mark.data


@pytest.mark.parametrize(
    "name",
    [
        "telegram-ru-news/messages.parquet",
        "organic-tweets/mayweather_mcgregor.parquet",
        "organic-tweets/vaccination_tweets.parquet",
        "organic-tweets/presidents_timelines.parquet",
    ],
)
def test_a_real_export_is_scanned(shared_data: Path, tmp_path: Path, name: str) -> None:
    source = shared_data / "data" / name
    # Some of these write their times without a zone; they are in UTC.
    options = ("--timezone", "UTC", "--no-report", "--json")
    done = assay("scan", source, "-o", tmp_path / "out", *options)
    assert done.returncode == EXIT_DONE, done.stderr
    summary = json.loads(done.stdout)
    data = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["data"]
    assert data["read"] == data["kept"] + data["rejected"] > 1_000
    assert data["rejected"] < 0.01 * data["read"]
    assert summary["results"]["kept"] <= summary["results"]["candidates"]
    if name.startswith("organic"):
        # Presumed organic: a burst of honest attention must not be called a network of many.
        assert summary["results"]["accounts"] <= 10
