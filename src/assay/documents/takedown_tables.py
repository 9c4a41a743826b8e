"""Tables of takedowns in a report: each row is an act, its numbers under heads that say which.

“Accounts removed” over a number makes a measure of its row; heads such as “country of origin”,
“month” and “network” give its origin, its day and its target. A table whose heads name no act is
passed over, and so is a row of totals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from assay.documents.base import Reading
from assay.documents.counts import online_noun, unit_of_noun
from assay.documents.date_phrases import find_dates
from assay.documents.numbers import value_of
from assay.documents.parties import Parties, parties_of
from assay.documents.pronouns import we
from assay.documents.slots_time import dated
from assay.documents.table_cells import Table, is_number, tables_in
from assay.model.record import Action, Comparator, Count, DatedValue, Measure, Span, Value

_WORDS: Mapping[Action, str] = {
    "remove": r"remov\w+|delet\w+|take[ -]?downs?|taken down|terminat\w+|disabl\w+|clos\w+",
    "suspend": r"suspen\w+|locked|frozen",
    "block": r"block\w*|banned|bans|restrict\w+",
    "restore": r"restor\w+|reinstat\w+",
    "label": r"label\w*",
}
_DONE = tuple(
    (action, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for action, words in _WORDS.items()
)
_HEAD = re.compile(
    r"\b(?:accounts?|pages?|groups?|channels?|profiles?|videos?|posts?|domains?|assets|ads)\s"
    r"(?:were\s)?(?:remov|delet|taken|terminat|disabl|clos|suspen|locked|block|banned|restrict|"
    r"restor|reinstat|label)|\b(?:remov|delet|terminat|disabl|clos|suspen|lock|block|bann|restrict|"
    r"restor|reinstat|label)\w*\s(?:\w+\s)?(?:accounts?|pages?|groups?|channels?|profiles?|videos?|posts?|"
    r"domains?|assets|ads)",
    re.IGNORECASE,
)
_MEMBERS = re.compile(
    r"\b(?:accounts?|pages?|groups?|channels?|assets)\s(?:in|of)\s(?:the\s)?(?:network|operation|"
    r"cluster)s?\b",
    re.IGNORECASE,
)
"""“Accounts in network”: what was done to the networks stands in the sentence above the table."""
_DONE_TO_NETWORKS = re.compile(
    r"\b(?:networks?|operations?|campaigns?|clusters?)\s(?:that\s|which\s)?(?:(?:we|have|had|were|"
    r"has|been|was)\s){0,3}(?P<did>removed|disrupted|took\sdown|taken\sdown|disabled|suspended)\b|"
    r"\b(?:we|have)\s(?P<done>removed|disrupted|took\sdown|taken\sdown|disabled|suspended)\s"
    r"[^.\n]{0,60}\b(?:networks?|operations?|campaigns?|clusters?)\b",
    re.IGNORECASE,
)
_ORIGIN = re.compile(r"\b(?:country|origin|location|attributed\sto|state)\b", re.I)
_OF_TARGETS = re.compile(r"\b(?:target|audience|victim)", re.I)
"""“Target country” is not where a network comes from."""
_WHEN = re.compile(r"\b(?:month|date|day|quarter|period|when)\b", re.I)
_NAMED = re.compile(r"\b(?:network|operation|operator|actor|campaign|name)\b", re.I)
_PLATFORM = re.compile(r"\b(?:platform|service)\b", re.I)
_TOTAL = re.compile(r"^(?:total|sum|all|overall)\b", re.I)
_ABOVE = 600
"""Characters before a table in which the sentence that leads to it is sought."""
_LONGEST_NAME = 60
_LEAD = 200
"""Characters of a sentence before “it operated from …” that may say that it did not."""
_PUBLISHER = "the platform whose page holds the table"


@dataclass(frozen=True)
class _Column:
    """A column of numbers of acts: what was done, with the head that says it, to what."""

    index: int
    action: Action
    said: Span
    unit: str


class TakedownTables:
    """Reads tables of takedowns in English reports."""

    name = "tables"
    languages: Sequence[str] = ("en",)

    def read(self, reading: Reading) -> None:
        """Add a measure for each row, in the order of the text."""
        if not (_HEAD.search(reading.text) or _MEMBERS.search(reading.text)):
            return
        known = {count.span for count in reading.counts}
        for segment in reading.document.segments:
            if segment.role != "body":
                continue
            for table in tables_in(reading.text, segment.span):
                for measure in _measures(reading, table):
                    number = len(reading.measures) + 1
                    reading.measures.append(replace(measure, measure_id=f"M{number}"))
                    reading.counts += [one for one in measure.counts if one.span not in known]
                    known.update(one.span for one in measure.counts)


def _measures(reading: Reading, table: Table) -> Iterator[Measure]:
    columns = list(_columns(reading.text, table))
    if not columns:
        return
    parties = parties_of(reading)
    for row in table.rows:
        if _TOTAL.match(row[0].of(reading.text)):
            continue
        measure = _of_row(reading, parties, table, row, columns)
        if measure is not None:
            yield measure


def _columns(text: str, table: Table) -> Iterator[_Column]:
    """Columns whose head names an act and things that live on platforms."""
    for index, head in enumerate(table.head):
        noun = online_noun(text, head, "en")
        unit = unit_of_noun(noun.of(text)) if noun is not None else None
        if unit is None or not all(is_number(text, row[index]) for row in table.rows):
            continue
        for action, pattern in _DONE:
            said = pattern.search(text, head.start, head.end)
            if said is not None:
                yield _Column(index, action, Span(said.start(), said.end()), unit)
                break
        else:
            above = _said_above(text, head, table.head[0].start)
            if above is not None:
                yield _Column(index, above[0], above[1], unit)


def _said_above(text: str, head: Span, start: int) -> tuple[Action, Span] | None:
    """What the last sentence before a table says was done to the networks that it lists."""
    if not _MEMBERS.search(text, head.start, head.end):
        return None
    found = list(_DONE_TO_NETWORKS.finditer(text, max(0, start - _ABOVE), start))
    if not found:
        return None
    place = Span(*found[-1].span("did" if found[-1].group("did") else "done"))
    return ("suspend" if place.of(text).lower() == "suspended" else "remove"), place


def _of_row(
    reading: Reading,
    parties: Parties,
    table: Table,
    row: tuple[Span, ...],
    columns: Sequence[_Column],
) -> Measure | None:
    text = reading.text
    platform = _cell(text, table, row, _PLATFORM)
    where = (Value(platform.of(text), platform),) if platform is not None else _publisher(parties)
    name = where[0].value if len(where) == 1 else None
    counts = []
    for column in columns:
        cell = row[column.index]
        number = value_of(cell.of(text).strip("~≈+ "), "en")
        if number:
            # Zero accounts removed is no act.
            comparator: Comparator = ">" if cell.of(text).endswith("+") else "="
            counts.append(Count(number, column.unit, cell, cell, comparator, None, name))
    if not counts:
        return None
    origin = _cell(text, table, row, _ORIGIN)
    named = _cell(text, table, row, _NAMED)
    actions = tuple(dict.fromkeys((column.action, column.said) for column in columns))
    return Measure(
        measure_id="",
        actions=actions,
        status="past",
        actor=where,
        platform=where,
        span=Span(row[0].start, row[-1].end),
        target=(Value(named.of(text), named),) if _is_short(named) else (),
        counts=tuple(counts),
        origin=_origin(text, parties, origin, row),
        acted_on=_day(reading, _cell(text, table, row, _WHEN)),
    )


_FROM = re.compile(
    r"\b(?:networks?|operations?|campaigns?|clusters?|[Ii]t|[Tt]hey)\s(?:of\s\w+\s)?"
    r"(?:(?:was|were|is|are|has|have)\s)?(?:\w+ly\s)?"
    r"(?:operated|originat\w+|run|based|came)\s(?:from|in)\s(?P<where>(?:the\s)?[A-Z])"
)
"""Of the network itself: “voters based in …” are those whom it targets."""
_WHERE = re.compile(r"(?:the\s)?(?P<name>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,3})")
_UNSAID = re.compile(
    r"(?:\b(?:no|not|never|nothing|cannot|unclear|whether|if)\b|n[’']t\b)[^.]*$", re.I
)


def _origin(
    text: str, parties: Parties, origin: Span | None, row: tuple[Span, ...]
) -> tuple[Value, ...]:
    """The cell under “country of origin”; else where a cell says that the network operated from."""
    if _is_short(origin):
        return (Value(origin.of(text), origin),)
    for cell in row:
        said = _FROM.search(text, cell.start, cell.end)
        if said is None:
            continue
        if _UNSAID.search(text, max(cell.start, said.start() - _LEAD), said.start()):
            continue
        named = _WHERE.match(text, said.start("where"), cell.end)
        if named is not None:
            span = Span(*named.span("name"))
            known = [one for one in parties.inside(span) if one.name.kind == "country"]
            return (Value(known[0].name.value if known else span.of(text), span),)
    return ()


def _is_short(cell: Span | None) -> TypeGuard[Span]:
    """Whether a cell may be a name: no sentence that describes a network is one."""
    return cell is not None and cell.end - cell.start <= _LONGEST_NAME


def _cell(text: str, table: Table, row: tuple[Span, ...], wanted: re.Pattern[str]) -> Span | None:
    """The cell under the head that says what is wanted; none where it holds a number or a dash."""
    for head, cell in zip(table.head, row, strict=True):
        said = cell.of(text)
        meant = wanted.search(text, head.start, head.end)
        if meant and not _OF_TARGETS.search(text, head.start, head.end) and re.search(r"\w", said):
            return cell
    return None


def _publisher(parties: Parties) -> tuple[Value, ...]:
    """The platform whose page holds the table, where the page first names it."""
    meant = we(parties, Span(0, 0))
    if meant.kind != "platform":
        return ()
    named = {value.value for value in meant.values}
    first = next((one for one in parties.platforms if one.name.value in named), None)
    return (Value(first.name.value, first.span, how=_PUBLISHER),) if first is not None else ()


def _day(reading: Reading, cell: Span | None) -> DatedValue | None:
    if cell is None:
        return None
    found = find_dates(reading.text, cell, "en")
    return dated(reading, found[0], "acted") if found else None
