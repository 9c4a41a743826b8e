"""Every format gives pages; bad files give a reason; nothing stops the others."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from assay.documents.decoding import decode, mojibake
from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.open_html import open_html
from assay.documents.open_pdf import open_pdf
from assay.documents.page import Page, Refused
from assay.documents.read_pages import open_pages, read_documents
from assay.model.record import Document

ARTICLE = """<!doctype html><html lang="en"><head><title>Pages gone | Daily Lantern</title>
<meta property="article:published_time" content="2031-03-05T10:00:00Z">
<meta property="og:site_name" content="Daily Lantern">
<link rel="canonical" href="https://origin.example/story">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pages gone",
"datePublished": "2031-03-04", "author": [{"name": "A. Writer"}]}</script></head><body>
<nav><a href="https://lantern.example/">Home</a> <a href="/w">World</a></nav>
<article><h1>Pages gone</h1><h2>They hid who ran them</h2>
<p>NORTHPORT, March 5 (Wirely) – Chirpnet removed <b>12 accounts</b> and one page on Tuesday,
saying that they had acted together and hid who ran them. It is the second step of this kind.</p>
<p>“We do not comment,” said <a href="https://f.example/x">the ministry</a> on Wednesday, after it
had been asked about the accounts by reporters of several newspapers for more than a week.</p>
<div style="display:none">Chirpnet removed 999 accounts.</div>
<aside>Subscribe to our newsletter for more!</aside></article>
<footer>Copyright 2031 Daily Lantern. All rights reserved.</footer></body></html>"""


def _pages(name: str, data: bytes, limits: Limits | None = None) -> list[Page | Refused]:
    return list(open_pages(RawFile(name, data), limits or Limits()))


def _page(name: str, data: bytes) -> Page:
    (page,) = _pages(name, data)
    assert isinstance(page, Page), page
    return page


def _refused(name: str, data: bytes) -> Refused:
    (refused,) = _pages(name, data)
    assert isinstance(refused, Refused), refused
    assert refused.reason and refused.fix
    return refused


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
    assert _page("a.txt", text.encode()).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r"])
def test_encodings_are_told_by_the_bytes(encoding: str) -> None:
    text = "Министерство потребовало удалить аккаунты, сообщил представитель ведомства в четверг."
    assert decode(text.encode(encoding))[0] == text


def test_windows_1252_is_told_from_its_bytes() -> None:
    text = "Le ministère a demandé à l’opérateur de retirer les comptes, a déclaré la porte-parole."
    assert decode(text.encode("cp1252"))[0] == text


def test_wrongly_encoded_text_is_read_and_said() -> None:
    wrong = ("Министерство потребовало удалить аккаунты. " * 5).encode().decode("cp1251", "replace")
    assert mojibake(wrong)
    assert any("encoded" in note for note in _page("a.txt", wrong.encode()).notes)
    assert not mojibake("Côté élève, naïve façade – “Zürich” ÂGE")


def test_an_article_page_with_its_head() -> None:
    page = _page("a.html", ARTICLE.encode())
    assert page.title == "Pages gone" and page.published == "2031-03-05T10:00:00Z"
    assert page.metadata["publisher"] == "Daily Lantern"
    assert page.metadata["canonical"] == "https://origin.example/story"
    assert "999" not in page.text
    kinds = {block.span.of(page.text)[:9]: block.kind for block in page.blocks}
    assert kinds["NORTHPORT"] == "paragraph" and kinds["Pages gon"] == "heading"
    assert kinds["Subscribe"] == kinds["Copyright"] == kinds["Home Worl"] == "furniture"
    ((_, span),) = [link for link in page.links if link[0] == "https://f.example/x"]
    assert span is not None and span.of(page.text) == "the ministry"


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
        for page in _pages(name, data):
            assert isinstance(page, Page), page
            from assay.documents.read_pages import document_of

            document = document_of(page)
            assert isinstance(document, Document)
            found.append(document)
    return found


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.html", b"", "empty"),
        ("blank.txt", b" \n\n ", "empty"),
        ("nothing.html", b"<html><body></body></html>", "no visible text"),
        ("wall.html", b"<html><body><h1>Log in</h1><p>Sign in to continue</p></body>", "log in"),
        ("binary.txt", bytes(range(256)) * 20, "neither text"),
        ("cut.pdf", b"%PDF-1.4\n1 0 obj", "damaged"),
        ("no.eml", b"\n\njust words", "no headers"),
        ("empty.xml", b"<rss version='2.0'><channel><title>x</title></channel></rss>", "entries"),
        ("cut.warc", b"WARC/1.0\r\nWARC-Type: resp", "web archive"),
    ],
)
def test_bad_files_are_refused_with_a_reason(name: str, data: bytes, words: str) -> None:
    assert words in _refused(name, data).reason


def test_a_page_nested_without_end_and_a_flood_of_elements_are_bounded() -> None:
    begun = time.process_time()
    _refused("deep.html", b"<div>" * 200_000 + b"hello")
    _refused("flood.html", b"<b>x" * 1_300_000)
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
    page = _page("a.pdf", make_pdf(sheets))
    furniture = [block.span.of(page.text) for block in page.blocks if block.kind == "furniture"]
    assert len(furniture) == 4 and "acted together for months." in page.text


def test_a_scanned_pdf_asks_for_text_recognition() -> None:
    assert "scan" in _refused("scan.pdf", make_pdf([[] for _ in range(3)])).reason


def test_a_long_pdf_is_read_in_bounded_time() -> None:
    lines = ["Chirpnet removed twelve accounts on Tuesday and said so in its report."] * 45
    page = open_pdf(RawFile("long.pdf", make_pdf([lines] * 300)), Limits())
    assert isinstance(page, Page) and page.metadata["pages"] == 300


def test_a_letter_with_an_attachment() -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = "Ministry <press@ministry.example>", "desk@lantern.example"
    letter["Subject"], letter["Date"] = "Our demand", "Wed, 05 Mar 2031 10:00:00 +0200"
    letter.set_content("We urge Chirpnet to restore the pages.\n")
    letter.add_attachment(ARTICLE, subtype="html", filename="story.html")
    body, attached = _pages("letter.eml", letter.as_bytes())
    assert isinstance(body, Page) and body.title == "Our demand"
    assert body.published == "2031-03-05T10:00:00+02:00" and "We urge" in body.text
    assert isinstance(attached, Page) and attached.document == "letter.eml#story.html"


def test_every_entry_of_a_feed_is_a_document() -> None:
    rss = (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>"
        "<title>Lantern</title><item><title>Pages gone</title><link>https://l.example/1</link>"
        "<pubDate>Wed, 05 Mar 2031 10:00:00 GMT</pubDate><description>short</description>"
        "<content:encoded><![CDATA[<p>Chirpnet removed 12 accounts.</p>]]></content:encoded></item>"
        "<item><title>Second</title><description>Freedonia &amp;lt;b&amp;gt; replied.</description>"
        "</item></channel></rss>"
    )
    first, second = _pages("feed.xml", rss.encode())
    assert isinstance(first, Page) and isinstance(second, Page)
    assert first.text == "Pages gone\n\nChirpnet removed 12 accounts."
    assert first.published == "2031-03-05T10:00:00+00:00"
    assert first.metadata["publisher"] == "Lantern"


def test_entities_of_a_feed_are_not_resolved() -> None:
    bomb = b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'>" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a;" * 10 if n == 0 else b"&a%d;" % (n - 1) * 10)
        for n in range(12)
    )
    bomb += b"<!ENTITY f SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>t &f; &a11;"
    bomb += b"</title><description>words</description></item></channel></rss>"
    for page in _pages("bomb.xml", bomb):
        assert "root:" not in str(page) and len(str(page)) < 10_000


def _warc(gzipped: bool) -> bytes:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=gzipped)
    for url, kind, body, status in (
        ("https://l.example/a", "text/html", ARTICLE.encode(), "200 OK"),
        ("https://l.example/b.png", "image/png", b"\x89PNG", "200 OK"),
        ("https://l.example/c", "text/html", b"<p>gone</p>", "404 Not Found"),
    ):
        head = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": "2031-03-06T00:00:00Z"},
            )
        )
    return buffer.getvalue()


@pytest.mark.parametrize("gzipped", [False, True])
def test_saved_pages_of_a_web_archive(tmp_path: Path, gzipped: bool) -> None:
    path = tmp_path / ("a.warc.gz" if gzipped else "a.warc")
    path.write_bytes(_warc(gzipped))
    (document,) = read_documents([path])
    assert isinstance(document, Document)
    assert document.document == f"{path.name}#https://l.example/a"
    assert ("captured", "2031-03-06T00:00:00+00:00") in [(d.role, d.value) for d in document.dates]


def test_a_web_archive_that_breaks_off_in_the_head_of_a_record_is_refused() -> None:
    whole = _warc(gzipped=False)
    for end in range(1, whole.index(b"WARC-Target-URI")):
        assert "web archive" in _refused("a.warc", whole[:end]).reason


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, br"])
def test_a_page_packed_as_nothing_here_unpacks_is_told_and_the_others_are_read(
    tmp_path: Path, packing: str
) -> None:
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {packing}\r\n\r\n!!"
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "WARC-Date: 2031-03-06T00:00:00Z\r\nWARC-Target-URI: https://l.example/packed\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    path = tmp_path / "a.warc"
    path.write_bytes(f"{head}{http}\r\n\r\n".encode() + _warc(gzipped=False))
    refused, document = read_documents([path])
    assert isinstance(refused, Refused) and isinstance(document, Document)
    assert refused.document == "a.warc#https://l.example/packed"
    assert packing.rpartition(" ")[2] in refused.reason
    assert "capture the page again" in refused.fix


def _wacz() -> bytes:
    """A web archive as WACZ 1.1.1 lays it down, with what archivers put beside the records."""
    warc = _warc(gzipped=True)
    pages = (
        b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}\n'
        b'{"id": "1", "url": "https://l.example/a", "ts": "2031-03-06T00:00:00Z"}\n'
    )
    index = (
        b'example,l)/a 20310306000000 {"url": "https://l.example/a", "filename": "data.warc.gz"}'
    )
    members = {
        "archive/data.warc.gz": warc,
        "indexes/index.cdx.gz": gzip.compress(index),
        "indexes/index.idx": index,
        "pages/pages.jsonl": pages,
        "logs/crawl.log": b"Lumio removed 999 accounts, says no page of this archive.",
    }
    resources = [
        {"name": name.rsplit("/")[-1], "path": name, "bytes": len(data),
         "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        for name, data in members.items()
    ]  # fmt: skip
    package = json.dumps({"profile": "data-package", "wacz_version": "1.1.1",
                          "resources": resources}).encode()  # fmt: skip
    digest = json.dumps({"path": "datapackage.json",
                         "hash": f"sha256:{hashlib.sha256(package).hexdigest()}"})  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
        archive.writestr("datapackage.json", package)
        archive.writestr("datapackage-digest.json", digest)
    return buffer.getvalue()


def test_only_the_saved_pages_of_a_wacz_are_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    path.write_bytes(_wacz())
    (document,) = read_documents([path])
    assert isinstance(document, Document)
    assert document.document == "a.wacz#archive/data.warc#https://l.example/a"
    assert ("captured", "2031-03-06T00:00:00+00:00") in [(d.role, d.value) for d in document.dates]


def test_a_wacz_without_records_says_so(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("datapackage.json", '{"wacz_version": "1.1.1", "resources": []}')
        archive.writestr("pages/pages.jsonl", "{}")
    (tmp_path / "a.wacz").write_bytes(buffer.getvalue())
    (refused,) = read_documents([tmp_path / "a.wacz"])
    assert isinstance(refused, Refused)
    assert "no web archive" in refused.reason


def test_an_element_with_attributes_without_end_is_refused_at_once() -> None:
    attributes = " ".join(f'a{number}="{number}"' for number in range(20_000))
    (refused,) = _pages("bomb.html", f"<html><body><p {attributes}>Words.</p></body>".encode())
    assert isinstance(refused, Refused)
    assert "attributes" in refused.reason
    picture = f'<p>Words stand here.<img src="data:image/png;base64,{"A" * 200_000}=="></p>'
    (page,) = _pages("picture.html", f"<html><body>{picture}</body></html>".encode())
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
    (page,) = _pages("wall.html", f"<html><body>{body}</body></html>".encode())
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
        for one in _pages(name, mark + data):
            assert isinstance(one, Page | Refused)
            if isinstance(one, Page):
                for block in one.blocks:
                    assert block.span.of(one.text).strip()
