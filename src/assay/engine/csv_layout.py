"""How a CSV file is written: its delimiter, its quoting and its columns, told from its head."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assay.engine.byte_source import ByteSource
from assay.engine.read import unique_names
from assay.errors import InputError
from assay.text.longest_cell import LONGEST_CELL, longest_cell

_SNIFF_BYTES = 256 << 10
_DELIMITERS = ",\t;|"
_DIALECTS = (('"', None, 0.0), ('"', "\\", 0.02), (None, None, 0.05))
"""Quote, escape, and by how much more good rows it must read than the ones before it."""
_SPECIAL = b'"\\\0'
"""Where none of these bytes stands, every line is a row and all dialects read the same."""
_LINE_BREAK = re.compile(rb"[\r\n]")


@dataclass(frozen=True)
class CsvLayout:
    """How a CSV file is written, and its columns."""

    delimiter: str
    quote: str | None
    escape: str | None
    columns: tuple[str, ...]

    @property
    def codes(self) -> tuple[int, int, int]:
        """Delimiter, quote and escape as the scanner wants them."""
        return _codes(self.delimiter, self.quote, self.escape)


def find_csv_layout(source: ByteSource) -> CsvLayout:
    """Tell delimiter and quoting from the head of a file, and read its header.

    Quoting with doubled quotes is taken unless another way reads clearly more rows.

    Raises:
        InputError: The file is empty.
    """
    head = source.head(_SNIFF_BYTES)
    whole = len(head) < _SNIFF_BYTES
    if not head.strip():
        raise InputError(
            "the file is empty", fix="check that the export was completed", file=source.path
        )
    data = np.frombuffer(head, np.uint8)
    plain = not any(byte in head for byte in _SPECIAL)
    dialects = _DIALECTS[:1] if plain else _DIALECTS
    best: tuple[float, CsvLayout] | None = None
    for delimiter in _DELIMITERS:
        for quote, escape, handicap in dialects:
            header = (
                _plain_header(head, delimiter, whole)
                if plain
                else _header(data, head, (delimiter, quote, escape), whole)
            )
            if header is None:
                continue
            fields, body = header
            good = (
                _share_of_good_lines(head[body:], delimiter, len(fields), whole)
                if plain
                else _share_of_good_rows(
                    data, body, _codes(delimiter, quote, escape), len(fields), whole
                )
            )
            score = good - handicap + (0.0 if len(fields) == 1 else 1.0)
            layout = CsvLayout(delimiter, quote, escape, unique_names(fields))
            more_columns = best is not None and len(fields) > len(best[1].columns)
            if best is None or score > best[0] + 1e-9 or (score > best[0] - 1e-9 and more_columns):
                best = (score, layout)
    if best is None:
        raise InputError(
            "no header line was found",
            fix="the first line must name the columns; check the file's encoding (--encoding)",
            file=source.path,
        )
    return best[1]


def _plain_header(head: bytes, delimiter: str, whole: bool) -> tuple[list[str], int] | None:
    """As :func:`_header`, where no byte of the head has a meaning but delimiters and breaks."""
    begin = len(head) - len(head.lstrip(b"\r\n"))
    found = _LINE_BREAK.search(head, begin)
    if not head[begin:] or not (found or whole):
        return None
    end = found.start() if found else len(head)
    return (head[begin:end].decode().split(delimiter), end) if is_utf8(head[begin:end]) else None


def _share_of_good_lines(body: bytes, delimiter: str, width: int, whole: bool) -> float:
    """As :func:`_share_of_good_rows`, where every line is a row."""
    lines = _LINE_BREAK.split(body)
    if not whole:
        lines = lines[:-1]  # it may be cut off
    counts = [line.count(delimiter.encode()) + 1 for line in lines if line]
    return counts.count(width) / len(counts) if counts else 1.0


def _codes(delimiter: str, quote: str | None, escape: str | None) -> tuple[int, int, int]:
    return ord(delimiter), ord(quote) if quote else 0, ord(escape) if escape else 0


def _share_of_good_rows(
    data: npt.NDArray[np.uint8], begin: int, codes: tuple[int, int, int], width: int, whole: bool
) -> float:
    # Here, not above: it loads numba, which plain files never need.
    from assay.engine.csv_scan import GOOD, SWALLOWED, scan_records
    from assay.engine.marked_bytes import with_marks

    good = count = 0
    trusted = -1
    source = with_marks(data, codes)
    while True:
        begins, _, states, _ = scan_records(source, begin, codes, width, whole, trusted)
        suspected = len(states) > 0 and states[-1] == SWALLOWED
        good += int((states == GOOD).sum())
        count += len(states) - suspected
        if not suspected:
            return good / count if count else 1.0
        # Quoted line breaks have the benefit of the doubt here: times are not known yet.
        begin = trusted = int(begins[-1])


def _header(
    data: npt.NDArray[np.uint8],
    head: bytes,
    dialect: tuple[str, str | None, str | None],
    whole: bool,
) -> tuple[list[str], int] | None:
    """The first record's fields, and where the next one begins."""
    from assay.engine.csv_scan import GOOD, scan_records
    from assay.engine.marked_bytes import with_marks

    delimiter, quote, escape = dialect
    codes = _codes(delimiter, quote, escape)
    lines = np.flatnonzero((data == 10) | (data == 13))
    stop = int(lines[min(len(lines) - 1, 50)]) + 1 if len(lines) else len(data)
    begins, ends, states, _ = scan_records(
        with_marks(data[:stop], codes), 0, codes, 0, whole or len(lines) > 0, -1
    )
    if not len(begins) or states[0] != GOOD or not is_utf8(head[begins[0] : ends[0]]):
        return None
    text = head[begins[0] : ends[0]].decode("utf-8")
    reader = csv.reader(
        text.splitlines(keepends=True),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape,
        doublequote=escape is None,
    )
    with longest_cell(max(len(text), LONGEST_CELL)):
        return next(reader), int(ends[0])


def is_utf8(raw: bytes | memoryview) -> bool:
    """Whether bytes are valid UTF-8: Arrow looks at them in place, Python would decode them."""
    offsets = pa.py_buffer(np.array([0, len(raw)], np.int64))
    text = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(raw)])
    try:
        text.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True
