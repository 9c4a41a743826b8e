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


def test_the_validator_agrees_with_the_run_and_objects_to_what_is_wrong_beside_it(
    made: MadeRun, tmp_path: Path
) -> None:
    """In one go: each takes the validator as long as both, which is the ontology's own size."""
    from case_utils.case_validate import validate

    path = CaseUco().write(made.run, tmp_path / "run.jsonld")[0]
    document = json.loads(path.read_text("utf-8"))
    tool = next(node for node in document["@graph"] if node.get("uco-core:name") == "Assay")
    wrong = f"{tool['@id']}-wrong"
    document["@graph"].append({**tool, "@id": wrong, "uco-core:name": 7})
    path.write_text(json.dumps(document), "utf-8")
    result = validate(str(path))
    # Every word is one of the ontology's, and about the run's own nodes it has not even a remark.
    assert result.undefined_concepts == set()
    assert not result.conforms
    assert "Constraint Violation in DatatypeConstraintComponent" in result.text
    remarked = re.findall(r"Focus Node: (\S+)", result.text)
    assert f"Results ({len(remarked)})" in result.text
    assert set(remarked) == {wrong}


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
