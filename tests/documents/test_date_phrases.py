"""Phrases of time: found where they stand, resolved towards the past, with the right precision."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.documents.date_phrases import DatePhrase, find_dates
from assay.documents.date_resolution import Resolved, resolve
from assay.model.record import Span

LISTED = Path(__file__).with_name("date_phrases.csv")
CASES = list(csv.DictReader(LISTED.read_text(encoding="utf-8").splitlines()))
LEAST_RIGHT = 0.9
"""The goal for dates with the right precision."""


def _whole(text: str, language: str = "en") -> tuple[DatePhrase, ...]:
    return find_dates(text, Span(0, len(text)), language)


def _read(case: dict[str, str]) -> Resolved | None:
    """What is read at the place of the case's phrase."""
    at = case["sentence"].index(case["phrase"])
    reference = date.fromisoformat(case["reference"]) if case["reference"] else None
    for phrase in _whole(case["sentence"], case["language"]):
        if phrase.span.start < at + len(case["phrase"]) and phrase.span.end > at:
            return resolve(phrase, reference)
    return None


def _right(case: dict[str, str]) -> bool:
    found = _read(case)
    return (
        found is not None
        and (found.value or "") == case["value"]
        and found.precision == case["precision"]
    )


def test_most_phrases_get_the_right_date_and_precision() -> None:
    wrong = [(case["phrase"], _read(case)) for case in CASES if not _right(case)]
    assert len(CASES) >= 150
    assert 1 - len(wrong) / len(CASES) >= LEAST_RIGHT, wrong


@pytest.mark.parametrize("language", ["en", "ru", "fr", "de"])
def test_each_language_reaches_the_goal(language: str) -> None:
    own = [case for case in CASES if case["language"] == language]
    assert sum(map(_right, own)) / len(own) >= LEAST_RIGHT


@pytest.mark.parametrize(
    "text",
    [
        "It may remove them.",
        "They march on.",
        "It removed 2,016 accounts and 2020 pages.",
        "Call +44 203 668 7474.",
        "It cost $2000 or 2019 dollars.",
        "version 10.12.1 is out",
    ],
)
def test_words_and_numbers_that_are_no_dates(text: str) -> None:
    assert _whole(text) == ()


@given(st.dates(min_value=date(1980, 1, 1), max_value=date(2060, 12, 31)))
def test_full_dates_come_back_whatever_way_they_are_written(day: date) -> None:
    for written in (day.isoformat(), f"{day:%d.%m.%Y}", f"{day:%B} {day.day}, {day.year}"):
        (phrase,) = _whole(f"Seen {written} at noon.")
        assert phrase.span.of(f"Seen {written} at noon.") == written
        assert resolve(phrase, None) == Resolved(day.isoformat(), "day", "as written")


@given(
    st.dates(min_value=date(1980, 1, 1), max_value=date(2060, 12, 31)),
    st.integers(min_value=0, max_value=6),
)
def test_a_weekday_is_the_latest_one_not_after_the_document(day: date, weekday: int) -> None:
    name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][weekday]
    (phrase,) = _whole(f"It was said on {name}.")
    found = date.fromisoformat(resolve(phrase, day).value or "")
    assert found.weekday() == weekday
    assert timedelta(0) <= day - found < timedelta(days=7)


@given(st.text(max_size=200), st.sampled_from(["en", "ru", "fr", "de", "xx"]))
def test_any_text_gives_phrases_inside_it_that_do_not_overlap(text: str, language: str) -> None:
    phrases = _whole(text, language)
    bounds = [0] + [edge for one in phrases for edge in (one.span.start, one.span.end)]
    assert bounds == sorted(bounds) and bounds[-1] <= len(text)
    for phrase in phrases:
        resolve(phrase, date(2021, 1, 25))
        resolve(phrase, None, future=True)


def test_a_sentence_about_the_future_turns_the_search_round() -> None:
    (phrase,) = _whole("It will be sent on Friday.")
    assert resolve(phrase, date(2021, 1, 25), future=True).value == "2021-01-29"
