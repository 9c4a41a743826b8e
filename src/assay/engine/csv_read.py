"""CSV and TSV in batches: the scanner counts and judges the rows, Arrow parses the good ones."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from assay.engine.byte_source import BLOCK_BYTES, ByteSource, with_next
from assay.engine.csv_scan import CUT_OFF, GOOD, NOT_UTF8, REASONS, SWALLOWED, scan_records
from assay.engine.read import LooksLikeRow, RawBatch, RawReject, shortened, unique_names
from assay.errors import CheckFailed, InputError

NULLS = ["", "NA", "NaN", "nan", "NULL", "null", "None", "\\N", "<NA>"]
"""What stands for "nothing" in an unquoted field."""
_SNIFF_BYTES = 256 << 10
_DELIMITERS = ",\t;|"


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
    best: tuple[float, CsvLayout] | None = None
    for delimiter in _DELIMITERS:
        for quote, escape, handicap in (('"', None, 0.0), ('"', "\\", 0.02), (None, None, 0.05)):
            header = _header(data, head, (delimiter, quote, escape), whole)
            if header is None:
                continue
            fields, body = header
            codes = _codes(delimiter, quote, escape)
            good = _share_of_good_rows(data, body, codes, len(fields), whole)
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


def read_csv(
    source: ByteSource,
    layout: CsvLayout,
    columns: Sequence[str],
    looks_like_row: LooksLikeRow,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[RawBatch]:
    """Read the named columns as strings, batch by batch.

    Args:
        source: The file.
        layout: From :func:`find_csv_layout`.
        columns: Which columns to read.
        looks_like_row: Finds rows that an unclosed quote swallowed; see
            :data:`assay.engine.read.LooksLikeRow`.
        block_bytes: How much to read at once.

    Raises:
        CheckFailed: The parser found another number of rows than the scanner.
    """
    done, leftover, header_seen = 0, b"", False
    blocks = source.blocks(block_bytes)
    while True:
        raw, at_end = with_next(blocks, leftover)
        if raw:
            scan = _Scan(raw, layout, at_end, looks_like_row)
            leftover = raw[scan.position :]
            if at_end and source.damage:
                scan.cut_off_last()
            if not header_seen and len(scan.states):
                scan.drop_first()
                header_seen = True
            if len(scan.states):
                yield scan.batch(done, columns)
                done += len(scan.states)
        if at_end:
            return


class _Scan:
    """One block, scanned, its suspected swallowers judged."""

    def __init__(
        self, raw: bytes, layout: CsvLayout, at_end: bool, looks_like_row: LooksLikeRow
    ) -> None:
        self._raw = raw
        self._layout = layout
        data = np.frombuffer(raw, np.uint8)
        parts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]] = []
        position, trusted = 0, -1
        while True:
            begins, ends, states, stopped = scan_records(
                data, position, layout.codes, len(layout.columns), at_end, trusted
            )
            suspected = len(states) > 0 and states[-1] == SWALLOWED
            if suspected and not self._swallowed(int(begins[-1]), at_end, looks_like_row):
                trusted = position = int(begins[-1])
                parts.append((begins[:-1], ends[:-1], states[:-1]))
                continue
            parts.append((begins, ends, states))
            position = int(stopped)
            if not suspected:
                break
        self.position = position
        self.begins, self.ends, self.states = (
            np.concatenate([part[index] for part in parts]) for index in range(3)
        )

    def drop_first(self) -> None:
        """Leave the header out."""
        self.begins, self.ends, self.states = self.begins[1:], self.ends[1:], self.states[1:]

    def cut_off_last(self) -> None:
        """The file breaks off in its last record: it may look whole and be half."""
        if len(self.ends) and int(self.ends[-1]) == len(self._raw):
            self.states[-1] = CUT_OFF

    def batch(self, done: int, columns: Sequence[str]) -> RawBatch:
        """Parse the good records; the others become rejects."""
        self._mark_bad_text()
        good = self.states == GOOD
        rows = np.arange(done + 1, done + 1 + len(good), dtype=np.int64)
        rejects = [
            RawReject(
                int(rows[index]),
                None,
                REASONS[int(self.states[index])],
                shortened(self._raw[self.begins[index] : self.ends[index]]),
            )
            for index in np.flatnonzero(~good)
        ]
        return RawBatch(self._parse(good, columns), rows[good], rejects)

    def _parse(self, good: npt.NDArray[np.bool_], columns: Sequence[str]) -> pa.Table:
        wanted = {name: pa.string() for name in columns}
        count = int(good.sum())
        if count == 0:
            return pa.table({name: pa.array([], pa.string()) for name in columns})
        parsed = pacsv.read_csv(
            pa.BufferReader(self._good_bytes(good)),
            read_options=pacsv.ReadOptions(
                column_names=list(self._layout.columns), block_size=len(self._raw) + 1024
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self._layout.delimiter,
                quote_char=self._layout.quote or False,
                double_quote=self._layout.escape is None,
                escape_char=self._layout.escape or False,
                newlines_in_values=self._layout.quote is not None,
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=wanted,
                include_columns=list(columns),
                null_values=NULLS,
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        if len(parsed) != count:
            raise CheckFailed(
                f"the scanner found {count} whole rows in a stretch of the file, the parser "
                f"{len(parsed)}",
                fix="please report this with the file's first lines",
            )
        return parsed

    def _good_bytes(self, good: npt.NDArray[np.bool_]) -> bytes | memoryview:
        """The good records, as few slices as possible."""
        view = memoryview(self._raw)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
        runs = [
            view[self.begins[first] : self.ends[last - 1]]
            for first, last in zip(edges[::2], edges[1::2], strict=True)
        ]
        return runs[0] if len(runs) == 1 else b"\n".join(runs)

    def _mark_bad_text(self) -> None:
        """Mark records that are not valid UTF-8; a block that is valid costs one pass."""
        if not len(self.begins):
            return
        first, last = int(self.begins[0]), int(self.ends[-1])
        if _is_utf8(memoryview(self._raw)[first:last]):
            return
        for index in np.flatnonzero(self.states == GOOD):
            if not _is_utf8(self._raw[self.begins[index] : self.ends[index]]):
                self.states[index] = NOT_UTF8

    def _swallowed(self, begin: int, at_end: bool, looks_like_row: LooksLikeRow) -> bool:
        """Whether a line inside the record's quotes is a row of its own."""
        data = np.frombuffer(self._raw, np.uint8)
        _, ends, _, stopped = scan_records(
            data, begin, self._layout.codes, len(self._layout.columns), at_end, begin
        )
        end = int(ends[0]) if len(ends) else int(stopped)
        lines = self._raw[begin:end].decode("utf-8", "replace").splitlines()[1:-1]
        width = len(self._layout.columns)
        for fields in csv.reader(lines, delimiter=self._layout.delimiter, quoting=csv.QUOTE_NONE):
            if len(fields) == width and looks_like_row([field.strip('"') for field in fields]):
                return True
        return False


