"""The whole detector on small datasets, against loops, and the same however it is run."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from tests.detectors.made_detection import (
    BEGIN_US,
    SECOND_US,
    Act,
    Detected,
    detect,
    slow_edges,
    world,
    write_shares,
)

from assay.detectors.block_grid import block_grids
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.interval import chosen_half
from assay.engine.write import content_hash
from assay.errors import InputError, UsageError

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def run(
    tmp_path: Path, acts: list[Act], parameters: Coaction | None = None, **how: Any
) -> Detected:
    folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
    return detect(folder / "out", write_shares(folder / "dataset", acts), parameters, **how)


def microseconds(at: datetime.datetime) -> int:
    return (at - EPOCH) // datetime.timedelta(microseconds=1)


def assert_edges_are(found: Detected, acts: list[Act], *, min_shared: int = 2) -> None:
    """Every row of the edge table, for each kind and window, against loops."""
    resolution_us = round(found.record["data"]["time_resolution_s"] * 1e6)
    left = found.pairs()
    for member in found.record["family"]["members"]:
        kind, window_s = member["kind"], member["window_s"]
        deltas = tuple(delta / window_s for delta in member["deltas_s"])
        grid = block_grids(window_s, deltas, resolution_us)[0]
        for (a, b), wanted in slow_edges(acts, kind, window_s, grid, min_shared).items():
            row = left.pop((kind, window_s, a, b))
            for name in ("shared_objects", "co_shares", "common_objects"):
                assert row[name] == wanted[name], (a, b, name)
            assert microseconds(row["first_at"]) == wanted["first_at"]
            assert microseconds(row["last_at"]) == wanted["last_at"]
            assert row["median_gap_s"] == pytest.approx(wanted["median_gap_s"], rel=1e-11)
            assert row["expected"] == pytest.approx(wanted["expected"], rel=1e-9)
            assert row["delta_s"] == grid.delta_s
    assert not left


def assert_q_values_are(found: Detected, fdr: float = 0.05) -> None:
    """q over every test of the run, out of the whole family."""
    tests = found.tests.to_pylist()
    family = found.record["family"]["tests"]
    untested = family - len(tests)
    assert untested >= 0
    p_values = np.array([row["p_value"] for row in tests] + [1.0] * untested)
    q_values = stats.false_discovery_control(p_values) if len(p_values) else p_values
    for row, q in zip(tests, q_values, strict=False):
        assert row["q_value"] == pytest.approx(q, rel=1e-10)
    of_edge = {
        (row["kind"], row["window_s"], row["account_a"], row["account_b"], row["delta_s"]): row
        for row in tests
    }
    for key, row in found.pairs().items():
        gate = of_edge[(*key, row["delta_s"])]
        assert row["p_value"] == gate["p_value"]
        assert row["q_value"] == gate["q_value"]
        assert row["kept"] == (row["q_value"] <= fdr)
        deltas = [k[-1] for k in of_edge if k[:-1] == key]
        assert row["delta_s"] == min(deltas)
    assert found.record["results"]["kept"] == sum(row["kept"] for row in found.pairs().values())


@pytest.mark.parametrize("seed", [1, 2])
def test_edges_equal_loops(tmp_path: Path, seed: int) -> None:
    acts = world(seed, size=700, planted=("x:900", "x:901", "x:902"))
    found = run(tmp_path, acts)
    assert len(found.edges) > 50
    assert_edges_are(found, acts)
    assert_q_values_are(found)
    kept = {(row["account_a"], row["account_b"]) for row in found.pairs().values() if row["kept"]}
    assert kept == set(itertools.combinations(("x:900", "x:901", "x:902"), 2))


def test_windows_and_kinds_are_one_family(tmp_path: Path) -> None:
    acts = world(3, kinds=("link", "hashtag"), planted=("x:a", "x:b"))
    parameters = Coaction(
        windows_s=(60.0, 10.0, 300.0), kinds=("link", "hashtag", "image"), shrinkage=5.0
    )
    found = run(tmp_path, acts, parameters)
    members = found.record["family"]["members"]
    assert [(member["kind"], member["window_s"]) for member in members] == [
        (kind, window_s) for kind in ("link", "hashtag") for window_s in (10.0, 60.0, 300.0)
    ]
    assert found.record["family"]["tests"] == sum(2 * m["pairs_at_risk"] for m in members)
    assert_edges_are(found, acts)
    assert_q_values_are(found)
    assert found.edges.column("kind").unique().to_pylist() == ["hashtag", "link"]
    # Sorted by the key, so that a file says the same whoever wrote it.
    keys = list(found.pairs())
    assert keys == sorted(keys)


def test_accounts_are_numbered_over_all_kinds(tmp_path: Path) -> None:
    """An account with one kind only must not shift the others' names."""
    acts = [Act("x:a", "t", BEGIN_US, "hashtag")]
    for number in range(3):
        for name in ("x:b", "x:c"):
            acts.append(Act(name, f"o{number}", BEGIN_US + number * 10**10))
    found = run(tmp_path, acts)
    assert [key[2:] for key in found.pairs()] == [("x:b", "x:c")]


