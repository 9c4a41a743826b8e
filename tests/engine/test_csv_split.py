"""Columns cut out of CSV records: what was written is read, as Arrow reads it."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.csv_layout import CsvLayout
from assay.engine.csv_parse import NULLS, parse_rows
from assay.engine.csv_scan import GOOD, scan_records
from assay.engine.csv_split import split_records
from assay.engine.marked_bytes import next_mark, with_marks

NAMES = ("first", "second", "third", "fourth")
# One line break in a cell: behind two of them it might look like a row that it swallowed.
CELLS = st.one_of(
    st.sampled_from([*NULLS, "NAN", "nul", '"', '""', "\\", ",", "a\nb", "<NA", "Ω"]),
    st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=("Cs",)), max_size=30),
)
DIALECTS = {
    "doubled": (CsvLayout(",", '"', None, NAMES), {"doublequote": True}),
    "escaped": (CsvLayout("\t", '"', "\\", NAMES), {"doublequote": False, "escapechar": "\\"}),
}


def split(raw: bytes, layout: CsvLayout, columns: tuple[str, ...]) -> dict[str, list[str | None]]:
    """All records of some bytes, which must be whole."""
    source = with_marks(np.frombuffer(raw, np.uint8), layout.codes)
    begins, ends, states, _ = scan_records(source, 0, layout.codes, len(NAMES), True, -1)
    assert (states == GOOD).all()
    table = split_records(source, (begins, ends), layout, columns)
    table.validate(full=True)
    told: dict[str, list[str | None]] = table.to_pydict()
    return told


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("dialect", DIALECTS)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=8))
def test_what_was_written_is_read(
    dialect: str, quoting: int, rows: list[tuple[str, str, str, str]]
) -> None:
    layout, options = DIALECTS[dialect]
    file = io.StringIO()
    csv.writer(
        file, delimiter=layout.delimiter, quoting=quoting, lineterminator="\n", **options
    ).writerows(rows)
    raw = file.getvalue().encode()
    found = split(raw, layout, ("third", "first"))
    assert list(found) == ["third", "first"]
    assert found == parse_rows(raw, layout, ("third", "first")).to_pydict()
    if quoting == csv.QUOTE_ALL:
        assert found == {"third": [row[2] for row in rows], "first": [row[0] for row in rows]}


def test_where_nothing_is_quoted_a_quote_is_a_letter() -> None:
    layout = CsvLayout(";", None, None, NAMES)
    raw = b'"a;b"c;;"NA"\r\nNA;\\;"";d\n'
    found = split(raw, layout, NAMES)
    assert found == parse_rows(raw, layout, NAMES).to_pydict()
    assert found["first"] == ['"a', None]


def test_no_record_gives_empty_columns() -> None:
    found = split(b"\n\n", DIALECTS["doubled"][0], NAMES)
    assert found == {name: [] for name in NAMES}


@given(raw=st.binary(max_size=60), begin=st.integers(0, 60))
def test_the_next_mark_is_the_first_special_byte(raw: bytes, begin: int) -> None:
    source = with_marks(np.frombuffer(raw, np.uint8), (44, 34, 0))
    special = [place for place, byte in enumerate(raw) if byte in b',"\0\n\r' and place >= begin]
    assert next_mark(source.eights, begin, len(raw)) == (special[0] if special else len(raw))