def _codes(delimiter: str, quote: str | None, escape: str | None) -> tuple[int, int, int]:
    return ord(delimiter), ord(quote) if quote else 0, ord(escape) if escape else 0


def _share_of_good_rows(
    data: npt.NDArray[np.uint8], begin: int, codes: tuple[int, int, int], width: int, whole: bool
) -> float:
    good = count = 0
    trusted = -1
    while True:
        begins, _, states, _ = scan_records(data, begin, codes, width, whole, trusted)
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
    delimiter, quote, escape = dialect
    lines = np.flatnonzero((data == 10) | (data == 13))
    stop = int(lines[min(len(lines) - 1, 50)]) + 1 if len(lines) else len(data)
    begins, ends, states, _ = scan_records(
        data[:stop], 0, _codes(delimiter, quote, escape), 0, whole or len(lines) > 0, -1
    )
    if not len(begins) or states[0] != GOOD or not _is_utf8(head[begins[0] : ends[0]]):
        return None
    text = head[begins[0] : ends[0]].decode("utf-8")
    reader = csv.reader(
        text.splitlines(keepends=True),
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape,
        doublequote=escape is None,
    )
    return next(reader), int(ends[0])


def _is_utf8(raw: bytes | memoryview) -> bool:
    """Whether bytes are valid UTF-8: Arrow looks at them in place, Python would decode them."""
    offsets = pa.py_buffer(np.array([0, len(raw)], np.int64))
    text = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(raw)])
    try:
        text.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True
