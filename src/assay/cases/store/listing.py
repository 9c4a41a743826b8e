"""Lists of records: what is wanted, in which order, page by page, and how many there are.

Every condition stands beside :func:`visible_to`, so that neither a list nor a count tells of what
its viewer may not know of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, false, func, or_, select, true

from assay.cases.acts import TOLD
from assay.cases.clocks import HouseClocks
from assay.cases.fold import fold_all
from assay.cases.given import given_to
from assay.cases.store import entries
from assay.cases.store.entries import moment
from assay.cases.store.tables import ENTRIES, RECORDS, SEARCHED
from assay.cases.store.visible import published, sees_unrestricted, visible_to
from assay.model.case import Actor, RecordKind

PAGE = 50
_FEW = 200
"""Where a search finds no more records, these are looked at one by one."""


@dataclass(frozen=True)
class Wanted:
    """Which records a list is to hold.

    Attributes:
        kind: Only this kind.
        state: Only this state.
        due_before: Only what is due before this moment.
        waiting: Only what has a due date, the most urgent first; else the last changed first.
        notice_kind: Only notices of this kind.
        priority: Only this priority.
        outcome: Only this outcome.
        claimed_by: Only what this account works on; the empty text means nobody.
        about: Only what is about this record.
        text: Only what has this in its title, or an id that begins with it.
        after: Where the page before ended: the order's moment and the id of its last row.
        limit: Rows at most.
    """

    kind: RecordKind | None = None
    state: str | None = None
    due_before: datetime | None = None
    waiting: bool = False
    notice_kind: str | None = None
    priority: str | None = None
    outcome: str | None = None
    claimed_by: str | None = None
    about: str | None = None
    text: str | None = None
    after: tuple[str, str] | None = None
    limit: int = PAGE


def page(
    connection: Connection, viewer: Actor, wanted: Wanted
) -> tuple[list[Mapping[str, Any]], int]:
    """One page of the list, and how many rows all pages have."""
    found = _found(connection, viewer, wanted)
    return rows(connection, viewer, wanted, *found), count(connection, viewer, wanted, *found)


def rows(
    connection: Connection, viewer: Actor, wanted: Wanted, *among: ColumnElement[bool]
) -> list[Mapping[str, Any]]:
    """Rows of ``records``, one page of them.

    Args:
        connection: A reader's.
        viewer: Who asks.
        wanted: What is asked for.
        among: What is known of all that is wanted, of the rows of ``records``.
    """
    by = _ordered_by(viewer, wanted)
    columns = (by, RECORDS.c.id)
    order = [one.asc() if wanted.waiting else one.desc() for one in columns]
    told = _title_is_told(viewer).label("titled")
    asked = (
        select(RECORDS, told, by.label("place"))
        .where(*_conditions(viewer, wanted), *among, *_page(by, wanted))
        .order_by(*order)
    )
    found = connection.execute(asked.limit(wanted.limit)).mappings().all()
    return [_row_given(connection, dict(row), viewer) for row in found]


def count(
    connection: Connection, viewer: Actor, wanted: Wanted, *among: ColumnElement[bool]
) -> int:
    """How many rows all pages have; arguments as of :func:`rows`."""
    whole = replace(wanted, after=None, limit=PAGE)
    narrow = not among and sees_unrestricted(viewer) and whole == _of_searched(wanted)
    table = SEARCHED if narrow else RECORDS
    asked = select(func.count()).select_from(table).where(*among)
    return int(connection.execute(asked.where(*_conditions(viewer, wanted, table))).scalar_one())


def _found(connection: Connection, viewer: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Where a text is searched for that few records have: which these are.

    A page and its total then need no second and third look at all records.
    """
    if wanted.text is None or not sees_unrestricted(viewer):
        return []
    conditions = _conditions(viewer, _of_searched(wanted), SEARCHED)
    asked = select(SEARCHED.c.id).where(*conditions).limit(_FEW + 1)
    found = connection.execute(asked).scalars().all()
    return [RECORDS.c.id.in_(found)] if len(found) <= _FEW else []


def _of_searched(wanted: Wanted) -> Wanted:
    """As much of what is wanted as ``searched`` can tell."""
    return Wanted(about=wanted.about, text=wanted.text)


def end_of(row: Mapping[str, Any], wanted: Wanted) -> tuple[str, str]:
    """What ``after`` is to say for the page that follows this row."""
    return str(row["place"]), str(row["id"])


def reference(identity: str) -> str:
    """A record's id as people read it aloud: in groups of four."""
    return "-".join(identity[start : start + 4] for start in range(0, len(identity), 4))


