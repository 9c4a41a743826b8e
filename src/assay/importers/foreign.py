"""Files that are plainly no text and no Parquet: told by their first bytes, with a way out."""

from __future__ import annotations

from pathlib import Path

from assay.errors import InputError

MAGIC_BYTES = 512
"""How much of a file's head is looked at."""
_COMPRESSED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
"""gzip and zstd, which are read."""
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (
        b"PK\x03\x04",
        "a ZIP archive (.zip, .xlsx and .ods files are)",
        "unpack it; save a spreadsheet as CSV",
    ),
    (b"PK\x05\x06", "an empty ZIP archive", "check that the export was completed"),
    (b"BZh", "compressed with bzip2", "unpack it: bunzip2 FILE"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it: unxz FILE"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
    (b"Rar!", "a RAR archive", "unpack it"),
    (b"SQLite format 3", "an SQLite database", "export its table of posts as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as CSV"),
    (b"<?xml", "XML (.gexf and .graphml files are)", "export the table of posts, as CSV"),
    (b"<!doctype", "a web page", "look at it: it may say why there was no export"),
    (b"<html", "a web page", "look at it: it may say why there was no export"),
    (b"%PDF", "a PDF document", "give the table that it was made from"),
    (b"ARROW1", "an Arrow file", "write it as Parquet"),
    (b"Obj\x01", "an Avro file", "write it as Parquet or NDJSON"),
    (b"ORC", "an ORC file", "write it as Parquet"),
)


_INSIDE: tuple[tuple[bytes, str, str], ...] = (
    (_COMPRESSED[0], "compressed twice", "unpack it once: gunzip FILE, or zstd -d FILE"),
    (_COMPRESSED[1], "compressed twice", "unpack it once: gunzip FILE, or zstd -d FILE"),
    (b"PAR1", "a Parquet file that was compressed as a whole", "unpack it"),
)
"""What is read, and not inside something that is compressed."""


def check_unpacked(path: Path, head: bytes) -> None:
    """As :func:`check_readable`, for what a compressed file holds.

    Args:
        path: The file.
        head: Its first :data:`MAGIC_BYTES` bytes, unpacked.

    Raises:
        InputError: It is none that is read here.
    """
    _refuse(path, head, (*_INSIDE, *_FOREIGN))


def check_readable(path: Path, head: bytes) -> None:
    """Refuse a file of another sort before it is taken for badly encoded text.

    Args:
        path: The file.
        head: Its first :data:`MAGIC_BYTES` bytes.

    Raises:
        InputError: The file is none that is read here, or is not what its name says.
    """
    _refuse(path, head, _FOREIGN)
    says_parquet = path.suffix.lower() in (".parquet", ".pq")
    if says_parquet and not head.startswith(_COMPRESSED) and _is_binary(head):
        raise InputError(
            "the file is named as Parquet and does not begin as a Parquet file does",
            fix="fetch or write the file again",
            file=path,
        )


def _refuse(path: Path, head: bytes, foreign: tuple[tuple[bytes, str, str], ...]) -> None:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, what, fix in foreign:
        begins = (text if magic.startswith(b"<") else head).startswith(magic)
        # A few letters may begin a header as well: a text goes on with text.
        if begins and (len(magic) > 3 or _is_binary(head)):
            raise InputError(f"the file is {what}", fix=fix, file=path)


def _is_binary(head: bytes) -> bool:
    """Bytes that no UTF-8 text holds; the last character may be cut."""
    if b"\0" in head:
        return True
    try:
        head[:-3].decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
