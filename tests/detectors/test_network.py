"""One network from edges of several kinds and windows, counted again from the shares."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detectors.brute_coaction import Share, brute_edges, planted, write_dataset, write_edges

from assay.detectors import kept_shares
from assay.detectors.base import DetectorContext
from assay.detectors.coaction import CoactionDetector
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.communities import LeidenParameters
from assay.detectors.findings import FindingContext, write_findings
from assay.detectors.kept_shares import only_tested, read_kept_shares
from assay.detectors.network import NetworkParameters, build_network
from assay.engine.duckdb import DuckDBEngine
from assay.engine.write import content_hash
from assay.errors import CheckFailed
from assay.model.dataset import RunFolder
from assay.model.progress import Silent
from assay.model.tables import COMMUNITIES, EDGES, NETWORK, NETWORK_ACCOUNTS

FEW = NetworkParameters(LeidenParameters(replicates=3))

any_share = st.builds(
    Share,
    st.sampled_from([f"x:{name}" for name in "abcde"]),
    st.sampled_from(["hashtag", "link"]),
    st.sampled_from(["1", "2", "3", "4"]),
    st.integers(0, 400).map(float),
)


def _weights(shares: list[Share], edges: list[dict]) -> dict[tuple[str, str], int]:
    """Distinct (kind, object) co-timed in any kept window, straight from the definition."""
    times = defaultdict(set)
    for share in shares:
        times[share.account, share.kind, share.object].add(share.time_us)
    objects = defaultdict(set)
    for edge in edges:
        a, b, kind = edge["account_a"], edge["account_b"], edge["kind"]
        for account, other_kind, name in list(times):
            near = any(
                abs(x - y) <= edge["window_s"] * 1e6
                for x in times[account, other_kind, name]
                for y in times.get((b, other_kind, name), ())
            )
            if account == a and other_kind == kind and near:
                objects[a, b].add((kind, name))
    return {pair: len(found) for pair, found in objects.items()}


@settings(max_examples=30, deadline=None)
@given(st.lists(any_share, min_size=2, max_size=60), st.integers(0, 2**32))
def test_weights_and_counts_equal_brute_force(
    tmp_path_factory: pytest.TempPathFactory, shares: list[Share], dropped: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    edges = brute_edges(shares, (10.0, 60.0), min_shared=1)
    # Any subset may be kept: the recount must follow the kept rows alone.
    for number, edge in enumerate(edges):
        edge["kept"] = bool(dropped >> (number % 32) & 1)
    kept = [edge for edge in edges if edge["kept"]]
    run, dataset = RunFolder(folder), write_dataset(folder / "dataset", shares)
    write_edges(run, edges)
    result = build_network(run, dataset, FEW)
    rows = pq.read_table(run.network).to_pylist()
    assert {(r["account_a"], r["account_b"]): r["weight"] for r in rows} == _weights(shares, kept)
    for row in rows:
        own = [
            e
            for e in kept
            if (e["account_a"], e["account_b"]) == (row["account_a"], row["account_b"])
        ]
        assert row["kinds"] == sorted({e["kind"] for e in own})
        assert row["windows_s"] == sorted({e["window_s"] for e in own})
        assert row["q_value"] == min(e["q_value"] for e in own)
    last = result.edges.table.take(pa.array(result.edges.last_row))
    assert result.co_timed.tolist() == last["shared_objects"].to_pylist()
    assert result.common.tolist() == last["common_objects"].to_pylist()
    _check_accounts(run, shares, kept)


def _check_accounts(run: RunFolder, shares: list[Share], kept: list[dict]) -> None:
    acts = {(s.account, s.kind, s.object, s.time_us) for s in shares}
    kinds = {edge["kind"] for edge in kept}
    neighbours = defaultdict(float)
    for edge in kept:
        for pair in (
            (edge["account_a"], edge["account_b"]),
            (edge["account_b"], edge["account_a"]),
        ):
            neighbours[*pair, edge["kind"]] = max(
                neighbours[*pair, edge["kind"]], edge["window_s"] * 1e6
            )
    for row in pq.read_table(run.network_accounts).to_pylist():
        name = row["account_id"]
        own = [act for act in acts if act[0] == name and act[1] in kinds]
        coordinated = [
            act
            for act in own
            if any(
                (other, act[1], act[2], t) in acts and abs(t - act[3]) <= window
                for (me, other, kind), window in neighbours.items()
                if me == name and kind == act[1]
                for (_, k, o, t) in acts
                if k == act[1] and o == act[2]
            )
        ]
        assert row["shares"] == len(own)
        assert row["coordinated_shares"] == len(coordinated)
        assert row["degree"] == len({other for me, other, _ in neighbours if me == name})


def _run(folder: Path, shares: list[Share], seed: int | None = None) -> RunFolder:
    edges = brute_edges(shares, (60.0, 600.0))
    run = RunFolder(folder)
    write_dataset(run.dataset.folder, shares)
    write_edges(run, edges)
    if seed is not None:
        table = pq.read_table(run.edges)
        order = np.random.default_rng(seed).permutation(len(table))
        pq.write_table(table.take(pa.array(order)), run.edges)
    return run


def test_planted_groups_come_out_as_communities_in_order_of_size(tmp_path: Path) -> None:
    run = _run(tmp_path, planted((4, 9, 6)))
    build_network(run, run.dataset, NetworkParameters())
    accounts = pq.read_table(run.network_accounts)
    communities = pq.read_table(run.communities)
    assert accounts.schema.equals(NETWORK_ACCOUNTS)
    assert communities.schema.equals(COMMUNITIES)
    assert pq.read_schema(run.network).equals(NETWORK)
    assert communities["size"].to_pylist()[:3] == [9, 6, 4]
    groups = {r["account_id"]: r["community"] for r in accounts.to_pylist()}
    assert {groups[f"x:g1m{i}"] for i in range(9)} == {0}
    assert {groups[f"x:g2m{i}"] for i in range(6)} == {1}
    stable = communities["stability"].to_pylist()
    assert all(0.8 <= value <= 1 for value in stable[:3])
    assert communities["q_value"].null_count == len(communities)


def test_communities_do_not_depend_on_row_order(tmp_path: Path) -> None:
    shares = planted((3, 5, 5, 8), seed=11, kinds=("link", "hashtag"))
    plain, shuffled = _run(tmp_path / "a", shares), _run(tmp_path / "b", shares, seed=3)
    for run in (plain, shuffled):
        build_network(run, run.dataset, NetworkParameters())
    for name in ("network", "network_accounts", "communities"):
        left, right = (pq.read_table(getattr(run, name)) for run in (plain, shuffled))
        assert content_hash(left) == content_hash(right)


def test_no_kept_edge_leaves_empty_tables(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    write_dataset(run.dataset.folder, planted((3,)))
    write_edges(run, [])
    result = build_network(run, run.dataset, NetworkParameters())
    assert result.communities == 0
    for path in (run.network, run.network_accounts, run.communities):
        assert pq.read_table(path).num_rows == 0


def test_an_edge_that_the_shares_do_not_bear_out_is_an_error(tmp_path: Path) -> None:
    run = _run(tmp_path, planted((4,)))
    table = pq.read_table(run.edges)
    more = pa.array(np.add(table["shared_objects"].to_numpy(), 1))
    pq.write_table(table.set_column(4, EDGES.field("shared_objects"), more), run.edges)
    with pytest.raises(CheckFailed, match="not borne out by the shares"):
        build_network(run, run.dataset, NetworkParameters())


def test_objects_that_the_detector_left_out_are_not_counted(tmp_path: Path) -> None:
    shares = planted((5, 4), kinds=("hashtag", "link"))
    sharers: Counter = Counter(
        (kind, thing) for kind, thing, _ in {(s.kind, s.object, s.account) for s in shares}
    )
    cap = sorted(sharers.values())[len(sharers) * 4 // 5]
    order = {kind: sorted(o for k, o in sharers if k == kind) for kind in ("hashtag", "link")}
    for name, parameters, kept in (
        ("cap", replace(FEW, max_sharers=cap), lambda s: sharers[s.kind, s.object] <= cap),
        ("half", replace(FEW, tested_half=True), lambda s: order[s.kind].index(s.object) % 2),
    ):
        tested = [s for s in shares if kept(s)]
        assert len(shares) / 5 < len(tested) < len(shares)
        run = _run(tmp_path / name, shares)
        write_edges(run, brute_edges(tested, (60.0, 600.0)))
        result = build_network(run, run.dataset, parameters)
        assert result.communities and len(result.shares.rows.row) <= len(tested)
        with pytest.raises(CheckFailed):
            build_network(run, run.dataset, FEW)


@pytest.mark.parametrize("batch_rows", [1, 3, 1 << 17])
def test_a_cap_counts_sharers_not_shares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch_rows: int
) -> None:
    """As the detector does: who shares one thing ten times is one of its sharers."""
    faithful = [Share("x:a", "link", "link/1", 60.0 * number) for number in range(10)]
    crowd = [Share(f"x:{number}", "link", "link/2", 60.0 * number) for number in range(3)]
    others = [Share("x:b", "link", thing, 10.0) for thing in ("link/1", "link/2")]
    dataset = write_dataset(tmp_path, faithful + crowd + others)
    monkeypatch.setattr(kept_shares, "BATCH_ROWS", batch_rows)
    names = pa.array(["x:a", "x:b"])
    whole = read_kept_shares(dataset.shares, names, ("link",))
    for cap, objects in ((1, []), (2, [0]), (3, [0]), (4, [0, 1])):
        some = only_tested(whole, cap, tested_half=False)
        assert sorted(set(some.rows.object.tolist())) == objects


@pytest.mark.parametrize(
    "parameters",
    [
        Coaction(windows_s=(10.0, 60.0)),
        Coaction(windows_s=(60.0,), max_sharers=35),
        Coaction(auto_window=True),
    ],
)
def test_the_detectors_own_edges_are_borne_out(tmp_path: Path, parameters: Coaction) -> None:
    """The engine's join and the recount share no code; they must agree, and findings be made."""
    shares = planted((7, 5), objects=40, kinds=("link", "hashtag"))
    # Every member comes back to one thing: 50 shares, and no more sharers than before.
    shares += [
        Share(f"x:g0m{member}", "hashtag", "hashtag/0/1", 86_400.0 * day)
        for member in range(5)
        for day in range(10)
    ]
    run = RunFolder(tmp_path)
    write_dataset(run.dataset.folder, shares)
    work = tmp_path / "work"
    work.mkdir()
    engine = DuckDBEngine(memory_bytes=10**9, threads=1, spill_dir=work)
    context = DetectorContext(run.dataset, run, work, engine, 10**9, 1, Silent())
    CoactionDetector().run(parameters, context)
    engine.close()
    network = build_network(
        run,
        run.dataset,
        replace(FEW, max_sharers=parameters.max_sharers, tested_half=parameters.auto_window),
    )
    findings = write_findings(run, run.dataset, FindingContext(network, parameters.fdr))
    groups = [{name.split("m")[0] for name in finding.subjects} for finding in findings]
    assert {"x:g0"} in groups and {"x:g1"} in groups
    limits = " ".join(findings[0].limits)
    assert ("more than 35 accounts shared" in limits) == (parameters.max_sharers == 35)
    assert ("half of the objects" in limits) == parameters.auto_window


