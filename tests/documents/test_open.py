"""Every format gives pages; bad files give a reason; nothing stops the others."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.open_html import open_html
from assay.documents.open_pdf import open_pdf
from assay.documents.page import Page, Refused
from assay.documents.read_pages import document_of, read_documents
from assay.model.record import Document

from .made_pages import ARTICLE, only_page, pages, why_refused


def make_pdf(sheets: list[list[str]]) -> bytes:
    """A PDF with one line of text below the other, written by hand (PDF 1.4)."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for lines in sheets:
        drawn = "".join(f"({line}) Tj 0 -14 Td\n" for line in lines)
        stream = f"BT /F1 11 Tf 60 760 Td\n{drawn}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> "
            ">> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(out)
    trailer = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    )
    return out + trailer.encode("latin-1")


def test_the_text_of_a_text_file_is_the_decoded_file() -> None:
    text = "Line one\r\n\r\n\tline  two \u00a0 “three”\n"
    assert only_page("a.txt", text.encode()).text == text


def test_an_article_page_with_its_head() -> None:
    page = only_page("a.html", ARTICLE.encode())
    assert page.title == "Pages gone" and page.published == "2031-03-05T10:00:00Z"
    assert page.metadata["publisher"] == "Daily Lantern"
    assert page.metadata["canonical"] == "https://origin.example/story"
    assert "999" not in page.text
    kinds = {block.span.of(page.text)[:9]: block.kind for block in page.blocks}
    assert kinds["NORTHPORT"] == "paragraph" and kinds["Pages gon"] == "heading"
    assert kinds["Subscribe"] == kinds["Copyright"] == kinds["Home Worl"] == "furniture"
    ((_, span),) = [link for link in page.links if link[0] == "https://f.example/x"]
    assert span is not None and span.of(page.text) == "the ministry"


def test_a_link_inside_another_does_not_end_it() -> None:
    html = (
        '<p>Say <a href="https://f.example/x">the <span><a href="#n">1</a></span> ministry</a> of.'
    )
    page = only_page("a.html", f"<html><body>{html}</p></body></html>".encode())
    assert [(link, span and span.of(page.text)) for link, span in page.links] == [
        ("https://f.example/x", "the 1 ministry")
    ]


def test_a_link_over_several_blocks_covers_the_last_from_its_beginning() -> None:
    html = '<p>Long words <a href="https://f.example/x">one<br><br>two three</a> of it.</p>'
    page = only_page("a.html", f"<html><body>{html}</body></html>".encode())
    assert [span and span.of(page.text) for _, span in page.links] == ["two three"]


def test_a_document_of_an_article_page() -> None:
    (document,) = _documents({"a.html": ARTICLE.encode()})
    roles = {part.role for part in document.segments}
    assert {"headline", "subtitle", "body"} <= roles
    body = " ".join(p.span.of(document.text) for p in document.segments if p.role == "body")
    assert "12 accounts" in body and "newsletter" not in body and "Copyright" not in body
    published, dateline = document.dates
    assert published.value == "2031-03-05T10:00:00+00:00" and dateline.value == "2031-03-05"
    credits = {(source.role, source.value) for source in document.sources}
    assert ("origin", "Wirely") in credits and ("republisher", "Daily Lantern") in credits


def _documents(files: dict[str, bytes]) -> list[Document]:
    found = []
    for name, data in files.items():
        for page in pages(name, data):
            assert isinstance(page, Page), page
            document = document_of(page)
            assert isinstance(document, Document)
            found.append(document)
    return found


COOKIES = (
    "<html><body><h2>We value your privacy</h2><p>We and our 842 partners store and access data on "
    "a device, such as cookies. With your permission we may use precise location data. You may "
    "consent to it. Or not. Accept all. Reject all.</p>{}</body></html>"
)


