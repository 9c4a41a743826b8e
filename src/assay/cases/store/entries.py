"""Reading and writing rows of the log, its tree and what is drawn from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from assay.cases import merkle
from assay.cases.acts import DECIDED
from assay.cases.log import Entry, read_event
from assay.cases.store.connect import forget
from assay.cases.store.tables import CHECKPOINTS, ENTRIES, MEMBERS, NODES, RECORDS, SEARCHED
from assay.errors import CheckFailed
from assay.model.case import Actor, Event, Record

_AT_ONCE = 2000
# Each act asks these, some of them many times: to build a statement takes as long as to ask it.
_NODE = select(NODES.c.hash).where(
    NODES.c.level == bindparam("level"), NODES.c.position == bindparam("position")
)
_ENTRIES_OF_RECORD = (
    select(ENTRIES).where(ENTRIES.c.record == bindparam("record")).order_by(ENTRIES.c.version)
)
_LAST_INDEX = select(func.max(ENTRIES.c.log_index))
_LAST_CHECKPOINT = select(CHECKPOINTS).order_by(CHECKPOINTS.c.size.desc()).limit(1)


def size_of(connection: Connection) -> int:
    """How many entries the log has, by its highest index."""
    highest: int | None = connection.execute(_LAST_INDEX).scalar()
    return 0 if highest is None else highest + 1


def node_reader(connection: Connection) -> merkle.ReadNode:
    """Reads hashes of complete subtrees, each once: a node never changes once it is written."""
    known: dict[tuple[int, int], bytes] = {}

    def read(level: int, position: int) -> bytes:
        if (level, position) in known:
            return known[level, position]
        place = {"level": level, "position": position}
        found: bytes | None = connection.execute(_NODE, place).scalar()
        if found is None:
            raise CheckFailed(
                f"node {position} on level {level} of the tree is missing",
                fix="run assay case verify; the database was changed by hand",
            )
        return known.setdefault((level, position), bytes(found))

    return read


def entries_of(connection: Connection, record: str) -> list[Entry]:
    """The entries of one record, oldest first."""
    rows = connection.execute(_ENTRIES_OF_RECORD, {"record": record})
    return [_entry(row) for row in rows]


def events_of(connection: Connection, record: str) -> list[Event]:
    """The events of one record, oldest first."""
    return [event for _, event in history_of(connection, record)]


def history_of(connection: Connection, record: str) -> list[tuple[int, Event]]:
    """The events of one record, oldest first, each with its place in the log."""
    return [(entry.index, read_event(entry)) for entry in entries_of(connection, record)]


def entry_at(connection: Connection, record: str, index: int) -> Entry | None:
    """One entry of a record by its place in the log."""
    asked = select(ENTRIES).where(ENTRIES.c.log_index == index, ENTRIES.c.record == record)
    row = connection.execute(asked).first()
    return None if row is None else _entry(row)


def opened_by(connection: Connection, kind: str, about: str, by: Actor) -> list[datetime]:
    """When somebody opened each of their records of a kind about another one."""
    asked = (
        select(RECORDS.c.opened_at)
        .join(MEMBERS, MEMBERS.c.record == RECORDS.c.id)
        .where(RECORDS.c.kind == kind, RECORDS.c.about == about, MEMBERS.c.account == by.id)
    )
    return [datetime.fromisoformat(text) for text in connection.execute(asked).scalars()]


def all_entries(connection: Connection) -> Iterator[tuple[Entry, str, int]]:
    """Every entry in the order of the log, with the record and version of its columns."""
    asked = select(ENTRIES).order_by(ENTRIES.c.log_index)
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(asked):
        yield _entry(row), row.record, row.version


def add_entry(connection: Connection, entry: Entry, event: Event, read: merkle.ReadNode) -> None:
    """Append an entry, and what it completes of the tree."""
    connection.execute(
        insert(ENTRIES).values(
            log_index=entry.index,
            record=event.record,
            version=event.version,
            frame=entry.frame,
            frame_salt=entry.frame_salt,
            body=entry.body,
            body_salt=entry.body_salt,
            leaf=entry.leaf,
        )
    )
    leaf = merkle.leaf_hash(entry.leaf)
    nodes = merkle.nodes_of_new_leaf(entry.index, leaf, read)
    rows = [{"level": level, "position": place, "hash": digest} for level, place, digest in nodes]
    connection.execute(insert(NODES), rows)


def erase_body(connection: Connection, index: int) -> None:
    """Empty what can be erased of one entry, and its salt."""
    mine = ENTRIES.c.log_index == index
    connection.execute(update(ENTRIES).where(mine).values(body=None, body_salt=None))
    forget(connection)


def add_checkpoint(connection: Connection, size: int, note: str) -> None:
    """Keep a signed checkpoint."""
    connection.execute(insert(CHECKPOINTS).values(size=size, note=note))


def last_checkpoint(connection: Connection) -> tuple[int, str] | None:
    """Size and signed note of the last checkpoint."""
    row = connection.execute(_LAST_CHECKPOINT).first()
    return None if row is None else (row.size, row.note)


def draw(connection: Connection, record: Record) -> None:
    """Write what queries need of a record, in place of what was there."""
    connection.execute(delete(MEMBERS).where(MEMBERS.c.record == record.id))
    row = drawn(record)
    searched = searched_of(row)
    if record.version == 1:
        connection.execute(insert(RECORDS).values(**row))
        connection.execute(insert(SEARCHED).values(**searched))
    else:
        connection.execute(update(RECORDS).where(RECORDS.c.id == record.id).values(**row))
        # Most acts change nothing here, and PostgreSQL would write a new row of the same words.
        differs = or_(*(SEARCHED.c[name].is_distinct_from(searched[name]) for name in searched))
        mine = SEARCHED.c.id == record.id
        connection.execute(update(SEARCHED).where(mine, differs).values(**searched))
    members = [{"record": record.id, "account": account} for account in sorted(record.members)]
    connection.execute(insert(MEMBERS), members)


def drawn(record: Record) -> dict[str, Any]:
    """The row of ``records`` that a record stands for."""
    title = record.fields.get("title")
    return {
        "id": record.id,
        "kind": record.kind,
        "state": record.state,
        "version": record.version,
        "restricted": record.restricted,
        "opened_at": moment(record.opened_at),
        "changed_at": moment(record.changed_at),
        "due_at": None if record.due_at is None else moment(record.due_at),
        "claimed_by": record.claimed_by,
        **{name: record.facts.get(name) for name in ("notice_kind", "priority", "outcome")},
        "about": record.facts.get("about"),
        "title": title,
        "title_folded": None if title is None else title.casefold(),
        "unfounded": record.facts.get("unfounded") is True and record.state in DECIDED,
        "sample": record.facts.get("sample") is True,
        "public_at": None if record.public_at is None else moment(record.public_at),
    }


def searched_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row of ``searched`` beside one of ``records``."""
    return {column.name: row[column.name] for column in SEARCHED.c}


def moment(at: datetime) -> str:
    """A moment as the tables hold it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.log_index,
        row.frame,
        bytes(row.frame_salt),
        row.body,
        None if row.body_salt is None else bytes(row.body_salt),
        bytes(row.leaf),
    )
