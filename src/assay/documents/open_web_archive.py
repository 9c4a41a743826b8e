"""Web archives: every page that was saved is a document (WARC 1.1, WACZ 1.1.1)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from assay.documents.inputs import RawFile
from assay.documents.limits import Limits
from assay.documents.page import Refused
from assay.engine.web_archive import damage, page_bytes
from assay.errors import InputError

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

_READ_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")


def open_web_archive(raw: RawFile, limits: Limits) -> Iterator[RawFile | Refused]:
    """Each saved response that can be a document; pictures, scripts and the like are passed over.

    Args:
        raw: The archive; without bytes, ``url`` is the path to read it from, record by record.
        limits: How much may be read of one record.
    """
    from warcio.archiveiterator import ArchiveIterator

    # The address of what lies in a folder is its path; records say what they like of theirs.
    in_folder = raw.url is not None and raw.declared_type == "application/warc"
    with Path(str(raw.url)).open("rb") if in_folder else BytesIO(raw.data) as stream:
        number = 0
        try:
            for record in ArchiveIterator(stream):
                if record.rec_type not in ("response", "resource", "conversion"):
                    continue
                number += 1
                yield from _record(raw.document, record, number, limits)
        except damage() as error:
            # What a parser stumbles over in a head that breaks off says nothing to people.
            stumbled = isinstance(error, (AttributeError, IndexError, KeyError, TypeError))
            why = "the head of a record is not whole" if stumbled else str(error)
            yield Refused(
                raw.document,
                f"the web archive is damaged after record {number}: {why}",
                "get the file again; the records before it were read",
            )
            return
    if not number:
        yield Refused(raw.document, "the web archive holds no saved page", "check the file")


def _record(
    name: str, record: ArcWarcRecord, number: int, limits: Limits
) -> Iterator[RawFile | Refused]:
    headers = record.rec_headers
    http = record.http_headers
    media_type = (http or headers).get_header("Content-Type") or ""
    media_type = media_type.split(";")[0].strip().lower()
    if media_type not in _READ_TYPES:
        return
    if http is not None and not http.get_statuscode().startswith("2"):
        return
    url = headers.get_header("WARC-Target-URI")
    document = f"{name}#{url or number}"
    try:
        data = page_bytes(record, limits.file_bytes + 1)
    except InputError as error:
        yield Refused(document, f"the page is {error.message}", error.fix or "")
        return
    if len(data) > limits.file_bytes:
        yield Refused(document, f"more than {limits.file_bytes >> 20} MB", "save the page apart")
        return
    # What stands under a name and not under an address came from no site at any moment.
    captured = None if (url or "").lower().startswith("urn:") else headers.get_header("WARC-Date")
    yield RawFile(document, data, media_type, captured, url)
