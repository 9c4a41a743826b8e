"""Findings: every number true, the wording blind to names and texts, the words' scale fixed."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.detectors.brute_coaction import (
    Share,
    brute_edges,
    planted,
    write_accounts,
    write_dataset,
    write_edges,
)

from assay.detectors.findings import FindingContext, finding_id, write_findings
from assay.detectors.network import NetworkParameters, build_network
from assay.detectors.wording import about, at_most, length, share, short_span, span
from assay.errors import CheckFailed
from assay.model.dataset import RunFolder
from assay.model.finding import Finding
from assay.model.tables import EDGE_TESTS

REACTIONS = [
    {"kind": "link", "window_s": 10.0, "limit": None},
    {"kind": "link", "window_s": 60.0, "limit": "Links at 60 s are too fast."},
    {"kind": "hashtag", "window_s": 60.0, "limit": "Hashtags at 60 s are too fast."},
    {"kind": "link", "window_s": 300.0, "limit": "Links at 5 min are too fast."},
]


def _findings(
    folder: Path,
    shares: list[Share],
    windows_s: tuple[float, ...] = (60.0,),
    accounts: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[RunFolder, tuple[Finding, ...]]:
    run = RunFolder(folder)
    write_dataset(run.dataset.folder, shares)
    if accounts is not None:
        write_accounts(run.dataset, accounts)
    write_edges(run, brute_edges(shares, windows_s))
    network = build_network(run, run.dataset, NetworkParameters())
    context = FindingContext(network, 0.05, {"cap": None}, reactions=REACTIONS)
    return run, write_findings(run, run.dataset, context)


def test_every_number_of_a_finding_comes_out_of_the_rows(tmp_path: Path) -> None:
    shares = planted((7, 4), kinds=("link", "hashtag"))
    # Somebody outside shares two of the first group's objects at the very moment.
    first = [s for s in shares if s.account == "x:g0m1"][:2]
    shares += [Share("x:outside", s.kind, s.object, s.at_s + 1) for s in first]
    run, findings = _findings(tmp_path, shares, (10.0, 60.0))
    edges = pq.read_table(run.edges).to_pylist()
    tests = pq.read_table(run.edge_tests).to_pylist()
    everything = pq.read_table(run.dataset.shares).to_pylist()
    for finding in findings:
        members, said = set(finding.subjects), finding.statistic
        rows = pq.read_table(run.evidence / finding.id / "pairs.parquet").to_pylist()
        near = [r for r in rows if r["co_timed"]]
        own = [e for e in edges if {e["account_a"], e["account_b"]} <= members]
        objects = {(r["kind"], r["object_id"]) for r in near}
        pairs = Counter((r["account_a"], r["account_b"]) for r in near)
        sharers = defaultdict(set)
        for r in near:
            sharers[r["kind"], r["object_id"]] |= {r["account_a"], r["account_b"]}
        assert said["objects_by_kind"] == Counter(kind for kind, _ in objects)
        assert said["coincidences"] == len(near)
        assert said["not_co_timed"] == len(rows) - len(near)
        assert said["pairs"] == len(pairs)
        assert said["median_objects_per_pair"] == median(pairs.values())
        assert said["median_accounts_per_object"] == median(len(a) for a in sharers.values())
        assert said["median_gap_s"] == pytest.approx(median(r["gap_s"] for r in near))
        assert finding.q_value == max(e["q_value"] for e in own)
        widest = {}
        for e in sorted(own, key=lambda e: e["window_s"]):
            widest[e["account_a"], e["account_b"], e["kind"]] = e["window_s"]
        gate = [
            t
            for t in tests
            if widest.get((t["account_a"], t["account_b"], t["kind"])) == t["window_s"]
            and t["delta_s"] == 10 * t["window_s"]
        ]
        assert said["tested_coincidences"] == sum(t["co_timed_objects"] for t in gate)
        assert said["expected_coincidences"] == pytest.approx(sum(t["expected"] for t in gate))
        assert [limit for limit in finding.limits if "too fast" in limit] == [
            one["limit"]
            for one in REACTIONS
            if one["limit"] and one["kind"] in said["objects_by_kind"] and one["window_s"] == 60
        ]
        assert set(widest.values()) == {60.0}
        _check_crowd(said, near, widest, [s for s in everything if s["account_id"] not in members])


def _check_crowd(said: Mapping, near: list[dict], widest: dict, others: list[dict]) -> None:
    moments = defaultdict(list)
    for r in near:
        reach = widest[r["account_a"], r["account_b"], r["kind"]]
        moments[r["kind"], r["object_id"]] += [
            (r["shared_at_a"], reach),
            (r["shared_at_b"], reach),
        ]
    at_moment: Counter = Counter()
    elsewhen = 0
    for s in others:
        key = (s["kind"], s["object_id"])
        if any(abs((s["shared_at"] - t).total_seconds()) <= reach for t, reach in moments[key]):
            at_moment[key] += 1
        else:
            elsewhen += bool(moments[key])
    assert said["objects_with_others"] == len(at_moment)
    assert said["shares_at_moment"] == at_moment.total()
    assert said["shares_elsewhen"] == elsewhen


def test_it_names_the_limits_of_kinds_and_windows_that_its_pairs_passed_at(tmp_path: Path) -> None:
    shares = [
        Share(f"x:{account}", kind, f"{kind}{number}", number * 5_000 + account * gap_s)
        for kind, gap_s in (("hashtag", 5), ("link", 100))
        for number in range(4)
        for account in range(3)
    ]
    run = RunFolder(tmp_path)
    write_dataset(run.dataset.folder, shares)
    edges = brute_edges(shares, (60.0, 300.0))
    passed = [edge for edge in edges if (edge["kind"], edge["window_s"]) != ("hashtag", 300.0)]
    assert {(edge["kind"], edge["window_s"]) for edge in passed} == {
        ("hashtag", 60.0),
        ("link", 300.0),
    }
    write_edges(run, passed)
    network = build_network(run, run.dataset, NetworkParameters())
    (finding,) = write_findings(
        run, run.dataset, FindingContext(network, 0.05, reactions=REACTIONS)
    )
    assert "; by first shares and once a moment for each kind, " in finding.statement
    assert finding.statistic["windows_s"] == [60.0, 300.0]
    assert finding.statistic["windows_by_kind"] == {"hashtag": [60.0], "link": [300.0]}
    assert [limit for limit in finding.limits if "too fast" in limit] == [
        "Hashtags at 60 s are too fast.",
        "Links at 5 min are too fast.",
    ]


def test_the_sentence(tmp_path: Path) -> None:
    _, findings = _findings(tmp_path, planted((9, 2)))
    group, pair = findings[0], findings[1]
    assert re.fullmatch(
        r"9 accounts shared 12 links within 60 s of one another, at least two of them each time, "
        r"though each was free to share them at any moment of the same ten minutes; by first "
        r"shares and once a moment, \d+ such coincidences of two accounts and one link "
        r"were found where \d+ would be expected \(q ≤ [0-9.]+(·10⁻⁴)?\)\. Synchronous; nothing "
        r"here says who they are or that they are fake\. Other explanations considered: chance, a "
        r"common feed, a shared audience, an openly affiliated organisation and concealed "
        r"coordination\.",
        group.statement,
    ), group.statement
    assert pair.statement.startswith("2 accounts shared the same ")
    assert " within 60 s of each other, though each was free" in pair.statement
    text = json.dumps([dataclasses.asdict(f) for f in findings], ensure_ascii=False)
    assert "guilty" not in text
    assert "<script>" not in text


def test_blocks_of_an_hour_are_told_in_whole_words(tmp_path: Path) -> None:
    _, (finding,) = _findings(tmp_path, planted((3,)), (360.0,))
    assert "at any moment of the same hour; by first shares" in finding.statement
    assert "in its block of an hour and asks" in finding.reason
    assert any(limit.startswith("A reaction faster than an hour to") for limit in finding.limits)
    said = " ".join(f"{one.speaks_for} {one.speaks_against}" for one in finding.explanations)
    assert "reaches all within an hour makes" in said
    assert "slower than an hour fixed" in said


def test_swapping_accounts_texts_and_objects_changes_names_alone(tmp_path: Path) -> None:
    shares = planted((8, 5, 5, 3), kinds=("link", "hashtag"))
    names = sorted({s.account for s in shares})
    objects = sorted({s.object for s in shares})
    rng = np.random.default_rng(2)
    new_name = dict(zip(names, [f"y:{n}" for n in rng.permutation(len(names))], strict=True))
    new_object = dict(zip(objects, [f"o{n}" for n in rng.permutation(len(objects))], strict=True))
    swapped = [
        Share(new_name[s.account], s.kind, new_object[s.object], s.at_s) for s in shares
    ]  # fmt: skip
    declared = {name: {"publisher": "North Press"} for name in names if "g1" in name}
    declared_too = {new_name[name]: {"publisher": "South Wire"} for name in declared}
    _, left = _findings(tmp_path / "a", shares, accounts={n: {} for n in names} | declared)
    _, right = _findings(
        tmp_path / "b", swapped, accounts={n: {} for n in new_name.values()} | declared_too
    )
    assert len(left) == 4

    def nameless(finding: Finding, names: Mapping[str, str]) -> tuple:
        statistic = dict(finding.statistic)
        del statistic["community"]
        statistic["affiliation"] = statistic["affiliation"] | {"name": None}
        anonymous = dataclasses.replace(
            finding, id="", subjects=(), evidence=(), statistic=statistic
        )
        rows = [(reference.holds, reference.rows) for reference in finding.evidence]
        return sorted(names[n] for n in finding.subjects), dataclasses.asdict(anonymous), rows

    same = {name: name for name in new_name.values()}
    before = sorted((nameless(f, new_name) for f in left), key=lambda item: item[0])
    after = sorted((nameless(f, same) for f in right), key=lambda item: item[0])
    assert before == after


def test_an_openly_affiliated_group_is_called_so(tmp_path: Path) -> None:
    shares = planted((10, 10))
    accounts: dict[str, dict[str, str]] = {s.account: {} for s in shares}
    for number in range(8):
        accounts[f"x:g0m{number}"] = {"publisher": ["Daily  Bread", "daily bread"][number % 2]}
    for number in range(7):
        accounts[f"x:g1m{number}"] = {"declared_affiliation": "A Party"}
    _, findings = _findings(tmp_path, shares, accounts=accounts)
    kinds = {f.subjects[0]: f for f in findings}
    declared, other = kinds["x:g0m0"], kinds["x:g1m0"]
    assert declared.kind == "coaction.affiliated"
    assert declared.id.startswith("coaction-affiliated-")
    assert (
        "Synchronous, openly affiliated: 8 of 10 accounts declare the same publisher; nothing "
        "here says more about who they are" in declared.statement
    )
    assert declared.statistic["affiliation"]["name"] == "Daily  Bread"
    assert "bread" not in declared.statement.casefold()
    assert other.kind == "coaction.community"
    assert "7 of 10 accounts declare the same affiliation" in other.explanations[3].speaks_for


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    shares = planted((6, 4), kinds=("hashtag", "link", "text"))
    one, _ = _findings(tmp_path / "a", shares)
    two, _ = _findings(tmp_path / "b", shares[::-1])
    assert one.findings.read_bytes() == two.findings.read_bytes()
    found = json.loads(one.findings.read_text(encoding="utf-8"))
    assert found["schema"] == 1
    for finding in found["findings"]:
        assert finding["claim"] == "synchronous"
        assert len(finding["explanations"]) == 5
        assert {r["path"].split("/")[1] for r in finding["evidence"]} == {finding["id"]}


def test_nothing_kept_leaves_no_finding(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    write_dataset(run.dataset.folder, planted((3,)))
    write_edges(run, [])
    network = build_network(run, run.dataset, NetworkParameters())
    assert write_findings(run, run.dataset, FindingContext(network, 0.05)) == ()
    told = json.loads(run.findings.read_text())
    assert told == {"schema": 1, "findings": [], "undecided": []}
    assert list(run.evidence.iterdir()) == []


def test_an_edge_without_its_test_is_an_error(tmp_path: Path) -> None:
    run, _ = _findings(tmp_path, planted((4,)))
    tests = pq.read_table(run.edge_tests).cast(EDGE_TESTS)
    pq.write_table(tests.slice(2), run.edge_tests)
    network = build_network(run, run.dataset, NetworkParameters())
    with pytest.raises(CheckFailed, match="1 kept edges have no test at their Δ"):
        write_findings(run, run.dataset, FindingContext(network, 0.05))


def test_ids_follow_kind_and_subjects() -> None:
    assert finding_id("a.b", ["x", "y"]) == finding_id("a.b", ["y", "x"])
    assert re.fullmatch(r"a-b-[0-9a-f]{12}", finding_id("a.b", ["x", "y"]))
    others = {finding_id("a.b", ["xy"]), finding_id("a.c", ["x", "y"]), finding_id("a.b", ["x"])}
    assert finding_id("a.b", ["x", "y"]) not in others and len(others) == 3


@given(st.floats(1e-299, 1.0))
def test_a_written_q_is_a_true_and_close_bound(q_value: float) -> None:
    text = at_most(q_value).removeprefix("≤ ")
    plain = text.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    match = re.fullmatch(r"(?:(\d)·)?10(-\d+)", plain)
    bound = float(f"{match[1] or 1}e{match[2]}") if match else float(plain)
    assert q_value * (1 - 1e-8) <= bound <= 2.0001 * q_value


def test_words_for_spans_counts_and_shares() -> None:
    assert [span(s) for s in (600, 300, 3600, 36_000, 100, 60, 120, 864_000, 0.5, 1800)] == [
        "ten minutes", "five minutes", "hour", "ten hours", "100 seconds", "60 seconds",
        "two minutes", "ten days", "0.5 seconds", "30 minutes",
    ]  # fmt: skip
    assert [length(s) for s in (0.5, 1, 600, 3600, 7200, 86_400)] == [
        "0.5 seconds", "a second", "ten minutes", "an hour", "two hours", "a day",
    ]  # fmt: skip
    assert [short_span(s) for s in (60, 600, 7200, 0.5, 12.53, 172_800, 150, 0)] == [
        "60 s", "10 min", "2 h", "0.5 s", "12.5 s", "2 d", "150 s", "0 s",
    ]  # fmt: skip
    assert [about(n) for n in (0, 0.0099, 0.4, 2.09, 9.96, 57.8, 1234.5)] == [
        "fewer than 0.01", "fewer than 0.01", "0.4", "2.1", "10", "58", "1,234",
    ]  # fmt: skip
    assert [share(*n) for n in ((0, 5), (5, 5), (1, 5000), (4999, 5000), (1, 3))] == [
        "0 %", "100 %", "1 %", "99 %", "33 %",
    ]  # fmt: skip
    assert at_most(0.0) == "< 10⁻³⁰⁰"
