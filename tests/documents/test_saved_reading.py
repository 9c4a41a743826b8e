"""What is saved of a reading comes back equal, whatever its text holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.gold_record import gold_record

from assay.documents.base import Reading
from assay.documents.saved_reading import from_plain, load_reading, save_reading, to_plain
from assay.errors import InputError
from assay.model.record import Claim, Count, Document, Measure, Segment, Span, Value

SPANS = st.builds(Span, st.integers(0, 99), st.integers(100, 200))
VALUES = st.builds(
    Value, st.none() | st.text(), st.none() | SPANS, st.none() | st.text(), st.none() | st.text()
)
COUNTS = st.builds(
    Count,
    st.floats(0, 1e9),
    st.sampled_from(["accounts", "accounts+pages"]),
    SPANS,
    SPANS,
    st.sampled_from(["=", "~", ">"]),
    st.none() | st.floats(0, 1e9),
)
MEASURES = st.builds(
    Measure,
    measure_id=st.text(min_size=1),
    actions=st.lists(st.tuples(st.just("remove"), SPANS), min_size=1).map(tuple),
    status=st.just("past"),
    actor=st.lists(VALUES).map(tuple),
    platform=st.lists(VALUES).map(tuple),
    span=SPANS,
    counts=st.lists(COUNTS).map(tuple),
)
CLAIMS = st.builds(
    Claim,
    claim_id=st.text(),
    document=st.text(),
    subject=st.text(),
    slot=st.text(),
    value=st.text(),
    norm=st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.integers()),
    span=st.none() | SPANS,
    stage=st.text(),
    asserted_by=st.lists(st.text()).map(tuple),
)


@given(MEASURES)
def test_a_measure_comes_back_equal(measure: Measure) -> None:
    assert from_plain(Measure, to_plain(measure)) == measure


@given(CLAIMS)
def test_a_claim_comes_back_equal(claim: Claim) -> None:
    assert from_plain(Claim, to_plain(claim)) == claim


@pytest.mark.parametrize("split", ["train", "test"])
def test_whole_readings_come_back_equal(split: str, tmp_path: Path) -> None:
    for number, reading in enumerate(gold_record(split).readings):
        path = tmp_path / f"{number}.json"
        save_reading(path, reading)
        assert load_reading(path) == reading


def test_half_a_surrogate_pair_is_borne(tmp_path: Path) -> None:
    document = Document("a.txt", "0" * 64, "text/plain", "broken \ud83d here")
    document_with_parts = from_plain(Document, to_plain(document))
    save_reading(tmp_path / "a.json", Reading(document))
    assert load_reading(tmp_path / "a.json").document == document_with_parts == document


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    save_reading(path, Reading(Document("a", "0", "text/plain", "x")))
    path.write_text(path.read_text()[:-20])
    with pytest.raises(InputError, match="damaged"):
        load_reading(path)


def test_segments_keep_their_notes() -> None:
    segment = Segment("footer", Span(3, 9), "ends the page")
    assert from_plain(Segment, to_plain(segment)) == segment
