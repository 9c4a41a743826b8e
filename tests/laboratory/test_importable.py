"""The real importer understands what `assay simulate` writes, without any mapping."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from assay.cli.import_ import import_command
from assay.laboratory.campaign import Campaign
from assay.laboratory.campaign_files import FORMATS, share_table, write_campaign
from assay.laboratory.simulate import simulate
from assay.model.dataset import Dataset

SMALL = Campaign(accounts=200, organic_posts=800, days=3, burst_accounts=40, group_size_max=8)


@pytest.mark.parametrize("name", ["csv", "ndjson", "parquet"])
def test_posts_are_imported_whole_with_their_shares(name: str, tmp_path: Path) -> None:
    sim = simulate(SMALL)
    write_campaign(sim, tmp_path / "campaign", name)
    posts = tmp_path / "campaign" / FORMATS[name][0]
    answer = CliRunner().invoke(import_command, [str(posts), "-o", str(tmp_path / "dataset")])
    assert answer.exit_code == 0, answer.output
    dataset = Dataset(tmp_path / "dataset")
    assert pq.read_metadata(dataset.rejects).num_rows == 0
    imported = pq.read_table(dataset.posts)
    expected = {
        f"{row['platform']}:{row['id']}": (f"{row['platform']}:{row['account_id']}", row["text"])
        for row in sim.posts.to_pylist()
    }
    assert expected == {
        row["post_id"]: (row["account_id"], row["text"]) for row in imported.to_pylist()
    }
    made = Counter(share_table(sim)["kind"].to_pylist())
    derived = Counter(pq.read_table(dataset.shares)["kind"].to_pylist())
    for kind in ("link", "hashtag", "repost"):
        assert derived[kind] == made[kind], kind
    # Links differ in a tracking parameter only: canonicalising must make them one again.
    links = share_table(sim)
    links = links.filter([kind == "link" for kind in links["kind"].to_pylist()])
    shares = pq.read_table(dataset.shares)
    shares = shares.filter([kind == "link" for kind in shares["kind"].to_pylist()])
    assert len(shares["object_id"].unique()) == len(links["object_id"].unique())


@pytest.mark.parametrize("name", ["twitter-v2", "telegram-export", "ira-tweets"])
def test_platform_formats_are_recognised_and_every_post_kept(name: str, tmp_path: Path) -> None:
    sim = simulate(SMALL)
    write_campaign(sim, tmp_path / "campaign", name)
    answer = CliRunner().invoke(
        import_command,
        [str(tmp_path / "campaign" / FORMATS[name][0]), "-o", str(tmp_path / "dataset"), "--json"],
    )
    assert answer.exit_code == 0, answer.output
    dataset = Dataset(tmp_path / "dataset")
    manifest = json.loads(dataset.manifest.read_text())
    assert manifest["inputs"][0]["format"] == name
    assert pq.read_metadata(dataset.rejects).num_rows == 0
    posts = pq.read_table(dataset.posts)
    assert posts.num_rows == sim.posts.num_rows
    platform = posts["platform"][0].as_py()
    expected = Counter(f"{platform}:{one}" for one in sim.posts["account_id"].to_pylist())
    assert Counter(posts["account_id"].to_pylist()) == expected
    made = Counter(share_table(sim)["kind"].to_pylist())
    derived = Counter(pq.read_table(dataset.shares)["kind"].to_pylist())
    # A post without an original's id is a repost of its text; that counts it all the same.
    for kind in ("link", "hashtag", "repost"):
        assert derived[kind] == made[kind], kind


@pytest.mark.parametrize("name", ["share-table", "share-table-parquet"])
def test_share_table_is_imported_whole(name: str, tmp_path: Path) -> None:
    sim = simulate(SMALL)
    write_campaign(sim, tmp_path / "campaign", name)
    answer = CliRunner().invoke(
        import_command,
        [str(tmp_path / "campaign" / FORMATS[name][0]), "-o", str(tmp_path / "dataset")],
    )
    assert answer.exit_code == 0, answer.output
    shares = pq.read_table(Dataset(tmp_path / "dataset").shares)
    assert shares.num_rows == share_table(sim).num_rows
    assert len(shares["object_id"].unique()) == len(share_table(sim)["object_id"].unique())
