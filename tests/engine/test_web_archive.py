"""Ways in which a page is packed that is not unpacked here."""

from __future__ import annotations

import io

import pytest
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders

from assay.engine.web_archive import packing_not_read


@pytest.mark.parametrize(
    ("told", "packing"),
    [
        (None, None), ("gzip", None), ("deflate", None), ("identity", None), ("", None),
        ("utf-8", None), ("br", "br"), ("BR", "br"), ("gzip, zstd", "zstd"),
    ],
)  # fmt: skip
def test_what_gzip_and_deflate_are_not_is_named(told: str | None, packing: str | None) -> None:
    headers = [] if told is None else [("content-encoding", told)]
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    record = ArcWarcRecord("warc", "response", None, io.BytesIO(), http, "", 0)
    assert packing_not_read(record) == packing
    assert packing_not_read(ArcWarcRecord("warc", "resource", None, None, None, "", 0)) is None
