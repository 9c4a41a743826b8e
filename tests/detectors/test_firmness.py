"""Firm findings from a whole run: blind to names, tables and findings agree, figures are true."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.detectors.brute_coaction import BEGIN_US, Share, planted, write_accounts, write_dataset

from assay.detectors.coaction_parameters import Coaction
from assay.engine.write import write_table
from assay.importers.report import ImportOptions
from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.model.tables import LEAVE_ONE_OUT, POSTS
from assay.workbench import RunOptions, scan


def _scan(
    folder: Path,
    shares: list[Share],
    accounts: Mapping[str, Mapping[str, str]] | None = None,
    clients: Mapping[str, str] | None = None,
) -> tuple[RunFolder, list[dict[str, Any]]]:
    """The whole straight line over made shares; findings as they were written."""
    dataset = write_dataset(folder / "dataset", shares)
    if accounts is not None:
        write_accounts(dataset, {s.account: {} for s in shares} | dict(accounts))
    if clients is not None:
        posts = pq.read_table(dataset.posts)
        named = [clients.get(name) for name in posts["account_id"].to_pylist()]
        place = posts.schema.get_field_index("client")
        posts = posts.set_column(place, "client", pa.array(named, pa.string()))
        write_table(dataset.posts, posts, POSTS)
    run = RunFolder(folder / "out")
    options = RunOptions(report=False, threads=1, memory_bytes=1_000_000_000)
    # Made shares hold hardly anything but the groups, so nothing could be learnt from others.
    parameters = Coaction(windows_s=(60.0,), shrinkage=20.0)
    scan([dataset.folder], run, ImportOptions(), parameters, options, Silent())
    return run, json.loads(run.findings.read_text(encoding="utf-8"))["findings"]


def _nameless(finding: dict[str, Any], names: Mapping[str, str]) -> tuple[list[str], dict]:
    """The finding without ids, and its accounts under their other names."""
    statistic = dict(finding["statistic"])
    del statistic["community"]
    statistic["affiliation"] = statistic["affiliation"] | {"name": None}
    for what in ("hangs_objects", "hangs_accounts"):
        listed = [row | {"id": None} for row in statistic[what]["listed"]]
        statistic[what] = statistic[what] | {"listed": listed}
    bare = finding | {"id": None, "subjects": None, "evidence": None, "statistic": statistic}
    return sorted(names[name] for name in finding["subjects"]), bare


def _same(one: Any, other: Any) -> bool:
    """Equal, floats within the rounding of tables."""
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-9, abs=1e-300)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def test_swapping_countries_actors_and_sides_changes_names_alone(tmp_path: Path) -> None:
    shares = planted((8, 5, 4), kinds=("link", "hashtag"))
    rng = np.random.default_rng(2)
    names, objects = sorted({s.account for s in shares}), sorted({s.object for s in shares})
    new_name = dict(zip(names, [f"y:{n}" for n in rng.permutation(len(names))], strict=True))
    new_object = dict(zip(objects, [f"o{n}" for n in rng.permutation(len(objects))], strict=True))
    swapped = [Share(new_name[s.account], s.kind, new_object[s.object], s.at_s) for s in shares]
    declared = {name: {"publisher": "Northern State Press"} for name in names if "g1" in name}
    declared_too = {new_name[name]: {"publisher": "Free Southern Wire"} for name in declared}
    clients = {name: "Northern Client" for name in names if "g0" in name}
    clients_too = {new_name[name]: "Southern Client" for name in clients}
    _, left = _scan(tmp_path / "a", shares, declared, clients)
    _, right = _scan(tmp_path / "b", swapped, declared_too, clients_too)
    assert len(left) == len(right) == 3
    same = {name: name for name in new_name.values()}
    before = sorted((_nameless(f, new_name) for f in left), key=lambda item: item[0])
    after = sorted((_nameless(f, same) for f in right), key=lambda item: item[0])
    for (who, one), (who_too, other) in zip(before, after, strict=True):
        assert who == who_too
        assert one["strength"] == other["strength"]
        assert [e["weight"] for e in one["explanations"]] == [
            e["weight"] for e in other["explanations"]
        ]
        assert one["explanations"] == other["explanations"]
        assert (one["reason"], one["statement"]) == (other["reason"], other["statement"])
        assert _same(one["statistic"], other["statistic"])
    told = json.dumps([{**f, "statistic": None, "evidence": None} for f in left])
    assert "Northern" not in told


def test_the_table_and_the_finding_say_the_same(tmp_path: Path) -> None:
    run, findings = _scan(tmp_path, planted((7, 4, 2), kinds=("link", "hashtag")))
    rows = pq.read_table(run.leave_one_out).cast(LEAVE_ONE_OUT).to_pylist()
    for finding in findings:
        said, members = finding["statistic"], finding["subjects"]
        for what, name in (("object", "hangs_objects"), ("account", "hangs_accounts")):
            own = [r for r in rows if r["community"] == said["community"] and r["left_out"] == what]
            told = said[name]
            assert told["tried"] == len(own)
            assert told["dissolving"] == sum(r["accounts_left"] == 0 for r in own)
            assert told["halving"] == sum(2 * r["accounts_left"] < r["accounts"] for r in own)
            if own:
                assert told["least_accounts_left"] == min(r["accounts_left"] for r in own)
                assert told["least_pairs_left"] == min(r["pairs_left"] for r in own)
            keys = ("accounts", "accounts_left", "id", "kind", "largest_p", "pairs", "pairs_left")
            assert all({k: r[k] for k in keys} in own_rows(own, keys) for r in told["listed"])
        assert said["hangs_objects"]["of"] == said["objects"] == said["hangs_objects"]["tried"]
        assert said["hangs_accounts"]["of"] == len(members)
        assert said["hangs_accounts"]["tried"] == (len(members) if len(members) > 2 else 0)
    stays = pq.read_table(run.account_stability).to_pylist()
    least: dict[int, float] = defaultdict(lambda: 1.0)
    for row in stays:
        least[row["community"]] = min(least[row["community"]], row["stays_objects"])
    for finding in findings:
        said = finding["statistic"]
        assert said["least_stable_account"] == pytest.approx(least[said["community"]])


def own_rows(rows: list[dict[str, Any]], keys: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{key: row[key] for key in keys} for row in rows]


def test_circumstances_equal_their_definitions(tmp_path: Path) -> None:
    shares = planted((6, 3))
    # A declared publisher shared half of the first group's objects a minute before it did.
    firsts: dict[str, float] = {}
    for share in shares:
        if "g0m" in share.account and (
            share.object not in firsts or share.at_s < firsts[share.object]
        ):
            firsts[share.object] = share.at_s
    before = [Share("x:paper", "link", name, at - 60) for name, at in sorted(firsts.items())[:6]]
    late = [Share("x:other", "link", name, at - 5_000) for name, at in sorted(firsts.items())]
    shares = shares + before + late
    accounts = {"x:paper": {"publisher": "A Paper"}, "x:other": {"publisher": "Another"}}
    clients = {f"x:g0m{k}": ("one" if k < 4 else "two") for k in range(6)}
    run, findings = _scan(tmp_path, shares, accounts, clients)
    rows = pq.read_table(run.dataset.shares).to_pylist() if run.dataset.shares.exists() else []
    assert not rows, "the run read a dataset that lies elsewhere"
    everything = pq.read_table(tmp_path / "dataset" / "shares.parquet").to_pylist()
    for finding in findings:
        said, members = finding["statistic"], set(finding["subjects"])
        pairs = pq.read_table(run.evidence / finding["id"] / "pairs.parquet").to_pylist()
        near = [r for r in pairs if r["co_timed"]]
        together = {
            (r[f"account_{s}"], r["object_id"], r[f"shared_at_{s}"]) for r in near for s in "ab"
        }
        assert said["co_timed_shares"] == len(together)
        named = [clients[a] for a, _, _ in together if a in clients]
        assert said["with_client"] == len(named)
        assert said["same_client"] == max(Counter(named).values(), default=0)
        begin: dict[str, Any] = {}
        for _, name, at in together:
            begin[name] = min(at, begin.get(name, at))
        after = [
            name
            for name, at in begin.items()
            if any(
                s["account_id"] == "x:paper"
                and s["object_id"] == name
                and 0 <= (at - s["shared_at"]).total_seconds() <= 600
                for s in everything
            )
        ]
        assert said["objects_after_publisher"] == (0 if "x:paper" in members else len(after))
        objects = defaultdict(set)
        for s in everything:
            objects[s["account_id"]].add(s["object_id"])
        kept = {(r["account_a"], r["account_b"]) for r in near}
        overlap = [
            len(objects[a] & objects[b]) / min(len(objects[a]), len(objects[b])) for a, b in kept
        ]
        assert said["median_overlap"] == pytest.approx(median(overlap))
        hours = {
            name: Counter(s["shared_at"].hour for s in everything if s["account_id"] == name)
            for name in members
        }
        covered = [
            sum(
                min(hours[a][h] / hours[a].total(), hours[b][h] / hours[b].total())
                for h in range(24)
            )
            for a, b in kept
        ]
        assert said["median_hours"] == pytest.approx(median(covered))
        feed = finding["explanations"][1]
        assert (f"{len(after):,} of " in feed["speaks_for"]) or not after
    assert BEGIN_US % 60_000_000 == 20_000_000  # what on_the_minute below is counted from


def test_shares_on_the_round_minute_are_counted(tmp_path: Path) -> None:
    """Three accounts schedule at round minutes; the figures say so, the words accuse nobody."""
    rng = np.random.default_rng(8)
    shares = [
        Share(f"x:m{member}", "link", f"l{number}", 60 * int(at) + 40)
        for number, at in enumerate(rng.integers(0, 9_000, 12))
        for member in range(3)
    ]
    shares += [
        Share(f"x:c{rng.integers(30)}", "link", f"l{rng.integers(12)}", float(at))
        for at in rng.integers(0, 540_000, 500)
    ]
    _, findings = _scan(tmp_path, shares)
    (finding,) = [f for f in findings if "x:m0" in f["subjects"]]
    said = finding["statistic"]
    assert said["on_the_minute"] == said["co_timed_shares"] == 36
    assert (
        "36 of 36 co-timed shares (100 %) fell in the first second of a minute"
        in (finding["explanations"][1]["speaks_for"])
    )


def test_an_earlier_runs_tables_do_not_stay(tmp_path: Path) -> None:
    run, findings = _scan(tmp_path, planted((7, 4)))
    assert findings and len(pq.read_table(run.leave_one_out))
    rng = np.random.default_rng(1)
    alone = [Share(f"x:{k}", "link", f"l{k % 9}", float(rng.uniform(0, 9e6))) for k in range(60)]
    run, findings = _scan(tmp_path, alone)
    assert findings == []
    assert pq.read_table(run.leave_one_out).num_rows == 0
    assert pq.read_table(run.account_stability).num_rows == 0


def test_strength_and_reason_agree(tmp_path: Path) -> None:
    _, findings = _scan(tmp_path, planted((8, 5, 2), kinds=("link", "hashtag")))
    for finding in findings:
        assert (
            f"evidence of synchrony {finding['strength']} on the fixed scale" in (finding["reason"])
        )
        assert ("and not" in finding["reason"]) == (finding["strength"] != "very strong")
