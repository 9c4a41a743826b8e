"""What covers a character, against going through all of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.documents.places import Covering
from assay.model.record import Span

spans = st.builds(
    lambda start, size: Span(start, start + size), st.integers(0, 20), st.integers(1, 9)
)


@given(st.lists(st.lists(spans, max_size=3), max_size=6), st.integers(-2, 32))
def test_covering_is_whatever_holds_the_character(things: list[list[Span]], position: int) -> None:
    wanted = [
        number
        for number, own in enumerate(things)
        if any(span.start <= position < span.end for span in own)
    ]
    assert list(Covering(things).at(position)) == wanted