def identity_of(text: str) -> str:
    """The id that somebody wrote as a reference, or its beginning."""
    return text.strip().replace("-", "").replace(" ", "").lower()


def _conditions(viewer: Actor, wanted: Wanted, table: Table = RECORDS) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [visible_to(viewer, table)]
    if viewer.role == "partner":
        conditions += _conditions_of_partner(wanted)
        if wanted.state in ("triaged", "decided"):
            states = ("triaged", "decided") if wanted.state == "triaged" else ()
            conditions.append(RECORDS.c.state.in_(states))
            wanted = replace(wanted, state=None)
    for name in ("kind", "state", "notice_kind", "priority", "outcome", "about"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(table.c[name] == value)
    if wanted.waiting:
        conditions.append(RECORDS.c.due_at.is_not(None))
    if wanted.due_before is not None:
        conditions.append(RECORDS.c.due_at < moment(wanted.due_before))
    if wanted.claimed_by is not None:
        nobody = RECORDS.c.claimed_by.is_(None)
        conditions.append(
            RECORDS.c.claimed_by == wanted.claimed_by if wanted.claimed_by else nobody
        )
    if wanted.text is not None:
        conditions.append(called(wanted.text, _title_is_told(viewer), table))
    return conditions


def called(text: str, told: ColumnElement[bool], table: Table = RECORDS) -> ColumnElement[bool]:
    """True for records with a text in their title, in whatever case, or an id that begins with it.

    Args:
        text: As somebody typed it.
        told: Whether whoever asks reads a record's title.
        table: ``records`` or ``searched``.
    """
    titled = told & table.c.title_folded.contains(text.casefold(), autoescape=True)
    return or_(titled, table.c.id.startswith(identity_of(text), autoescape=True))


def _conditions_of_partner(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Nothing that a partner is not told narrows down what they ask for (see ``cases.given``)."""
    notice = RECORDS.c.kind == "notice"
    conditions: list[ColumnElement[bool]] = []
    if wanted.waiting or wanted.due_before is not None:
        conditions.append(~notice)
    if wanted.priority is not None or wanted.claimed_by is not None:
        conditions.append(false())
    if wanted.outcome is not None:
        conditions.append(or_(~notice, RECORDS.c.state.in_(TOLD)))
    return conditions


def _title_is_told(viewer: Actor) -> ColumnElement[bool]:
    """Whether the viewer reads a record's title: a partner that of what they wrote themselves.

    Beside that, of an assessment, which names no more than a reference, and of what is published.
    """
    if viewer.role != "partner":
        return true()
    # A frame is canonical JSON, and an id holds nothing that JSON would escape.
    theirs = select(ENTRIES.c.log_index).where(
        ENTRIES.c.record == RECORDS.c.id,
        ENTRIES.c.version == 1,
        ENTRIES.c.frame.contains(f'"by":"{viewer.id}"', autoescape=True),
    )
    return or_(theirs.exists(), RECORDS.c.kind == "assessment", published())


def _row_given(connection: Connection, row: dict[str, Any], viewer: Actor) -> dict[str, Any]:
    """A row as its viewer may see it: a partner's tells what the record itself tells them."""
    del row["title_folded"], row["public_at"]
    if not row.pop("titled"):
        row["title"] = None
    if viewer.role != "partner":
        return row
    history = entries.history_of(connection, row["id"])
    clocks = HouseClocks()
    whole = fold_all([event for _, event in history], clocks)
    given, _ = given_to(whole, history, viewer, clocks)
    if row["kind"] == "notice" and given.state not in TOLD:
        row["outcome"] = None
    return row | {
        "state": given.state,
        "version": given.version,
        "restricted": given.restricted,
        "changed_at": moment(given.changed_at),
        "due_at": None if given.due_at is None else moment(given.due_at),
        "priority": None,
        "claimed_by": None,
    }


def _ordered_by(viewer: Actor, wanted: Wanted) -> ColumnElement[str]:
    """The column that a list is ordered by.

    A partner's is not by the last change, which would tell of what they are not told: the last
    opened comes first.
    """
    if wanted.waiting:
        return RECORDS.c.due_at
    return RECORDS.c.opened_at if viewer.role == "partner" else RECORDS.c.changed_at


def _page(by: ColumnElement[str], wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.after is None:
        return []
    at, identity = wanted.after
    if wanted.waiting:
        return [(by > at) | ((by == at) & (RECORDS.c.id > identity))]
    return [(by < at) | ((by == at) & (RECORDS.c.id < identity))]
