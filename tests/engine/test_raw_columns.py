from __future__ import annotations

import re

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from assay.engine.raw_columns import clean_ids
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