def test_a_short_page_below_a_question_about_cookies_is_read() -> None:
    notice = "<p>On 3 May 2031 Chirpnet removed 12 accounts, said the firm. It named none.</p>"
    assert "12 accounts" in only_page("a.html", COOKIES.format(notice).encode()).text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.html", b"", "empty"),
        ("blank.txt", b" \n\n ", "empty"),
        ("nothing.html", b"<html><body></body></html>", "no visible text"),
        ("wall.html", b"<html><body><h1>Log in</h1><p>Sign in to continue</p></body>", "log in"),
        ("cookies.html", COOKIES.encode(), "consent to cookies"),
        ("binary.txt", bytes(range(256)) * 20, "neither text"),
        ("letter.rtf", b"{\\rtf1\\ansi Chirpnet removed 12 accounts.}", "in RTF"),
        ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "before 2007"),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(99), "Outlook"),
        ("cut.pdf", b"%PDF-1.4\n1 0 obj", "damaged"),
        ("no.eml", b"\n\njust words", "no headers"),
        ("empty.xml", b"<rss version='2.0'><channel><title>x</title></channel></rss>", "entries"),
        ("cut.warc", b"WARC/1.0\r\nWARC-Type: resp", "web archive"),
    ],
)
def test_bad_files_are_refused_with_a_reason(name: str, data: bytes, words: str) -> None:
    assert words in why_refused(name, data).reason


def test_a_page_nested_without_end_and_a_flood_of_elements_are_bounded() -> None:
    begun = time.process_time()
    why_refused("deep.html", b"<div>" * 200_000 + b"hello")
    why_refused("flood.html", b"<b>x" * 1_300_000)
    assert time.process_time() - begun < 20


def test_a_pdf_with_running_heads_and_broken_words() -> None:
    sheets = [
        [
            f"Daily Lantern - page {number}",
            "Chirpnet removed twelve accounts on Tuesday and said that they had acted toge-",
            "ther for months.",
        ]
        for number in range(1, 5)
    ]
    page = only_page("a.pdf", make_pdf(sheets))
    furniture = [block.span.of(page.text) for block in page.blocks if block.kind == "furniture"]
    assert len(furniture) == 4 and "acted together for months." in page.text


def test_a_scanned_pdf_asks_for_text_recognition() -> None:
    assert "scan" in why_refused("scan.pdf", make_pdf([[] for _ in range(3)])).reason


def test_a_long_pdf_is_read_in_bounded_time() -> None:
    lines = ["Chirpnet removed twelve accounts on Tuesday and said so in its report."] * 45
    page = open_pdf(RawFile("long.pdf", make_pdf([lines] * 300)), Limits())
    assert isinstance(page, Page) and page.metadata["pages"] == 300


def test_every_entry_of_a_feed_is_a_document() -> None:
    rss = (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        "<title>Lantern</title><item><title>Pages gone</title><link>https://l.example/1</link>"
        "<pubDate>Wed, 05 Mar 2031 10:00:00 GMT</pubDate><description>short</description>"
        "<content:encoded><![CDATA[<p>Chirpnet removed 12 accounts.</p>]]></content:encoded></item>"
        "<item><title>Second</title><description>Freedonia &amp;lt;b&amp;gt; replied.</description>"
        "</item></channel></rss>"
    )
    first, second = pages("feed.xml", rss.encode())
    assert isinstance(first, Page) and isinstance(second, Page)
    assert first.text == "Pages gone\n\nChirpnet removed 12 accounts."
    assert first.published == "2031-03-05T10:00:00+00:00"
    assert first.metadata["publisher"] == "Lantern"


def test_entries_beyond_the_most_that_are_read_are_told() -> None:
    items = "<item><description>Words.</description></item>" * 3
    rss = f"<rss><channel>{items}</channel></rss>".encode()
    *read, refused = pages("feed.xml", rss, Limits(members=2))
    assert [one.document for one in read] == ["feed.xml#1", "feed.xml#2"]
    assert isinstance(refused, Refused)
    assert "first 2 of 3 entries" in refused.reason


def test_entities_of_a_feed_are_not_resolved() -> None:
    bomb = b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a;" * 10 if n == 0 else b"&a%d;" % (n - 1) * 10)
        for n in range(12)
    )
    bomb += b"<!ENTITY f SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>t &f; &a11;"
    bomb += b"</title><description>words</description></item></channel></rss>"
    for page in pages("bomb.xml", bomb):
        assert "root:" not in str(page) and len(str(page)) < 10_000


