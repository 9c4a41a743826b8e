"""Lines are judged as their goals say, and every table shows the same."""

from __future__ import annotations

import json

import pytest
from benchmarks.lines import Goal, Line, as_json, as_markdown, as_text, failed, short
from benchmarks.measure import Measured, NotMeasured

MEASURED = Measured(12.345, 6.789, 1234.5)


@pytest.mark.parametrize(
    ("figure", "goal", "met"),
    [
        (6.0, Goal(6.0), True),
        (6.01, Goal(6.0), False),
        (15.0, Goal(15.0, at_least=True), True),
        (14.9, Goal(15.0, at_least=True), False),
        (3.0, None, None),
        (None, Goal(6.0), None),
    ],
)
def test_goals(figure: float | None, goal: Goal | None, met: bool | None) -> None:
    line = Line("flat", "one", MEASURED, figure, "x floor", goal)
    assert line.met is met
    assert as_json(line)["met"] is met


def test_what_failed_has_not_met_its_goal() -> None:
    line = failed("20M", "one", NotMeasured("not finished within 5 s"))
    assert line.met is False
    assert "not finished within 5 s" in as_text([], [line])


def test_tables_show_every_cell() -> None:
    lines = [
        Line("flat", "first", MEASURED, 4.567, "x floor", Goal(6.0), "5,000,000 shares"),
        Line("flat", "second | of two", figure=123_456.7, unit="rows/s", goal=Goal(1e6, True)),
    ]
    text = as_text(["two cores"], lines).splitlines()
    assert text[0] == "two cores"
    for cell in ("first", "12.35", "6.79", "1,234", "4.57 x floor", "≤ 6", "yes", "5,000,000"):
        assert cell in text[2]
    for cell in ("123,457 rows/s", "≥ 1,000,000", "NO"):
        assert cell in text[3]
    rows = [row for row in as_markdown(["two cores"], lines).splitlines() if row[:1] == "|"]
    assert {row.count("|") for row in rows} == {9}
    assert len(rows) == 4
    assert json.dumps([as_json(line) for line in lines])


@pytest.mark.parametrize(
    ("number", "text"), [(0.15821, "0.158"), (15.04, "15"), (1234.6, "1,235"), (1e6, "1,000,000")]
)
def test_short_numbers(number: float, text: str) -> None:
    assert short(number) == text
