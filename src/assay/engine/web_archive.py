"""What pages of web archives (WARC) hold, unpacked; what of them cannot be read."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from assay.errors import InputError

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_NOT_UNPACKED = frozenset({"br", "zstd", "compress", "x-compress", "x-gzip"})
"""Content encodings (RFC 9110) of which warcio gives packed bytes, or an error, for the text."""
_PIECE_BYTES = 1 << 16
_CAPTURE_AGAIN = "capture the page again with a program that asks for gzip at most, such as wget"


def damage() -> tuple[type[Exception], ...]:
    """What warcio raises over an archive that it cannot read."""
    from warcio.exceptions import ArchiveLoadFailed

    # An attribute is what it misses where the head of a record breaks off.
    return (ArchiveLoadFailed, AttributeError, EOFError, OSError, ValueError, zlib.error)


def page_bytes(record: ArcWarcRecord, most_bytes: int) -> bytes:
    """What a record captured, unpacked, up to so many bytes.

    Raises:
        InputError: It is packed in a way that is not read, or its packing is damaged. The message
            says how it is packed, as the end of a sentence that names the page.
    """
    packed = _packings(record)
    if packed == ["br"]:
        return _brotli(record, most_bytes)
    unread = [one for one in packed if one in _NOT_UNPACKED]
    if unread:
        raise InputError(f"packed as {unread[0]!r}, which is not read", fix=_CAPTURE_AGAIN)
    return bytes(record.content_stream().read(most_bytes))


def _packings(record: ArcWarcRecord) -> list[str]:
    if record.http_headers is None:
        return []
    told = record.http_headers.get_header("Content-Encoding") or ""
    return [*told.lower().replace(",", " ").split()]


def _brotli(record: ArcWarcRecord, most_bytes: int) -> bytes:
    """Brotli (RFC 7932), a piece at a time, so that a bomb unfolds no further than is asked for."""
    import brotli

    record.http_headers.remove_header("Content-Encoding")  # warcio would try, and fail
    stream = record.content_stream()
    unpacking, text = brotli.Decompressor(), bytearray()
    try:
        while len(text) < most_bytes and not unpacking.is_finished():
            piece = stream.read(_PIECE_BYTES) if unpacking.can_accept_more_data() else b""
            if not piece and unpacking.can_accept_more_data():
                raise InputError("packed as 'br', and breaks off", fix=_CAPTURE_AGAIN)
            text += unpacking.process(piece, output_buffer_limit=most_bytes - len(text))
    except brotli.error as error:
        raise InputError("packed as 'br', and damaged", fix=_CAPTURE_AGAIN) from error
    return bytes(text[:most_bytes])
