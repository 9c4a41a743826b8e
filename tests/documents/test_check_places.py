"""No value of a reading stands where its document has no characters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.gold_record import gold_record

from assay.documents.base import Reading
from assay.documents.check_places import check_places
from assay.errors import CheckFailed
from assay.model.record import (
    Claim,
    Count,
    DatedValue,
    Demand,
    Document,
    Measure,
    Span,
    Speaker,
    Statement,
    Value,
)

TEXT = "Vektor blocked nine channels."
HERE = Span(0, 6)


def _reading(place: Span, at: str) -> Reading:
    """A reading all of whose places are right but one."""
    spans = dict.fromkeys(("date", "cue", "phrase", "target", "content", "claim"), HERE)
    spans[at] = place
    dates = (DatedValue("published", "2022-05-03", "day", spans["date"], "stated"),)
    speaker = Speaker("Vektor", HERE, Value("spokesman", HERE))
    count = Count(9, "channels", HERE, spans["phrase"])
    who = (Value("Vektor", HERE),)
    target = (Value("channels", spans["target"]),)
    return Reading(
        Document("a.txt", "0" * 64, "text/plain", TEXT, dates=dates),
        statements=[Statement("S1", "direct", (HERE,), spans["cue"], speaker)],
        measures=[Measure("M1", (("block", HERE),), "past", who, who, HERE, target,
                          counts=(count,))],
        demands=[Demand("D1", who, who, HERE, spans["content"])],
        claims=[Claim("c1", "a.txt", "M1", "count", "9", 9, spans["claim"], "test")],
    )  # fmt: skip


@given(
    st.sampled_from(("date", "cue", "phrase", "target", "content", "claim")),
    st.integers(-5, len(TEXT) + 5),
    st.integers(-5, len(TEXT) + 5),
)
def test_a_place_is_right_if_it_holds_characters_of_the_text(at: str, start: int, end: int) -> None:
    reading = _reading(Span(start, end), at)
    characters = set(range(start, end))
    if characters and characters <= set(range(len(TEXT))):
        check_places(reading)
    else:
        with pytest.raises(CheckFailed, match="outside of the document") as told:
            check_places(reading)
        assert told.value.file == "a.txt"


def test_a_claim_of_the_text_needs_its_characters_and_an_inferred_one_does_not() -> None:
    reading = _reading(HERE, "claim")
    invented = replace(reading.claims[0], span=None)
    reading.claims = [replace(invented, in_text=False)]
    check_places(reading)
    reading.claims = [invented]
    with pytest.raises(CheckFailed, match="no characters"):
        check_places(reading)


def test_the_truth_of_the_corpus_stands_where_it_says() -> None:
    for reading in gold_record().readings:
        check_places(reading)
