"""Versions of the register of protected bodies, between the log and their rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from assay.cases.protected_versions import (
    OF_BODIES,
    Erasure,
    RegisterVersion,
    ToErase,
    after,
    event_of_erasing,
    event_of_keeping,
)
from assay.cases.store.entries import erase_body, moment
from assay.cases.store.log_writer import LogWriter
from assay.cases.store.tables import ACCOUNTS, ENTRIES, HOUSE, PROTECTED_REGISTERS
from assay.errors import CheckFailed, InputError
from assay.model.case import Actor, Role

ABOUT = (
    *(column for column in PROTECTED_REGISTERS.c if column.name != "text"),
    PROTECTED_REGISTERS.c.text.is_(None).label("text_erased"),
)
"""Columns of everything but the texts."""
_LOGGED_SINCE = "0020"
"""Databases of earlier versions have registers without entries."""
_UNLOGGED = "registers_unlogged"
"""Says of a house that entries of its registers are still to be made."""


def version_of(row: Row[Any]) -> RegisterVersion:
    """The version that a row stands for."""
    erased = None
    if row.erased_at is not None:
        erased = Erasure(row.erased_by, row.erased_why, datetime.fromisoformat(row.erased_at))
    return RegisterVersion(
        row.version,
        row.sha256,
        row.author,
        row.what,
        row.why,
        datetime.fromisoformat(row.made_at),
        row.entry,
        erased,
        bool(row.text_erased),
    )


def keep_version(
    connection: Connection, log: LogWriter, version: RegisterVersion, role: Role, text: str
) -> str:
    """Write a version into the log, and its row; gives the checkpoint.

    Raises:
        CheckFailed: The log was changed by hand.
    """
    event = event_of_keeping(_next_place(connection), version, role)
    entry, note = log.append_alone(connection, event)
    row = row_of(replace(version, entry=entry))
    connection.execute(insert(PROTECTED_REGISTERS).values(text=text, **row))
    return note


def erase_version(
    connection: Connection, log: LogWriter, version: RegisterVersion, asked: ToErase, at: datetime
) -> str:
    """Erase what is said of a version, and its text where that is asked; gives the checkpoint.

    Raises:
        CheckFailed: The log was changed by hand, or has no entry of the version.
    """
    event = event_of_erasing(_next_place(connection), version, asked, at)
    entry, note = log.append_alone(connection, event)
    erase_body(connection, int(event.facts["entry"]))
    gone = after(version, entry, event)
    row = row_of(gone) | ({"text": None} if gone.text_erased else {})
    mine = PROTECTED_REGISTERS.c.version == version.version
    connection.execute(update(PROTECTED_REGISTERS).where(mine).values(**row))
    return note


def log_earlier(connection: Connection, log: LogWriter, before: str | None) -> None:
    """Enter the versions of a database into the log that had none of their entries.

    This is done once, as part of bringing it up, or as soon as the log can be written to: a row
    that somebody adds by hand later stays without an entry, and is told of.

    Args:
        connection: The only writer's.
        log: Of the database.
        before: The database's version before it was brought up; None if it was empty.
    """
    waits = HOUSE.c.name == _UNLOGGED
    if before is None:
        return
    if before >= _LOGGED_SINCE and connection.execute(select(HOUSE).where(waits)).first() is None:
        return
    connection.execute(delete(HOUSE).where(waits))
    roles = {row.id: row.role for row in connection.execute(select(ACCOUNTS.c.id, ACCOUNTS.c.role))}
    unlogged = PROTECTED_REGISTERS.c.entry.is_(None)
    rows = select(*ABOUT).where(unlogged).order_by(PROTECTED_REGISTERS.c.version)
    try:
        for row in connection.execute(rows).all():
            _log_earlier(connection, log, version_of(row), roles)
    except (CheckFailed, InputError):
        # The log is not the one that was signed last, or its keys cannot be read: nothing was
        # written, and nobody is kept from verifying, which tells of it and of these versions.
        connection.execute(insert(HOUSE).values(name=_UNLOGGED, value="1"))


def _log_earlier(
    connection: Connection, log: LogWriter, version: RegisterVersion, roles: dict[str, Role]
) -> None:
    place = _next_place(connection)
    event = event_of_keeping(place, version, roles[version.author], earlier=True)
    entry, _ = log.append_alone(connection, event)
    mine = PROTECTED_REGISTERS.c.version == version.version
    connection.execute(update(PROTECTED_REGISTERS).where(mine).values(entry=entry))
    if version.erased is not None:
        by = Actor(version.erased.by, roles[version.erased.by])
        asked = ToErase(version.version, version.version, by, version.erased.why)
        erase_version(connection, log, replace(version, entry=entry), asked, version.erased.at)


def _next_place(connection: Connection) -> int:
    """The number of the next event about the register."""
    asked = select(func.max(ENTRIES.c.version)).where(ENTRIES.c.record == OF_BODIES)
    return (connection.execute(asked).scalar() or 0) + 1


def row_of(version: RegisterVersion) -> dict[str, Any]:
    """What the row of a version holds beside the text."""
    erased = version.erased
    return {
        "version": version.version,
        "sha256": version.sha256,
        "author": version.author,
        "what": version.what,
        "why": version.why,
        "made_at": moment(version.made_at),
        "entry": version.entry,
        "erased_by": None if erased is None else erased.by,
        "erased_why": None if erased is None else erased.why,
        "erased_at": None if erased is None else moment(erased.at),
    }
