"""The page of a record: whole, escaped, bounded, and every link leads somewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.documents.gold_record import gold_record

from assay.documents.base import Reading
from assay.documents.write_record import Record, write_record
from assay.model.record import Document, Measure, Segment, Span, Value
from assay.model.record_folder import RecordFolder
from assay.report.record.marks import Mark, _stretch
from assay.report.record.timeline import days_of
from assay.report.record.view import RecordView, Word, read_view
from assay.report.record.words import unless_done
from assay.report.record_page import record_html, write_record_page


class Reader(HTMLParser):
    """Ids, links, and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.addresses: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if told.get("id"):
            self.ids.append(told["id"] or "")
        if tag == "a" and told.get("href"):
            self.links.append(told["href"] or "")
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RecordFolder:
    folder = RecordFolder(tmp_path_factory.mktemp("record"))
    write_record(folder, gold_record())
    return folder


@pytest.fixture(scope="module")
def view(folder: RecordFolder) -> RecordView:
    return read_view(folder, {})


@pytest.fixture(scope="module")
def html(view: RecordView) -> str:
    return record_html(view)


def test_every_link_leads_to_a_place_of_the_page(html: str) -> None:
    page = parsed(html)
    assert len(page.ids) == len(set(page.ids))
    assert len(page.links) > 200
    assert {link for link in page.links if link[1:] not in page.ids} == set()


def test_the_page_contacts_no_one(html: str) -> None:
    assert "default-src 'none'" in html
    assert all(link.startswith(("#", "data:")) for link in parsed(html).addresses)


def test_the_text_of_every_document_is_there_unchanged(html: str, view: RecordView) -> None:
    shown = re.sub(r"\s+", " ", "".join(parsed(html).text))
    for document in view.documents:
        for segment in document.row["segments"]:
            words = document.text[segment["start"] : segment["end"]]
            assert re.sub(r"\s+", " ", words).strip() in shown, document.name


def test_all_tellings_of_an_event_stand_side_by_side(html: str) -> None:
    shown = "".join(parsed(html).text)
    assert "19 + 8 = 27" in shown
    assert "a sum of parts" in shown
    assert "86 + 120 = 206 and more than 200" in shown


@pytest.mark.parametrize(
    ("statuses", "words"),
    [(["past"], ""), (["denied"], " (denied)"), (["past", "denied"], " (done and denied)")],
)
def test_what_is_not_told_as_done_says_so_in_its_heading(statuses: list[str], words: str) -> None:
    assert unless_done([{"status": status} for status in statuses]) == words


def test_words_of_people_are_shown_with_the_value_as_it_was_read(
    folder: RecordFolder, view: RecordView
) -> None:
    claims = [row for document in view.documents for row in document.claims]
    number = next(row for row in claims if row["slot"] == "count")
    words = {number["claim_id"]: Word("corrected", "313 accounts", ("corrected by Ada",), True)}
    page = record_html(read_view(folder, words))
    assert "<ins><bdi>313 accounts</bdi></ins>" in page
    assert "reviewers differ" in page
    assert f"<bdi>{number['value']}</bdi></a></s>" in page


def test_a_hostile_document_stays_text(tmp_path: Path) -> None:
    text = '<script>alert(1)</script> "onload=x \u202e Chirpnet removed </style> 3 accounts'
    start = text.index("Chirpnet")
    document = Document(
        '"><img src=x onerror=alert(1)>.txt',
        "a" * 64,
        "text/plain",
        text,
        "en",
        segments=(Segment("body", Span(0, len(text)), "<b>"),),
    )
    measure = Measure(
        "M1",
        (("remove", Span(start + 9, start + 16)),),
        "past",
        actor=(Value("<u>x</u>", Span(0, 8)),),
        platform=(Value("Chirpnet", Span(start, start + 8)),),
        span=Span(start, len(text)),
    )
    folder = RecordFolder(tmp_path)
    write_record(folder, Record([Reading(document, measures=[measure])]))
    page = write_record_page(folder).read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<u>x</u>" not in page


MARKS = st.lists(
    st.builds(
        lambda start, length, kind: Mark(start, start + length, kind, f"m{start}-{length}", "told"),
        st.integers(0, 40),
        st.integers(1, 30),
        st.sampled_from(["measure", "demand", "statement", "value"]),
    ),
    max_size=8,
    unique_by=lambda mark: mark.anchor,
)


@settings(max_examples=150, deadline=None)
@given(st.text(min_size=72, max_size=72, alphabet='ab <&"é\n'), MARKS)
def test_marks_cover_exactly_their_characters(text: str, marks: list[Mark]) -> None:
    """However spans nest and overlap, the text is whole and each mark holds its own words."""

    class Marked(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.live: list[str] = []
            self.all = ""
            self.held: dict[str, str] = {}

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "mark":
                self.live = (dict(attrs)["data-for"] or "").split()

        def handle_endtag(self, tag: str) -> None:
            if tag == "mark":
                self.live = []

        def handle_data(self, data: str) -> None:
            self.all += data
            for one in self.live:
                self.held[one] = self.held.get(one, "") + data

    ordered = sorted(marks, key=lambda mark: (mark.start, -mark.end, mark.anchor))
    page = Marked()
    page.feed(_stretch(text, ordered, 0, len(text)))
    page.close()
    assert page.all == text
    assert page.held == {mark.anchor: text[mark.start : mark.end] for mark in marks}


def test_what_does_not_fit_is_counted_and_named(view: RecordView) -> None:
    whole = len(record_html(view).encode())
    room = whole - 60_000
    page = record_html(view, room)
    assert len(page.encode()) <= room
    read = parsed(page)
    told = re.search(r"(\d+) documents? did not fit into the page", "".join(read.text))
    assert told is not None
    cards = page.count('class="card doc"')
    assert cards + int(told.group(1)) == len(view.documents)
    assert {link[1:] for link in read.links} <= set(read.ids)


@pytest.mark.slow
def test_five_hundred_documents_make_a_page(tmp_path: Path) -> None:
    import dataclasses

    readings = []
    for number in range(20):
        for reading in gold_record().readings:
            name = f"{number:02}/{reading.document.document}"
            document = dataclasses.replace(reading.document, document=name)
            readings.append(dataclasses.replace(reading, document=document))
    folder = RecordFolder(tmp_path)
    write_record(folder, Record(readings))
    page = write_record_page(folder)
    assert page.stat().st_size < 25_000_000
    assert page.read_text(encoding="utf-8").count('class="card doc"') == len(readings) > 500


@given(st.text(max_size=12))
def test_days_of_never_fails(text: str) -> None:
    days = days_of(text)
    assert days is None or days[0] <= days[1]


def test_days_of_months_and_years() -> None:
    assert [str(day) for day in days_of("2020-02") or ()] == ["2020-02-01", "2020-02-29"]
    assert [str(day) for day in days_of("2021") or ()] == ["2021-01-01", "2021-12-31"]
    assert days_of("--09-03") is None
