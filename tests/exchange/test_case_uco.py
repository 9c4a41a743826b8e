"""CASE/UCO: the ontology's own validator agrees, and nothing of anyone's words is in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assay.errors import InputError
from assay.exchange.case_uco import CaseUco
from assay.model.dataset import RunFolder
from tests.bundle.made_bundle import SECRET, MadeRun


def test_the_validator_of_the_ontology_agrees(made: MadeRun, tmp_path: Path) -> None:
    from case_utils.case_validate import validate

    CaseUco().write(made.run, tmp_path / "run.jsonld")
    result = validate(str(tmp_path / "run.jsonld"))
    assert result.conforms, result.text
    # Not even a remark: every word is one of the ontology's.
    assert "Constraint Violation" not in result.text
    assert "Validation Result" not in result.text


def test_the_validator_would_object(made: MadeRun, tmp_path: Path) -> None:
    from case_utils.case_validate import validate

    path = CaseUco().write(made.run, tmp_path / "run.jsonld")[0]
    text = path.read_text("utf-8")
    path.write_text(re.sub(r'"uco-core:name": "Assay"', '"uco-core:name": 7', text), "utf-8")
    assert not validate(str(path), abort_on_first=True).conforms


def test_the_chain_leads_from_the_input_to_the_evidence(made: MadeRun, tmp_path: Path) -> None:
    path = CaseUco().write(made.run, tmp_path / "run.jsonld")[0]
    text = path.read_text("utf-8")
    assert SECRET not in text
    assert text == CaseUco().write(made.run, tmp_path / "2.jsonld")[0].read_text("utf-8")
    graph = {node["@id"]: node for node in json.loads(text)["@graph"]}

    def named(node: dict[str, Any]) -> str:
        return str(node["uco-core:hasFacet"][0]["uco-observable:fileName"])

    actions = {
        str(node["uco-core:name"]): node
        for node in graph.values()
        if node["@type"] == "case-investigation:InvestigativeAction"
    }
    read, run = actions["Import"], actions["Detection"]
    assert [named(graph[one["@id"]]) for one in read["uco-action:object"]] == ["posts.csv"]
    made_of = {one["@id"] for one in read["uco-action:result"]}
    assert made_of == {one["@id"] for one in run["uco-action:object"]}
    results = {named(graph[one["@id"]]) for one in run["uco-action:result"]}
    finding = json.loads(made.run.findings.read_bytes())["findings"][0]
    assert {one["path"] for one in finding["evidence"]} <= results
    assert "edges.parquet" in results


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"run\.json cannot be read"):
        CaseUco().write(RunFolder(tmp_path), tmp_path / "x.jsonld")
