"""A record's events as people name them, and their choices to join or split them.

An event is named by its id or the beginning of it, a telling by its document and measure, such as
``notice.txt:M2``. A choice names measures with their places, so that it outlives a rerun.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow.parquet as pq

from assay.documents.choices import Member, add_choice
from assay.errors import InputError, UsageError
from assay.model.record_folder import RecordFolder

_LEAST_OF_AN_ID = 4
"""So many characters of an event's id name it, if no other begins so."""


@dataclass(frozen=True)
class Telling:
    """One document's telling of an act.

    Attributes:
        member: Document and measure id.
        start: Where it begins in its document.
        exact: Its words.
    """

    member: Member
    start: int
    exact: str

    @property
    def name(self) -> str:
        """As people name it."""
        return ":".join(self.member)


@dataclass(frozen=True)
class ToldEvent:
    """An event with its tellings.

    Attributes:
        event_id: Of the record as it is now.
        joined_by: ``rules`` or a person.
        why: What joined its tellings.
        tellings: In the record's order.
    """

    event_id: str
    joined_by: str
    why: str
    tellings: tuple[Telling, ...]


def told_events(folder: RecordFolder) -> tuple[ToldEvent, ...]:
    """Every event of a record.

    Raises:
        InputError: The folder holds no record.
    """
    if not folder.events.exists():
        raise InputError(
            "the folder holds no record",
            fix="name the folder that `assay read … -o OUT` wrote",
            file=folder.folder,
        )
    columns = ["document", "measure_id", "start", "exact"]
    measures = {
        (row["document"], row["measure_id"]): Telling(
            (row["document"], row["measure_id"]), row["start"], row["exact"]
        )
        for row in pq.read_table(folder.measures, columns=columns).to_pylist()
    }
    return tuple(
        ToldEvent(
            row["event_id"],
            row["joined_by"],
            row["why"] or "",
            tuple(measures[one["document"], one["measure_id"]] for one in row["members"]),
        )
        for row in pq.read_table(folder.events).to_pylist()
    )


def join(folder: RecordFolder, names: tuple[str, str], by: str, at: datetime) -> None:
    """Make one event of two, each named by itself or by one of its tellings.

    Raises:
        UsageError: Nothing or several things are named so, or they are one event already.
    """
    events = told_events(folder)
    first, second = (_event_of(events, name) for name in names)
    if first == second:
        raise UsageError(
            f"{names[0]} and {names[1]} are one event already", fix="nothing needs to be done"
        )
    members = [(one.member, one.start) for one in (*first.tellings, *second.tellings)]
    add_choice(folder.choices, "join", members, by, at)


def split(folder: RecordFolder, name: str, by: str, at: datetime) -> None:
    """Take one telling out of its event; the others stay together.

    Raises:
        UsageError: No telling is named so, or it stands alone already.
    """
    for event in told_events(folder):
        for telling in event.tellings:
            if telling.name == name:
                _take_out(folder, event, telling, by, at)
                return
    raise UsageError(
        f"no telling of an event is named {name!r}",
        fix="name a document and its measure, such as notice.txt:M2; --events lists them",
    )


def _take_out(
    folder: RecordFolder, event: ToldEvent, telling: Telling, by: str, at: datetime
) -> None:
    others = [one for one in event.tellings if one != telling]
    if not others:
        raise UsageError(
            f"{telling.name} stands alone in its event already", fix="nothing needs to be done"
        )
    for other in others:
        members = [(telling.member, telling.start), (other.member, other.start)]
        add_choice(folder.choices, "split", members, by, at)


def _event_of(events: tuple[ToldEvent, ...], name: str) -> ToldEvent:
    found = [
        event
        for event in events
        if any(telling.name == name for telling in event.tellings)
        or (len(name) >= _LEAST_OF_AN_ID and event.event_id.startswith(name))
    ]
    if len(found) != 1:
        how_many = "several events are" if found else "no event is"
        raise UsageError(
            f"{how_many} named {name!r}",
            fix="name an event by its id or a telling such as notice.txt:M2; --events lists them",
        )
    return found[0]
