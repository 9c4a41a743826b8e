"""Frozen evidence: the very rows, every common object, and checksums that any tool can check."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detectors.brute_coaction import (
    Share,
    brute_edges,
    planted,
    write_dataset,
    write_edges,
)

from assay.detectors import evidence, evidence_posts
from assay.detectors.communities import LeidenParameters
from assay.detectors.network import NetworkParameters, build_network
from assay.detectors.network_result import NetworkResult
from assay.engine.parquet_rows import TableStream, take_rows
from assay.errors import CheckFailed
from assay.model.dataset import RunFolder
from assay.model.finding import Finding
from assay.model.tables import PAIR_EVIDENCE, POSTS, SHARES

FEW = NetworkParameters(LeidenParameters(replicates=1))


def _finding(number: int, subjects: list[str]) -> Finding:
    return Finding(
        id=f"f{number}",
        kind="coaction.community",
        claim="synchronous",
        subjects=tuple(subjects),
        statement="",
        statistic={},
        p_value=None,
        q_value=None,
        reason="",
        limits=(),
        explanations=(),
        strength="moderate",
        method={},
    )


def _findings(network: NetworkResult) -> list[Finding]:
    names = network.edges.accounts.to_pylist()
    groups = network.community.tolist()
    return [
        _finding(number, [n for n, group in zip(names, groups, strict=True) if group == number])
        for number in range(network.communities)
    ]


def _run(
    folder: Path, shares: list[Share], *, posts: bool = True, min_shared: int = 2
) -> tuple[RunFolder, list[dict], tuple[Finding, ...]]:
    run = RunFolder(folder)
    edges = brute_edges(shares, (10.0, 60.0), min_shared)
    write_dataset(run.dataset.folder, shares, posts=posts)
    write_edges(run, edges)
    network = build_network(run, run.dataset, FEW)
    return run, edges, evidence.freeze(run, run.dataset, _findings(network), network)


def _check(run: RunFolder, edges: list[dict], findings: tuple[Finding, ...]) -> None:
    """Evidence rows reproduce every edge's counts, and hold the shares that they name."""
    shares = {
        (r["kind"], r["object_id"], r["account_id"], r["post_id"], r["shared_at"])
        for r in pq.read_table(run.dataset.shares).to_pylist()
    }
    group = {name: finding.id for finding in findings for name in finding.subjects}
    near: Counter = Counter()
    common: Counter = Counter()
    for finding in findings:
        rows = pq.read_table(run.evidence / finding.id / "pairs.parquet").to_pylist()
        order = [(r["account_a"], r["account_b"], r["kind"], r["object_id"]) for r in rows]
        assert order == sorted(set(order))
        for r in rows:
            assert group[r["account_a"]] == group[r["account_b"]] == finding.id
            key = (r["kind"], r["object_id"])
            assert (*key, r["account_a"], r["post_a"], r["shared_at_a"]) in shares
            assert (*key, r["account_b"], r["post_b"], r["shared_at_b"]) in shares
            gap = abs((r["shared_at_a"] - r["shared_at_b"]).total_seconds())
            assert r["gap_s"] == pytest.approx(gap, abs=1e-9)
            edge = (r["account_a"], r["account_b"], r["kind"])
            common[edge] += 1
            near[edge] += r["co_timed"]
            for window_s in (10.0, 60.0):
                near[*edge, window_s] += r["gap_s"] <= window_s
    for edge in edges:
        key = (edge["account_a"], edge["account_b"], edge["kind"])
        if group[key[0]] == group[key[1]]:
            assert near[*key, edge["window_s"]] == edge["shared_objects"]
            assert common[key] == edge["common_objects"]
            assert near[key] >= edge["shared_objects"]


any_share = st.builds(
    Share,
    st.sampled_from([f"x:{name}" for name in "abcdef"]),
    st.sampled_from(["hashtag", "link"]),
    st.sampled_from(["1", "2", "3"]),
    st.integers(0, 300).map(float),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(any_share, min_size=2, max_size=50), st.sampled_from([1, 7, 400_000]))
def test_evidence_reproduces_the_counts(
    tmp_path_factory: pytest.TempPathFactory, shares: list[Share], group_shares: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "GROUP_SHARES", group_shares)
        _check(*_run(tmp_path_factory.mktemp("run"), shares, min_shared=1))


