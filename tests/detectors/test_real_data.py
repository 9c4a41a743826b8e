"""The detector on real data: figures measured independently, and silence on surrogates."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.detectors.made_detection import SECOND_US, Act, Detected, detect, write_shares

from assay.detectors.block_grid import block_grids, positions
from assay.detectors.coaction_parameters import Coaction

pytestmark = pytest.mark.data

WINDOW_S = 60.0


def acts_of(path: Path, object_column: str) -> list[Act]:
    """Shares with an object, an account and a time; whatever object counts as ``object``."""
    table = pq.read_table(path).to_pydict()
    times = table.get("timestamp_share") or table["timestamp"]
    return [
        Act(str(account), str(obj), int(at) * SECOND_US, "object")
        for account, obj, at in zip(table["account_id"], table[object_column], times, strict=True)
        if account is not None and obj is not None and at is not None
    ]


@pytest.fixture(scope="module")
def russian(shared_data: Path) -> list[Act]:
    return acts_of(shared_data / "data" / "coortweet" / "russian_coord_tweets.parquet", "object_id")


@pytest.fixture(scope="module")
def images(shared_data: Path) -> list[Act]:
    return acts_of(shared_data / "data" / "coortweet" / "german_elections.parquet", "phash_id")


def run(folder: Path, acts: list[Act], parameters: Coaction) -> Detected:
    return detect(folder / "out", write_shares(folder / "dataset", acts), parameters, threads=2)


def jittered(acts: list[Act], seed: int) -> list[Act]:
    """Each time drawn anew inside its block of 600 s: whatever is found is false."""
    (grid,) = block_grids(WINDOW_S, (10.0,), SECOND_US)
    blocks, _ = positions(np.array([act.at_us for act in acts]), grid)
    inside = np.random.default_rng(seed).integers(0, grid.block_ticks, len(acts))
    begin = int(min(act.at_us for act in acts)) // SECOND_US + grid.phase_ticks
    blocks = blocks.astype(np.int64) + begin // grid.block_ticks
    ticks = blocks * grid.block_ticks - grid.phase_ticks + inside
    return [
        replace(act, at_us=int(tick) * SECOND_US) for act, tick in zip(acts, ticks, strict=True)
    ]


def test_russian_retweets_hold_no_pair_beyond_chance(russian: list[Act], tmp_path: Path) -> None:
    found = run(tmp_path, russian, Coaction(windows_s=(WINDOW_S,)))
    (member,) = found.record["family"]["members"]
    assert member["pairs_with_common_objects"] == 149_673
    assert member["pairs_with_common_objects_how"] == "exact"
    assert found.record["results"]["candidates"] == 32
    assert found.record["results"]["kept"] == 0


def test_german_images_hold_some(images: list[Act], tmp_path: Path) -> None:
    found = run(tmp_path, images, Coaction(windows_s=(10.0, WINDOW_S)))
    members = found.record["family"]["members"]
    assert [member["pairs_with_common_objects"] for member in members] == [1_997, 1_997]
    # By first shares, which the gate counts; later repeats add 1 and 4 pairs to the network.
    gate = [
        row["window_s"]
        for row in found.tests.to_pylist()
        if row["delta_s"] == 10 * row["window_s"] and row["co_timed_objects"] >= 2
    ]
    assert (gate.count(10.0), gate.count(60.0)) == (147, 302)
    windows = found.edges["window_s"].to_pylist()
    assert (windows.count(10.0), windows.count(60.0)) == (148, 306)
    assert found.record["results"]["kept"] > 20


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_jittered_surrogates_keep_almost_nothing(
    images: list[Act], tmp_path: Path, seed: int
) -> None:
    found = run(tmp_path, jittered(images, seed), Coaction(windows_s=(WINDOW_S,), deltas=(10.0,)))
    assert found.record["results"]["candidates"] > 50
    assert found.record["results"]["kept"] <= 2
