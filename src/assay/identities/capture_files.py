"""Captured files of sites, from folders or from WARC files, as far as they may name accounts.

A folder holds one folder for each site, named by its host, with the files as the site serves them;
``_atproto.txt`` in it is the TXT record of ``_atproto.HOST`` as any DNS tool prints it. Beside
these may lie WARC files (ISO 28500), as crawlers and browsers save them; of a page in these the
first five million bytes are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from assay.engine.web_archive import damage, page_bytes
from assay.engine.write import file_sha256
from assay.errors import InputError

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

Kind = Literal["trust.txt", "atproto-did", "DNS TXT", "page"]
LARGEST_BYTES = 5_000_000
NAMES: dict[str, Kind] = {
    "trust.txt": "trust.txt", "atproto-did": "atproto-did", "_atproto.txt": "DNS TXT",
}  # fmt: skip
PATHS: dict[str, Kind] = {
    "/trust.txt": "trust.txt", "/.well-known/trust.txt": "trust.txt",
    "/.well-known/atproto-did": "atproto-did",
}  # fmt: skip
"""Of a site that was captured whole, only here does the site itself speak."""
PAGES = (".html", ".htm", ".xhtml")
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True)
class Captured:
    """A file as its site served it.

    Attributes:
        site: Host, small letters.
        kind: What it is.
        text: Its text.
        file: Where it lies, relative to the folder of captures.
        sha256: Of the file on disk.
        address: Where it was captured; empty in a folder of its site.
        at: When it was captured, ISO 8601; empty in a folder.
    """

    site: str
    kind: Kind
    text: str
    file: str
    sha256: str
    address: str = ""
    at: str = ""


def captured_files(folder: Path) -> Iterator[Captured]:
    """All captured files that may name accounts.

    Raises:
        InputError: The folder is missing, holds no site, or a file cannot be read.
    """
    if not folder.is_dir():
        raise InputError(
            "there is no such folder of captures",
            fix="name a folder with one folder for each site, such as herald.example/trust.txt, or "
            "with WARC files",
            file=folder,
        )
    entries = sorted(folder.iterdir())
    sites = [one for one in entries if one.is_dir() and "." in one.name]
    archives = [one for one in entries if one.is_file() and is_archive(one)]
    if not sites and not archives:
        raise InputError(
            "the folder holds no site",
            fix="name each folder in it by the site's host, or put WARC files into it",
            file=folder,
        )
    for site in sites:
        yield from _of_folder(site)
    for archive in archives:
        yield from _of_archive(archive)


def is_archive(path: Path) -> bool:
    """Whether a file is a WARC by its name."""
    return path.name.lower().endswith((".warc", ".warc.gz"))


def _of_folder(site: Path) -> Iterator[Captured]:
    for path in sorted(site.rglob("*")):
        name = path.name.lower()
        kind: Kind | None = "page" if name.endswith(PAGES) else NAMES.get(name)
        if kind is not None and path.is_file():
            file = path.relative_to(site.parent).as_posix()
            yield Captured(site.name.lower(), kind, _text(path), file, file_sha256(path))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError(
                f"the capture is larger than {LARGEST_BYTES:,} bytes",
                fix="keep the page that names the accounts, and leave the others out",
                file=path,
            )
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("the capture is no UTF-8", fix="save it as UTF-8", file=path) from error
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"the capture cannot be read: {error.strerror or error}",
        fix="make the file readable, or take it out of the folder of captures",
        file=path,
    )


def _of_archive(path: Path) -> Iterator[Captured]:
    from warcio.archiveiterator import ArchiveIterator

    number = 0
    try:
        sha256 = file_sha256(path)
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                number += 1
                yield from _of_record(record, path, sha256)
    except OSError as error:
        raise _unreadable(path, error) from error
    except damage() as error:
        raise InputError(
            f"the web archive is damaged after record {number}: {error}",
            fix="get the file again, or take it out of the folder of captures", file=path,
        ) from error  # fmt: skip
    if not number:
        raise InputError(
            "the web archive holds no record",
            fix="get the file again, or take it out of the folder of captures",
            file=path,
        )


def _of_record(record: ArcWarcRecord, archive: Path, sha256: str) -> Iterator[Captured]:
    headers, http = record.rec_headers, record.http_headers
    if record.rec_type not in {"response", "resource"}:
        return
    if http is not None and not http.get_statuscode().startswith("2"):
        return
    address = headers.get_header("WARC-Target-URI") or ""
    try:
        parts = urlsplit(address)
    except ValueError:
        # An address that is none, as crawlers follow some, names no site; the others are read.
        return
    media_type = ((http or headers).get_header("Content-Type") or "").partition(";")[0]
    kind = PATHS.get(parts.path)
    if kind is None and media_type.strip().lower() in PAGE_TYPES:
        kind = "page"
    if kind is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        return
    try:
        # Links and handles are ASCII: of what else stands there nothing is asked.
        text = page_bytes(record, LARGEST_BYTES).decode("utf-8", "replace")
    except InputError as error:
        # Passed over, a proof would be missed, and an honest account be told that it has none.
        told = f"the capture of {address} is {error.message}"
        raise InputError(told, fix=error.fix, file=archive) from error
    at = headers.get_header("WARC-Date") or ""
    source = f"{archive.name}#{address}"
    text = text.removeprefix("\ufeff")
    yield Captured(parts.hostname.lower(), kind, text, source, sha256, address, at)
