"""Tables, texts and JSON-LD of a record, from its readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from assay import __version__
from assay.documents.base import Reading
from assay.documents.jsonld import record_graph
from assay.documents.page import Refused
from assay.documents.record_rows import (
    Row,
    claim_rows,
    demand_row,
    document_row,
    event_row,
    measure_row,
    statement_row,
)
from assay.engine.write import write_json, write_table
from assay.model import record_tables as tables
from assay.model.record import Event
from assay.model.record_folder import RecordFolder


@dataclass(frozen=True)
class Record:
    """Everything that was read.

    Attributes:
        readings: One for each document.
        refused: What could not be read.
        events: What the documents tell of.
    """

    readings: Sequence[Reading]
    refused: Sequence[Refused] = ()
    events: Sequence[Event] = ()


def write_record(folder: RecordFolder, record: Record) -> dict[str, int]:
    """Write the record's tables, texts and ``record.json``.

    Returns:
        How many rows each table has.
    """
    rows = record_rows(record)
    folder.folder.mkdir(parents=True, exist_ok=True)
    _write_texts(folder, record.readings)
    for path, schema, keys in (
        (folder.documents, tables.DOCUMENTS, ("document",)),
        (folder.refused, tables.REFUSED, ("document", "reason")),
        (folder.claims, tables.CLAIMS, ()),
        (folder.statements, tables.STATEMENTS, ()),
        (folder.measures, tables.MEASURES, ()),
        (folder.demands, tables.DEMANDS, ()),
        (folder.events, tables.EVENTS, ("event_id",)),
    ):
        table = pa.Table.from_pylist(rows[path.stem], schema=schema)
        write_table(path, table, schema, keys)
    write_json(folder.json, record_graph(rows, __version__))
    return {name: len(found) for name, found in rows.items()}


def record_rows(record: Record) -> dict[str, list[Row]]:
    """The rows of every table, by document in their order, then by place."""
    events = {member: event.event_id for event in record.events for member in event.members}
    rows: dict[str, list[Row]] = {
        "documents": [],
        "refused": [
            {"document": one.document, "reason": one.reason, "fix": one.fix}
            for one in record.refused
        ],
        "claims": [],
        "statements": [],
        "measures": [],
        "demands": [],
        "events": [event_row(event) for event in record.events],
    }
    for reading in sorted(record.readings, key=lambda reading: reading.document.document):
        rows["documents"].append(document_row(reading))
        rows["claims"] += claim_rows(reading)
        rows["statements"] += [statement_row(reading, one) for one in reading.statements]
        rows["measures"] += [measure_row(reading, one, events) for one in reading.measures]
        rows["demands"] += [demand_row(reading, one) for one in reading.demands]
    return rows


def _write_texts(folder: RecordFolder, readings: Sequence[Reading]) -> None:
    folder.text.mkdir(parents=True, exist_ok=True)
    wanted = set()
    for reading in readings:
        path = folder.text_of(reading.document.sha256)
        wanted.add(path.name)
        if not path.exists():
            unfinished = path.with_name(path.name + ".part")
            # Bytes, since line ends must stay as they are for the offsets to hold.
            unfinished.write_bytes(reading.text.encode("utf-8", "surrogatepass"))
            unfinished.replace(path)
    for stale in folder.text.iterdir():
        if stale.name not in wanted:
            stale.unlink()
