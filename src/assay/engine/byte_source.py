"""A file's bytes as UTF-8 in blocks: decompressed, transcoded, with how far the reading is."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import pyarrow as pa

from assay.engine.zstd_window import LONGEST_PLAIN_BYTES, MAGIC, WideStream, too_wide, window_bytes
from assay.errors import InputError, UsageError

BLOCK_BYTES = 16 << 20
_GZIP_MAGIC = b"\x1f\x8b"
_WINDOW_TOO_LARGE = "too much memory"
"""What zstd says of a frame whose window it does not unpack."""
_FRAME_HEAD_BYTES = 18
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def check_encoding(name: str) -> str:
    """The name of an encoding of text.

    Raises:
        UsageError: There is none of that name.
    """
    try:
        b"a".decode(name)
    except UnicodeError:
        return name  # one byte is too few for it, as for UTF-16
    except (LookupError, ValueError) as error:
        raise UsageError(
            f"{name!r} is no encoding of text", fix="write utf-8, utf-16, cp1252, cp1251 or latin-1"
        ) from error
    return name


class ByteSource:
    """One input file, read from front to back.

    Attributes:
        encoding: What the file is written in: told, or seen from its byte order mark.
        damage: What is wrong with the file's end (cut off, corrupt), once it was reached.
        head_damage: The same for what :meth:`head` has read.
        first_bytes: Some bytes from its begin, unpacked and as they are.
        begin: How many bytes of the text, as UTF-8, are passed over.
        header: A line that is read before the text, where the file lacks it.
    """

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self.path = path
        self.begin = 0
        self.header = b""
        self.damage: str | None = None
        self.head_damage: str | None = None
        self._told = encoding
        head = self.first_bytes = self._first_bytes()
        mark = next(((bom, name) for bom, name in _BOMS if head.startswith(bom)), None)
        self._bom_bytes = len(mark[0]) if mark else 0
        self.encoding = encoding or (mark[1] if mark else _guess_wide(head) or "utf-8")
        self._consumed_bytes = 0

    @property
    def window_bytes(self) -> int:
        """How much of the text is held in memory to unpack it; 0 where that is nothing to tell."""
        with self.path.open("rb") as file:
            window = window_bytes(file.read(_FRAME_HEAD_BYTES))
        return window if window > LONGEST_PLAIN_BYTES else 0

    def again(self) -> ByteSource:
        """The same file, to be read without disturbing this reading."""
        other = ByteSource(self.path, self._told)
        other.begin, other.header = self.begin, self.header
        return other

    def head(self, count: int = 1 << 20) -> bytes:
        """About the first ``count`` bytes as UTF-8, without disturbing a later reading."""
        reader = self.again()
        taken = b""
        for block in reader.blocks(count):
            taken += block
            if len(taken) >= count:
                break
        self.damage, self.head_damage = None, reader.damage
        return taken

    def consumed_bytes(self) -> int:
        """How many of the file's own (compressed) bytes were read."""
        return self._consumed_bytes

    def blocks(self, block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
        """The header and the bytes in UTF-8 from :attr:`begin` on, in blocks of about this size.

        A file that ends in the middle of its compression yields what it holds and sets
        :attr:`damage`.

        Raises:
            InputError: The bytes are not in the encoding that was told.
        """
        left, header = self.begin, self.header
        for block in self._decoded(block_bytes):
            yield header + block[left:] if left or header else block
            left, header = max(left - len(block), 0), b""

    def _decoded(self, block_bytes: int) -> Iterator[bytes]:
        """All of the file in UTF-8, without byte order mark."""
        raw = self._raw_blocks(block_bytes)
        if self.encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
            skip = self._bom_bytes
            for block in raw:
                yield block[skip:]
                skip = 0
            return
        decoder = codecs.getincrementaldecoder(self.encoding)()
        skip = self._bom_bytes
        try:
            for block in raw:
                yield decoder.decode(block[skip:]).encode("utf-8")
                skip = 0
            yield decoder.decode(b"", final=True).encode("utf-8")
        except UnicodeError as error:
            raise InputError(
                f"the file is not written in {self.encoding} ({error.__class__.__name__})",
                fix="name its encoding with --encoding, or save it as UTF-8",
                file=self.path,
            ) from error

    def _raw_blocks(self, block_bytes: int) -> Iterator[bytes]:
        self._consumed_bytes, self.damage = 0, None
        with self.path.open("rb") as file:
            stream = _decompressed(file, self.path)
            while True:
                try:
                    block = stream.read(block_bytes)
                except (EOFError, zlib.error, OSError) as error:
                    if _WINDOW_TOO_LARGE in str(error):
                        # A frame behind the first, with a longer window than that.
                        why = "a later part of it with a longer one than its begin"
                        raise too_wide(self.path, why) from error
                    self.damage = f"the compressed data end in the middle or are corrupt ({error})"
                    return
                if not block:
                    return
                # Noted here: who asks how far the reading is may be another thread.
                self._consumed_bytes = file.tell()
                yield bytes(block)

    def _first_bytes(self) -> bytes:
        for block in self._raw_blocks(4096):
            self.damage = None
            return block[:4096]
        return b""


def with_next(blocks: Iterator[bytes], leftover: bytes) -> tuple[bytes, bool]:
    """What was left over with as much again behind it, and whether the file ends there.

    A row longer than a block is looked at from its begin each time: doubling keeps that linear.
    """
    parts, fresh = [leftover], 0
    while not fresh or fresh < len(leftover):
        block = next(blocks, None)
        if block is None:
            return b"".join(parts), True
        parts.append(block)
        fresh += len(block)
    return b"".join(parts), False


def _decompressed(file: BinaryIO, path: Path) -> BinaryIO:
    head = file.read(_FRAME_HEAD_BYTES)
    file.seek(0)
    if head.startswith(_GZIP_MAGIC):
        return cast(BinaryIO, _Patient(gzip.GzipFile(fileobj=file)))
    if window_bytes(head) > LONGEST_PLAIN_BYTES:
        return cast(BinaryIO, _Patient(WideStream(file, path)))
    if head.startswith(MAGIC):
        return cast(BinaryIO, pa.CompressedInputStream(pa.PythonFile(file, mode="r"), "zstd"))
    return file


class _InSteps(Protocol):
    """What unpacks a little at a time."""

    def read1(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


class _Patient(io.RawIOBase):
    """Reads in small steps, so that a cut-off file yields all it has before the error."""

    _STEP = 1 << 16

    def __init__(self, stream: _InSteps) -> None:
        self._stream = stream
        self._error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes; the error only when nothing is left before it."""
        if self._error is not None:
            raise self._error
        parts: list[bytes] = []
        count = 0
        while count < size:
            try:
                part = self._stream.read1(self._STEP)
            except (EOFError, zlib.error, OSError) as error:
                if not parts:
                    raise
                self._error = error
                break
            if not part:
                break
            parts.append(part)
            count += len(part)
        return b"".join(parts)


def _guess_wide(head: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of Latin text is zero."""
    if len(head) < 8 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0) * 2 / len(head), head[1::2].count(0) * 2 / len(head)
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else None
