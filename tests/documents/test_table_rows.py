"""Rows of CSV tables, each cell with its place."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from assay.documents.table_rows import table_rows

CELL = st.text(alphabet='ab ,"\n\r;é', max_size=8)


@given(
    st.lists(st.lists(CELL, min_size=2, max_size=4), max_size=5), st.sampled_from(["\n", "\r\n"])
)
def test_cells_come_back_as_they_were_written_with_their_places(
    rows: list[list[str]], end: str
) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    text = stream.getvalue()
    found = list(table_rows(text))
    assert [list(row.cells) for row in found] == [
        row for row in rows if any(cell.strip() for cell in row)
    ]
    for row in found:
        for cell, span in zip(row.cells, row.spans, strict=True):
            assert span.of(text).replace('""', '"') == cell
            assert row.line.start <= span.start <= span.end <= row.line.end


@given(st.text(max_size=80))
def test_any_text_gives_rows_that_do_not_overlap(text: str) -> None:
    end = 0
    for row in table_rows(text):
        assert row.line.start >= end
        end = row.line.end
        assert len(row.cells) == len(row.spans)
    assert end <= len(text)


def test_a_cell_that_runs_over_lines_is_one_cell() -> None:
    text = 'a,b\r\n1,"two\nlines, ""quoted"""\r\n2,x\r\n'
    rows = list(table_rows(text))
    assert [row.cells for row in rows] == [("a", "b"), ("1", 'two\nlines, "quoted"'), ("2", "x")]
    assert rows[1].spans[1].of(text) == 'two\nlines, ""quoted""'
