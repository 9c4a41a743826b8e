"""Rows of a CSV file made columns of strings; blocks without a quote need nothing but this."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from assay.engine.arrow_csv import csv
from assay.engine.csv_layout import CsvLayout, is_utf8

NULLS = ["", "NA", "NaN", "nan", "NULL", "null", "None", "\\N", "<NA>"]
"""What stands for "nothing" in an unquoted field."""


def parse_rows(rows: bytes | memoryview, layout: CsvLayout, columns: Sequence[str]) -> pa.Table:
    """The named columns of whole rows, as strings.

    Raises:
        pyarrow.ArrowInvalid: A row has more or fewer fields than the header, or is not UTF-8.
    """
    return csv.read_csv(
        pa.BufferReader(rows),
        read_options=csv.ReadOptions(
            column_names=list(layout.columns), block_size=len(rows) + 1024
        ),
        parse_options=csv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char=layout.quote or False,
            double_quote=layout.escape is None,
            escape_char=layout.escape or False,
            newlines_in_values=layout.quote is not None,
        ),
        convert_options=csv.ConvertOptions(
            column_types={name: pa.string() for name in columns},
            include_columns=list(columns),
            null_values=NULLS,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def parse_plain(
    raw: bytes, layout: CsvLayout, columns: Sequence[str], *, at_end: bool
) -> tuple[pa.Table, int] | None:
    """The rows of a block in which every line is a row, and where its last whole row ends.

    None where it takes more to say what its rows are: a quote, an escape, a NUL byte or invalid
    text stands in them, a row is ragged, or its line breaks are unusual. What stands behind the
    last whole row does not count: the block may end inside a character.
    """
    end = len(raw) if at_end else raw.rfind(b"\n") + 1
    if end == 0 or (not at_end and raw.find(b"\r", end) >= 0):
        return None
    rows = memoryview(raw)[:end]
    special = (layout.quote, layout.escape, "\0")
    if any(raw.find(sign.encode(), 0, end) >= 0 for sign in special if sign) or not is_utf8(rows):
        return None
    try:
        return parse_rows(rows, layout, columns), end
    except pa.ArrowInvalid:
        return None
