"""Without an object, without an account, at other settings: the same as testing from scratch."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from tests.detectors.made_detection import SECOND_US, Act, detect, world, write_shares

from assay.detectors.activity import activity_of
from assay.detectors.arrays import ShareArrays, first_flags, only_objects, taken
from assay.detectors.block_grid import block_grids
from assay.detectors.by_account import shares_by_account
from assay.detectors.coaction_parameters import Coaction
from assay.detectors.density import Density
from assay.detectors.firmness import (
    Firmness,
    FirmnessLimits,
    GateOfRun,
    firmness_told,
    measure_firmness,
)
from assay.detectors.jitter import prepare_gate
from assay.detectors.leave_one_out import LeftOut
from assay.detectors.network import NetworkParameters, build_network
from assay.detectors.network_result import NetworkResult
from assay.detectors.pairs import pair_facts
from assay.detectors.share_reader import CodedShares, read_coded_shares
from assay.errors import CheckFailed
from assay.model.dataset import Dataset, RunFolder
from assay.model.finding import Finding

WINDOWS_S = (20.0, 60.0)
DELTAS = (10.0, 30.0)
KINDS = ("link", "hashtag")


@dataclasses.dataclass(frozen=True)
class Made:
    """A detected world with communities, and its shares by number."""

    run: RunFolder
    dataset: Dataset
    network: NetworkResult
    gate: GateOfRun
    coded: CodedShares
    density: Density


def _acts(seed: int) -> list[Act]:
    """Three groups among cover traffic; hashtags of one post share its moment."""
    rng = np.random.default_rng(seed)
    acts = world(seed, accounts=30, objects=40, size=500, span_s=40_000, kinds=KINDS)
    begin = min(act.at_us for act in acts)
    for group, (size, objects) in enumerate([(6, 9), (4, 4), (2, 5)]):
        for number in range(objects):
            at = begin + int(rng.integers(0, 40_000)) * SECOND_US
            for member in range(size):
                if rng.random() < 0.1:
                    continue
                late = int(rng.integers(0, 15)) * SECOND_US
                who = f"x:g{group}m{member}"
                acts.append(Act(who, f"g{group}o{number}", at + late, "link"))
                if number % 2:
                    acts.append(Act(who, f"t{group}a{number}", at + late, "hashtag"))
                    acts.append(Act(who, f"t{group}b{number}", at + late, "hashtag"))
    return acts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("made")
    dataset = write_shares(folder / "dataset", _acts(4))
    parameters = Coaction(windows_s=WINDOWS_S, deltas=DELTAS, shrinkage=20.0)
    detected = detect(folder / "out", dataset, parameters)
    run = RunFolder(folder / "out")
    network = build_network(run, dataset, NetworkParameters())
    gate = GateOfRun.from_record(detected.record, threads=1)
    coded = read_coded_shares(dataset.shares, gate.kinds)
    density = Density(activity_of(coded.kinds.values(), gate.resolution_us), gate.shrinkage)
    assert network.communities >= 3
    return Made(run, dataset, network, gate, coded, density)


@pytest.fixture(scope="module")
def firm(made: Made) -> Firmness:
    return measure_firmness(made.network, made.dataset, made.gate)


def _from_scratch(
    made: Made, shares: ShareArrays, window_s: float, place: int
) -> dict[tuple[str, str], tuple[float, int]]:
    """p and co-timed objects of every kept pair, tested by the gate on some shares."""
    edges = made.network.edges
    names = made.coded.account_ids.to_pylist()
    number = {name: k for k, name in enumerate(names)}
    ids = edges.accounts.to_pylist()
    pairs = [
        (ids[a], ids[b]) for a, b in zip(edges.pair_a.tolist(), edges.pair_b.tolist(), strict=True)
    ]
    codes = tuple(np.array([number[pair[side]] for pair in pairs], np.int32) for side in (0, 1))
    is_first = first_flags(shares)
    by_account = shares_by_account(shares, is_first, np.ones(len(names), np.bool_))
    grids = block_grids(window_s, DELTAS, made.gate.resolution_us)
    first = taken(shares, is_first)
    gate = prepare_gate(first, by_account.firsts, grids, made.density, made.gate.min_shared)
    weights = np.zeros((shares.object_count, 2))
    facts = pair_facts(codes, by_account, gate, weights, round(window_s * 1e6), 1)
    found = zip(facts.p_values[place].tolist(), facts.shared_objects.tolist(), strict=True)
    return dict(zip(pairs, found, strict=True))


def _left(made: Made, kinds: dict[str, ShareArrays], limit: float) -> dict[tuple[str, str], float]:
    """Kept pairs that still pass on some shares, with their smallest p."""
    tested = {
        (kind, window_s): _from_scratch(made, shares, window_s, 0)
        for kind, shares in kinds.items()
        for window_s in WINDOWS_S
    }
    left: dict[tuple[str, str], float] = {}
    for row in made.network.edges.table.to_pylist():
        pair = (row["account_a"], row["account_b"])
        p_value, shared = tested[row["kind"], row["window_s"]][pair]
        if p_value <= limit and shared >= made.gate.min_shared:
            left[pair] = min(p_value, left.get(pair, 1.0))
    return left


def _members(made: Made) -> dict[int, set[str]]:
    members = defaultdict(set)
    for name, community in zip(
        made.network.edges.accounts.to_pylist(), made.network.community.tolist(), strict=True
    ):
        members[community].add(name)
    return members


def _check(
    made: Made, found: LeftOut, place: int, left: dict[tuple[str, str], float], out: str | None
) -> None:
    """One row of the result against the pairs left from scratch."""
    own = _members(made)[int(found.community[place])] - {out}
    edges = made.network.edges
    ids = edges.accounts.to_pylist()
    kept = [(ids[a], ids[b]) for a, b in zip(edges.pair_a, edges.pair_b, strict=True)]
    inside = [pair for pair in kept if set(pair) <= own]
    passing = [pair for pair in inside if pair in left]
    assert found.pairs[place] == len(inside)
    assert found.pairs_left[place] == len(passing)
    assert found.accounts[place] == len(own)
    assert found.accounts_left[place] == len({name for pair in passing for name in pair})
    assert found.largest_p[place] == pytest.approx(
        max((left[pair] for pair in passing), default=0.0), rel=1e-6
    )


def test_without_each_object(made: Made, firm: Firmness) -> None:
    low_of = {kind: low for kind, (low, _) in made.network.shares.kind_objects.items()}
    seen = set()
    for place, thing in enumerate(firm.objects.thing.tolist()):
        kind = next(
            k for k, (low, high) in made.network.shares.kind_objects.items() if low <= thing < high
        )
        keep = np.ones(made.coded.kinds[kind].object_count, np.bool_)
        keep[thing - low_of[kind]] = False
        kinds = dict(made.coded.kinds) | {kind: only_objects(made.coded.kinds[kind], keep)}
        _check(made, firm.objects, place, _left(made, kinds, _limit(firm)), None)
        seen.add(kind)
    assert seen == set(KINDS)
    # Some object matters: a pair falls without it.
    assert (firm.objects.pairs_left < firm.objects.pairs).any()


def test_without_each_account(made: Made, firm: Firmness) -> None:
    ids = made.network.edges.accounts.to_pylist()
    names = made.coded.account_ids.to_pylist()
    for place, thing in enumerate(firm.accounts.thing.tolist()):
        out = names.index(ids[thing])
        kinds = {
            kind: taken(shares, shares.accounts != out) for kind, shares in made.coded.kinds.items()
        }
        _check(made, firm.accounts, place, _left(made, kinds, _limit(firm)), ids[thing])
    sizes = np.bincount(made.network.community)
    tried = np.flatnonzero(sizes[made.network.community] > 2)
    assert sorted(firm.accounts.thing.tolist()) == tried.tolist()


def _limit(firm: Firmness) -> float:
    return firm.p_threshold * (1 + 1e-9)


def test_the_grid(made: Made, firm: Firmness) -> None:
    community = made.network.community
    edges = made.network.edges
    ids = edges.accounts.to_pylist()
    of = {name: int(number) for name, number in zip(ids, community, strict=True)}
    kinds_of = defaultdict(set)
    for row in edges.table.to_pylist():
        kinds_of[row["account_a"], row["account_b"]].add(row["kind"])
    for number, grid in firm.grids.items():
        assert grid.windows_s == (15.0, 30.0, 60.0, 120.0, 240.0)
        for w, window_s in enumerate(grid.windows_s):
            for d in range(len(DELTAS)):
                tested = {
                    kind: _from_scratch(made, shares, window_s, d)
                    for kind, shares in made.coded.kinds.items()
                }
                for c, least in enumerate(grid.min_shared):
                    left = [
                        pair
                        for pair, kinds in kinds_of.items()
                        if of[pair[0]] == of[pair[1]] == number
                        and any(
                            tested[kind][pair][0] <= _limit(firm) and tested[kind][pair][1] >= least
                            for kind in kinds
                        )
                    ]
                    assert grid.pairs[w][d][c] == len(left)
                    assert grid.accounts[w][d][c] == len({name for pair in left for name in pair})
    # Asking for more objects never leaves more.
    for grid in firm.grids.values():
        assert all(list(row) == sorted(row, reverse=True) for rows in grid.pairs for row in rows)


def test_what_does_not_fit_the_limits_is_left_out_and_told(made: Made, firm: Firmness) -> None:
    nothing = measure_firmness(made.network, made.dataset, made.gate, FirmnessLimits(records=0))
    assert nothing.grids == {} and not nothing.objects_asked.any()
    assert not nothing.accounts_asked.any()
    steps = measure_firmness(made.network, made.dataset, made.gate, FirmnessLimits(steps=200))
    assert 0 < steps.objects_asked.sum() < made.network.communities
    assert set(steps.objects.community.tolist()) <= set(np.flatnonzero(steps.objects_asked))
    assert steps.grids == firm.grids
    rows = FirmnessLimits(copied_rows=600)
    few = measure_firmness(made.network, made.dataset, made.gate, rows).accounts
    assert 0 < len(few.thing) < len(firm.accounts.thing)
    for place, thing in enumerate(few.thing.tolist()):
        (whole,) = np.flatnonzero(firm.accounts.thing == thing)
        assert few.pairs_left[place] == firm.accounts.pairs_left[whole]


def _finding(name: str, subjects: str, statistic: dict[str, Any]) -> Finding:
    return Finding(
        id=name,
        kind="coaction.community",
        claim="synchronous",
        subjects=tuple(subjects),
        statement="",
        statistic=statistic,
        p_value=None,
        q_value=None,
        reason="",
        limits=(),
        explanations=(),
        strength="weak",
        method={},
    )


def test_what_is_passed_over_stands_in_the_run() -> None:
    one = {"tried": 3, "of": 3}
    whole: dict[str, Any] = {"grid": {}, "hangs_objects": one, "hangs_accounts": one}
    pair = whole | {"hangs_accounts": {"tried": 0, "of": 2}}
    large = whole | {"grid": None, "hangs_objects": {"tried": 0, "of": 9}}
    busy = whole | {"hangs_accounts": {"tried": 2, "of": 3}}
    findings = [
        _finding("whole", "abc", whole),
        _finding("pair", "ab", pair),
        _finding("large", "abc", large),
        _finding("busy", "abc", busy),
        _finding("undecided", "a", {"accounts": 1}),
    ]
    told = firmness_told(findings)
    assert told["limits"]["records"] == FirmnessLimits().records
    assert told["skipped"] == [
        {
            "finding": "large",
            "grid": True,
            "objects": {"tried": 0, "of": 9},
            "accounts": {"tried": 3, "of": 3},
        },
        {
            "finding": "busy",
            "grid": False,
            "objects": {"tried": 3, "of": 3},
            "accounts": {"tried": 2, "of": 3},
        },
    ]


def test_threads_and_chunks_change_nothing(
    made: Made, firm: Firmness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assay.detectors.leave_account_out.CHUNK_ROWS", 100)
    gate = dataclasses.replace(made.gate, threads=2)
    again = measure_firmness(made.network, made.dataset, gate)
    assert again.grids == firm.grids
    for one, other in ((again.objects, firm.objects), (again.accounts, firm.accounts)):
        for name in LeftOut.__dataclass_fields__:
            assert np.array_equal(getattr(one, name), getattr(other, name))


def test_another_p_in_the_table_stops_the_run(made: Made, tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    table = pq.read_table(made.run.edges)
    p_values = table["p_value"].to_numpy().copy()
    p_values[table["kept"].to_numpy()] *= 1.01
    place = table.schema.get_field_index("p_value")
    pq.write_table(table.set_column(place, "p_value", [p_values]), run.edges)
    network = build_network(run, made.dataset, NetworkParameters())
    with pytest.raises(CheckFailed, match="have another p when the gate is asked again"):
        measure_firmness(network, made.dataset, made.gate)
