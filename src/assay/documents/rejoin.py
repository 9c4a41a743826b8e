"""A record joined anew after somebody chose, from what was read before; nothing is read again."""

from __future__ import annotations

import json

import pyarrow.parquet as pq

from assay.documents.base import Reading
from assay.documents.page import Refused
from assay.documents.saved_reading import load_reading
from assay.documents.stages import MERGER
from assay.documents.write_record import Record, write_record
from assay.engine.write import write_json
from assay.errors import InputError
from assay.model.record_folder import RecordFolder


def rejoin(folder: RecordFolder) -> dict[str, int]:
    """Write a record's tables again with the choices made since.

    Returns:
        How many rows each table has.

    Raises:
        InputError: What was read of its documents is not there any more.
    """
    names = set(pq.read_table(folder.documents, columns=["document"])["document"].to_pylist())
    readings = [load_reading(path) for path in sorted(folder.readings.glob("*/*.json"))]
    readings = in_order([one for one in readings if one.document.document in names])
    if len(readings) != len(names):
        raise InputError(
            "what was read of the documents is not there any more; your choice is kept",
            fix="give the `assay read` command again",
            file=folder.readings,
        )
    refused = [Refused(**row) for row in pq.read_table(folder.refused).to_pylist()]
    events = MERGER.merge(readings, folder.choices) if MERGER is not None else ()
    counts = write_record(folder, Record(readings, refused, events))
    about = json.loads(folder.about.read_text("utf-8"))
    write_json(folder.about, about | {"rows": counts})
    return counts


def in_order(readings: list[Reading]) -> list[Reading]:
    """By their documents' names: events must not hang on the order of the command's arguments."""
    return sorted(readings, key=lambda reading: reading.document.document)