def test_posts_are_the_very_rows_hostile_text_and_all(tmp_path: Path) -> None:
    run, edges, findings = _run(tmp_path, planted((5, 4)))
    _check(run, edges, findings)
    imported = {r["post_id"]: r for r in pq.read_table(run.dataset.posts).to_pylist()}
    for finding in findings:
        folder = run.evidence / finding.id
        posts = pq.read_table(folder / "posts.parquet")
        assert posts.schema.equals(POSTS)
        assert pq.read_schema(folder / "pairs.parquet").equals(PAIR_EVIDENCE)
        pairs = pq.read_table(folder / "pairs.parquet").to_pylist()
        wanted = {r["post_a"] for r in pairs} | {r["post_b"] for r in pairs}
        assert [r["post_id"] for r in posts.to_pylist()] == sorted(wanted)
        assert all(imported[r["post_id"]] == r for r in posts.to_pylist())
        assert not (folder / "shares.parquet").exists()
        assert any(not r["co_timed"] for r in pairs)


def test_a_share_table_freezes_its_shares(tmp_path: Path) -> None:
    run, _, findings = _run(tmp_path, planted((5,)), posts=False)
    folder = run.evidence / findings[0].id
    shares = pq.read_table(folder / "shares.parquet")
    assert shares.schema.equals(SHARES)
    known = pq.read_table(run.dataset.shares).to_pylist()
    assert len(shares) and all(row in known for row in shares.to_pylist())
    assert not (folder / "posts.parquet").exists()
    assert {Path(r.path).name for r in findings[0].evidence} == {"pairs.parquet", "shares.parquet"}


def test_checksums_can_be_checked_by_sha256sum(tmp_path: Path) -> None:
    run, _, findings = _run(tmp_path, planted((5, 4)))
    for finding in findings:
        folder = run.evidence / finding.id
        command = ["sha256sum", "--strict", "-c", "SHA256SUMS"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        assert done.stdout.count("OK") == len(finding.evidence) == 2
        for reference in finding.evidence:
            path = run.folder / reference.path
            assert reference.rows == pq.read_metadata(path).num_rows > 0


def test_groups_of_any_size_freeze_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = planted((5, 4, 3))
    _, _, at_once = _run(tmp_path / "a", shares)
    monkeypatch.setattr(evidence_posts, "POSTS_BYTES", 1)
    _, _, posts_alone = _run(tmp_path / "c", shares)
    assert at_once == posts_alone
    monkeypatch.setattr(evidence, "GROUP_SHARES", 1)
    run, _, one_by_one = _run(tmp_path / "b", shares)
    assert at_once == one_by_one
    again = _run(tmp_path / "b", [s for s in shares if "g2" not in s.account])[2]
    assert {p.name for p in run.evidence.iterdir()} == {finding.id for finding in again}


def test_streams_cut_anyhow_give_the_same_bytes(tmp_path: Path) -> None:
    table = pq.read_table(write_dataset(tmp_path, planted((6,))).shares)
    for name, step in (("a", 3), ("b", 64), ("c", len(table))):
        with TableStream(tmp_path / name, SHARES, group_rows=50) as stream:
            for low in range(0, len(table), step):
                stream.write(table.slice(low, step))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() == (tmp_path / "c").read_bytes()
    assert pq.read_table(tmp_path / "a").equals(table)


def test_an_unfinished_stream_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), TableStream(tmp_path / "a", SHARES):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_rows_are_taken_by_number_across_row_groups(tmp_path: Path) -> None:
    import numpy as np

    path = write_dataset(tmp_path, planted((6,))).shares
    table = pq.read_table(path)
    pq.write_table(table, path, row_group_size=11)
    rows = np.array([0, 10, 11, 33, 50, len(table) - 1])
    taken = list(take_rows(path, rows, ["post_id"]))
    assert np.concatenate([number for number, _ in taken]).tolist() == rows.tolist()
    posts = [post for _, batch in taken for post in batch["post_id"].to_pylist()]
    assert posts == table["post_id"].take(rows).to_pylist()
    with pytest.raises(CheckFailed, match="was asked of"):
        list(take_rows(path, np.array([len(table)]), ["post_id"]))
