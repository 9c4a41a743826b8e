"""From paths to files in hand: folders walked, archives opened, each member with its name.

Nothing is unpacked to disk, and nothing is believed of an archive: members are read up to a limit,
the ratio of unpacked to packed bytes is bounded, and names serve as names only.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay.documents.limits import Limits
from assay.documents.page import Refused
from assay.engine.unzip import member_pieces, open_zip
from assay.errors import InputError, UsageError

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_SKIPPED_NAMES = ("__MACOSX", ".DS_Store", "Thumbs.db")
_ZIP_DOCUMENTS = ("[Content_Types].xml", "mimetype")
"""Members that say: this zip is an office document or an e-book, and no archive of documents."""

_WEB_ARCHIVE_PACKAGE = "datapackage.json"
"""The member that every WACZ file has (WACZ 1.1.1); its indexes and logs are no documents."""


@dataclass(frozen=True)
class Stated:
    """What a feed or a letter says of a text that it holds.

    Attributes:
        media_type: Of what holds it.
        title: Of the entry, or the letter's subject.
        published: When; ISO 8601.
        link: Where the text stands on the web.
        metadata: What else is said of it.
    """

    media_type: str
    title: str | None = None
    published: str | None = None
    link: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RawFile:
    """A file as bytes.

    Attributes:
        document: Path relative to the input; members of archives after ``#``.
        data: All of it.
        declared_type: The media type that a container names, such as a WARC header.
        captured: When the container says that it was saved; ISO 8601.
        url: Where the container says that it came from.
        stated: Of a text inside a feed or a letter, which is HTML or plain as the declared type
            says, what that states; None of whatever is a file of its own.
    """

    document: str
    data: bytes
    declared_type: str | None = None
    captured: str | None = None
    url: str | None = None
    stated: Stated | None = None

    @property
    def is_wacz(self) -> bool:
        """Whether its name says that it is a packed web archive."""
        return self.document.lower().endswith(".wacz")


def raw_files(
    inputs: Sequence[str | Path], limits: Limits, out: Path | None = None
) -> Iterator[RawFile | Refused]:
    """Every file of the inputs, in a fixed order.

    Args:
        inputs: Files and folders; a folder is walked, hidden files are passed over.
        limits: How much may be read.
        out: A folder that is passed over: the one that is written to.

    Raises:
        InputError: An input does not exist.
        UsageError: An input is the very folder that is written to.
    """
    written = None if out is None else out.resolve()
    for path in map(Path, inputs):
        if not path.exists():
            raise InputError("there is no such file or folder", fix="check the path", file=path)
        if path.resolve() == written:
            fix = f"write to another folder, such as {path / 'record'}"
            raise UsageError(f"{path} is read and written to", fix=fix)
    for path in map(Path, inputs):
        if path.is_dir():
            yield from _walk(path, path, limits, written)
        else:
            yield from _file(path, path.name, limits)


def _walk(folder: Path, top: Path, limits: Limits, out: Path | None) -> Iterator[RawFile | Refused]:
    """What lies under a folder by name; links to folders are not followed."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield _unreadable(folder.relative_to(top).as_posix(), error)
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name in _SKIPPED_NAMES:
            continue
        name = entry.relative_to(top).as_posix()
        try:
            is_folder = entry.is_dir()
        except OSError as error:
            yield _unreadable(name, error)
            continue
        if not is_folder:
            yield from _file(entry, name, limits)
        elif not entry.is_symlink() and entry.resolve() != out:
            yield from _walk(entry, top, limits, out)


def _file(path: Path, name: str, limits: Limits) -> Iterator[RawFile | Refused]:
    if not path.is_file():
        fix = "save what it leads to as a file and read that"
        yield Refused(name, "it is no file: a link to nothing, a pipe or a device", fix)
        return
    try:
        size = path.stat().st_size
        if is_archive_of_pages(path):
            # Web archives are read record by record, so their own size does not matter.
            path.open("rb").close()
            yield RawFile(name, b"", declared_type="application/warc", url=str(path))
            return
        if size > limits.file_bytes:
            yield _too_large(name, size, limits)
            return
        data = path.read_bytes()
    except OSError as error:
        yield _unreadable(name, error)
        return
    yield from opened(RawFile(name, data), limits)


def _unreadable(name: str, error: OSError) -> Refused:
    return Refused(name, f"cannot be read: {error.strerror}", "check its permissions")


