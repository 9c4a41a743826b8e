"""The page's own dates, and who is credited."""

from __future__ import annotations

from typing import Any

import pytest

from assay.documents.date_lines import dates_in_line
from assay.documents.page import Page
from assay.documents.page_dates import page_dates, reference_date
from assay.documents.segments import segments
from assay.documents.sources import is_opaque, source_chain
from assay.model.record import Span

BODY = "The ministry asked Chirpnet on Monday to restore the pages that it had blocked in January."


def _page(text: str, **about: Any) -> Page:
    return Page("a.txt", "text/plain", text, **about)


def _dates(text: str, **about: Any) -> list[tuple[str, str | None, str]]:
    page = _page(text, **about)
    return [(d.role, d.value, d.precision) for d in page_dates(page, segments(page))]


def _chain(text: str, **about: Any) -> list[tuple[str, str | None]]:
    page = _page(text, **about)
    return [(source.role, source.value) for source in source_chain(page, segments(page))]


def test_a_date_line_is_the_day_of_publication() -> None:
    assert _dates(f"January 25, 2021\n\nA note to the company\n\n{BODY}") == [
        ("published", "2021-01-25", "day")
    ]


def test_a_weekday_in_the_text_that_agrees_is_told() -> None:
    page = _page(f"January 25, 2021\n\nA note to the company\n\n{BODY}")
    (found,) = page_dates(page, segments(page))
    assert "Monday" in found.how


def test_the_clock_of_a_page_says_when_it_was_saved() -> None:
    head = "19 August 2018\nNorthport: 09:18\nSylvania: 07:18\n\n11.09.2017\n\n"
    assert _dates(f"{head}Statement on fake accounts\n\n{BODY}") == [
        ("captured", "2018-08-19", "day"),
        ("published", "2017-09-11", "day"),
    ]


def test_a_dateline_without_a_year_stays_open() -> None:
    text = f"A note to the company\n\nNORTHPORT, September 3 (Wirely) – {BODY}"
    assert _dates(text) == [("dateline", "--09-03", "day")]


def test_a_dateline_takes_its_year_from_the_day_of_publication() -> None:
    text = f"A note to the company\n\nNORTHPORT, December 30 (Wirely) – {BODY}"
    found = _dates(text, published="2021-01-02")
    assert found == [("published", "2021-01-02", "day"), ("dateline", "2020-12-30", "day")]


def test_a_year_is_inferred_from_two_marks_only() -> None:
    body = (
        "The pages published criticism of both candidates for the US presidency. Since 2020 they "
        "had been watched in the context of the upcoming US elections in November."
    )
    page = _page(f"A note to them\n\nNORTHPORT, September 3 (Wirely) – {body}")
    (found,) = page_dates(page, segments(page))
    assert found.value == "2020-09-03" and "presidential" in found.how
    one_mark = _dates(
        "A note to them\n\nNORTHPORT, September 3 (Wirely) – It was so in 2020, they said."
    )
    assert one_mark == [("dateline", "--09-03", "day")]


def test_phrases_are_counted_from_a_full_day_only() -> None:
    page = _page(f"A note to them\n\nNORTHPORT, September 3 (Wirely) – {BODY}")
    assert reference_date(page_dates(page, segments(page))) is None


@pytest.mark.parametrize("stated", ["2031-03-05T10:00:00Z", "2031-03-05", "March 5, 2031"])
def test_what_the_file_states(stated: str) -> None:
    (found,) = _dates(BODY, published=stated)
    assert found[0] == "published" and str(found[1]).startswith("2031-03-05")


def test_according_to_an_agency_credits_a_fact_and_not_the_text() -> None:
    assert _chain(f"A note to them\n\n{BODY} “We regret it,” he said, according to Wirely.") == []


def test_a_dateline_byline_terms_and_a_source_line_are_credits() -> None:
    text = (
        "A note to the company\n\nBy Ann Writer, Wirely Press\n\n"
        f"NORTHPORT, March 5 (Wirely) – {BODY}\n\nSource: https://origin.example/2031/03/05/a-note-to-the-company\n\n"
        "All content created by the Wirely Foundation is available without charge to any publisher."
    )
    chain = _chain(text)
    assert ("origin", "Wirely") in chain and ("author", "Ann Writer") in chain
    assert ("origin_link", "https://origin.example/2031/03/05/a-note-to-the-company") in chain
    assert ("origin", "Wirely Foundation") in chain


@pytest.mark.parametrize(
    ("address", "opaque"),
    [
        ("https://tinyl.io/4kmy", True),
        ("https://bit.ly/3xYz", True),
        ("https://ab.cd/x1y2", True),
        ("https://www.lantern.example/world/2031/pages-gone", False),
        ("https://lantern.example/", False),
    ],
)
def test_a_shortened_link_is_opaque(address: str, opaque: bool) -> None:
    assert is_opaque(address) is opaque


def test_a_canonical_link_to_another_site_is_the_origin() -> None:
    about = {"url": "https://copy.example/a", "canonical": "https://origin.example/a"}
    assert ("origin_link", "https://origin.example/a") in _chain(BODY, metadata=about)
    own = {"url": "https://www.copy.example/a", "canonical": "https://copy.example/a"}
    assert _chain(BODY, metadata=own) == []


def test_the_time_that_a_report_covers_is_no_day_of_publication() -> None:
    line = "Kadrik Transparency Report July – December 2022"
    assert list(dates_in_line(line, Span(0, len(line)), "en")) == []
    line = "By our own staff of one | 1 April 2024"
    ((role, phrase),) = dates_in_line(line, Span(0, len(line)), "en", of_body=True)
    assert role == "published"
    assert phrase.span.of(line) == "1 April 2024"


@pytest.mark.parametrize(
    "line",
    [
        "July – December 2022",
        "1 July 2022 – 31 December 2022",
        "Reporting period: 1 July 2022 to 31 December 2022",
    ],
)
def test_the_time_that_a_report_covers_is_no_day_of_publication_on_a_line_of_its_own(
    line: str,
) -> None:
    assert _dates(f"Kadrik Transparency Report\n\n{line}\n\n{BODY}") == []