def test_one_shared_object_is_enough_when_asked(tmp_path: Path) -> None:
    acts = world(4, size=120)
    found = run(tmp_path, acts, Coaction(min_shared=1, shrinkage=5.0))
    assert_edges_are(found, acts, min_shared=1)
    assert_q_values_are(found)
    assert min(found.edges["shared_objects"].to_pylist()) == 1


def test_repeats_of_one_account_are_no_edge_and_count_as_share_pairs(tmp_path: Path) -> None:
    acts = [Act("x:a", "o1", BEGIN_US + n * SECOND_US) for n in range(3)]
    acts += [Act("x:a", "o1", BEGIN_US)]  # a second post at the very same moment
    acts += [Act("x:b", "o1", BEGIN_US + 60 * SECOND_US), Act("x:b", "o2", BEGIN_US)]
    acts += [Act("x:a", "o2", BEGIN_US + 61 * SECOND_US), Act("x:a", "o3", BEGIN_US)]
    acts += [Act("x:b", "o3", BEGIN_US)]
    found = run(tmp_path, acts)
    assert_edges_are(found, acts)
    ((_, row),) = found.pairs().items()
    assert (row["shared_objects"], row["co_shares"], row["common_objects"]) == (2, 5, 3)


@pytest.mark.parametrize(
    ("step_us", "window_s"),
    [(60 * SECOND_US, 120.0), (86_400 * SECOND_US, 172_800.0), (3_600 * SECOND_US, 7_200.0)],
    ids=["minutes", "days", "hours"],
)
def test_a_coarse_clock_widens_the_window_and_says_so(
    tmp_path: Path, step_us: int, window_s: float
) -> None:
    acts = world(5, step_us=step_us, span_s=300 * step_us // SECOND_US)
    # The world is aligned to the step, which its beginning is not.
    acts = [Act(a.account, a.object, a.at_us - a.at_us % step_us, a.kind) for a in acts]
    found = run(tmp_path, acts)
    assert found.record["data"]["time_resolution_s"] == step_us / 1e6
    assert found.record["parameters"]["windows_s"] == (window_s,)
    assert any("twice the data's time resolution" in line for line in found.said)
    assert_edges_are(found, acts)
    with pytest.raises(UsageError, match="resolution"):
        run(tmp_path, acts, Coaction(windows_s=(step_us / 1e6,)))


@pytest.mark.parametrize(
    ("step_s", "windows_s", "advice"),
    [
        (1, (60.0, 3_600.0), "Rely on the shorter windows."),
        (1, (3_600.0,), "Test a shorter window as well."),
        (3_600, (7_200.0,), "The data's times are too coarse for a shorter one."),
    ],
)
def test_a_long_window_is_told_with_what_to_rely_on(
    tmp_path: Path, step_s: int, windows_s: tuple[float, ...], advice: str
) -> None:
    step_us = step_s * SECOND_US
    acts = world(5, size=100, step_us=step_us, span_s=300 * step_s)
    acts = [Act(a.account, a.object, a.at_us - a.at_us % step_us, a.kind) for a in acts]
    found = run(tmp_path, acts, Coaction(windows_s=windows_s, shrinkage=5.0))
    (told,) = [note for note in found.record["notes"] if "the gate's blocks" in note]
    assert told.endswith(f"accounts that merely keep the same hours can pass. {advice}")


@pytest.mark.parametrize(
    ("apart_s", "deltas", "told"),
    [
        (5, (10.0, 30.0), "Only 2 tests were possible: "),
        (5, (10.0,), "Only 1 test was possible: "),
        (90_000, (10.0,), "No test was possible: "),
    ],
)
def test_data_that_are_too_thin_are_told_so(
    tmp_path: Path, apart_s: int, deltas: tuple[float, ...], told: str
) -> None:
    acts = [
        Act(name, f"o{number}", BEGIN_US + (number * 1_000_000 + late_s) * SECOND_US)
        for number in range(2)
        for name, late_s in (("x:a", 0), ("x:b", apart_s))
    ]
    notes = run(tmp_path, acts, Coaction(deltas=deltas, shrinkage=5.0)).record["notes"]
    assert f"{told}this data set is too thin to say that nothing is there." in notes


def test_a_cap_is_told_in_the_result(tmp_path: Path) -> None:
    acts = world(6, objects=6)
    hub = [Act(f"x:{n:03}", "hub", BEGIN_US + n * SECOND_US) for n in range(80)]
    capped = run(tmp_path, acts + hub, Coaction(max_sharers=70, shrinkage=5.0))
    (cap,) = capped.record["caps"]
    assert "--max-sharers 70" in cap
    assert "1 object of kind link with 80 shares was left out" in cap
    assert cap in capped.record["notes"]
    without = run(tmp_path, acts)
    # The moments of what was left out still count as activity of the data: π may differ.
    facts = ["account_a", "account_b", "shared_objects", "co_shares", "common_objects", "first_at"]
    assert content_hash(capped.edges.select(facts)) == content_hash(without.edges.select(facts))
    assert run(tmp_path, acts + hub).record["caps"] == []


def test_a_cap_counts_sharers_and_not_shares(tmp_path: Path) -> None:
    """Two accounts that repeat an object forty times are two sharers."""
    acts = [
        Act(name, f"o{number}", BEGIN_US + number * 10**10 + n * SECOND_US)
        for number in range(3)
        for name in ("x:a", "x:b")
        for n in range(40)
    ]
    found = run(tmp_path, acts, Coaction(max_sharers=2, shrinkage=5.0))
    assert found.record["caps"] == []
    assert len(found.edges) == 1


def test_a_cap_may_leave_nothing(tmp_path: Path) -> None:
    acts = [Act(f"x:{n}", f"o{m}", BEGIN_US + n * SECOND_US) for n in range(9) for m in range(4)]
    found = run(tmp_path, acts, Coaction(max_sharers=3, shrinkage=5.0))
    assert len(found.edges) == 0
    assert found.record["family"]["tests"] == 0


def test_the_window_is_chosen_on_one_half_and_tested_on_the_other(tmp_path: Path) -> None:
    acts = world(7, objects=60, size=900, span_s=200_000, planted=("x:p", "x:q", "x:r"))
    found = run(tmp_path, acts, Coaction(auto_window=True))
    chosen = found.record["window_auto"]
    window_s = chosen["window_s"]
    assert found.record["parameters"]["windows_s"] == (window_s,)
    assert len(chosen["curve"]) == 19
    objects = sorted({act.object for act in acts})
    tested = {name for name, mine in zip(objects, ~chosen_half(len(objects)), strict=True) if mine}
    assert_edges_are(found, [act for act in acts if act.object in tested])
    assert_q_values_are(found)
    assert any("other half" in note for note in found.record["notes"])


@pytest.mark.parametrize(
    "acts",
    [
        [],
        [Act("x:a", f"o{n}", BEGIN_US + n) for n in range(5)],
        [Act(f"x:{n}", f"o{n}", BEGIN_US) for n in range(5)],
        [Act(f"x:{n}", "o", BEGIN_US) for n in range(5)],
    ],
    ids=["no shares", "one account", "nothing in common", "one object"],
)
def test_little_data_is_no_crash(tmp_path: Path, acts: list[Act]) -> None:
    if not acts:
        with pytest.raises(InputError, match="no shares"):
            run(tmp_path, acts)
        return
    found = run(tmp_path, acts)
    assert len(found.edges) == len(found.tests) == 0
    assert found.record["results"]["kept"] == 0
    assert any("too thin" in note for note in found.record["notes"])


def test_all_at_one_moment(tmp_path: Path) -> None:
    """Times that are all equal say nothing of timing, and must not divide by zero."""
    acts = [Act(f"x:{n}", f"o{m}", BEGIN_US) for n in range(12) for m in range(5)]
    found = run(tmp_path, acts)
    assert len(found.edges) == 66
    assert_edges_are(found, acts)
    assert_q_values_are(found)


def test_wanted_kinds_that_are_not_there_are_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        run(tmp_path, world(8), Coaction(kinds=("image",)))
    assert "link (300)" in (refused.value.fix or "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_shared": 0},
        {"fdr": 0.0},
        {"fdr": 1.0},
        {"deltas": (1.0,)},
        {"deltas": ()},
        {"max_sharers": 1},
        {"kinds": ("dance",)},
        {"kinds": ()},
        {"windows_s": (-60.0,)},
        {"windows_s": (0.0,)},
        {"windows_s": (float("nan"),)},
        {"deltas": (float("nan"),)},
        {"deltas": (float("inf"), 10.0)},
        {"shrinkage": 0.0},
        {"seed": -1},
        {"seed": 2**64},
    ],
    ids=str,
)
def test_parameters_without_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        Coaction(**wrong)
    assert refused.value.fix


