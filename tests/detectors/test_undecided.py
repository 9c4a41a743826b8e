"""Recurrent volleys are listed apart, with evidence, and never count as kept."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.detectors.made_detection import Act, Detected, detect, write_shares
from tests.detectors.test_held_out import honest, planted

from assay.detectors.coaction_parameters import Coaction
from assay.detectors.findings import FindingContext, write_findings
from assay.detectors.network import NetworkParameters, build_network
from assay.detectors.undecided import find_volleys
from assay.detectors.undecided_findings import undecided_findings
from assay.engine.write import file_sha256
from assay.model.dataset import Dataset, RunFolder
from assay.model.tables import ACCOUNTS


@pytest.fixture(scope="module")
def volley(tmp_path_factory: pytest.TempPathFactory) -> tuple[Detected, RunFolder]:
    """Twenty-five accounts within five seconds on eight objects of their own."""
    folder: Path = tmp_path_factory.mktemp("volley")
    rows = honest(5, 400) + planted(5, 25, 8, 5)
    acts = [Act(f"x:{account:03}", f"o{obj}", at, "object") for obj, account, at in rows]
    dataset: Dataset = write_shares(folder / "dataset", acts)
    pq.write_table(ACCOUNTS.empty_table(), dataset.accounts)
    found = detect(folder / "out", dataset, Coaction(), threads=2)
    run = RunFolder(folder / "out")
    network = build_network(run, dataset, NetworkParameters())
    told = [
        {"kind": "object", "window_s": 60.0, "limit": "Objects at 60 s are too fast."},
        {"kind": "link", "window_s": 60.0, "limit": "Links at 60 s are too fast."},
    ]
    write_findings(run, dataset, FindingContext(network, 0.05, reactions=told))
    return found, run


def test_no_pair_passes_and_every_account_does(volley: tuple[Detected, RunFolder]) -> None:
    found, _ = volley
    assert found.record["results"]["kept"] == 0
    assert found.record["held_out"]["accounts_passing"] == 25


def test_it_is_listed_apart(volley: tuple[Detected, RunFolder]) -> None:
    _, run = volley
    told = json.loads(run.findings.read_text())
    assert told["findings"] == []
    (one,) = told["undecided"]
    assert (one["kind"], one["strength"]) == ("coaction.undecided", "undecided")
    assert one["subjects"] == [f"x:{account:03}" for account in range(60, 85)]
    assert one["statistic"]["objects"] == 8
    assert one["statistic"]["others_at_moment"] == one["statistic"]["others_elsewhen"] == 0
    assert one["statistic"]["median_p_partners_in"] > 0.05
    assert "cannot be decided by timing" in one["statement"]
    assert [limit for limit in one["limits"] if "too fast" in limit] == [
        "Objects at 60 s are too fast."
    ]


def test_its_evidence_is_frozen(volley: tuple[Detected, RunFolder]) -> None:
    _, run = volley
    (one,) = json.loads(run.findings.read_text())["undecided"]
    (reference,) = one["evidence"]
    assert reference["rows"] == 200
    assert file_sha256(run.folder / reference["path"]) == reference["sha256"]


@pytest.mark.parametrize(
    ("accounts", "median_p", "told"),
    [
        (25, 0.17, "it does not stand out (median p 0.17): a burst of several accounts explains"),
        (2, 0.17, "With both left in, it does not stand out (median p 0.17). "),
        (2, 0.028, "it stands out less (median p 0.028), and no pair of them enough to pass"),
        (25, 1e-9, "it stands out less (median p 1e-09), and no pair of them enough to pass"),
    ],
)
def test_it_says_why_no_pair_passes(
    volley: tuple[Detected, RunFolder], tmp_path: Path, accounts: int, median_p: float, told: str
) -> None:
    run = volley[1]
    dataset = Dataset(run.folder.parent / "dataset")
    (real,) = find_volleys(run, dataset, pa.array([], pa.string()), ("object",), 0.05)
    other = dataclasses.replace(
        real, accounts=real.accounts[:accounts], median_p_partners_in=median_p
    )
    (finding,) = undecided_findings(RunFolder(tmp_path), [other], 0.05, {}, [])
    assert told in finding.reason
    assert finding.reason.endswith(" This finding does not count as kept.")
