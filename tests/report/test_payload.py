"""The page's data: complete where it fits, counted where it does not, harmless in a script."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.made_groups import Plan
from tests.report.made_run import make_run

from assay.report.evidence import Evidence, read_evidence
from assay.report.gather import Gathered, gather
from assay.report.payload import make_payload, script_json


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Gathered, Evidence]:
    gathered = gather(make_run(tmp_path_factory.mktemp("run"), Plan(groups=(12, 8))))
    return gathered, read_evidence(gathered)


def places(gathered: Gathered) -> np.ndarray:
    return np.zeros((len(gathered.accounts), 2))


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists))
def test_script_json_cannot_leave_its_element(value: object) -> None:
    text = script_json(value)
    assert "<" not in text
    assert json.loads(text) == value


def test_everything_comes_back(read: tuple[Gathered, Evidence]) -> None:
    gathered, evidence = read
    payload = make_payload(gathered, evidence, places(gathered), 10_000_000)
    assert payload.shown_pairs == payload.all_pairs == len(evidence.pairs)
    assert not any(payload.left_out.values())
    network = json.loads(payload.scripts["network"])
    assert network["accounts"]["id"] == gathered.accounts.ids
    assert network["edges"]["weight"] == gathered.edges.weight.tolist()
    rows = json.loads(payload.scripts["evidence"])
    edge = np.cumsum(rows["step"])
    pairs = evidence.pairs
    told = {
        (
            int(edge[k]),
            rows["objects"]["id"][rows["object"][k]],
            rows["posts"]["id"][rows["post_a"][k]],
            rows["posts"]["id"][rows["post_b"][k]],
            rows["posts"]["at_ms"][rows["post_a"][k]],
            bool(rows["near"][k]),
        )
        for k in range(len(edge))
    }
    names = pairs.object_table["object_id"].to_pylist()
    there = {
        (
            int(pairs.edge[k]),
            names[pairs.objects[k]],
            pairs.post_a[k].as_py(),
            pairs.post_b[k].as_py(),
            int(pairs.at_a_us[k]) // 1000,
            bool(pairs.co_timed[k]),
        )
        for k in range(len(pairs))
    }
    assert told == there
    texts = dict(zip(rows["posts"]["id"], rows["posts"]["text"], strict=True))
    for row in evidence.posts.to_pylist():
        assert texts[row["post_id"]] == row["text"]


def test_figures_belong_to_their_edges(read: tuple[Gathered, Evidence]) -> None:
    gathered, evidence = read
    payload = make_payload(gathered, evidence, places(gathered), 10_000_000)
    figures = json.loads(payload.scripts["figures"])
    edge = np.cumsum(figures["windows"]["step"])
    assert edge.tolist() == list(range(len(gathered.edges)))
    assert figures["windows"]["shared_objects"] == gathered.edges.weight.tolist()
    assert figures["windows"]["settings"] == [{"kind": "link", "window_s": 60.0}]
    assert [row["delta_s"] for row in figures["tests"]["settings"]] == [600.0, 1800.0]
    assert len(figures["tests"]["step"]) == 2 * len(edge)


@pytest.mark.parametrize("room", [45_000, 60_000, 90_000])
def test_what_does_not_fit_is_counted_and_every_pair_keeps_some(
    read: tuple[Gathered, Evidence], room: int
) -> None:
    gathered, evidence = read
    payload = make_payload(gathered, evidence, places(gathered), room)
    assert payload.bytes <= room
    assert 0 < payload.shown_pairs < payload.all_pairs
    assert payload.left_out["pairs"] == payload.all_pairs - payload.shown_pairs
    rows = json.loads(payload.scripts["evidence"])
    assert len(rows["step"]) == payload.shown_pairs


def test_first_turns_come_before_anything_else(read: tuple[Gathered, Evidence]) -> None:
    gathered, evidence = read
    payload = make_payload(gathered, evidence, places(gathered), 70_000)
    rows = json.loads(payload.scripts["evidence"])
    of_edge = np.bincount(np.cumsum(rows["step"]), minlength=len(gathered.edges))
    if of_edge.max() > 3:
        assert (of_edge >= np.minimum(3, gathered.edges.weight)).all()
