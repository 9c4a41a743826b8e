"""The record as JSON-LD: W3C Web Annotations with PROV, complete in itself.

Every claim is an annotation whose target is a text with a TextPositionSelector and a
TextQuoteSelector; the context stands inside the file, so nothing is fetched to read it.
https://www.w3.org/TR/annotation-model/, https://www.w3.org/TR/prov-o/.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

Row = dict[str, Any]

VOCABULARY = "urn:assay:record#"
"""Terms that no common vocabulary has."""

CONTEXT: dict[str, Any] = {
    "@vocab": VOCABULARY,
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    "Annotation": "oa:Annotation",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "SpecificResource": "oa:SpecificResource",
    "body": "oa:hasBody",
    "target": "oa:hasTarget",
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": "oa:hasSelector",
    "motivation": {"@id": "oa:motivatedBy", "@type": "@id"},
    "identifying": "oa:identifying",
    "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
    "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
    "exact": "oa:exact",
    "prefix": "oa:prefix",
    "suffix": "oa:suffix",
    "format": "dcterms:format",
    "language": "dcterms:language",
    "title": "dcterms:title",
    "published": "dcterms:issued",
    "value": "rdf:value",
    "wasGeneratedBy": {"@id": "prov:wasGeneratedBy", "@type": "@id"},
    "wasDerivedFrom": {"@id": "prov:wasDerivedFrom", "@type": "@id"},
    "wasAssociatedWith": {"@id": "prov:wasAssociatedWith", "@type": "@id"},
    "used": {"@id": "prov:used", "@type": "@id"},
    "about": {"@id": "about", "@type": "@id"},
    "document": {"@id": "document", "@type": "@id"},
    "measure": {"@id": "measure", "@type": "@id"},
    "event": {"@id": "event", "@type": "@id"},
    "statement": {"@id": "statement", "@type": "@id"},
    "tells": {"@id": "tells", "@type": "@id"},
    "compares": {"@id": "compares", "@type": "@id"},
    "with": {"@id": "with", "@type": "@id"},
    "asserted_by": {"@id": "asserted_by", "@container": "@list"},
    # JSON itself: a number with its unit, a date with its precision.
    "norm": {"@id": "norm", "@type": "@json"},
}

_TOLD = {
    "statements": ("Statement", "statement_id", ("kind", "form", "exact", "speaker", "role")),
    "measures": ("Measure", "measure_id", ("action", "status", "exact", "segment")),
    "demands": ("Demand", "demand_id", ("status", "exact", "trigger")),
}
"""Type, id and the columns that stand on the thing itself; the rest are its claims."""


def record_graph(rows: dict[str, list[Row]], version: str) -> dict[str, Any]:
    """The whole record as one JSON-LD document.

    Args:
        rows: The rows of every table, by the table's name.
        version: Of the reader.
    """
    texts = {row["document"]: f"urn:sha256:{row['sha256']}" for row in rows["documents"]}
    activity = {
        "id": "urn:assay:reading",
        "type": "prov:Activity",
        "wasAssociatedWith": "urn:assay:reader",
        "used": [document_id(row["document"]) for row in rows["documents"]],
    }
    agent = {"id": "urn:assay:reader", "type": "prov:SoftwareAgent", "version": version}
    graph: list[dict[str, Any]] = [agent, activity]
    graph += [_document(row) for row in rows["documents"]]
    for name, (kind, key, columns) in _TOLD.items():
        graph += [_told(row, kind, key, columns) for row in rows[name]]
    graph += [_event(row) for row in rows["events"]]
    graph += [_annotation(row, texts[row["document"]]) for row in rows["claims"]]
    return {"@context": CONTEXT, "@graph": graph}


def document_id(document: str) -> str:
    """A document as an address that stays inside the record."""
    return f"urn:assay:document:{quote(document, safe='')}"


def subject_id(document: str, subject: str) -> str:
    """A measure, statement or demand of a document, or the document itself."""
    return document_id(document) + ("" if subject == "document" else f":{quote(subject, safe='')}")


def _document(row: Row) -> dict[str, Any]:
    return _without_nulls(
        {
            "id": document_id(row["document"]),
            "type": ["Document", "prov:Entity"],
            "path": row["document"],
            "wasDerivedFrom": f"urn:sha256:{row['sha256']}",
            "text": f"text/{row['sha256']}.txt",
            "format": row["media_type"],
            "language": row["language"],
            "title": row["title"],
            "published": row["published"],
        }
    )


def _told(row: Row, kind: str, key: str, columns: tuple[str, ...]) -> dict[str, Any]:
    document = row["document"]
    node = {
        "id": subject_id(document, row[key]),
        "type": [kind, "prov:Entity"],
        "document": document_id(document),
        "wasGeneratedBy": "urn:assay:reading",
        **{column: row[column] for column in columns},
    }
    for name, column in (("measure", "measure_id"), ("statement", "statement_id")):
        if column != key and row.get(column):
            node[name] = subject_id(document, row[column])
    if row.get("event_id"):
        node["event"] = _event_id(row["event_id"])
    return _without_nulls(node)


def _event_id(event: str) -> str:
    return f"urn:assay:event:{quote(event, safe='')}"


def _event(row: Row) -> dict[str, Any]:
    return _without_nulls(
        {
            "id": _event_id(row["event_id"]),
            "type": ["Event", "prov:Entity"],
            "tells": [subject_id(one["document"], one["measure_id"]) for one in row["members"]],
            "joined_by": row["joined_by"],
            "why": row["why"],
            "relation": [
                {
                    "type": "Relation",
                    "kind": relation["kind"],
                    "slot": relation["slot"],
                    "why": relation["why"],
                    "compares": _subjects(relation["left"]),
                    "with": _subjects(relation["right"]),
                }
                for relation in row["relations"]
            ],
        }
    )


def _subjects(keys: list[Row]) -> list[str]:
    return [subject_id(key["document"], key["subject"]) for key in keys]


def _annotation(row: Row, text: str) -> dict[str, Any]:
    """A claim; without characters it has the document as its target and says that it was
    inferred.
    """
    target: dict[str, Any] = {"type": "SpecificResource", "source": text}
    if row["start"] is not None:
        target["selector"] = [
            {"type": "TextPositionSelector", "start": row["start"], "end": row["end"]},
            {
                "type": "TextQuoteSelector",
                "exact": row["exact"],
                "prefix": row["prefix"],
                "suffix": row["suffix"],
            },
        ]
    body = {
        "type": "Claim",
        "about": subject_id(row["document"], row["subject"]),
        "slot": row["slot"],
        "value": row["value"],
        "norm": json.loads(row["norm"]) if row["norm"] else None,
        "comparator": row["comparator"],
        "hedge": row["hedge"],
        "hedged_by": row["hedged_by"],
        "asserted_by": row["asserted_by"] or None,
        "in_text": row["in_text"],
        "how": row["how"],
        "stage": row["stage"],
    }
    return {
        "id": f"urn:assay:claim:{row['claim_id']}",
        "type": ["Annotation", "prov:Entity"],
        "motivation": "identifying",
        "wasGeneratedBy": "urn:assay:reading",
        "body": _without_nulls(body),
        "target": target,
    }


def _without_nulls(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value is not None and value != []}