def test_names_make_no_difference(tmp_path: Path) -> None:
    """Other names for accounts, in another order, leave every figure as it is."""
    acts = world(9, planted=("x:900", "x:901", "x:902"))
    names = sorted({act.account for act in acts})
    order = np.random.default_rng(1).permutation(len(names))
    other = {name: f"y:{order[place]:04}" for place, name in enumerate(names)}
    back = {new: old for old, new in other.items()}
    renamed = [Act(other[act.account], act.object, act.at_us, act.kind) for act in acts]

    def figures(found: Detected, names: dict[str, str]) -> dict[frozenset[str], list[Any]]:
        return {
            frozenset(names.get(name, name) for name in key[2:]): [
                value for column, value in row.items() if not column.startswith("account")
            ]
            for key, row in found.pairs().items()
        }

    assert figures(run(tmp_path, renamed), back) == figures(run(tmp_path, acts), {})


def test_a_later_year_makes_no_difference(tmp_path: Path) -> None:
    """A shift by whole blocks of both Δ moves the dates and nothing else."""
    acts = world(10)
    later = [Act(a.account, a.object, a.at_us + 10_000 * 1_800 * SECOND_US) for a in acts]
    before, after = run(tmp_path, acts), run(tmp_path, later)
    # The rate null goes by hours of the day, which the shift keeps as well: 10,000 half hours.
    for column in ("shared_objects", "expected", "p_value", "q_value", "p_shuffle", "kept"):
        assert after.edges[column].to_pylist() == before.edges[column].to_pylist()


