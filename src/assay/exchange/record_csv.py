"""A record's tables as CSV, guarded against formulas in what strangers wrote."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from assay.exchange.csv import spreadsheet_column
from assay.model.record_folder import RecordFolder


def write_record_csv(record: RecordFolder) -> list[Path]:
    """Each table as ``csv/NAME.csv``; lists of several columns are JSON in their cell."""
    record.csv.mkdir(parents=True, exist_ok=True)
    tables = (
        record.documents,
        record.refused,
        record.claims,
        record.statements,
        record.measures,
        record.demands,
        record.events,
    )
    return [_write_one(path, record.csv / f"{path.stem}.csv") for path in tables]


def _write_one(source: Path, path: Path) -> Path:
    table = pq.read_table(source)
    columns = [_cells(table[name].combine_chunks()) for name in table.column_names]
    unfinished = path.with_name(path.name + ".part")
    pyarrow.csv.write_csv(pa.table(columns, names=table.column_names), unfinished)
    unfinished.replace(path)
    return path


def _cells(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
        texts = [json.dumps(cell, ensure_ascii=False) for cell in column.to_pylist()]
        return pa.array(texts, pa.string())
    return spreadsheet_column(column)
