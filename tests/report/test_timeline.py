"""Timelines count every share once and mark those at the same moment."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from tests.report.made_groups import Plan
from tests.report.made_run import make_run

from assay.report.evidence import read_evidence
from assay.report.gather import gather
from assay.report.timeline import BINS, Timeline, _binned, draw_timeline, make_timelines


def test_counts_are_those_of_the_tables(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(6, 4)))
    gathered = gather(run)
    timelines = make_timelines(gathered, read_evidence(gathered))
    shares = pq.read_table(run.dataset.shares)
    accounts = pq.read_table(run.network_accounts)
    pairs = [pq.read_table(path) for path in sorted(run.evidence.glob("*/pairs.parquet"))]
    assert sorted(timelines) == [0, 1]
    for number, timeline in timelines.items():
        own = accounts.filter(pc.equal(accounts["community"], number))["account_id"]
        count = pc.sum(pc.is_in(shares["account_id"], own.combine_chunks())).as_py()
        assert timeline.shares.sum() == count
        near = {
            (row[f"account_{side}"], row["object_id"], row[f"shared_at_{side}"])
            for row in pairs[number].to_pylist()
            if row["co_timed"]
            for side in "ab"
        }
        assert timeline.co_timed.sum() == len(near)


def test_without_a_dataset_the_evidence_stands_in(tmp_path: Path) -> None:
    run = make_run(tmp_path, Plan(groups=(6,)))
    gathered = gather(run)
    before = make_timelines(gathered, read_evidence(gathered))[0]
    run.dataset.shares.unlink()
    after = make_timelines(gathered, read_evidence(gathered))[0]
    assert np.array_equal(before.shares, after.shares)


@given(st.lists(st.integers(0, 2_000_000_000_000_000), min_size=1, max_size=50))
def test_any_times_fit_into_the_bins(times: list[int]) -> None:
    near = np.array(times[: len(times) // 2], dtype=np.int64)
    timeline = _binned(0, np.array(times, dtype=np.int64), near)
    assert len(timeline.shares) <= BINS + 2
    assert timeline.shares.sum() >= len(times)
    assert (timeline.shares >= timeline.co_timed).all()


def test_the_drawing_is_well_formed_and_the_same_every_time() -> None:
    timeline = Timeline(3, 1_700_000_000_000_000, 60.0, np.array([3, 0, 7]), np.array([1, 0, 7]))
    drawing = draw_timeline(timeline, standalone=True)
    assert drawing == draw_timeline(timeline, standalone=True)
    root = ET.fromstring(str(drawing))
    bars = [path for path in root.iter() if path.get("class") in ("all", "near")]
    assert [path.get("d", "").count("M") for path in bars] == [2, 2]
    assert "10 shares" in (root[0].text or "")
