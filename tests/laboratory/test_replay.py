"""A replay says what a fresh run of the detector says of the same shares, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assay.detectors.activity import activity_of
from assay.detectors.base import DetectorContext
from assay.detectors.coaction import CoactionDetector
from assay.detectors.coaction_parameters import Coaction
from assay.laboratory.baseline import Baseline, run_baseline
from assay.laboratory.campaign import Campaign
from assay.laboratory.campaign_files import share_table
from assay.laboratory.draws import Draws
from assay.laboratory.planting import Group, Planted, plant
from assay.laboratory.replay import activity_with, found_members, retested
from assay.laboratory.simulate import simulate
from assay.model.dataset import Dataset, RunFolder
from assay.model.progress import Silent
from assay.model.tables import SHARES, UTC_US

BUSY = Campaign(
    accounts=150, organic_posts=6000, days=2, burst_accounts=100, burst_median_s=300.0,
    group_size_max=7, delay_median_s=600.0, shares_per_story=40.0,
)  # fmt: skip
"""Many accounts at the same stories within minutes, so that plantings disturb many pairs."""

# κ is set: a planting is replayed with what was learnt without it, a fresh run would learn anew.
COACTION = Coaction(kinds=("link", "hashtag", "repost"), windows_s=(30.0, 90.0), shrinkage=5.0)


def write_shares(table: pa.Table, folder: Path) -> Dataset:
    folder.mkdir()
    dataset = Dataset(folder)
    keys = ("kind", "object_id", "shared_at", "account_id")
    pq.write_table(table.sort_by([(key, "ascending") for key in keys]), dataset.shares)
    return dataset


def context_for(dataset: Dataset, work: Path) -> DetectorContext:
    work.mkdir()
    return DetectorContext(dataset, RunFolder(work), work, None, 1 << 30, 1, Silent())


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, Baseline]:
    folder = tmp_path_factory.mktemp("replay")
    made = share_table(simulate(BUSY))
    made = made.filter(pc.is_in(made["kind"], pa.array(COACTION.kinds)))
    shares = pa.table(
        {
            "account_id": made["account_id"],
            "kind": made["kind"],
            "object_id": made["object_id"],
            "post_id": made["content_id"],
            "shared_at": pc.multiply(made["timestamp_share"], 1_000_000).cast(UTC_US),
        },
        schema=SHARES,
    )
    context = context_for(write_shares(shares, folder / "data"), folder / "work")
    return shares, run_baseline(COACTION, context)


def as_rows(planted: Planted, base: Baseline, shares: pa.Table, kind: str) -> pa.Table:
    """The group's shares as a dataset would hold them; new ids sort last, as new numbers do."""
    of_kind = shares.filter(pc.equal(shares["kind"], kind))
    ids = sorted(set(of_kind["object_id"].to_pylist()))
    all_, rows = planted.shares, planted.rows
    before = base.shares[kind].account_count
    objects = all_.objects[rows].tolist()
    return pa.table(
        {
            "account_id": [f"zz{number - before:03}" for number in all_.accounts[rows].tolist()],
            "kind": [kind] * len(rows),
            "object_id": [ids[o] if o < len(ids) else f"zz{o - len(ids):04}" for o in objects],
            "post_id": [f"zz{number}" for number in range(len(rows))],
            "shared_at": pa.array(all_.times_us[rows]).cast(UTC_US),
        },
        schema=SHARES,
    )


GROUPS = [Group(3, 8, 20.0), Group(6, 8, 20.0, 1.0), Group(12, 16, 200.0), Group(2, 30, 5.0, 0.0)]


@pytest.mark.parametrize("kind", ["link", "hashtag"])
@pytest.mark.parametrize("group", GROUPS, ids=str)
def test_replay_equals_a_fresh_run(
    group: Group, kind: str, busy: tuple[pa.Table, Baseline], tmp_path: Path
) -> None:
    shares, base = busy
    own, flags = base.shares[kind], base.is_first[kind]
    planted = plant(own, flags, group, base.activity.resolution_us, Draws(3, str(group)))
    everything = pa.concat_tables([shares, as_rows(planted, base, shares, kind)])
    context = context_for(write_shares(everything, tmp_path / "data"), tmp_path / "work")
    record = CoactionDetector().run(COACTION, context)

    activity = activity_with(base.activity, planted)
    for window, member in zip(base.windows, record["family"]["members"], strict=True):
        here = window.kind == kind
        part = retested(base, window, planted, activity, planted_here=here)
        assert part.family == member["pairs_at_risk"]
        fresh = pq.read_table(context.work / f"pairs-{window.kind}-{window.window_us}.parquet")
        told = {
            (i, j): (p0, p1)
            for i, j, p0, p1 in zip(
                fresh["account_i"].to_pylist(), fresh["account_j"].to_pylist(),
                fresh["p_0"].to_pylist(), fresh["p_1"].to_pylist(), strict=True,
            )
        }  # fmt: skip
        replayed = dict.fromkeys(told, (1.0, 1.0))
        replayed |= dict(
            zip(zip(*map(np.ndarray.tolist, window.pairs), strict=True),
                map(tuple, window.p_values.T.tolist()), strict=True)
        )  # fmt: skip
        for i, j, p_values in zip(*part.pairs, part.p_values.T.tolist(), strict=True):
            key = (int(min(i, j)), int(max(i, j)))
            # A pair without enough co-timed objects is no candidate; its p is 1 in both.
            if key in told or min(p_values) < 1:
                replayed[key] = tuple(p_values)
        assert replayed == told

    edges = pq.read_table(context.run.edges)
    edges = edges.filter(
        pc.and_(edges["kept"], pc.and_(pc.starts_with(edges["account_a"], "zz"),
                                       pc.starts_with(edges["account_b"], "zz")))
    )  # fmt: skip
    fresh_found = {*edges["account_a"].to_pylist(), *edges["account_b"].to_pylist()}
    found = found_members(base, kind, planted)
    assert {f"zz{number:03}" for number in np.flatnonzero(found)} == fresh_found


def test_some_groups_are_found_and_some_tests_stay_as_they_were(
    busy: tuple[pa.Table, Baseline],
) -> None:
    """Otherwise the comparison above would compare nothing."""
    _, base = busy
    group = GROUPS[0]
    planted = plant(base.shares["link"], base.is_first["link"], group, 1_000_000, Draws(3, "x"))
    activity = activity_with(base.activity, planted)
    window = next(one for one in base.windows if one.kind == "link")
    part = retested(base, window, planted, activity, planted_here=True)
    old = len(window.pairs[0])
    again = int((np.maximum(*part.pairs) < base.shares["link"].account_count).sum())
    assert 0 < again < old
    groups = [Group(3, 16, 20.0, 0.0), Group(4, 16, 10.0)]
    draws = [Draws(1, str(group)) for group in groups]
    assert all(
        found_members(
            base, "link", plant(base.shares["link"], base.is_first["link"], group, 10**6, draw)
        ).any()
        for group, draw in zip(groups, draws, strict=True)
    )


def test_activity_with_a_group_is_the_activity_of_all_shares(
    busy: tuple[pa.Table, Baseline],
) -> None:
    _, base = busy
    planted = plant(
        base.shares["link"], base.is_first["link"], Group(5, 9, 3.0), 1_000_000, Draws(9, "a")
    )
    merged = activity_with(base.activity, planted)
    fresh = activity_of([{**base.shares, "link": planted.shares}[kind] for kind in base.shares],
                        1_000_000)  # fmt: skip
    assert (merged.times_us == fresh.times_us).all()
    assert (merged.accounts == fresh.accounts).all()
