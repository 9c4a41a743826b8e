"""Zip files written the same to the byte: bundles, and web archives of evidence.

Members in sorted order, stored and not compressed (Parquet and pictures are compressed already, and
the output of a deflater differs between its versions), one fixed date, one fixed mode.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from assay.errors import InputError

CHUNK_BYTES = 1 << 20
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file can hold: when it was packed is no part of it."""


@dataclass(frozen=True)
class Member:
    """A file that goes into an archive: its name there, and where it lies or what it holds."""

    name: str
    source: Path | bytes

    @property
    def size(self) -> int:
        """In bytes."""
        if isinstance(self.source, bytes):
            return len(self.source)
        return self.source.stat().st_size


def write_archive(path: Path, members: Iterable[Member]) -> None:
    """Write a zip file whole or not at all, in constant memory.

    Raises:
        InputError: A source changed its size while it was read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            for member in sorted(members, key=lambda one: one.name):
                _write_member(archive, member)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_member(archive: zipfile.ZipFile, member: Member) -> None:
    info = zipfile.ZipInfo(member.name, FIXED_DATE)
    info.create_system = 3  # Unix, wherever it is packed: the mode below is Unix's
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.file_size = member.size
    written = 0
    with archive.open(info, "w") as out, _opened(member) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            out.write(chunk)
            written += len(chunk)
    if written != member.size:
        raise InputError("the file changed while it was packed", fix="pack again", file=member.name)


@contextmanager
def _opened(member: Member) -> Iterator[IO[bytes]]:
    if isinstance(member.source, bytes):
        yield io.BytesIO(member.source)
    else:
        with member.source.open("rb") as stream:
            yield stream
