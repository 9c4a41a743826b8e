"""Exports of a record: one value a field, its quote beside it, and no rating anywhere."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import Graph, Namespace
from rdflib.namespace import RDF

from assay.cli.export import export
from assay.documents.write_record import write_record
from assay.errors import InputError
from assay.exchange.base import RecordExporter
from assay.exchange.record_csv import write_record_csv
from assay.exchange.registry import RECORD_EXPORTERS
from assay.model.record_folder import RecordFolder
from tests.documents.gold_record import gold_record

SCHEMA = Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RecordFolder:
    folder = RecordFolder(tmp_path_factory.mktemp("record"))
    write_record(folder, gold_record())
    return folder


def written(record: RecordFolder, name: str, out: Path) -> Path:
    answer = CliRunner().invoke(export, [str(record.folder), "--format", name, "-o", str(out)])
    assert answer.exit_code == 0, answer.output
    return out


def test_disinfodex_has_a_row_for_every_measure_that_was_done(
    record: RecordFolder, tmp_path: Path
) -> None:
    with written(record, "disinfodex", tmp_path / "table.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    notice = next(row for row in rows if row["document"] == "en-chirpnet-notice.txt")
    assert notice["company"] == "Chirpnet"
    assert (notice["accounts"], notice["pages"], notice["groups"]) == ("312", "41", "9")
    assert notice["spend"] == "46000 USD"
    assert notice["date"] == "2023-03-14"
    herald = next(row for row in rows if row["document"] == "en-salm-herald.txt")
    assert herald["network"] == notice["network"]
    assert herald["other_numbers"] == "360"
    assert not [row for row in rows if row["status"] in ("denied", "threatened", "hypothetical")]
    denied = [row for row in rows if row["document"] == "en-did-not-remove.txt"]
    assert denied == []


def test_claim_review_rates_nothing(record: RecordFolder, tmp_path: Path) -> None:
    path = written(record, "claimreview", tmp_path / "claims.json")
    graph = Graph().parse(data=path.read_text(), format="json-ld")
    reviews = list(graph.subjects(RDF.type, SCHEMA.ClaimReview))
    statements = [one for reading in gold_record().readings for one in reading.statements]
    assert len(reviews) == len([one for one in statements if one.speaker.value])
    assert list(graph.objects(None, SCHEMA.ratingValue)) == []
    names = {str(name) for name in graph.objects(None, SCHEMA.alternateName)}
    assert names == {"not rated"}
    claimed = {str(text) for text in graph.objects(None, SCHEMA.claimReviewed)}
    assert "We have never run a single false account," in claimed


def test_media_review_tells_the_source_chain(record: RecordFolder, tmp_path: Path) -> None:
    path = written(record, "mediareview", tmp_path / "media.json")
    plain = json.loads(path.read_text())["@graph"]
    assert len(plain) == len(gold_record().readings)
    assert all("mediaAuthenticityCategory" not in one for one in plain)
    told = [one.get("originalMediaContextDescription", "") for one in plain]
    assert any("Kestria Wire" in one for one in told)


def test_csv_tables_guard_formulas(record: RecordFolder) -> None:
    files = write_record_csv(record)
    tables = ["documents", "refused", "claims", "statements", "measures", "demands", "events"]
    assert {path.stem for path in files} == set(tables)
    for path in files:
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                for cell in row.values():
                    assert cell[:1] not in ("=", "+", "@", "\t"), (path.name, cell)
    with (record.csv / "measures.csv").open(newline="") as file:
        counts = [json.loads(row["counts"]) for row in csv.DictReader(file)]
    assert any(one["n"] == 312 for cell in counts for one in cell)


@pytest.mark.parametrize("exporter", RECORD_EXPORTERS, ids=lambda one: one.name)
def test_a_folder_without_a_record_is_told(exporter: RecordExporter, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no record"):
        exporter.write(RecordFolder(tmp_path), tmp_path / "out")