def test_an_unsorted_table_of_shares_is_an_error(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path, planted((4,)))
    table = pq.read_table(dataset.shares)
    pq.write_table(table.take(pa.array(range(len(table) - 1, -1, -1))), dataset.shares)
    with pytest.raises(CheckFailed, match="not sorted"):
        read_kept_shares(dataset.shares, pa.array(["x:g0m0"]), ("link",))


def test_where_no_edge_is_kept_the_table_is_not_read(tmp_path: Path) -> None:
    nobody = read_kept_shares(tmp_path / "absent.parquet", pa.array([], pa.string()), ())
    assert len(nobody.rows.row) == len(nobody.kind_objects) == 0
    assert only_tested(nobody, 2, tested_half=True) is nobody


def test_objects_cut_by_batches_stay_whole(tmp_path: Path) -> None:
    dataset = write_dataset(tmp_path, planted((4, 5), kinds=("hashtag", "link")))
    accounts = pa.array([f"x:g1m{i}" for i in range(5)])
    whole = read_kept_shares(dataset.shares, accounts, ("hashtag", "link"))
    pieces = read_kept_shares(dataset.shares, accounts, ("hashtag", "link"), batch_rows=7)
    assert len(whole.rows.row) > 30
    for left, right in zip(whole.rows, pieces.rows, strict=True):
        assert np.array_equal(left, right)
    assert whole.kind_objects == pieces.kind_objects
    assert np.array_equal(whole.object_start, pieces.object_start)
