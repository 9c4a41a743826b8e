"""Tables, texts and JSON-LD of a record: every value where it says that it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from rdflib import Graph, Namespace
from rdflib.namespace import RDF
from tests.documents.gold_record import gold_record

from assay.documents.jsonld import VOCABULARY
from assay.documents.write_record import Record, write_record
from assay.model import record_tables
from assay.model.record_folder import RecordFolder

OA = Namespace("http://www.w3.org/ns/oa#")
PROV = Namespace("http://www.w3.org/ns/prov#")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RecordFolder:
    folder = RecordFolder(tmp_path_factory.mktemp("record"))
    write_record(folder, gold_record())
    return folder


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


def texts(folder: RecordFolder) -> dict[str, str]:
    return {
        row["document"]: folder.text_of(row["sha256"]).read_bytes().decode()
        for row in rows(folder.documents)
    }


def test_the_text_is_the_file_itself_for_plain_text(folder: RecordFolder) -> None:
    source = Path(__file__).parents[2] / "examples/documents/train/ru-chirpnet.txt"
    assert texts(folder)["ru-chirpnet.txt"].encode() == source.read_bytes()


@pytest.mark.parametrize("name", ["claims", "statements", "measures", "demands"])
def test_every_row_holds_the_words_at_its_offsets(folder: RecordFolder, name: str) -> None:
    text = texts(folder)
    found = rows(getattr(folder, name))
    assert len(found) > 10
    for row in found:
        if row["start"] is not None:
            assert text[row["document"]][row["start"] : row["end"]] == row["exact"]
        for part in row.get("spans") or row.get("mentions") or ():
            assert text[row["document"]][part["start"] : part["end"]] == part["exact"]


def test_columns_of_the_issue_are_there(folder: RecordFolder) -> None:
    asked = {
        "statements": "document form start end exact cue_start cue_end speaker speaker_start "
        "speaker_end role organisation addressee venue measure_id",
        "measures": "measure_id document action status actor platform target counts spend origin "
        "operator ground legal_basis disclosed_on precision asserted_by start end",
    }
    for name, columns in asked.items():
        assert set(columns.split()) <= set(pq.read_schema(getattr(folder, name)).names)
    count = rows(folder.measures)[0]["counts"]
    assert {"n", "comparator", "unit", "platform", "start", "end"} <= set(
        record_tables.COUNT.names if not count else count[0]
    )


def test_one_number_of_the_notice(folder: RecordFolder) -> None:
    (measure,) = [
        row for row in rows(folder.measures) if row["document"] == "en-chirpnet-notice.txt"
    ]
    assert measure["platform"] == "Chirpnet"
    assert measure["action"] == "remove"
    assert [(one["n"], one["unit"]) for one in measure["counts"]] == [
        (312, "accounts"),
        (41, "pages"),
        (9, "groups"),
    ]
    assert measure["event_id"] == "E1"


def test_the_same_record_gives_the_same_bytes(folder: RecordFolder, tmp_path: Path) -> None:
    again = RecordFolder(tmp_path)
    # Readings may finish in any order; the record does not show it.
    whole = gold_record()
    write_record(again, Record(list(reversed(whole.readings)), whole.refused, whole.events))
    for name in ("claims", "statements", "measures", "demands", "events", "documents"):
        left, right = (pq.read_table(getattr(one, name)) for one in (folder, again))
        assert left.equals(right), name
    assert {row["id"] for row in json.loads(again.json.read_text())["@graph"]} == {
        row["id"] for row in json.loads(folder.json.read_text())["@graph"]
    }


def test_texts_of_documents_that_are_gone_go_too(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    whole = gold_record()
    write_record(folder, whole)
    write_record(folder, Record(whole.readings[:2]))
    assert len(list(folder.text.iterdir())) == 2


def test_the_record_expands_to_annotations_without_a_network(folder: RecordFolder) -> None:
    plain = json.loads(folder.json.read_text(encoding="utf-8"))
    assert isinstance(plain["@context"], dict), "a context elsewhere would have to be fetched"
    graph = Graph().parse(data=folder.json.read_text(encoding="utf-8"), format="json-ld")
    annotations = set(graph.subjects(RDF.type, OA.Annotation))
    claims = rows(folder.claims)
    assert len(annotations) == len(claims)
    activity = set(graph.objects(None, PROV.wasGeneratedBy))
    assert len(activity) == 1
    quotes = {
        (int(str(start)), str(exact))
        for target in graph.objects(None, OA.hasTarget)
        for position in graph.objects(target, OA.hasSelector)
        for start in graph.objects(position, OA.start)
        for quote in graph.objects(target, OA.hasSelector)
        for exact in graph.objects(quote, OA.exact)
    }
    assert quotes == {(row["start"], row["exact"]) for row in claims if row["start"] is not None}


def test_no_key_of_the_record_is_lost_when_it_is_expanded(folder: RecordFolder) -> None:
    """A key without a meaning would be dropped silently by JSON-LD readers."""
    graph = Graph().parse(data=folder.json.read_text(encoding="utf-8"), format="json-ld")
    own = {str(p).removeprefix(VOCABULARY) for p in graph.predicates() if VOCABULARY in str(p)}
    assert {"slot", "stage", "about", "in_text", "status", "tells", "relation", "norm"} <= own
