"""A background like a user's data: near in its statistics, and nothing of it by name."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from assay.cli.import_ import import_command
from assay.cli.simulate import simulate as simulate_command
from assay.engine.write import content_hash
from assay.errors import UsageError
from assay.laboratory.campaign import Campaign
from assay.laboratory.campaign_files import write_campaign
from assay.laboratory.compared import compare, distance
from assay.laboratory.draws import Draws
from assay.laboratory.like_run import simulate_like
from assay.laboratory.likeness import find_likeness, read_source
from assay.laboratory.quantiles import POINTS, Quantiles
from assay.laboratory.rhythm import SHORT_S, find_rhythm, gap_states
from assay.laboratory.simulate import simulate
from assay.model.dataset import Dataset
from tests.laboratory.real_data import real_dataset

SOURCE = Campaign(
    accounts=300,
    organic_posts=4000,
    days=6,
    burst_accounts=60,
    seed=11,
    copy_share=0.1,
    groups=0,
    feed_accounts=0,
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A dataset whose every name, text, link and id is unmistakable."""
    folder = tmp_path_factory.mktemp("like")
    sim = simulate(SOURCE)
    posts = sim.posts

    def one(text: str | None) -> str | None:
        return text and "zqx" + hashlib.sha256(text.encode()).hexdigest()[:20]

    changed: dict[str, list[object]] = {
        name: [one(value) for value in posts[name].to_pylist()]
        for name in ("id", "account_id", "username", "repost_of", "text", "platform")
    }
    # A tracking parameter is no part of what a link is.
    changed["urls"] = [
        [f"https://{one(link.split('?')[0])}.example/x" for link in links]
        for links in posts["urls"].to_pylist()
    ]
    changed["hashtags"] = [[one(tag) for tag in tags] for tags in posts["hashtags"].to_pylist()]
    for name, column in changed.items():
        at = posts.column_names.index(name)
        field = posts.schema.field(name)
        posts = posts.set_column(at, field, pa.array(column, field.type))
    write_campaign(replace(sim, posts=posts), folder / "campaign")
    answer = CliRunner().invoke(
        import_command, [str(folder / "campaign" / "posts.csv"), "-o", str(folder / "dataset")]
    )
    assert answer.exit_code == 0, answer.output
    return Dataset(folder / "dataset")


def strings_of(dataset: Dataset) -> set[str]:
    """Every text, id, handle, link and name in a dataset, with its parts."""
    found: set[str] = set()
    for path in (dataset.posts, dataset.accounts, dataset.shares):
        table = pq.read_table(path)
        for name in table.column_names:
            if pa.types.is_string(table[name].type) and name not in ("kind", "status"):
                found.update(value for value in table[name].to_pylist() if value)
    parts = {part for value in found for part in value.replace("/", ":").split(":")}
    return {value for value in found | parts if len(value) >= 8}


@pytest.mark.parametrize("format_", ["csv", "share-table-parquet", "twitter-v2"])
def test_no_string_of_the_source_is_in_the_output(
    format_: str, source: Dataset, tmp_path: Path
) -> None:
    answer = CliRunner().invoke(
        simulate_command,
        ["--like", str(source.folder), "-o", str(tmp_path), "--format", format_, "--json"],
    )
    assert answer.exit_code == 0, answer.output
    # Every name, text, link and id of the source carries the mark, so none can be missed.
    strings = strings_of(source) - {"posts.csv"}
    assert len(strings) > 3000
    hashes = {value for value in strings if "zqx" not in value}
    assert all(re.fullmatch("[0-9a-f]{32}", value) for value in hashes)  # texts as objects
    written = [answer.output.encode(), *(path.read_bytes() for path in tmp_path.iterdir())]
    for path in tmp_path.glob("*.parquet"):
        written.append(json.dumps(pq.read_table(path).to_pylist(), default=str).encode())
    assert not [blob[:100] for blob in written if b"zqx" in blob]
    found = {one.decode() for blob in written for one in re.findall(b"[0-9a-f]{32}", blob)}
    assert not hashes & found


def test_simulation_is_near_the_source(source: Dataset) -> None:
    made = simulate_like(Campaign(groups=0), source.folder)
    far = {row.name: row.distance for row in made.comparisons if row.distance > 0.2}
    assert far == {}
    near = [row for row in made.comparisons if row.name == "sharers of an object"]
    assert len(near) == 4
    assert all(row.distance < 0.02 for row in near)
    counts = [abs(a / b - 1) for a, b in _lengths(source, made.sim.posts.num_rows)]
    assert max(counts) < 0.25


def _lengths(source: Dataset, posts: int) -> list[tuple[int, int]]:
    """Posts beside the shares that the statistics are of (each becomes a post)."""
    shares = sum(len(one) for one in read_source(source).kinds.values())
    originals = len(np.unique(read_source(source).kinds["repost"].objects))
    return [(posts, shares + originals)]


def test_same_seed_same_tables_other_seed_others(source: Dataset) -> None:
    first, again, other = (
        simulate_like(Campaign(groups=1, seed=seed), source.folder).sim for seed in (1, 1, 2)
    )
    assert content_hash(first.posts) == content_hash(again.posts)
    assert content_hash(first.posts) != content_hash(other.posts)


