"""Platforms' machine-readable disclosures as measures: Meta's threat indicators, Twitter's archive.

Both are tables of networks that the platform took down; the layout says so, not the rows, and the
values that come from the layout or the file's name carry no span and say how they came. Indicators
are defanged (``example[.]com``) and stay so: nothing is resolved or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePosixPath

from assay.documents.base import Reading
from assay.documents.counts import find_counts
from assay.documents.disclosure_layouts import META_FLAT, META_TABLE, TWITTER_COLUMNS, header_of
from assay.documents.gazetteer import find_names
from assay.documents.table_rows import TableRow, table_rows
from assay.model.record import Count, DatedValue, Measure, Span, Value

_BY_LAYOUT = "by the layout of the file"
_BY_NAME = "by the file's name"


class Disclosures:
    """Reads disclosure tables; every other document is passed over."""

    name = "disclosures"
    languages: Sequence[str] = ()

    def read(self, reading: Reading) -> None:
        """Add the table's measures; nothing if the first line is no known header."""
        header = header_of(reading.text)
        if header[:4] == META_TABLE:
            found = list(_meta_networks(reading))
        elif header[:4] == META_FLAT:
            found = list(_meta_indicators(reading))
        elif set(header) >= TWITTER_COLUMNS:
            found = list(_twitter_accounts(reading, header))
        else:
            return
        for measure in found:
            number = len(reading.measures) + 1
            reading.measures.append(replace(measure, measure_id=f"M{number}"))
            known = {count.span for count in reading.counts}
            reading.counts += [count for count in measure.counts if count.span not in known]


def _rows(text: str) -> Iterator[TableRow]:
    """Rows after the header."""
    return islice(table_rows(text), 1, None)


def _meta_networks(reading: Reading) -> Iterator[Measure]:
    """Meta's table of one network: how many accounts, Pages and Groups it held."""
    counts: list[Count] = []
    platforms: dict[str, Value] = {}
    said: Span | None = None
    for row in _rows(reading.text):
        if len(row.cells) < 4 or not row.cells[2].strip().lower().startswith("0.9"):
            continue
        for count in _counts(reading.text, row):
            if count.phrase.start - row.spans[3].start > 8:
                # A number inside a remark is no holding of the network.
                continue
            named = find_names(reading.text, row.spans[3], frozenset(("platform",)))
            named = named or find_names(reading.text, row.spans[2], frozenset(("platform",)))
            own = {one.name.value for one in named}
            if any(one.n == count.n and one.unit == count.unit and len(own) > 1 for one in counts):
                # “About 120 accounts on Facebook and Instagram” stands once for each platform.
                continue
            platform = next(iter(own)) if len(own) == 1 else None
            counts.append(
                Count(count.n, count.unit, count.span, count.phrase, count.comparator, None,
                      platform)
            )  # fmt: skip
            for one in named:
                platforms.setdefault(one.name.value, Value(one.name.value, one.span))
            said = said or row.spans[2]
    if not counts or said is None:
        return
    yield Measure(
        measure_id="",
        actions=(("remove", said),),
        status="past",
        actor=(Value("Meta", None, how=_BY_LAYOUT),),
        platform=tuple(platforms.values()),
        span=Span(min(one.phrase.start for one in counts), max(one.phrase.end for one in counts)),
        counts=tuple(counts),
        origin=_origins(reading),
        ground=_ground(reading),
        disclosed_on=_period(reading),
    )


def _counts(text: str, row: TableRow) -> Iterator[Count]:
    """Numbers of a cell, read alone: the comma before it belongs to the table."""
    cell, start = row.spans[3].of(text), row.spans[3].start
    for count in find_counts(cell, Span(0, len(cell))):
        yield replace(
            count,
            span=Span(start + count.span.start, start + count.span.end),
            phrase=Span(start + count.phrase.start, start + count.phrase.end),
        )


