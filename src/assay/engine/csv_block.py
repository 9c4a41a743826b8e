"""One block of a CSV file whose rows the scanner counts and judges, before they are split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assay.engine.csv_layout import CsvLayout, is_utf8
from assay.engine.csv_scan import CUT_OFF, GOOD, NOT_UTF8, REASONS, SWALLOWED, scan_records
from assay.engine.csv_split import split_records
from assay.engine.marked_bytes import with_marks
from assay.engine.read import LooksLikeRow, RawBatch, RawReject, shortened


class ScannedBlock:
    """One block, scanned, its suspected swallowers judged."""

    def __init__(
        self, raw: bytes, layout: CsvLayout, at_end: bool, looks_like_row: LooksLikeRow
    ) -> None:
        self._raw = raw
        self._layout = layout
        self._source = with_marks(np.frombuffer(raw, np.uint8), layout.codes)
        parts: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]] = []
        position, trusted = 0, -1
        while True:
            begins, ends, states, stopped = scan_records(
                self._source, position, layout.codes, len(layout.columns), at_end, trusted
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
        """The good records as columns; the others become rejects."""
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
        records = self.begins[good], self.ends[good]
        table = split_records(self._source, records, self._layout, columns)
        return RawBatch(table, rows[good], rejects)

    def _mark_bad_text(self) -> None:
        """Mark records that are not valid UTF-8; a block that is valid costs one pass."""
        if not len(self.begins):
            return
        first, last = int(self.begins[0]), int(self.ends[-1])
        if is_utf8(memoryview(self._raw)[first:last]):
            return
        for index in np.flatnonzero(self.states == GOOD):
            if not is_utf8(self._raw[self.begins[index] : self.ends[index]]):
                self.states[index] = NOT_UTF8

    def _swallowed(self, begin: int, at_end: bool, looks_like_row: LooksLikeRow) -> bool:
        """Whether a line inside the record's quotes is a row of its own."""
        _, ends, _, stopped = scan_records(
            self._source, begin, self._layout.codes, len(self._layout.columns), at_end, begin
        )
        end = int(ends[0]) if len(ends) else int(stopped)
        lines = self._raw[begin:end].decode("utf-8", "replace").splitlines()[1:-1]
        width = len(self._layout.columns)
        for line in lines:
            fields = line.split(self._layout.delimiter)
            if len(fields) == width and looks_like_row([field.strip('"') for field in fields]):
                return True
        return False
