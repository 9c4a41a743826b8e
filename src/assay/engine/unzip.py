"""Zip files and their members opened, with a reason in words for whatever cannot be read."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from assay.engine.stored_zip import CHUNK_BYTES
from assay.errors import InputError

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    # A member or the list of members is said to lie outside of the file.
    ValueError,
    # zipfile's word for an encrypted member and, as NotImplementedError, for a way of packing, a
    # version or an encryption that it does not know.
    RuntimeError,
)
"""What :mod:`zipfile` raises over an archive or a member that it cannot read."""


def open_zip(source: Path | IO[bytes]) -> zipfile.ZipFile:
    """A zip file, opened for reading.

    Raises:
        InputError: It is none, is damaged, or of a version that is not known.
    """
    try:
        return zipfile.ZipFile(source)
    except UNREADABLE as error:
        raise _refused("zip file", error) from error


def member_pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo | str) -> Iterator[bytes]:
    """What a member holds, piece by piece, never more than the archive declares.

    Raises:
        InputError: It is damaged, encrypted, or packed in a way that is not known.
        KeyError: The archive has no such member.
    """
    try:
        with archive.open(member) as stream:
            while piece := stream.read(CHUNK_BYTES):
                yield piece
    except UNREADABLE as error:
        raise _refused("member", error) from error


def _refused(what: str, error: Exception) -> InputError:
    if isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError):
        return InputError(
            f"the {what} cannot be read: {error}", fix="check the path and its rights"
        )
    if isinstance(error, RuntimeError):
        return InputError(
            f"the {what} is packed in a way that is not read: {error}",
            fix="unpack it and read the folder, or pack it again as an ordinary zip file",
        )
    return InputError(f"damaged {what}: {error}", fix="get the archive again")