def test_threads_and_memory_change_nothing(tmp_path: Path) -> None:
    acts = world(11, accounts=60, objects=30, size=1_500, planted=("x:900", "x:901"))
    alone = run(tmp_path, acts)
    hashes = {content_hash(alone.edges), content_hash(alone.tests)}
    assert not any("outgrow" in line for line in alone.said)
    ways: tuple[tuple[dict[str, Any], str], ...] = (
        ({"threads": 2}, ""),
        ({"memory_bytes": 20_000}, "turns"),
        ({"memory_bytes": 2_000, "threads": 2}, "turns"),
        ({"engine": "duckdb"}, ""),
        ({"engine": "duckdb", "memory_bytes": 20_000}, "parts, spilled"),
        ({"engine": "duckdb", "memory_bytes": 1, "threads": 2}, "parts, spilled"),
    )
    for how, told in ways:
        other = run(tmp_path, acts, **how)
        assert {content_hash(other.edges), content_hash(other.tests)} == hashes
        assert any("outgrow" in line and told in line for line in other.said) == bool(told)


def test_the_prediction_is_what_comes(tmp_path: Path) -> None:
    acts = world(12, size=200)
    found = run(tmp_path, acts)
    expected = sum(
        one.object == other.object and abs(one.at_us - other.at_us) <= 60 * SECOND_US
        for one, other in itertools.combinations(acts, 2)
    )
    assert found.record["prediction"] == [
        {"kind": "link", "window_s": 60.0, "share_pairs": expected}
    ]


def test_nothing_is_left_in_the_folder_but_the_results(tmp_path: Path) -> None:
    run(tmp_path, world(13))
    (folder,) = tmp_path.iterdir()
    assert {path.name for path in (folder / "out").iterdir()} == {
        ".work",
        "edges.parquet",
        "edge_tests.parquet",
        "held_out_accounts.parquet",
        "held_out_groups.parquet",
    }
    assert not list((folder / "out" / ".work").glob("*.duckdb*"))
