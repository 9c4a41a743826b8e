"""Which byte of a file was changed, from its length and its old checksums alone.

A CRC-32 is linear: the checksum of the changed file differs from the old one by the checksum of
the change, shifted by its place. So one walk from the end backwards, undoing one byte's shift at
a time, meets the changed byte where the difference is that of a single byte. SHA-256 then says
whether putting the old byte back gives the old file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assay.engine.compiled import njit

POLYNOMIAL = 0xEDB88320
CHUNK_BYTES = 1 << 20
MOST_CANDIDATES = 64


@dataclass(frozen=True)
class ChangedByte:
    """The only byte in which a file differs from what it was.

    Attributes:
        offset: Counted from 0.
        is_now: Its value in the file.
        was: Its value before.
    """

    offset: int
    is_now: int
    was: int

    def __str__(self) -> str:
        """In words."""
        return (
            f"byte {self.offset:,} (counted from 0) is 0x{self.is_now:02x} and was "
            f"0x{self.was:02x}; no other byte differs"
        )


def _crc_table() -> np.ndarray:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(POLYNOMIAL), table >> 1)
    return table.astype(np.uint32)


_TABLE = _crc_table()
_TOP = np.zeros(256, np.uint32)
_TOP[_TABLE >> 24] = np.arange(256, dtype=np.uint32)
"""The table's entries have distinct top bytes: which entry a remainder came from."""


@njit
def _candidates(
    difference: int, size: int, table: np.ndarray, top: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Places, and changes there, that give this difference of checksums."""
    value_of = np.zeros(256, np.int64)
    offsets = np.empty(most, np.int64)
    changes = np.empty(most, np.int64)
    found = 0
    for value in range(256):
        value_of[table[value] >> 24] = value
    state = np.uint32(difference)
    for place in range(size - 1, -1, -1):
        # A change in the byte at this place has a checksum that is one entry of the table.
        value = value_of[state >> np.uint32(24)]
        if table[value] == state and value != 0:
            offsets[found] = place
            changes[found] = value
            found += 1
            if found == most:
                break
        # One byte's shift undone.
        index = top[state >> np.uint32(24)]
        state = np.uint32((np.uint32(state ^ table[index]) << np.uint32(8)) | index)
    return offsets[:found], changes[:found]


def find_changed_byte(path: Path, old_crc32: int, old_sha256: str) -> ChangedByte | None:
    """The single changed byte, or None where more than one (or the length) differs.

    Args:
        path: The file as it is now.
        old_crc32: CRC-32 of the file as it was; of the same length.
        old_sha256: Its SHA-256.
    """
    import zlib

    crc, size = 0, path.stat().st_size
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            crc = zlib.crc32(chunk, crc)
    difference = crc ^ old_crc32
    offsets, changes = _candidates(difference, size, _TABLE, _TOP, MOST_CANDIDATES)
    for offset, change in zip(offsets.tolist(), changes.tolist(), strict=True):
        with path.open("rb") as stream:
            stream.seek(offset)
            now = stream.read(1)[0]
        if _sha256_with(path, offset, now ^ change) == old_sha256:
            return ChangedByte(offset, now, now ^ change)
    return None


def _sha256_with(path: Path, offset: int, byte: int) -> str:
    """SHA-256 of the file with one byte put back."""
    digest = hashlib.sha256()
    position = 0
    with path.open("rb") as stream:
        while chunk := bytearray(stream.read(CHUNK_BYTES)):
            if position <= offset < position + len(chunk):
                chunk[offset - position] = byte
            digest.update(chunk)
            position += len(chunk)
    return digest.hexdigest()
