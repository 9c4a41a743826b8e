"""Zstandard with long windows (``--long=31``), as dumps of whole platforms are packed.

What unpacks a frame holds as much of the text as its window says, up to 2 GiB. Arrow's reader,
which reads all others, stops at 128 MiB. RFC 8878, section 3.1.1.1, says where a frame tells its
window.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from assay.errors import InputError, to_install
from assay.model.units import format_bytes

MAGIC = b"\x28\xb5\x2f\xfd"
LONGEST_PLAIN_BYTES = 128 << 20
"""The window that every reader unpacks."""
_WIDEST_LOG = 31
_SINGLE_SEGMENT = 1 << 5
_SIZE_BYTES = (1, 2, 4, 8)
"""How long the size of the content is, by the first two bits of a frame's descriptor."""
_DICTIONARY_BYTES = (0, 1, 2, 4)


def window_bytes(head: bytes) -> int:
    """The window of a frame in bytes, from its first 18 bytes; 0 where they do not tell it."""
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + 2:
        return 0
    descriptor, place = head[4], 5
    if not descriptor & _SINGLE_SEGMENT:
        exponent, mantissa = head[place] >> 3, head[place] & 7
        base = 1 << (10 + exponent)
        return base + base // 8 * mantissa
    # A single segment's window is the whole content.
    place += _DICTIONARY_BYTES[descriptor & 3]
    size = _SIZE_BYTES[descriptor >> 6]
    return int.from_bytes(head[place : place + size], "little") + (256 if size == 2 else 0)


class WideStream:
    """The unpacked bytes of a file with a longer window than :data:`LONGEST_PLAIN_BYTES`.

    Raises:
        InputError: The package that unpacks it is not installed.
    """

    def __init__(self, file: BinaryIO, path: Path) -> None:
        try:
            from backports.zstd import DecompressionParameter, ZstdError, ZstdFile
        except ImportError as error:
            why = "the package that unpacks it is not installed"
            raise too_wide(path, why, f"{to_install('zstd')}, or ") from error
        self._stream = ZstdFile(file, options={DecompressionParameter.window_log_max: _WIDEST_LOG})
        self._path = path
        self._failure = ZstdError

    def read1(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end.

        Raises:
            EOFError: The file is cut off.
            OSError: The bytes are none that zstd wrote.
            InputError: The memory for the window is not there.
        """
        try:
            return self._stream.read1(size)
        except self._failure as error:
            if "not enough memory" in str(error):
                raise too_wide(self._path, "there is too little memory to hold it") from error
            raise OSError(str(error)) from error


def too_wide(path: Path, why: str, other_way: str = "") -> InputError:
    """What is said of a file whose window cannot be unpacked here."""
    return InputError(
        f"the file is packed with a window above {format_bytes(LONGEST_PLAIN_BYTES)}, and {why}",
        fix=f"{other_way}unpack it first: zstd -d --long=31 {path.name}",
        file=path,
    )
