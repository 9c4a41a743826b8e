"""Pages of web archives, WARC and WACZ: the saved pages are documents, all else is not."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from assay.documents.page import Refused
from assay.documents.read_pages import read_documents
from assay.model.record import Document

from .made_pages import ARTICLE, why_refused


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
        assert "web archive" in why_refused("a.warc", whole[:end]).reason


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


def test_an_empty_web_archive_in_an_archive_stops_nobody(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.warc", b"")
        archive.writestr("b.txt", b"Chirpnet removed 12 accounts.\n")
    refused, document = read_documents([tmp_path / "a.zip"])
    assert isinstance(refused, Refused)
    assert "no saved page" in refused.reason
    assert isinstance(document, Document)


def test_a_record_without_its_head_is_told_in_words() -> None:
    reason = why_refused("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\n\r\n" + b"0" * 99).reason
    assert "the head of a record is not whole" in reason
