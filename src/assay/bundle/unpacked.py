"""A bundle unpacked into a temporary folder, as if an enemy had made it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.bundle.archive import check_holds, extract, opened_archive
from assay.bundle.contents import DESCRIPTION, Description, read_description
from assay.model.dataset import RunFolder
from assay.model.progress import Progress


@dataclass(frozen=True)
class Unpacked:
    """A bundle unpacked into a folder of its own.

    Attributes:
        path: The archive.
        folder: Where its files lie, as a run folder does.
        description: ``bundle.json``.
        crc32: The archive's own checksums, by name.
        damaged: Members that could not be unpacked, and why.
    """

    path: Path
    folder: Path
    description: Description
    crc32: Mapping[str, int]
    damaged: tuple[tuple[str, str], ...]

    @property
    def run(self) -> RunFolder:
        """The results in it."""
        return RunFolder(self.folder)


@contextmanager
def unpacked(path: Path, progress: Progress) -> Iterator[Unpacked]:
    """Unpack a bundle that may be hostile into a temporary folder.

    Raises:
        InputError: It is no bundle, or one that this version cannot read.
    """
    with tempfile.TemporaryDirectory(prefix="assay-bundle-") as scratch:
        folder = Path(scratch) / "bundle"
        folder.mkdir()
        with opened_archive(path) as archive:
            check_holds(archive, DESCRIPTION, path)
            progress.stage("Unpacking")
            damaged = extract(archive, folder, path)
            crc32 = {info.filename: info.CRC for info in archive.infolist()}
        yield Unpacked(path, folder, read_description(folder), crc32, tuple(damaged))
