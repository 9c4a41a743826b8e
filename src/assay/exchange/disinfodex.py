"""A table in the manner of Disinfodex: one row for each network that a company acted against.

Disinfodex (disinfodex.org) lists companies' disclosures with one value a field: network, date,
company, removal type, origin, target, policy. Here each row also carries the document and the
characters that it was read from. What a document leaves open stays empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from assay.exchange.csv import spreadsheet_column
from assay.exchange.record_tables import Row, check_record, rows
from assay.model.record_folder import RecordFolder

_UNITS = ("accounts", "pages", "groups", "channels", "posts", "ads")
_NO_DISCLOSURE = ("hypothetical", "threatened", "denied")
"""What was not done is not listed among what was."""


@dataclass(frozen=True)
class Disinfodex:
    """One CSV file; a row is one measure as one document tells it."""

    name: str = "disinfodex"
    suffix: str = ".csv"
    summary: str = "a record's measures as a table of disclosures, one value a field"

    def write(self, record: RecordFolder, out: Path) -> list[Path]:
        """Write the table.

        Raises:
            InputError: The folder holds no record.
        """
        check_record(record)
        published = {row["document"]: row["published"] for row in rows(record.documents)}
        listed = [
            _row(row, published.get(row["document"]))
            for row in rows(record.measures)
            if row["status"] not in _NO_DISCLOSURE
        ]
        schema = pa.schema([(name, pa.string()) for name in _row(_EMPTY, None)])
        table = pa.Table.from_pylist(listed, schema=schema)
        columns = [spreadsheet_column(table[name].combine_chunks()) for name in schema.names]
        out.parent.mkdir(parents=True, exist_ok=True)
        unfinished = out.with_name(out.name + ".part")
        pyarrow.csv.write_csv(pa.table(columns, names=schema.names), unfinished)
        unfinished.replace(out)
        return [out]


_EMPTY: Row = {
    "event_id": None,
    "measure_id": "",
    "document": "",
    "disclosed_on": None,
    "actor": None,
    "platform": None,
    "action": "",
    "status": "",
    "origin": None,
    "operator": None,
    "target": None,
    "ground": None,
    "asserted_by": None,
    "exact": "",
    "start": 0,
    "end": 0,
    "counts": [],
    "spend": [],
}


def _row(measure: Row, published: str | None) -> dict[str, str | None]:
    numbers: dict[str, str | None] = {unit: _number(measure, unit) for unit in _UNITS}
    others = [one for one in measure["counts"] if one["unit"] not in _UNITS]
    return {
        "network": measure["event_id"] or f"{measure['document']}:{measure['measure_id']}",
        "date": measure["disclosed_on"] or published,
        "company": measure["actor"],
        "platform": measure["platform"],
        "removal_type": measure["action"],
        "status": measure["status"],
        **numbers,
        "other_numbers": "; ".join(one["exact"] for one in others) or None,
        "spend": "; ".join(f"{one['amount']:g} {one['currency']}" for one in measure["spend"])
        or None,
        "origin": measure["origin"],
        "operator": measure["operator"],
        "target": measure["target"],
        "policy": measure["ground"],
        "on_the_word_of": measure["asserted_by"],
        "document": measure["document"],
        "quote": measure["exact"],
        "start": str(measure["start"]),
        "end": str(measure["end"]),
    }


def _number(measure: Row, unit: str) -> str | None:
    told = [
        f"{'' if one['comparator'] == '=' else one['comparator'] + ' '}{one['n']:g}"
        for one in measure["counts"]
        if one["unit"] == unit
    ]
    return "; ".join(told) or None
