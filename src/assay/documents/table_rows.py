"""Rows of a CSV text (RFC 4180) with the place of every cell, quotes left outside.

A quoted cell may run over lines and hold doubled quotes; its place is what stands between its outer
quotes, as written, and its value has the quotes single.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assay.model.record import Span

_CELL = re.compile(r'[ \t]*"((?:[^"]|"")*+)"[^,\r\n]*|([^,\r\n]*)')
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class TableRow:
    """One row.

    Attributes:
        cells: The values.
        spans: Where each stands in the text.
        line: Where the whole row stands, without its line end.
    """

    cells: tuple[str, ...]
    spans: tuple[Span, ...]
    line: Span


def table_rows(text: str) -> Iterator[TableRow]:
    """Every row that is not blank, header included; a quote never closed is a plain character."""
    position = 0
    while position < len(text):
        row, position = _row(text, position)
        if any(cell.strip() for cell in row.cells):
            yield row


def _row(text: str, begin: int) -> tuple[TableRow, int]:
    """The row at a place, and where the next one begins."""
    cells, spans, position = [], [], begin
    while True:
        match = _CELL.match(text, position)
        # Its second form matches the empty string, so there always is a match.
        assert match is not None
        group = 2 if match.group(1) is None else 1
        raw = match.group(group)
        cells.append(raw if group == 2 else raw.replace('""', '"'))
        spans.append(Span(match.start(group), match.end(group)))
        position = match.end()
        if text[position : position + 1] != ",":
            break
        position += 1
    row = TableRow(tuple(cells), tuple(spans), Span(begin, position))
    ended = _LINE_END.match(text, position)
    return row, ended.end() if ended else len(text)
