"""What of web archives (WARC) cannot be read: damaged files, and ways of packing not known here."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_NOT_UNPACKED = frozenset({"br", "zstd", "compress", "x-compress", "x-gzip"})
"""Content encodings (RFC 9110) beside gzip and deflate. warcio would give the packed bytes for the
text, and of Brotli, where that package is installed, only an error."""
CAPTURE_AGAIN = "capture the page again with a program that asks for gzip at most, such as wget"


def damage() -> tuple[type[Exception], ...]:
    """What warcio raises over an archive that it cannot read."""
    from warcio.exceptions import ArchiveLoadFailed

    # An attribute is what it misses where the head of a record breaks off.
    return (ArchiveLoadFailed, AttributeError, EOFError, OSError, ValueError, zlib.error)


def packing_not_read(record: ArcWarcRecord) -> str | None:
    """In which way a record's content is packed that is not unpacked here; None where it is."""
    if record.http_headers is None:
        return None
    told = record.http_headers.get_header("Content-Encoding") or ""
    packed = [one for one in told.lower().replace(",", " ").split() if one in _NOT_UNPACKED]
    return packed[0] if packed else None
