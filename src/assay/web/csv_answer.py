"""Tables for programs: CSV in UTF-8 as RFC 4180 has it, with no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from fastapi.responses import StreamingResponse

from assay.text.spreadsheet import harmless_cell

LINES_AT_ONCE = 100
"""Lines that are sent together: to hand over a piece takes ten times what to write a line does."""


def csv_answer(
    name: str, columns: Sequence[str], rows: Iterable[Iterable[object]]
) -> StreamingResponse:
    """A table as a file, sent while its rows are read.

    Args:
        name: Of the file.
        columns: Of the table.
        rows: Their values in the order of the columns; one without a value is an empty cell,
            several in one are parted by blanks.
    """
    return StreamingResponse(
        _pieces(csv_lines(columns, rows)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def csv_lines(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The head, then each row as a line."""
    yield _line(columns)
    for row in rows:
        yield _line([_cell(value) for value in row])


def _pieces(lines: Iterator[str]) -> Iterator[str]:
    while piece := "".join(islice(lines, LINES_AT_ONCE)):
        yield piece


def _line(cells: Iterable[str | int | float]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cell(value: object) -> str | int | float:
    """What stands in the table; a figure stays one, also with a minus before it."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    return harmless_cell(" ".join(map(str, value)) if isinstance(value, tuple) else str(value))