def test_groups_are_planted_in_it_and_the_truth_knows_them(source: Dataset) -> None:
    sim = simulate_like(Campaign(groups=3, group_size_max=8), source.folder).sim
    planted = sim.truth.filter(pc.equal(sim.truth["role"], "planted"))
    assert len(planted) == sum(len(group.account_ids) for group in sim.groups if not group.declared)
    assert pc.min(planted["joint_posts"]).as_py() > 0
    total = pc.sum(sim.truth["joint_posts"]).as_py() + pc.sum(sim.truth["organic_posts"]).as_py()
    assert total == sim.posts.num_rows
    reposts = sim.posts.filter(sim.posts["repost_of"].is_valid())
    target = sim.posts.take(pc.index_in(reposts["repost_of"], sim.posts["id"].combine_chunks()))
    assert pc.all(pc.equal(target["platform"], reposts["platform"])).as_py()
    assert pc.all(pc.less_equal(target["created_at"], reposts["created_at"])).as_py()


def test_what_the_data_decide_cannot_be_set(source: Dataset, tmp_path: Path) -> None:
    answer = CliRunner().invoke(
        simulate_command,
        ["--like", str(source.folder), "-o", str(tmp_path / "out"), "--days", "3"],
    )
    assert isinstance(answer.exception, UsageError)
    assert "--days" in str(answer.exception)
    assert not (tmp_path / "out").exists()


def test_a_data_set_is_at_no_distance_from_itself(source: Dataset) -> None:
    kinds = read_source(source).kinds
    assert all(row.distance == 0 for row in compare(kinds, kinds))


@given(st.lists(st.floats(0, 100), min_size=1), st.lists(st.floats(0, 100), min_size=1))
def test_distance_is_between_0_and_1_and_symmetric(one: list[float], other: list[float]) -> None:
    a, b = np.array(one), np.array(other)
    assert 0 <= distance(a, b) <= 1
    assert distance(a, b) == distance(b, a)
    assert distance(a, a) == 0
    assert distance(a, a + 1000) == 1


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=400), st.integers(0, 2**31))
def test_quantiles_are_few_and_draws_stay_in_range(sample: list[int], seed: int) -> None:
    quantiles = Quantiles.of(np.array(sample))
    assert len(quantiles.values) <= POINTS
    drawn = quantiles.counts(Draws(seed, "q"), 500)
    assert min(sample) <= drawn.min()
    assert drawn.max() <= max(sample)


@given(st.lists(st.integers(0, 3 * 10**7), min_size=2, max_size=300, unique=True))
def test_operational_time_runs_forward_and_back(seconds: list[int]) -> None:
    times_us = np.sort(np.array(seconds)) * 1_000_000
    rhythm = find_rhythm(times_us)
    elapsed = rhythm.operational(times_us)
    assert (np.diff(elapsed) > 0).all()
    assert elapsed.min() >= 0
    assert elapsed.max() <= 1
    back = rhythm.seconds(elapsed)
    assert np.allclose(back, (times_us - rhythm.first_us) / 1e6, atol=1e-3)


@given(st.floats(0, 1e8))
def test_every_gap_has_one_state(gap_s: float) -> None:
    state = int(gap_states(np.array([gap_s]), np.array([gap_s]))[0])
    assert (state < 13) == (gap_s < SHORT_S)
    if 1 <= gap_s < 2048:
        assert 2 ** (state - 1) <= gap_s < 2**state


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "options", "most"),
    [
        ("coortweet/russian_coord_tweets.parquet", [], 0.15),
        (
            "coortweet/german_elections.parquet",
            ["--map", "link=url_id", "--map", "hashtag=hashtag_id", "--map", "image=phash_id"],
            0.2,
        ),
    ],
)
def test_simulation_is_near_real_data(
    name: str, options: list[str], most: float, tmp_path: Path
) -> None:
    """Every statistic of real data within a distance, and none of their ids in the output."""
    dataset = real_dataset(name, options, tmp_path)
    made = simulate_like(Campaign(groups=0, feed_accounts=0), dataset.folder)
    assert {(row.kind, row.name): row.distance for row in made.comparisons
            if row.distance > most} == {}  # fmt: skip
    write_campaign(made.sim, tmp_path / "out")
    text = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    # Ids of digits alone would be met by chance among so many numbers.
    strings = {value for value in strings_of(dataset) if not value.isdigit()}
    assert len(strings) > 1000
    words = set(text.replace('"', ",").replace("\n", ",").replace("/", ",").split(","))
    assert not strings & words


@pytest.mark.data
@pytest.mark.slow
def test_simulation_is_near_minutes_of_many_kinds(tmp_path: Path) -> None:
    dataset = real_dataset("ira-tweets/tweets.parquet", [], tmp_path)
    source = read_source(dataset)
    assert find_likeness(source).resolution_s == 60
    made = simulate_like(Campaign(groups=0, feed_accounts=0), dataset.folder)
    far = {(row.kind, row.name) for row in made.comparisons if row.distance > 0.2}
    # A handful of automated feeds share their links; what ties them is finer than communities.
    assert far <= {("link", "common objects of a pair")}
