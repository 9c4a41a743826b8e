"""Where people react about as fast as the window is long, the run says so, and nowhere else."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detectors.made_detection import BEGIN_US, SECOND_US, Act, write_shares
from tests.detectors.made_shares import arrays_of
from tests.detectors.test_in_memory import acts_of

from assay.detectors.arrays import first_flags, taken
from assay.detectors.base import DetectorContext
from assay.detectors.block_grid import BlockGrid, positions
from assay.detectors.coaction import CoactionDetector
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.reactions import (
    LEAST,
    MANY,
    OFTEN,
    QUICK,
    CandidateTests,
    Reactions,
    limits_told,
    reactions_of,
    reactions_told,
)
from assay.engine.read_back import findings_back, json_back
from assay.engine.write import write_json, write_table
from assay.importers.report import ImportOptions
from assay.laboratory.worlds import World, find_worlds, make_world
from assay.laboratory.worlds_habits import few
from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.model.tables import ACCOUNTS, POSTS, REJECTS
from assay.workbench import RunOptions, scan


def group_of_six() -> list[Act]:
    """Ten links shared by six accounts within seconds, and sixty others by anybody over days."""
    rng = np.random.default_rng(4)
    acts = [
        Act(f"x:g{account}", f"own{thing}", BEGIN_US + (thing * 30_000 + account) * SECOND_US)
        for thing in range(10)
        for account in range(6)
    ]
    return acts + [
        Act(f"x:{account}", f"any{thing}", BEGIN_US + int(rng.integers(0, 300_000)) * SECOND_US)
        for thing in range(60)
        for account in rng.choice(40, 8, replace=False)
    ]


FAST = Reactions("link", 60.0, 600.0, LEAST, QUICK + 0.01, OFTEN + 0.01, 10 * MANY - 1, MANY)
SLOW = dataclasses.replace(FAST, window_s=20.0, delta_s=200.0, met=QUICK)


def test_a_run_says_where_people_react_too_fast(tmp_path: Path) -> None:
    """Thirty accounts follow each story within three minutes."""
    made = make_world(World("few", "few", few(30, 6, 180.0)), 3, 0, None)
    (tmp_path / "work").mkdir()
    context = DetectorContext(
        write_shares(tmp_path / "dataset", acts_of(made)),
        RunFolder(tmp_path),
        tmp_path / "work",
        None,
        1_000_000_000,
        1,
        Silent(),
        edges_only=True,
    )
    record = CoactionDetector().run(Coaction(windows_s=(20.0, 300.0)), context)
    slow, quick = record["reactions"]["windows"]
    assert (slow["window_s"], slow["limit"]) == (20.0, None)
    assert quick["window_s"] == 300.0
    assert quick["joined"] == quick["accounts"] == 30
    assert "in the same 50 minutes" in quick["limit"]
    (says,) = record["reactions"]["says"]
    assert says in record["notes"]
    assert says.startswith("Too fast for the test: objects at 5 min. ")
    assert says.endswith(" Rely on the window of 20 s.")


def test_a_scan_hands_the_limits_to_its_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Reactions, "too_fast", property(lambda one: one.window_s > 30))
    dataset = write_shares(tmp_path / "dataset", group_of_six())
    for path, schema in (
        (dataset.posts, POSTS),
        (dataset.accounts, ACCOUNTS),
        (dataset.rejects, REJECTS),
    ):
        write_table(path, schema.empty_table(), schema)
    write_json(dataset.manifest, {})
    run = RunFolder(tmp_path / "run")
    asked = Coaction(windows_s=(20.0, 60.0), surrogates=0)
    scan([dataset.folder], run, ImportOptions(), asked, RunOptions(report=False), Silent())
    slow, quick = json_back(run.run)["reactions"]["windows"]
    assert slow["limit"] is None
    findings = findings_back(run.findings)
    assert findings
    assert all(quick["limit"] in finding["limits"] for finding in findings)


def test_groups_among_people_who_take_their_time_are_no_public() -> None:
    """A third of what these groups share is shared by nobody else, within seconds."""
    (world,) = find_worlds(["zones"])
    made = make_world(world, 3, 0, 20.0)
    first = taken(made.shares, first_flags(made.shares))
    grid = BlockGrid(1_000_000, 60, 10, 229)
    i, j = (one.ravel() for one in np.meshgrid(*2 * [np.arange(first.account_count)]))
    inside = made.together(i, j) & (i < j)
    # Every pair of a group passes, more than there ought to be, and nobody else does.
    tests = CandidateTests(i[inside], j[inside], np.zeros(inside.sum()), 2_000, 2)
    found = reactions_of("link", 60.0, first, grid, tests)
    assert found.small > OFTEN
    assert found.joined == max(made.sizes)
    assert found.met < QUICK
    assert not found.too_fast


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 6), st.integers(0, 3_000)),
        min_size=1,
        max_size=40,
    )
)
def test_the_part_that_met_is_that_of_all_pairs(rows: list[tuple[int, int, int]]) -> None:
    shares = arrays_of([(thing, account, at * 1_000_000) for thing, account, at in rows])
    first = taken(shares, first_flags(shares))
    grid = BlockGrid(1_000_000, 60, 10, 229)
    blocks, _ = positions(first.times_us, grid)
    parts = []
    for begin, end in itertools.pairwise(first.starts.tolist()):
        pairs = [
            abs(int(first.times_us[one] - first.times_us[two])) <= 60_000_000
            for one, two in itertools.combinations(range(begin, end), 2)
            if blocks[one] == blocks[two]
        ]
        if pairs:
            parts.append(np.mean(pairs))
    none = np.empty(0, np.int64)
    found = reactions_of("link", 60.0, first, grid, CandidateTests(none, none, np.empty(0), 0, 2))
    assert found.objects == len(parts)
    assert found.met == pytest.approx(np.median(parts) if parts else 0.0)
    assert (found.small, found.joined) == (0.0, 0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=15))
def test_the_largest_set_is_that_of_the_graph(pairs: list[tuple[int, int]]) -> None:
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    i, j = np.array(pairs, np.int64).reshape(-1, 2).T
    p_values = np.where(np.arange(len(pairs)) % 3 == 2, 0.051, 0.05)
    first = arrays_of([(0, account, account * 1_000_000) for account in range(10)])
    tests = CandidateTests(i, j, p_values, 100, 1)
    found = reactions_of("link", 60.0, first, BlockGrid(1_000_000, 60, 10, 229), tests)
    small = [pair for pair, p in zip(pairs, p_values, strict=True) if p <= 0.05]
    sets = nx.connected_components(nx.Graph(small))
    assert found.joined == max(map(len, sets), default=0)
    assert found.small == len(small) / 100
    assert found.accounts == 10


@pytest.mark.parametrize(
    "change",
    [
        {"objects": LEAST - 1},
        {"met": QUICK},
        {"small": OFTEN},
        {"joined": MANY - 1},
        {"accounts": 10 * MANY},
    ],
)
def test_each_figure_alone_keeps_it_silent(change: dict[str, Any]) -> None:
    assert FAST.too_fast
    quiet = dataclasses.replace(FAST, **change)
    assert not quiet.too_fast
    assert reactions_told([quiet], 2.0)["says"] == []


def test_it_advises_what_can_be_done() -> None:
    (says,) = reactions_told([SLOW, FAST], 2.0)["says"]
    assert says.endswith(" Rely on the window of 20 s.")
    (says,) = reactions_told([FAST], 2.0)["says"]
    assert says.endswith(" Test a shorter window as well, such as 20 s.")
    (says,) = reactions_told([FAST], 60.0)["says"]
    assert says.endswith(": these pairs stay undecided.")
    long = dataclasses.replace(FAST, window_s=300.0)
    hashtags = dataclasses.replace(FAST, kind="hashtag")
    (says,) = reactions_told([FAST, long, hashtags], 2.0)["says"]
    assert says.startswith("Too fast for the test: links at 60 s and 5 min and hashtags at 60 s.")


def test_it_proposes_no_window_that_was_too_fast_itself_or_that_there_is_not() -> None:
    told = reactions_told([dataclasses.replace(FAST, window_s=20.0), FAST], 2.0)
    assert all(one["limit"].endswith(", such as 7 s.") for one in told["windows"])
    long = dataclasses.replace(FAST, window_s=300.0)
    (says,) = reactions_told([long], 120.0)["says"]
    assert says.endswith(" Test a shorter window as well, such as 120 s.")


def test_where_every_pair_is_close_it_says_so_in_plain_figures() -> None:
    (told,) = reactions_told([dataclasses.replace(FAST, small=1.0)], 2.0)["windows"]
    assert " 100 % of all pairs that could be tested " in told["limit"]


def test_a_finding_names_its_own_kinds_and_windows_alone() -> None:
    told = reactions_told([SLOW, FAST, dataclasses.replace(FAST, kind="hashtag")], 2.0)["windows"]
    limit, other = told[1]["limit"], told[2]["limit"]
    assert limit != other
    assert limits_told(told, {("link", 20.0), ("link", 60.0)}) == [limit]
    assert limits_told(told, {("link", 60.0), ("hashtag", 60.0)}) == [limit, other]
    assert limits_told(told, {("link", 20.0)}) == []
    # One kind at a window of another's is none of the finding's own.
    assert limits_told(told, {("link", 20.0), ("hashtag", 60.0)}) == [other]
