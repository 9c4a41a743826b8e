"""CSV: a run's tables for a spreadsheet, guarded against formulas in what strangers wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from assay.errors import InputError
from assay.exchange.network_graph import LIST_SEPARATOR
from assay.model.dataset import RunFolder
from assay.text.spreadsheet import FORMULA_STARTS


@dataclass(frozen=True)
class Csv:
    """Each result table as one CSV file with a header, UTF-8, in the order of the Parquet file.

    Lists are joined by ``|``, times are ISO 8601 with Z, nulls are empty, texts are quoted. A
    text that a spreadsheet could run as a formula gets an apostrophe before it.
    """

    name: str = "csv"
    suffix: str = ""
    summary: str = "each result table for a spreadsheet or R"

    def write(self, run: RunFolder, out: Path) -> list[Path]:
        """Write every table that the run has into the folder ``out``.

        Raises:
            InputError: The run has none.
        """
        tables = [path for path in _tables(run) if path.exists()]
        if not tables:
            raise InputError(
                "the folder holds no result tables",
                fix="name the folder that `assay scan` or `assay detect` wrote",
                file=run.folder,
            )
        out.mkdir(parents=True, exist_ok=True)
        return [_write_one(path, out / f"{path.stem}.csv") for path in tables]


def _tables(run: RunFolder) -> tuple[Path, ...]:
    return (run.edges, run.edge_tests, run.network, run.network_accounts, run.communities)


def _write_one(source: Path, path: Path) -> Path:
    """Batch by batch, whole or not at all."""
    try:
        file = pq.ParquetFile(source)
    except pa.ArrowInvalid as error:
        raise InputError(
            "the file is no Parquet table", fix="run the scan again", file=source
        ) from error
    unfinished = path.with_name(path.name + ".part")
    with file:
        names = file.schema_arrow
        schema = pa.schema([(item.name, _written_type(item.type)) for item in names])
        with pyarrow.csv.CSVWriter(unfinished, schema) as writer:
            for batch in file.iter_batches():
                columns = [spreadsheet_column(column) for column in batch.columns]
                writer.write_table(pa.table(columns, schema=schema))
    unfinished.replace(path)
    return path


def _written_type(kind: pa.DataType) -> pa.DataType:
    is_text = pa.types.is_list(kind) or pa.types.is_timestamp(kind) or pa.types.is_string(kind)
    return pa.string() if is_text else kind


def spreadsheet_column(column: pa.Array) -> pa.Array:
    """A column as CSV holds it: lists joined, times as text, formulas made harmless."""
    if pa.types.is_timestamp(column.type):
        moments = column.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False)
        text = np.datetime_as_string(moments, unit="us").astype(object)
        stamped = pc.binary_join_element_wise(pa.array(text, pa.string()), "Z", "")
        return pc.if_else(column.is_valid(), stamped, pa.scalar(None, pa.string()))
    if pa.types.is_list(column.type):
        parts = column.cast(pa.list_(pa.string()))
        column = pc.binary_join(parts, LIST_SEPARATOR)
    if pa.types.is_string(column.type):
        return pc.replace_substring_regex(column, FORMULA_STARTS, r"'\1")
    return column