def test_an_element_with_attributes_without_end_is_refused_at_once() -> None:
    attributes = " ".join(f'a{number}="{number}"' for number in range(20_000))
    (refused,) = pages("bomb.html", f"<html><body><p {attributes}>Words.</p></body>".encode())
    assert isinstance(refused, Refused)
    assert "attributes" in refused.reason
    picture = f'<p>Words stand here.<img src="data:image/png;base64,{"A" * 200_000}=="></p>'
    (page,) = pages("picture.html", f"<html><body>{picture}</body></html>".encode())
    assert isinstance(page, Page)


def test_of_one_endless_paragraph_the_beginning_is_read() -> None:
    limits = Limits(text_chars=1_000)
    body = f"<html><body><h1>Long</h1><p>{'Tukan removed 40 accounts. ' * 99}</p></body></html>"
    page = open_html(RawFile("long.html", body.encode()), limits)
    assert isinstance(page, Page)
    assert 900 < len(page.text) <= 1_000
    assert any("only the first 1,000 characters" in note for note in page.notes)
    for block in page.blocks:
        assert block.span.end <= len(page.text)


def test_a_page_that_asks_to_subscribe_below_its_first_lines_is_read_with_a_note() -> None:
    body = (
        "<article><h1>Tukan removes 40 accounts</h1><p>Tukan removed 40 accounts on Monday. The "
        "firm said they broke its rules. It gave no names. It gave no dates.</p><p>Subscribe to "
        "continue reading.</p></article>"
    )
    (page,) = pages("wall.html", f"<html><body>{body}</body></html>".encode())
    assert isinstance(page, Page)
    assert any("may hold only the beginning" in note for note in page.notes)


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(ARTICLE)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-nonsense")
    (tmp_path / "c.txt").write_text("Chirpnet removed 12 accounts on Tuesday, the ministry said.")
    kinds = [type(one).__name__ for one in read_documents([tmp_path])]
    assert kinds == ["Document", "Refused", "Document"]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.html", "a.eml", "a.pdf", "a.xml"]))
def test_any_bytes_give_pages_or_reasons(data: bytes, name: str) -> None:
    for mark in (b"", b"%PDF-1.4", b"<rss>", b"<html><p>", b"Subject: x\n\n"):
        for one in pages(name, mark + data):
            assert isinstance(one, Page | Refused)
            if isinstance(one, Page):
                for block in one.blocks:
                    assert block.span.of(one.text).strip()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Министерство потребовало удалить аккаунты, сообщил представитель ведомства в четверг.",
         "language ru: read by the order of words, without a parser"),
        ("Yhtiö poisti keskiviikkona kaksitoista tiliä, jotka olivat toimineet yhdessä vuoden.",
         "only its parts, dates and sources are read (in full: en; in plain sentences: ru, fr"),
    ],
)  # fmt: skip
def test_what_is_not_read_of_a_language_is_said(text: str, words: str) -> None:
    (document,) = _documents({"a.txt": text.encode()})
    assert any(words in note for note in document.metadata["notes"])


def test_an_english_document_needs_no_such_note() -> None:
    (document,) = _documents({"a.html": ARTICLE.encode()})
    assert not any("language" in note for note in document.metadata["notes"])


def test_one_text_of_more_than_ten_megabytes_is_not_lost() -> None:
    words = "Chirpnet removed twelve accounts. "
    data = f"<p>{words * (10_500_000 // len(words))}</p>".encode()
    page = open_html(RawFile("long.html", data), Limits(text_chars=10_000))
    assert isinstance(page, Page)
    assert page.text.startswith(words)
    assert "only the first 10,000 characters were read" in page.notes


def test_a_text_that_grows_beyond_ten_megabytes_as_utf_8_is_not_lost() -> None:
    words = "Сеть удалила двенадцать страниц. "
    text = f"<meta charset=windows-1251><p>{words * (6_000_000 // len(words))}</p>"
    page = open_html(RawFile("long.html", text.encode("cp1251")), Limits(text_chars=10_000))
    assert isinstance(page, Page)
    assert page.text.startswith(words)
    assert "only the first 10,000 characters were read" in page.notes
