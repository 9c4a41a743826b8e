"""Tables inside a page's text: rows of cells, by tabs, bars, wide gaps, or one cell to a line.

A page that was saved as text has lost its table's lines; its regular shape is what is left: a head
of short words, then rows of as many cells, numbers under the same heads.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from assay.model.record import Span

_LINE = re.compile(r"[^\n]+")
_GAPS = (
    ("\t", re.compile(r"\s*\t\s*")),
    ("|", re.compile(r"\s*\|\s*")),
    (" ", re.compile(r"\s{3,}")),
)
"""What parts the cells of a line, by the first of these signs that it holds: a wide gap inside a
cell parts nothing where tabs or bars do."""
_NUMBER = re.compile(r"[~≈]?\s?\d[\d.,’'\u00a0\u202f ]*\+?")
_LONGEST_CELL = 60
_MOST_COLUMNS = 12
_LEAST_ROWS = 2
_LONGEST_LEAD = 24
"""Short lines before the first number among which a table's head is sought."""


@dataclass(frozen=True)
class Table:
    """A head and rows of cells, each with its place.

    Attributes:
        head: The heads of the columns.
        rows: Rows of as many cells.
    """

    head: tuple[Span, ...]
    rows: tuple[tuple[Span, ...], ...]


def tables_in(text: str, stretch: Span) -> Iterator[Table]:
    """Every table inside a stretch of text."""
    lines = [
        _trimmed(text, Span(match.start(), match.end()))
        for match in _LINE.finditer(text, stretch.start, stretch.end)
        if match.group(0).strip()
    ]
    taken = yield from _delimited(text, lines)
    left = [line for line in lines if line not in taken]
    tables = list(_one_cell_a_line(text, left))
    yield from tables
    if not tables:
        yield from _with_long_cells(text, left)


def is_number(text: str, cell: Span) -> bool:
    """Whether a cell holds a number alone."""
    return _NUMBER.fullmatch(cell.of(text).strip()) is not None


def _trimmed(text: str, span: Span) -> Span:
    said = span.of(text)
    start = span.start + len(said) - len(said.lstrip())
    return Span(start, start + len(said.strip()))


def _delimited(text: str, lines: Sequence[Span]) -> Generator[Table, None, set[Span]]:
    """Consecutive lines of as many cells, parted by tabs, bars or wide gaps; returns the lines."""
    taken: set[Span] = set()
    run: list[tuple[Span, tuple[Span, ...]]] = []
    for line in [*lines, None]:
        cells = _cells(text, line) if line is not None else ()
        if run and len(cells) == len(run[0][1]) and line is not None:
            run.append((line, cells))
            continue
        table = _table(text, [row for _, row in run])
        if table is not None:
            taken.update(one for one, _ in run)
            yield table
        run = [(line, cells)] if line is not None and len(cells) > 1 else []
    return taken


def _cells(text: str, line: Span) -> tuple[Span, ...]:
    said = line.of(text)
    if re.fullmatch(r"[\s|:+=-]+", said):
        return ()
    between = next((gap for sign, gap in _GAPS if sign in said), None)
    if between is None:
        return (line,)
    found, start = [], line.start
    for gap in between.finditer(said):
        found.append(Span(start, line.start + gap.start()))
        start = line.start + gap.end()
    found.append(Span(start, line.end))
    return tuple(one for one in found if one.end > one.start)


def _table(text: str, rows: Sequence[tuple[Span, ...]]) -> Table | None:
    """Rows under a head without numbers, with at least one column of nothing but numbers."""
    if len(rows) < _LEAST_ROWS + 1 or any(is_number(text, cell) for cell in rows[0]):
        return None
    numeric = [
        column
        for column in range(len(rows[0]))
        if all(is_number(text, row[column]) for row in rows[1:])
    ]
    return Table(rows[0], tuple(rows[1:])) if numeric else None


def _one_cell_a_line(text: str, lines: Sequence[Span]) -> Iterator[Table]:
    """Short lines whose numbers come back every so many lines."""
    at = 0
    while at < len(lines):
        run = at
        while run < len(lines) and _is_cell(text, lines[run]):
            run += 1
        table = _regular(text, lines[at:run])
        if table is not None:
            yield table
        at = max(run, at) + 1


def _with_long_cells(text: str, lines: Sequence[Span]) -> Iterator[Table]:
    """A head of short lines, then rows of which some cell is a sentence or more.

    The first number below the head says which column repeats; rows go on as long as it does.
    """
    at = 0
    while at < len(lines):
        found = _long_from(text, lines, at) if is_number(text, lines[at]) else None
        if found is not None:
            yield found
            at = next(n for n, line in enumerate(lines) if line == found.rows[-1][-1])
        at += 1


def _long_from(text: str, lines: Sequence[Span], number: int) -> Table | None:
    """The table whose first number stands on a line."""
    for width in range(2, _MOST_COLUMNS + 1):
        for column in range(width):
            first = number - column
            head = lines[max(0, first - width) : first]
            # Asked first: below a head of numbers a long list would be read once for each of them.
            if len(head) < width or not all(_is_head(text, cell) for cell in head):
                continue
            rows: list[tuple[Span, ...]] = []
            for start in range(first, len(lines) - width + 1, width):
                if not is_number(text, lines[start + column]):
                    break
                rows.append(tuple(lines[start : start + width]))
            long = any(not _is_cell(text, cell) for row in rows for cell in row)
            table = _table(text, [tuple(head), *rows]) if long else None
            if table is not None:
                return table
    return None


def _is_head(text: str, line: Span) -> bool:
    return _is_cell(text, line) and not is_number(text, line)


def _is_cell(text: str, line: Span) -> bool:
    said = line.of(text)
    short = line.end - line.start <= _LONGEST_CELL
    return short and not said.endswith((".", "!", "?", ":"))


def _regular(text: str, cells: Sequence[Span]) -> Table | None:
    """The longest run of cells that is a head and whole rows; lines before the head fall away."""
    first_number = next(
        (number for number, cell in enumerate(cells) if is_number(text, cell)), None
    )
    if first_number is None:
        return None
    for skip in range(max(0, first_number - _LONGEST_LEAD), first_number):
        for width in range(2, min(_MOST_COLUMNS, len(cells) - skip) + 1):
            body = cells[skip + width :]
            rows = [tuple(body[n : n + width]) for n in range(0, len(body), width)]
            rows = [row for row in rows if len(row) == width]
            while rows and not any(is_number(text, cell) for cell in rows[-1]):
                rows.pop()
            if skip + width > first_number:
                break
            table = _table(text, [tuple(cells[skip : skip + width]), *rows])
            if table is not None and len(rows) * width >= len(body) - width:
                return table
    return None
