"""Calibration: what is counted as true, the peers' rules, going on after a stop, targets, page."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assay.cli.main import cli
from assay.errors import InputError, UsageError
from assay.laboratory.calibrate import Calibration, _read_log, calibrate
from assay.laboratory.calibrate_data import make_surrogate, names_of, open_data
from assay.laboratory.calibrate_held_out import ACCOUNTS, mostly_together
from assay.laboratory.calibrate_page import page
from assay.laboratory.calibrate_report import summarise, write_calibration
from assay.laboratory.calibrate_rules import GATE, KeptPairs, kept_by_peers
from assay.laboratory.calibrate_run import (
    ALPHAS,
    Condition,
    Judging,
    counts_below,
    judged,
    run_condition,
)
from assay.laboratory.calibrate_tables import p_value_table, power_table, rates_table
from assay.laboratory.calibrate_targets import MET, NOT_MET, most_runs_with_false
from assay.laboratory.world_parts import NOBODY
from assay.laboratory.worlds import TrueWorld, make_world, world_named
from assay.model.progress import Silent
from tests.detectors.made_detection import world as made_acts
from tests.detectors.made_detection import write_shares
from tests.detectors.made_shares import Row, arrays_of, share_rows, slow_pairs

SECOND_US = 1_000_000
SMALL = Calibration(
    worlds=("few", "handful-6"), runs=1, judging=Judging(windows_s=(20.0, 60.0)), processes=1
)


def truth(group: list[int], publisher: list[int], sizes: tuple[int, ...]) -> TrueWorld:
    shares = arrays_of([(0, account, account) for account in range(len(group))])
    return TrueWorld(shares, np.array(group), sizes, np.array(publisher))


# ------------------------------------------------------------------ what is true


def test_edges_are_false_unless_planted_together_or_openly_so() -> None:
    #            0  1  2   3   4   5   6
    group = [0, 0, 0, -1, -1, -1, -1]
    publisher = [-1, -1, -1, 0, 0, 1, -1]
    made = truth(group, publisher, (3,))
    pairs = [(0, 1), (1, 3), (3, 4), (4, 5), (5, 6)]
    kept = KeptPairs("any", *np.array(pairs).T)
    assert judged(kept, made) == {
        "kept": 5,
        "false": 3,
        "accounts": 6,
        # Of the honest accounts in an edge only 6 belongs to nobody.
        "false_accounts": 1,
        "found": {"3": {"accounts": 2, "edges": 1}},
    }


def test_nothing_kept_is_nothing_false() -> None:
    nothing = KeptPairs("any", np.empty(0, np.int64), np.empty(0, np.int64))
    counted = judged(nothing, truth([0, 0, -1], [-1, -1, -1], (2,)))
    assert counted["found"] == {"2": {"accounts": 0, "edges": 0}}
    assert (counted["kept"], counted["false"], counted["false_accounts"]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("accounts", "mostly"),
    [([0, 1], True), ([0, 1, 4], True), ([0, 3], False), ([2, 3], True), ([4, 5], False)],
)
def test_a_group_is_true_when_most_of_it_is(accounts: list[int], mostly: bool) -> None:
    made = truth([0, 0, -1, -1, -1, -1], [-1, -1, 7, 7, -1, -1], (2,))
    assert mostly_together(np.array(accounts), made) is mostly


@given(st.lists(st.floats(0, 1), max_size=40))
def test_levels_count_the_values_at_or_below(values: list[float]) -> None:
    assert counts_below(np.array(values), ALPHAS) == [
        sum(value <= alpha for value in values) for alpha in ALPHAS
    ]


@given(share_rows(objects=5, accounts=6, span_us=30 * SECOND_US), st.integers(0, 5))
def test_the_peers_rules_are_theirs(rows: list[Row], window_s: int) -> None:
    """Share pairs above a quantile of all weights; messages matched by the other account's."""
    shares = arrays_of([(obj, who, at // SECOND_US * SECOND_US) for obj, who, at in rows])
    facts = slow_pairs(shares, window_s * SECOND_US)
    kept = {
        one.rule: set(zip(one.account_i.tolist(), one.account_j.tolist(), strict=True))
        for one in kept_by_peers(shares, float(window_s))
    }
    weights = {pair: one.co_shares for pair, one in facts.items() if one.co_shares}
    # Strictly above a quantile of the weights is above the smallest of them.
    assert all(weights[pair] > min(weights.values()) for pair in kept["CooRTweet 0.5"])
    # CNT counts one account's posts near the other's: no more than there are pairs of shares.
    for pair in kept["CNT 2"]:
        assert facts[pair].co_shares >= 2
    assert kept["CooRTweet 0.95"] <= kept["CooRTweet 0.5"]


def test_the_peers_rules_by_hand() -> None:
    """Three pairs of weights 1, 2 and 3: the median keeps one, a minimum of two keeps two."""
    rows = [
        (10 * pair + obj, 2 * pair + who, 100 * SECOND_US * obj)
        for pair, weight in enumerate((1, 2, 3))
        for obj in range(weight)
        for who in (0, 1)
    ]
    # A second row each for the accounts that share once: CooRTweet wants two.
    rows += [(90 + who, who, 10**12) for who in (0, 1)]
    kept = {
        one.rule: list(zip(one.account_i.tolist(), one.account_j.tolist(), strict=True))
        for one in kept_by_peers(arrays_of(rows), 60.0)
    }
    assert kept == {
        "CooRTweet 0.5": [(4, 5)],
        "CooRTweet 0.95": [(4, 5)],
        "CNT 2": [(2, 3), (4, 5)],
    }


# ------------------------------------------------------------------ one run


def test_a_run_is_the_same_again_and_says_everything() -> None:
    condition = Condition("few", 20.0, 5.0)
    judging = Judging(windows_s=(20.0, 60.0))
    first, again = (run_condition(condition, 0, judging) for _ in range(2))
    assert first == again
    assert json.loads(json.dumps(first)) == first
    assert [one["window_s"] for one in first] == [20.0, 60.0]
    rules = first[1]["rules"]
    assert list(rules)[:2] == [GATE, "gate 30w"]
    assert {"CooRTweet 0.5", "CooRTweet 0.95", "CNT 2", ACCOUNTS} <= set(rules)
    # The peers judge at the window nearest to a minute.
    assert "CNT 2" not in first[0]["rules"]
    for one in first:
        for levels in one["nulls"].values():
            assert levels["below"] == sorted(levels["below"])
            assert levels["below"][-1] <= one["candidates"]
        # Every planted account of the group of three is within reach of the gate here.
        assert one["rules"][GATE]["found"]["3"]["accounts"] <= 3


def test_p_values_are_counted_over_honest_pairs_alone() -> None:
    (planted,) = run_condition(Condition("few", 20.0, 5.0), 0, Judging(1, (20.0,)))
    made = make_world(world_named("few"), 1, 0, 20.0)
    inside = sum(len(list(combinations(range(size), 2))) for size in made.sizes)
    assert planted["nulls"][GATE]["below"][-1] <= planted["candidates"] - inside * 0.9


# ------------------------------------------------------------------ many runs


def test_a_stopped_calibration_goes_on(tmp_path: Path) -> None:
    whole = calibrate(SMALL, tmp_path / "whole", Silent())
    log = tmp_path / "whole" / "runs.ndjson"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    stopped = tmp_path / "stopped"
    stopped.mkdir()
    # The last line was being written, and one window of its run is missing.
    (stopped / "runs.ndjson").write_text("".join(lines[:5]) + lines[5][:40], encoding="utf-8")
    assert calibrate(SMALL, stopped, Silent()) == whole
    before = log.stat().st_mtime_ns
    assert calibrate(SMALL, tmp_path / "whole", Silent()) == whole
    assert log.stat().st_mtime_ns >= before
    assert len(log.read_text(encoding="utf-8").splitlines()) == len(whole) + 1


def test_processes_change_no_figure(tmp_path: Path) -> None:
    one = Calibration(worlds=("handful-6",), runs=6, processes=1)
    two = Calibration(worlds=("handful-6",), runs=6, processes=2)
    assert calibrate(one, tmp_path / "one", Silent()) == calibrate(two, tmp_path / "two", Silent())


def test_a_log_of_other_parameters_is_not_used(tmp_path: Path) -> None:
    one = Calibration(worlds=("handful-6",), runs=1, processes=1)
    other = Calibration(("handful-6",), 1, judging=Judging(seed=2), processes=1)
    first = calibrate(one, tmp_path, Silent())
    assert calibrate(other, tmp_path, Silent()) != first
    more = Calibration(worlds=("handful-6",), runs=1, shrinkages=(5.0, 20.0), processes=1)
    assert len(calibrate(more, tmp_path, Silent())) == 2


def test_a_log_by_another_version_of_the_method_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Calibration(worlds=("handful-6",), runs=1, processes=1)
    calibrate(one, tmp_path, Silent())
    monkeypatch.setattr("assay.laboratory.calibrate.METHOD", 0)
    assert _read_log(tmp_path / "runs.ndjson", one) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"runs": 0},
        {"judging": Judging(fdr=1.0)},
        {"shrinkages": (0.0,)},
        {"worlds": ("nowhere",)},
        {"worlds": ("days",), "judging": Judging(windows_s=(60.0,))},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        Calibration(**wrong)
    assert refused.value.fix


# ------------------------------------------------------------------ tables and targets


def outcome(run: int, kept: int, false: int, found: int, **more: Any) -> dict[str, Any]:
    counted = {"kept": kept, "false": false, "accounts": kept, "false_accounts": false}
    groups = {"6": {"accounts": found, "edges": found}} if more.get("jitter_s") else {}
    rule = counted | {"found": groups}
    return {
        "world": "bursts",
        "jitter_s": None,
        "shrinkage": 5.0,
        "run": run,
        "window_s": 60.0,
        "rules": {GATE: rule, ACCOUNTS: rule, "groups held out": rule},
        "nulls": {GATE: {"tests": 100, "below": list(range(len(ALPHAS)))}},
    } | more


def test_tables_are_means_over_runs() -> None:
    runs = [outcome(0, 4, 1, 6, jitter_s=20.0), outcome(1, 0, 0, 3, jitter_s=20.0)]
    rate = rates_table(runs).to_pylist()[0]
    assert (rate["runs"], rate["runs_with_false"], rate["kept"], rate["false"]) == (2, 1, 2, 0.5)
    assert rate["fdr"] == rate["account_fdr"] == 0.125
    exact = stats.binomtest(1, 2).proportion_ci(method="exact")
    assert rate["runs_with_false_low"] == pytest.approx(exact.low)
    power = power_table(runs).to_pylist()[0]
    assert (power["accounts"], power["whole_groups"]) == (0.75, 1)
    assert power["edges"] == pytest.approx(0.3)
    levels = p_value_table(runs).to_pylist()
    assert [row["below"] for row in levels] == [2 * place for place in range(len(ALPHAS))]
    assert levels[-1]["observed"] == levels[-1]["below"] / 200


def verdicts(runs: list[dict[str, Any]]) -> dict[str, str]:
    calibrated = summarise(Calibration(worlds=("bursts",), runs=len(runs)), runs)
    return {target.name: target.verdict for target in calibrated.targets}


def test_targets_are_met_or_not() -> None:
    good = [outcome(run, 0, 0, 0) for run in range(40)]
    good += [outcome(run, 20, 0, 6, jitter_s=20.0) for run in range(40)]
    assert set(verdicts(good).values()) == {MET}
    bad = [outcome(run, 1, 1, 0) for run in range(40)]
    bad += [outcome(run, 20, 10, 6, jitter_s=20.0) for run in range(40)]
    assert set(verdicts(bad).values()) == {NOT_MET}
    missed = [outcome(run, 0, 0, 0) for run in range(40)]
    missed += [outcome(run, 20, 0, 5, jitter_s=20.0) for run in range(40)]
    assert verdicts(missed)["accounts tied by edges, 20 s"] == NOT_MET


def test_few_runs_leave_the_rate_undecided() -> None:
    runs = [outcome(run, 20, 4 * (run == 0), 6, jitter_s=20.0) for run in range(3)]
    runs += [outcome(run, 0, 0, 0) for run in range(3)]
    assert verdicts(runs)["false edges"] == "undecided"


def test_the_bound_on_runs_with_a_false_edge_is_that_of_sixteen_in_two_hundred() -> None:
    assert most_runs_with_false(200) == 16
    tail = stats.binom.sf(16, 200, 0.05)
    assert stats.binom.sf(most_runs_with_false(40), 40, 0.05) <= tail
    assert stats.binom.sf(most_runs_with_false(40) - 1, 40, 0.05) > tail


# ------------------------------------------------------------------ the user's own data


def test_surrogates_of_data_keep_who_shared_what(tmp_path: Path) -> None:
    acts = made_acts(3, planted=("p1", "p2", "p3"), kinds=("link", "hashtag"))
    write_shares(tmp_path / "dataset", acts)
    data = open_data(tmp_path)
    assert data.resolution_us == SECOND_US
    assert data.windows_s(()) == (60.0,)
    assert data.windows_s((1.0, 30.0)) == (30.0,)
    assert data.replicates(40) == 40
    for name in names_of(data):
        kind = name.split(" ")[2]
        made = make_surrogate(tmp_path, name, 60.0, 1, 0)
        assert len(made.shares) == len(data.kinds[kind])
        assert (made.group == NOBODY).all()
        if not name.endswith("swapped"):
            pairs = [
                sorted(zip(one.objects.tolist(), one.accounts.tolist(), strict=True))
                for one in (made.shares, data.kinds[kind])
            ]
            assert pairs[0] == pairs[1]


def test_no_dataset_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no dataset"):
        open_data(tmp_path)


# ------------------------------------------------------------------ what is left behind


def test_the_command_writes_tables_and_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_THREADS", "1")
    acts = made_acts(4, planted=("p1", "p2", "p3"))
    write_shares(tmp_path / "data", acts)
    options = ["--worlds", "few", "--runs", "2", "--window", "20s", "--seed", "4"]
    arguments = ["calibrate", str(tmp_path / "data"), *options, "-o", str(tmp_path / "out")]
    result = CliRunner().invoke(cli, [*arguments, "--json"], catch_exceptions=False)
    told = json.loads(result.stdout)
    assert told == json.loads((tmp_path / "out" / "calibration.json").read_text())
    assert told["parameters"]["worlds"] == ["few"]
    assert told["most_runs_with_false"] == most_runs_with_false(2)
    for name in ("rates", "power", "p_values"):
        table = pq.read_table(tmp_path / "out" / f"{name}.parquet")
        lines = (tmp_path / "out" / f"{name}.csv").read_text().splitlines()
        assert len(lines) == len(table) + 1 > 1
    html = (tmp_path / "out" / "calibration.html").read_text(encoding="utf-8")
    assert str(tmp_path) not in html + json.dumps(told)
    html = html.replace('<link rel="icon" href="data:,">', "", 1)
    assert not re.search(r"(src|href)=|url\(|@import|<script", html)
    assert "your data: link dealt" in html
    shown = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert "Targets:" in shown.stdout
    assert "calibration.html" in shown.stdout


def test_several_shrinkages_stand_side_by_side(tmp_path: Path) -> None:
    calibration = Calibration(("handful-6",), 2, (5.0, 20.0), processes=1)
    calibrated = summarise(calibration, calibrate(calibration, tmp_path, Silent()))
    write_calibration(calibrated, tmp_path)
    assert {target.world for target in calibrated.targets} == {
        "handful-6 (κ = 5)",
        "handful-6 (κ = 20)",
    }
    rows = calibrated.p_values.filter(pa.compute.equal(calibrated.p_values["nominal"], 0.05))
    observed = {
        row["shrinkage"]: row["observed"] for row in rows.to_pylist() if row["null"] == GATE
    }
    # More pseudo-shares of a flat density grant a burst less.
    assert observed[20.0] > observed[5.0]
    assert page(calibrated).startswith("<!doctype html>")


@pytest.mark.slow
def test_two_hundred_quiet_runs() -> None:
    """With nothing planted at most 16 of 200 runs report a false edge, at the usual window."""
    names = ("bursts", "zones", "homophily", "reactors", "repeaters", "posts", "gaps", "scheduled")
    judging = Judging(windows_s=(60.0,), peers=False)
    calibration = Calibration(names, 200, judging=judging)
    quiet = [one for one in calibration.conditions() if one.jitter_s is None]
    for condition in quiet:
        hit = 0
        for run in range(calibration.runs):
            (one,) = run_condition(condition, run, judging)
            hit += one["rules"][GATE]["false"] > 0
        assert hit <= 16, condition.world
