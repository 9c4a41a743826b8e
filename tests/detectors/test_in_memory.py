"""The detector in memory gives the detector's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.detectors.made_detection import Act, detect, write_shares
from tests.detectors.made_shares import arrays_of

from assay.detectors.coaction_parameters import Coaction
from assay.detectors.in_memory import detect_in_memory
from assay.errors import UsageError
from assay.laboratory.worlds import TrueWorld, find_worlds, make_world

SECOND_US = 1_000_000


def acts_of(made: TrueWorld) -> list[Act]:
    """The same shares with ids whose order is that of the numbers."""
    shares = made.shares
    return [
        Act(f"a{account:05}", f"o{number:05}", at, "object")
        for number, account, at in zip(
            shares.objects.tolist(), shares.accounts.tolist(), shares.times_us.tolist(), strict=True
        )
    ]


@pytest.mark.parametrize(
    ("name", "window_s"), [("few", 20.0), ("repeaters", 60.0), ("minutes", 600.0)]
)
def test_the_tests_are_those_of_the_detector(tmp_path: Path, name: str, window_s: float) -> None:
    (world,) = find_worlds([name])
    made = make_world(world, 3, 0, 20.0)
    parameters = Coaction(windows_s=(window_s,), kinds=("object",), fdr=0.2)
    whole = detect(tmp_path / "out", write_shares(tmp_path / "dataset", acts_of(made)), parameters)
    (tested,) = detect_in_memory(made.shares, (window_s,), world.resolution_us, parameters)

    assert whole.record["data"]["time_resolution_s"] == world.resolution_us / 1e6
    assert whole.record["family"]["members"][0]["pairs_at_risk"] == tested.family
    rows = {(row["account_a"], row["account_b"]): row for row in whole.edges.to_pylist()}
    tests = {
        (row["account_a"], row["account_b"], row["delta_s"]): row for row in whole.tests.to_pylist()
    }
    assert len(rows) == len(tested.account_i) > 20
    for place, (i, j) in enumerate(zip(tested.account_i, tested.account_j, strict=True)):
        names = (f"a{i:05}", f"a{j:05}")
        row = rows[names]
        assert row["shared_objects"] == tested.shared_objects[place]
        assert row["co_shares"] == tested.co_shares[place]
        for null in ("shuffle", "rate", "hypergeometric"):
            wanted = getattr(tested, f"p_{null}")[place]
            assert row[f"p_{null}"] == pytest.approx(wanted, rel=1e-11)
        for number, delta_s in enumerate(tested.deltas_s):
            test = tests[*names, delta_s]
            assert test["p_value"] == pytest.approx(tested.p_values[number, place], rel=1e-11)
            assert test["q_value"] == pytest.approx(tested.q_values[number, place], rel=1e-11)
        passing = tested.q_values[0, place] <= 0.2 and tested.shared_objects[place] >= 2
        assert row["kept"] == passing


def test_a_window_below_twice_the_resolution_is_refused() -> None:
    shares = arrays_of([(0, 0, 0), (0, 1, 60 * SECOND_US)])
    with pytest.raises(UsageError, match="resolution"):
        list(detect_in_memory(shares, (60.0,), 60 * SECOND_US, Coaction()))