def is_archive_of_pages(path: Path) -> bool:
    """Whether a file is a WARC by its name."""
    return path.name.lower().endswith((".warc", ".warc.gz"))


def opened(raw: RawFile, limits: Limits, depth: int = 0) -> Iterator[RawFile | Refused]:
    """The file itself, or the members if it is an archive."""
    if raw.stated is not None:
        yield raw
    elif raw.data.startswith(_GZIP):
        yield from _gunzipped(raw, limits, depth)
    elif raw.data.startswith((_ZIP, _EMPTY_ZIP)):
        yield from _unzipped(raw, limits, depth)
    else:
        yield raw


def _gunzipped(raw: RawFile, limits: Limits, depth: int) -> Iterator[RawFile | Refused]:
    if depth >= limits.depth:
        yield too_deep(raw.document, limits)
        return
    most = min(limits.file_bytes, max(1 << 20, limits.expansion * len(raw.data)))
    try:
        with gzip.open(io.BytesIO(raw.data)) as stream:
            data = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        yield Refused(raw.document, f"damaged gzip file: {error}", "get the file again")
        return
    if len(data) > most:
        yield _bomb(raw.document, most)
        return
    inner = replace(raw, document=raw.document.removesuffix(".gz"), data=data)
    yield from opened(inner, limits, depth + 1)


def _unzipped(raw: RawFile, limits: Limits, depth: int) -> Iterator[RawFile | Refused]:
    if depth >= limits.depth:
        yield too_deep(raw.document, limits)
        return
    try:
        archive = open_zip(io.BytesIO(raw.data))
    except InputError as error:
        yield Refused(raw.document, error.message, error.fix or "get the archive again")
        return
    with archive:
        # Not is_dir(), which fails on the empty name of a damaged archive.
        infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        if any(info.filename in _ZIP_DOCUMENTS for info in infos):
            fix = "save it as PDF, HTML or plain text and read that"
            yield Refused(raw.document, "an office document or e-book is not read", fix)
            return
        if any(info.filename == _WEB_ARCHIVE_PACKAGE for info in infos) and raw.is_wacz:
            infos = [info for info in infos if is_archive_of_pages(Path(info.filename))]
            if not infos:
                fix = "save the pages again with an archiver"
                yield Refused(raw.document, "the WACZ file holds no web archive", fix)
                return
        if len(infos) > limits.members:
            fix = "unpack it and read the folder in parts"
            yield Refused(raw.document, f"more than {limits.members:,} members", fix)
            return
        allowance = max(limits.file_bytes, limits.expansion * len(raw.data))
        for info in sorted(infos, key=lambda info: info.filename):
            name = f"{raw.document}#{info.filename}"
            if _hidden(info.filename):
                continue
            data = _member(archive, info, min(limits.file_bytes, allowance), name)
            if isinstance(data, Refused):
                yield data
                continue
            allowance -= len(data)
            yield from opened(replace(raw, document=name, data=data), limits, depth + 1)


def _hidden(name: str) -> bool:
    parts = [part for part in name.split("/") if part not in (".", "..")]
    return any(part.startswith(".") or part in _SKIPPED_NAMES for part in parts)


def _member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int, name: str
) -> bytes | Refused:
    """A member's bytes; what its header says of its size is not relied on."""
    if info.flag_bits & 1:
        return Refused(name, "the member is encrypted", "unpack it with its password")
    data = bytearray()
    try:
        for piece in member_pieces(archive, info):
            data += piece
            if len(data) > most:
                return _bomb(name, most)
    except InputError as error:
        return Refused(name, error.message, error.fix or "get the archive again")
    return bytes(data)


def _too_large(name: str, size: int, limits: Limits) -> Refused:
    mb = limits.file_bytes >> 20
    return Refused(
        name, f"{size >> 20:,} MB is more than the {mb} MB read of one file", "split the file"
    )


def _bomb(name: str, most: int) -> Refused:
    return Refused(
        name, f"it unpacks to more than {most >> 20:,} MB", "unpack it and read what you need"
    )


def too_deep(name: str, limits: Limits) -> Refused:
    """A file that lies too deep in archives and letters."""
    return Refused(
        name,
        f"it lies more than {limits.depth} deep in archives and letters",
        "unpack it and read the folder",
    )
