"""What a page of a web archive holds, however it was packed."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders

from assay.engine.web_archive import page_bytes
from assay.errors import InputError

TEXT = b"<p>Somebody's page, and what it says. " * 40


def record(data: bytes, told: str | None, *, chunked: bool = False) -> ArcWarcRecord:
    headers = [] if told is None else [("content-encoding", told)]
    if chunked:
        headers.append(("transfer-encoding", "chunked"))
        data = b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data)
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    return ArcWarcRecord("warc", "response", None, io.BytesIO(data), http, "", len(data))


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("told", "data"),
    [
        (None, TEXT), ("identity", TEXT), ("", TEXT), ("utf-8", TEXT),
        ("gzip", gzip.compress(TEXT)), ("deflate", zlib.compress(TEXT)),
        ("br", brotli.compress(TEXT)), ("BR", brotli.compress(TEXT)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_page_is_unpacked(told: str | None, data: bytes, *, chunked: bool) -> None:
    assert page_bytes(record(data, told, chunked=chunked), 1 << 20) == TEXT


def test_a_record_without_an_answer_s_head_is_read_as_it_lies() -> None:
    resource = ArcWarcRecord("warc", "resource", None, io.BytesIO(TEXT), None, "", len(TEXT))
    assert page_bytes(resource, 1 << 20) == TEXT


@given(st.binary(max_size=5000), st.integers(1, 6000))
def test_no_more_of_brotli_is_unpacked_than_asked_for(data: bytes, most_bytes: int) -> None:
    assert page_bytes(record(brotli.compress(data), "br"), most_bytes) == data[:most_bytes]


def test_a_bomb_of_brotli_unfolds_no_further_than_asked_for() -> None:
    bomb = brotli.compress(bytes(100_000_000), quality=5)
    assert len(bomb) < 1000
    tracemalloc.start()
    try:
        assert page_bytes(record(bomb, "br"), 1000) == bytes(1000)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("told", "data", "says"),
    [
        ("gzip, zstd", b"!!", "packed as 'zstd', which is not read"),
        ("gzip, br", b"!!", "packed as 'br', which is not read"),
        ("br", b"!!", "packed as 'br', and"),
        ("br", b"", "packed as 'br', and breaks off"),
        ("br", brotli.compress(TEXT)[:-9], "packed as 'br', and breaks off"),
        ("br", b"\xff" + brotli.compress(TEXT)[1:], "packed as 'br', and damaged"),
    ],
    ids=["zstd", "br in gzip", "no brotli", "empty", "cut", "damaged"],
)
def test_what_cannot_be_unpacked_is_told(told: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as refused:
        page_bytes(record(data, told), 1 << 20)
    assert "capture the page again" in (refused.value.fix or "")
