"""A WARC file of things that no server sent: ``resource`` records under names of our own.

WARC 1.1 (ISO 28500:2017) has ``resource`` for a file that came without a protocol's answer. The
file is not compressed and tells no moment of writing, so that the same things give the same bytes;
each record's line of the index (CDXJ) is made beside it.
"""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assay.engine.write import file_sha256
from assay.errors import UsageError, to_install

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

NO_TIME = "1980-01-01T00:00:00Z"
"""Stands in every record, since WARC demands a date and nothing was captured at any."""

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/assay/warc")
"""Under which ids of records are made; an address that belongs to nobody."""

_RECORD_END = b"\r\n\r\n"


class WarcFile:
    """Writes records one after the other.

    Attributes:
        index: The CDXJ line of each resource, in the order of writing, with line ends.
    """

    def __init__(self, out: IO[bytes], name: str, info: Mapping[str, str]) -> None:
        """Begin the file with its ``warcinfo``.

        Args:
            out: Where to, from its first byte.
            name: Of the file.
            info: What ``warcinfo`` says, by the field names of WARC 1.1.

        Raises:
            UsageError: The package warcio is not installed.
        """
        self.index: list[str] = []
        self._out = out
        self._name = name
        self._writer = _writer(out)
        told = "".join(f"{key}: {value}\r\n" for key, value in info.items()).encode()
        sha256 = sha256_of(told)
        self._info_id = _record_id("warcinfo", sha256)
        head = {"WARC-Type": "warcinfo", "WARC-Record-ID": self._info_id, "WARC-Filename": name}
        self._write(head, "application/warc-fields", told, sha256)

    def add(self, uri: str, media_type: str, content: bytes | Path) -> None:
        """Write one resource.

        Args:
            uri: Its name, in ASCII and without blanks.
            media_type: Of the content.
            content: Bytes, or the file that holds them.
        """
        sha256 = sha256_of(content)
        begins = self._out.tell()
        head = {
            "WARC-Type": "resource",
            "WARC-Record-ID": _record_id(uri, sha256),
            "WARC-Warcinfo-ID": self._info_id,
            "WARC-Target-URI": uri,
            # A resource without a protocol's header is all payload.
            "WARC-Payload-Digest": f"sha256:{sha256}",
        }
        self._write(head, media_type, content, sha256)
        entry = {
            "url": uri,
            "mime": media_type.split(";", 1)[0],
            "digest": f"sha256:{sha256}",
            # As indexers count an uncompressed record: without the empty lines that end it.
            "length": str(self._out.tell() - begins - len(_RECORD_END)),
            "offset": str(begins),
            "filename": self._name,
        }
        stamp = "".join(filter(str.isdigit, NO_TIME))
        # The key that sorts an index is the name in small letters, as SURT makes it of a URN.
        self.index.append(f"{uri.lower()} {stamp} {json.dumps(entry)}\n")

    def _write(
        self, head: Mapping[str, str], media_type: str, content: bytes | Path, sha256: str
    ) -> None:
        told = {**head, "WARC-Date": NO_TIME, "WARC-Block-Digest": f"sha256:{sha256}"}
        length = content.stat().st_size if isinstance(content, Path) else len(content)
        with _opened(content) as stream:
            record = self._writer.create_warc_record(
                told.get("WARC-Target-URI", ""),
                told["WARC-Type"],
                payload=stream,
                length=length,
                warc_content_type=media_type,
                warc_headers_dict=told,
            )
            self._writer.write_record(record)


def sha256_of(content: bytes | Path) -> str:
    """SHA-256 of bytes, or of the file that holds them."""
    if isinstance(content, Path):
        return file_sha256(content)
    return hashlib.sha256(content).hexdigest()


def _opened(content: bytes | Path) -> AbstractContextManager[IO[bytes]]:
    return content.open("rb") if isinstance(content, Path) else nullcontext(io.BytesIO(content))


def _record_id(name: str, sha256: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(NAMESPACE, f'{name} {sha256}')}>"


def _writer(out: IO[bytes]) -> WARCWriter:
    try:
        from warcio.warcwriter import WARCWriter
    except ImportError as error:
        raise UsageError(
            f"writing web archives needs the package {error.name}",
            fix=to_install("evidence"),
        ) from error
    return WARCWriter(out, gzip=False, warc_version="1.1")
