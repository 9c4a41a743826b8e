"""Measures looked up by place and name, against going through all of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.documents.measure_index import MeasureIndex, nearest
from assay.model.record import Measure, Span, Value

spans = st.builds(
    lambda start, size: Span(start, start + size), st.integers(0, 60), st.integers(1, 9)
)
names = st.lists(st.sampled_from(["Kadrik", "Tukan", "Parolo", "nobody known"]), max_size=2)
KNOWN = {"Kadrik", "Tukan", "Parolo"}


def _values(listed: list[str]) -> tuple[Value, ...]:
    return tuple(Value(name, None) for name in listed)


@st.composite
def _measures(draw: st.DrawFn) -> list[Measure]:
    return [
        Measure(
            f"M{number}",
            (("remove", draw(spans)),),
            "past",
            _values(draw(names)),
            (),
            draw(spans),
            target=_values(draw(names)),
            mentions=tuple(draw(st.lists(spans, max_size=2))),
        )
        for number in range(draw(st.integers(1, 6)))
    ]


@given(_measures(), st.lists(spans, min_size=1, max_size=2))
def test_the_first_measure_at_a_place(measures: list[Measure], where: list[Span]) -> None:
    index = MeasureIndex(measures, KNOWN)
    told = [
        one
        for one in measures
        for place in (one.actions[0][1], *one.mentions)
        if any(part.start <= place.start < part.end for part in where)
    ]
    assert index.told_in(where) == next(iter(told), None)
    part = where[0]
    beside = [one for one in measures if one.span.start < part.end and part.start < one.span.end]
    assert index.beside(part) == next(iter(beside), None)


@given(_measures(), st.sets(st.sampled_from(sorted(KNOWN))), st.integers(0, 70))
def test_the_measure_that_shares_most_names_then_the_nearest(
    measures: list[Measure], told: set[str], position: int
) -> None:
    scored = []
    for number, one in enumerate(measures):
        own = {value.value for value in one.actor}
        on = {value.value for value in one.target}
        score = 2 * len(told & on) + len(told & own)
        if score:
            scored.append((-score, abs(one.span.start - position), number))
    wanted = measures[min(scored)[2]] if scored else None
    assert MeasureIndex(measures, KNOWN).naming(told, position) == wanted


@given(st.lists(st.integers(0, 20), min_size=1), st.integers(-2, 22))
def test_the_nearest_place_is_the_first_of_those_as_near(starts: list[int], position: int) -> None:
    places = [(start, number) for number, start in enumerate(starts)]
    wanted = min((abs(start - position), number) for start, number in places)
    assert nearest(sorted(places), position) == wanted
