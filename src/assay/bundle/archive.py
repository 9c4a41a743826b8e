"""The zip file of a bundle, read as if an enemy had made it.

Only regular files with plain relative names, no name twice, no more bytes than the archive declares
and than the disk has room for. :mod:`assay.engine.stored_zip` writes it.
"""

from __future__ import annotations

import copy
import os
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from assay.engine.unzip import member_pieces, open_zip
from assay.errors import InputError

MOST_MEMBERS = 200_000
MOST_RATIO = 300
"""A text of one repeated character deflates about a thousandfold; no table or report comes near
this."""

SPARE_DISK_BYTES = 200_000_000
_PLAIN = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")


@contextmanager
def opened_archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip file that may be hostile; every name and size in it has been checked.

    Raises:
        InputError: It is missing, no zip file, cut short, or holds what no bundle holds.
    """
    if not path.is_file():
        raise InputError("there is no such bundle", fix="name a file made by `assay bundle`",
                         file=path)  # fmt: skip
    try:
        archive = open_zip(path)
    except InputError as error:
        raise InputError(
            _why_no_zip(path, error.message),
            fix="get the file again from who made it; compare its size and SHA-256 with theirs",
            file=path,
        ) from error
    with archive:
        _check_members(archive, path)
        yield archive


def _why_no_zip(path: Path, otherwise: str) -> str:
    """What is wrong with a file that is no zip file; of one that ends like one, ``otherwise``."""
    if zipfile.is_zipfile(path):
        return otherwise
    with path.open("rb") as stream:
        begins = stream.read(4)
    if begins == b"PK\x03\x04":
        return "the zip file is cut short or damaged: its list of contents, at the end, is missing"
    return "the file is empty" if not begins else "the file is no zip file"


def _check_members(archive: zipfile.ZipFile, path: Path) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _hostile(f"it holds {len(members):,} files; no bundle holds more than "
                       f"{MOST_MEMBERS:,}", path)  # fmt: skip
    seen: set[str] = set()
    for info in members:
        _check_member(info, path)
        # Compared as file systems without upper and lower case would.
        folded = info.filename.casefold()
        if folded in seen:
            raise _hostile(f"the name {info.filename!r} stands in it twice", path)
        seen.add(folded)
    packed = sum(info.compress_size for info in members)
    if packed > path.stat().st_size:
        raise _hostile("its parts overlap: they are larger than the file", path)


def _check_member(info: zipfile.ZipInfo, path: Path) -> None:
    name = info.filename
    parts = PurePosixPath(name).parts
    plain = all(
        _PLAIN.fullmatch(part) and part not in (".", "..") and not part.endswith((".", " "))
        and not _RESERVED.fullmatch(part)
        for part in parts
    )  # fmt: skip
    if not parts or name.startswith("/") or "/".join(parts) != name or not plain:
        raise _hostile(f"the name {name!r} could lead outside the folder it is unpacked into", path)
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise _hostile(f"{name!r} is no regular file", path)
    if info.flag_bits & 0x1:
        raise _hostile(f"{name!r} is encrypted", path)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _hostile(f"{name!r} is compressed in a way that bundles are not", path)
    if info.file_size > MOST_RATIO * max(info.compress_size, 1) + 1_000_000:
        raise _hostile(f"{name!r} would unpack to {info.file_size:,} bytes", path)


def _hostile(what: str, path: Path) -> InputError:
    return InputError(
        f"this zip file cannot be a bundle: {what}",
        fix="do not unpack it; ask who sent it for the bundle that `assay bundle` made",
        file=path,
    )


def check_holds(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    """Refuse an archive without a member that every bundle has.

    Raises:
        InputError: There is none.
    """
    if name not in archive.namelist():
        raise InputError(
            f"the archive holds no {name}: it is no bundle of Assay",
            fix="name a file made by `assay bundle`",
            file=path,
        )


def read_member(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    """A small member that every bundle has.

    Raises:
        InputError: There is none, or it is damaged.
    """
    check_holds(archive, name, path)
    try:
        return b"".join(member_pieces(archive, name))
    except InputError as error:
        raise InputError(f"{name}: {error.message}", fix="get the bundle again from who made it",
                         file=path) from error  # fmt: skip


def extract(archive: zipfile.ZipFile, folder: Path, path: Path) -> list[tuple[str, str]]:
    """Unpack every member in pieces.

    Args:
        archive: From :func:`opened_archive`.
        folder: An empty folder.
        path: The archive, for messages.

    Returns:
        Names of members that could not be read whole, and why: a damaged member must not hide
        what else is wrong.

    Raises:
        InputError: The disk has no room for what the archive declares.
    """
    declared = sum(info.file_size for info in archive.infolist())
    room = shutil.disk_usage(folder).free - SPARE_DISK_BYTES
    if declared > room:
        raise InputError(
            f"unpacking needs {declared:,} bytes and there is room for {max(room, 0):,}",
            fix="make room, or set TMPDIR to a folder on a larger disk",
            file=path,
        )
    damaged = []
    for info in archive.infolist():
        target = folder / info.filename
        target.parent.mkdir(parents=True, exist_ok=True)
        why = _extract_one(archive, info, target)
        if why is not None:
            damaged.append((info.filename, why))
    return damaged


def _extract_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> str | None:
    # Its own checksum is looked at later, with the file's: a wrong byte must still be read, to be
    # named. What has no CRC is not checked against it.
    unchecked = copy.copy(info)
    del unchecked.CRC
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "wb") as out:
        try:
            for piece in member_pieces(archive, unchecked):
                out.write(piece)
        except InputError as error:
            return error.message
    return None
