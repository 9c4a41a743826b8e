from __future__ import annotations

import re

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.raw_columns import clean_ids, count_of
from assay.lexicon.columns import NOTHING

ODD = ["", " ", "12.0", "12.0 ", "12,00", "12,0", "12,000", "\u00a0x", "x\u3000", ".0", "10",
       "1.0.0", "é", "а", "null ", "nan", "Nan", "None of them", *NOTHING]  # fmt: skip
ids = st.one_of(
    st.none(),
    st.sampled_from(ODD),
    st.text(max_size=6),
)


def cleaned(one: str | None) -> str | None:
    trimmed = re.sub(r"^([0-9]+)[.,]00?$", r"\1", (one or "").strip())
    return None if trimmed in ("", *NOTHING) else trimmed


@given(st.lists(ids), st.integers(0, 3))
def test_ids_are_trimmed_of_what_programs_leave(given_ids: list[str | None], skip: int) -> None:
    column = pa.array(given_ids, pa.string())

    found = clean_ids(column.slice(skip))

    assert found.to_pylist() == [cleaned(one) for one in given_ids[skip:]]


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("1234", 1234),
        (" 0 ", 0),
        ("124.0", 124),
        ("124,00", 124),
        ("1.234", 1234),
        ("1,234,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1.2e+06", 1_200_000),
        # Neither cut off nor rounded.
        ("12.5", None),
        ("0.123", None),
        ("1.234,567", None),
        ("many", None),
    ],
)
def test_a_count_is_the_whole_number_that_was_meant(written: str, count: int | None) -> None:
    asked = f"SELECT {count_of('written')} FROM (SELECT $1 AS written)"
    assert duckdb.execute(asked, [written]).fetchone() == (count,)
