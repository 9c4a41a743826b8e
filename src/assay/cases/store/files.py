"""The bytes of files that belong to records: kept once by their SHA-256, gone with the last entry.

They stand in the case database, so that an act and its files are written together, and a copy of
the database is a copy of them too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from assay.cases.evidence import MOST_FILE_BYTES, NewFile, keeps_file
from assay.cases.log import Entry, read_event
from assay.cases.refused import Refused
from assay.cases.store.entries import entry_at, moment
from assay.cases.store.tables import ENTRIES, FILES
from assay.model.case import Event


def keep_files(connection: Connection, files: Iterable[NewFile], at: datetime) -> None:
    """Keep files in the transaction of the acts that add them; each is kept once.

    Raises:
        Refused: One is too large or empty.
    """
    for file in files:
        if not 0 < len(file.content) <= MOST_FILE_BYTES:
            raise Refused(
                f"{file.name} has {len(file.content):,} bytes; a file here has 1 to"
                f" {MOST_FILE_BYTES:,}",
                fix="give a part of it, or attach its hash and keep it elsewhere",
            )
        if content_of(connection, file.sha256) is None:
            row = {"sha256": file.sha256, "content": file.content, "kept_at": moment(at)}
            connection.execute(insert(FILES).values(**row))


def content_of(connection: Connection, sha256: str) -> bytes | None:
    """The bytes of a file; None if it is not here."""
    found = connection.execute(select(FILES.c.content).where(FILES.c.sha256 == sha256)).scalar()
    return None if found is None else bytes(found)


def check_kept(connection: Connection, event: Event) -> None:
    """Make sure that a file which is said to be here is here.

    Raises:
        Refused: It is not.
    """
    if "bytes" not in event.facts:
        return
    content = content_of(connection, str(event.facts["sha256"]))
    if content is None or len(content) != event.facts["bytes"]:
        raise Refused(
            "the file itself is not given", fix="use assay case attach, or leave out its size"
        )


def found_right(connection: Connection, record: str, index: int) -> bool:
    """Whether the file that an entry added still has its hash.

    Raises:
        Refused: That entry added no file, or its file is not here.
    """
    event = _added_by(connection, record, index)
    content = content_of(connection, str(event.facts["sha256"]))
    if not keeps_file(event):
        raise Refused("that file is not kept here", fix="check it where it is kept")
    return content is not None and hashlib.sha256(content).hexdigest() == event.facts["sha256"]


def drop_file(connection: Connection, record: str, index: int) -> None:
    """Erase the bytes that an erased entry added, if no other entry adds the same file."""
    event = _event_at(connection, record, index)
    if event is None or event.name != "attach":
        return
    sha256 = str(event.facts["sha256"])
    # As in keeps_file; a frame is canonical JSON, and "bytes" the first of an attach's facts.
    others = select(ENTRIES.c.log_index).where(
        ENTRIES.c.frame.contains(f'"sha256":"{sha256}"', autoescape=True),
        ENTRIES.c.frame.startswith('{"act":"attach"', autoescape=True),
        ENTRIES.c.frame.contains('"facts":{"bytes":', autoescape=True),
        ENTRIES.c.body.is_not(None),
    )
    if connection.execute(others.limit(1)).first() is None:
        connection.execute(delete(FILES).where(FILES.c.sha256 == sha256))


def _added_by(connection: Connection, record: str, index: int) -> Event:
    event = _event_at(connection, record, index)
    if event is None or event.name != "attach":
        raise Refused(f"entry {index} added no file to this record", fix="see assay case show")
    return event


def _event_at(connection: Connection, record: str, index: int) -> Event | None:
    entry: Entry | None = entry_at(connection, record, index)
    return None if entry is None else read_event(entry)
