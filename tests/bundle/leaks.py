"""Looks for names in every byte of an output, however they are written or packed."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.parquet as pq

from assay.text.folding import folded

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


def forms_of(name: str) -> set[str]:
    """A name as it may stand in an output, in small letters."""
    spoken = {name, name.upper(), name.title(), name.casefold()}
    written = set(spoken)
    for one in spoken:
        written |= {quote(one), quote(quote(one)), json.dumps(one)[1:-1], html.escape(one)}
    return {one.lower() for one in written}


def coded_forms_of(name: str) -> set[bytes]:
    """A name in base 64, as much of it as is the same whatever stands before and after."""
    forms = set()
    for one in {name, name.upper(), name.title(), name.casefold()}:
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + one.encode())
            forms.add(coded[shift + (shift > 0) : -4])
    return {form for form in forms if len(form) >= 6}


class LeakFinder:
    """Finds any of some names.

    Args:
        names: What must not be found: the parts that names of one sort have in common.
    """

    def __init__(self, names: Iterable[str]) -> None:
        names = sorted(names)
        self._forms = {form: name for name in names for form in forms_of(name)}
        self._folds = {folded(name): name for name in names}
        self._coded = {form: name for name in names for form in coded_forms_of(name)}

    def in_tree(self, top: Path) -> list[str]:
        """Where names are found in a file or folder, file names included."""
        found = []
        for path in [top, *sorted(top.rglob("*"))]:
            found += [f"{path.name}: {name}" for name in self.in_text(path.name)]
            if path.is_file():
                found += [
                    f"{path.relative_to(top.parent)} ({where}): {name}"
                    for where, name in self.in_bytes(path.read_bytes())
                ]
        return found

    def in_bytes(self, data: bytes) -> list[tuple[str, str]]:
        """Names in a file's bytes and in whatever is packed inside them."""
        coded = [("in base 64", name) for form, name in self._coded.items() if form in data]
        return coded + [
            (where, name) for where, part in _unpacked(data) for name in self.in_text(_text(part))
        ]

    def in_text(self, text: str) -> set[str]:
        """Names in a text."""
        found = set()
        for variant in {text, unquote(text), html.unescape(text), _unescaped(text), _spelt(text)}:
            small = variant.lower()
            found |= {name for form, name in self._forms.items() if form in small}
        plain = folded(text)
        return found | {name for form, name in self._folds.items() if form in plain}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _spelt(text: str) -> str:
    """The text with punycode decoded."""

    def label(found: re.Match[str]) -> str:
        try:
            return found[1].encode().decode("punycode")
        except UnicodeError:
            return found[0]

    return re.sub(r"(?i)xn--([a-z0-9-]+)", label, text)


def _unpacked(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves and what they hold: zips, Parquet, compressed and coded parts."""
    yield "bytes", data
    if data[:4] == b"PAR1":
        yield from _parquet(data)
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield "zip member's name", name.encode()
                yield from (
                    (f"{name}: {where}", part) for where, part in _unpacked(archive.read(name))
                )
    elif data[:2] == b"\x1f\x8b":
        yield "gzip", gzip.decompress(data)
    else:
        yield from _coded(data)


def _parquet(data: bytes) -> Iterator[tuple[str, bytes]]:
    file = pq.ParquetFile(io.BytesIO(data))
    yield (
        "metadata",
        repr(file.schema_arrow.metadata).encode() + repr(file.metadata.metadata).encode(),
    )
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            statistics = file.metadata.row_group(group).column(column).statistics
            yield "statistics", repr(statistics and statistics.to_dict()).encode()
    for name, column in zip(file.schema_arrow.names, file.read().columns, strict=True):
        flat = column.combine_chunks()
        while pa.types.is_list(flat.type):
            flat = flat.flatten()
        if pa.types.is_string(flat.type):
            yield f"column {name}", "\n".join(map(str, flat.to_pylist())).encode()


def _decoded(found: bytes) -> Iterator[bytes]:
    for decode in (base64.b64decode, base64.urlsafe_b64decode):
        with suppress(binascii.Error, ValueError):
            yield decode(found + b"=" * (-len(found) % 4))


def _coded(data: bytes) -> Iterator[tuple[str, bytes]]:
    # Sums of files stand there many times, and most are the same in either alphabet.
    for plain in {part for found in set(BASE64.findall(data)) for part in _decoded(found)}:
        yield "base64", plain
        for form in (-zlib.MAX_WBITS, zlib.MAX_WBITS, zlib.MAX_WBITS | 16):
            with suppress(zlib.error):
                yield "compressed base64", zlib.decompress(plain, form)
