"""CASE/UCO: where evidence came from and what was done to it, for forensic tools.

JSON-LD by CASE 1.x and UCO 1.x (caseontology.org, unifiedcyberontology.org): the original files,
the dataset made of them, the run, and the findings with their evidence files, each with its
SHA-256, chained by two investigative actions. Ids are made from content (UUID 5), so the same run
gives the same graph. It holds no post, no name and no text.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.engine.read_back import findings_back, json_back
from assay.engine.write import file_sha256
from assay.model.dataset import RunFolder

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/assay/case")
"""Under which ids are made; an address that belongs to nobody."""

CONTEXT = {
    "kb": "http://example.org/kb/",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "uco-vocabulary": "https://ontology.unifiedcyberontology.org/uco/vocabulary/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class CaseUco:
    """One JSON-LD file with the provenance of a run."""

    name: str = "case"
    suffix: str = ".jsonld"
    summary: str = "provenance of the evidence for forensic tools (CASE/UCO)"

    def write(self, run: RunFolder, out: Path) -> list[Path]:
        """Write the graph.

        Raises:
            InputError: The run or its dataset's manifest is missing or damaged.
        """
        record, findings = json_back(run.run), findings_back(run.findings)
        # A run made from a dataset elsewhere has none of its own: the chain then begins with it.
        held = run.dataset.manifest.exists()
        manifest = json_back(run.dataset.manifest) if held else {}
        graph = list(_graph(run, record, findings, manifest))
        text = json.dumps({"@context": CONTEXT, "@graph": graph}, indent=2, ensure_ascii=False)
        unfinished = out.with_name(out.name + ".part")
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(out)
        return [out]


def _graph(
    run: RunFolder,
    record: dict[str, Any],
    findings: list[dict[str, Any]],
    manifest: dict[str, Any],
) -> Iterator[dict[str, Any]]:
    version = str(record.get("version"))
    tool = _node("uco-tool:Tool", version, **{
        "uco-core:name": "Assay",
        "uco-tool:version": version,
    })  # fmt: skip
    yield tool
    inputs = [_file(str(one["source"]), str(one["sha256"])) for one in manifest.get("inputs") or ()]
    yield from inputs
    tables = [
        _file(f"dataset/{path.name}", file_sha256(path))
        for path in (run.dataset.posts, run.dataset.accounts, run.dataset.shares,
                     run.dataset.rejects, run.dataset.manifest)
        if path.exists()
    ]  # fmt: skip
    yield from tables
    if tables:
        yield from _action("Import", "Posts and accounts read into tables; rows read are kept or "
                           "rejected with a reason.", tool, inputs, tables)  # fmt: skip
    results = [
        _file(path.name, file_sha256(path))
        for path in (run.run, run.edges, run.edge_tests, run.network, run.network_accounts,
                     run.communities, run.findings)
        if path.exists()
    ]  # fmt: skip
    yield from results
    evidence: list[dict[str, Any]] = []
    for finding in findings:
        files = [_file(str(one["path"]), str(one["sha256"])) for one in finding["evidence"]]
        evidence += files
        yield from files
        yield _node("case-investigation:ProvenanceRecord", str(finding["id"]), **{
            "uco-core:name": str(finding["id"]),
            "uco-core:description": str(finding["statement"]),
            "case-investigation:exhibitNumber": str(finding["id"]),
            "uco-core:object": [_link(one) for one in files],
        })  # fmt: skip
    yield from _action(
        "Detection",
        f"Parameters: {json.dumps(record.get('parameters'), sort_keys=True)}",
        tool,
        tables,
        [*results, *evidence],
    )


def _action(
    name: str,
    description: str,
    tool: dict[str, Any],
    used: list[dict[str, Any]],
    made: list[dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """One step of the chain; without times, which the run does not record."""
    key = "\0".join([name, description, *(one["@id"] for one in [*used, *made])])
    action: dict[str, Any] = {
        "uco-core:name": name,
        "uco-core:description": description,
        "uco-action:instrument": _link(tool),
    }
    if used:
        action["uco-action:object"] = [_link(one) for one in used]
    if made:
        action["uco-action:result"] = [_link(one) for one in made]
    yield _node("case-investigation:InvestigativeAction", key, **action)


def _file(name: str, sha256: str) -> dict[str, Any]:
    """A file with its hash."""
    return _node("uco-observable:File", f"{name}\0{sha256}", **{
        "uco-core:hasFacet": [
            _node("uco-observable:FileFacet", f"facet\0{name}\0{sha256}", **{
                "uco-observable:fileName": name,
            }),
            _node("uco-observable:ContentDataFacet", f"content\0{name}\0{sha256}", **{
                "uco-observable:hash": [
                    _node("uco-types:Hash", f"hash\0{name}\0{sha256}", **{
                        "uco-types:hashMethod": "SHA256",
                        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": sha256},
                    })
                ]
            }),
        ]
    })  # fmt: skip


def _node(kind: str, key: str, **properties: Any) -> dict[str, Any]:
    """A node whose id follows from its kind and what it stands for."""
    short = kind.split(":")[1]
    found = uuid.uuid5(NAMESPACE, f"{kind}\0{key}")
    return {"@id": f"kb:{short}-{found}", "@type": kind, **properties}


def _link(node: dict[str, Any]) -> dict[str, str]:
    return {"@id": node["@id"]}