def _meta_indicators(reading: Reading) -> Iterator[Measure]:
    """Meta's flat list: one measure for each network that the remarks name, no numbers given."""
    groups: dict[tuple[str, str], list[TableRow]] = {}
    for row in _rows(reading.text):
        if len(row.cells) >= 4 and row.cells[1].strip():
            remark = row.cells[2].strip()
            if not find_names(remark, Span(0, len(remark)), frozenset(("country",))):
                # “Malware hosting”: what the indicator is, not whose.
                remark = ""
            groups.setdefault((remark, row.cells[3].strip()), []).append(row)
    for (remark, day), rows in groups.items():
        dated = re.fullmatch(r"\d{4}-\d\d-\d\d", day)
        place = rows[0].spans[2]
        named = find_names(reading.text, place, frozenset(("country",)))
        operator = remark.split(",")[0].strip()
        yield Measure(
            measure_id="",
            actions=(("identify", rows[0].spans[0]),),
            status="past",
            actor=(Value("Meta", None, how=_BY_LAYOUT),),
            platform=(),
            span=Span(rows[0].line.start, rows[-1].line.end),
            target=tuple(_cell(reading.text, row, 1) for row in rows),
            origin=tuple(Value(one.name.value, one.span) for one in named),
            operator=(
                (Value(operator, Span(place.start, place.start + len(operator))),)
                if operator and named
                else ()
            ),
            disclosed_on=(
                DatedValue("disclosed", day, "day", rows[0].spans[3], "as written")
                if dated
                else None
            ),
        )


def _twitter_accounts(reading: Reading, header: tuple[str, ...]) -> Iterator[Measure]:
    """Twitter's archive: every row is an account that was removed; counted by operation."""
    column = header.index("operation") if "operation" in header else None
    groups: dict[str, list[TableRow]] = {}
    for row in _rows(reading.text):
        if len(row.cells) < len(header):
            continue
        groups.setdefault(row.cells[column].strip() if column is not None else "", []).append(row)
    for operation, rows in groups.items():
        place = Span(rows[0].line.start, rows[-1].line.end)
        named = _cell(reading.text, rows[0], column).span if column is not None else None
        yield Measure(
            measure_id="",
            actions=(("remove", Span(0, len(reading.text.split("\n", 1)[0].rstrip("\r")))),),
            status="past",
            actor=(Value("Twitter", None, how=_BY_LAYOUT),),
            platform=(Value("Twitter", None, how=_BY_LAYOUT),),
            span=place,
            counts=(Count(float(len(rows)), "accounts", place, place, "=", None, "Twitter"),),
            operator=(Value(operation, named, how="the column “operation”"),) if operation else (),
        )


def _cell(text: str, row: TableRow, column: int) -> Value:
    """A cell as a value, white space around it left outside."""
    written = row.spans[column].of(text)
    start = row.spans[column].start + len(written) - len(written.lstrip())
    return Value(row.cells[column].strip(), Span(start, start + len(written.strip())))


def _file_name(reading: Reading) -> str:
    return PurePosixPath(reading.document.document.split("#")[-1]).name


def _origins(reading: Reading) -> tuple[Value, ...]:
    """“China-based_CIB_network”: the country stands in the name of the file."""
    name = re.sub(r"[_]+", " ", _file_name(reading))
    match = re.search(r"\bbased\b", name)
    if match is None:
        return ()
    found = find_names(name, Span(0, match.start()), frozenset(("country",)))
    return tuple(Value(one.name.value, None, how=_BY_NAME) for one in found)


def _ground(reading: Reading) -> tuple[Value, ...]:
    if re.search(r"CIB", _file_name(reading)):
        return (Value("coordinated inauthentic behaviour", None, how=_BY_NAME),)
    return ()


def _period(reading: Reading) -> DatedValue | None:
    """The quarter in the file's name."""
    match = re.search(r"(?:^|_)Q([1-4])_(20\d\d)", _file_name(reading))
    if match is None:
        return None
    return DatedValue("disclosed", f"{match.group(2)}-Q{match.group(1)}", "quarter", None, _BY_NAME)
