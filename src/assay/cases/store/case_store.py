"""The store of cases: read this first. Acts go in, events come out, and a signed tree holds them.

Each write is one transaction: the event, its nodes of the tree, a signed checkpoint, and the row
that queries read. It is refused if the log is not the one that was signed last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from assay.cases import merkle
from assay.cases.acts import is_staff
from assay.cases.clocks import HouseClocks
from assay.cases.evidence import Attached, attached
from assay.cases.export_log import write_log
from assay.cases.fold import fold_all
from assay.cases.given import given_to, told_to
from assay.cases.key_folder import KeyFolder
from assay.cases.letters import NOTHING_ELSE, Once, WithIt, new_identity
from assay.cases.refused import NoSuchRecord, Refused
from assay.cases.signed_note import Checkpoint, open_checkpoint
from assay.cases.store import entries
from assay.cases.store.answers import answer_of, check_once, keep_answer
from assay.cases.store.connect import connect, reading, writing
from assay.cases.store.files import content_of, drop_file, found_right, keep_files
from assay.cases.store.following import brought_about
from assay.cases.store.listing import Wanted, count, page, rows
from assay.cases.store.log_writer import LogWriter
from assay.cases.store.misuse import as_parked, with_tally
from assay.cases.store.one_at_a_time import check_alone
from assay.cases.store.outbox import put
from assay.cases.store.protected_entries import log_earlier
from assay.cases.store.schema import upgrade
from assay.cases.store.tables import RECORDS
from assay.cases.store.visible import visible_to
from assay.cases.workflow import decide, follow, has_appealed, open_record
from assay.errors import CheckFailed, InputError, UsageError
from assay.model.case import Act, Actor, Event, Record, RecordKind
from assay.text.sentence import Sentence


class EditConflict(UsageError):
    """Somebody else changed the record meanwhile.

    Attributes:
        since: What happened since the version that the act was made for.
        version: The record's by now.
        act: The act that was not done, so that nothing typed is lost.
    """

    def __init__(self, record: Record, since: list[Event], act: Act) -> None:
        told = ", ".join(f"{event.name} by {event.by.id}" for event in since)
        super().__init__(
            f"the record was changed meanwhile: {told or 'to another version'}",
            fix=f"look at it again, then give version {record.version}; nothing was written",
        )
        self.since = since
        self.version = record.version
        self.act = act


class EmptyLog(InputError):
    """Nothing was written yet."""

    def __init__(self) -> None:
        super().__init__("the log is empty", fix="open a record first")


class CaseStore:
    """The records of one house.

    Args:
        engine: The database, brought to this version.
        keys: Where the signing key and the newest checkpoint lie.
        clocks: How long this house gives itself.
    """

    def __init__(self, engine: Engine, keys: KeyFolder, clocks: HouseClocks | None = None) -> None:
        self.engine = engine
        self.keys = keys
        self.clocks = clocks or HouseClocks()
        self.log = LogWriter(keys, self.clocks)

    def open_record(
        self,
        kind: RecordKind,
        act: Act,
        *,
        by: Actor,
        at: datetime,
        with_it: WithIt = NOTHING_ELSE,
    ) -> Record:
        """Open a record with the kind's first act, and what is to happen with it or not at all.

        Raises:
            Refused: The workflow does not allow it.
            AlreadyOpen: There is one of a sort of which there is one at a time.
            AlreadyDone: It was done before, by the request that ``with_it`` names.
        """
        identity = with_it.identity or new_identity()
        with writing(self.engine) as connection:
            check_once(connection, with_it.once)
            about = self._about(connection, act.facts.get("about"), by)
            keep_files(connection, with_it.files, at)
            if kind == "appeal" and about is not None and not is_staff(by):
                _check_first(connection, about, by)
            check_alone(connection, kind, act, about, by)
            act = with_tally(connection, act, about, by, at)
            opening = open_record(kind, act, identity, by=by, at=at, about=about)
            record, note = self._write(connection, opening)
            steps = [(step, by) for step in with_it.then]
            steps += [(step, with_it.taken_in_by or by) for step in with_it.taken_in]
            for step, who in steps:
                next_act = as_parked(connection, record, step, at)
                event = decide(record, next_act, by=who, at=at, about=about)
                record, note = self._write(connection, event)
            put(connection, record, with_it, at)
            keep_answer(connection, with_it.once, answer_of(record), at)
        self.keys.keep(note)
        return record

    def act(
        self,
        identity: str,
        version: int,
        act: Act,
        *,
        by: Actor,
        at: datetime,
        with_it: WithIt = NOTHING_ELSE,
    ) -> Record:
        """Do something to a record that its editor saw in ``version``.

        Raises:
            Refused: The workflow does not allow it, or there is no such record for this actor.
            EditConflict: The record has another version by now.
            AlreadyDone: It was done before, by the request that ``with_it`` names.
        """
        with writing(self.engine) as connection:
            check_once(connection, with_it.once)
            record, history = self._seen(connection, identity, by)
            told = [event for _, event in told_to(record, list(enumerate(history)), by)]
            if len(told) != version:
                since = [event for event in told if event.version > version]
                raise EditConflict(replace(record, version=len(told)), since, act)
            about = self._load(connection, record.facts.get("about"))
            if act.name == "mark_duplicate":
                about = self._other(connection, act.facts.get("duplicate_of"), by)
            keep_files(connection, with_it.files, at)
            act = with_tally(connection, as_parked(connection, record, act, at), record, by, at)
            event = decide(record, act, by=by, at=at, about=about)
            if act.name == "check_file":
                event = _with_finding(connection, event)
            record, note = self._write(connection, event)
            put(connection, record, with_it, at)
            record, _ = self._told(record, entries.events_of(connection, identity), by)
            keep_answer(connection, with_it.once, answer_of(record), at)
        self.keys.keep(note)
        return record

    def check_once(self, once: Once | None) -> None:
        """Look whether a request was done before, without doing it.

        Raises:
            AlreadyDone: It was.
            Refused: Its key stands for another request.
        """
        with reading(self.engine) as connection:
            check_once(connection, once)

    def record(self, identity: str, viewer: Actor) -> tuple[Record, list[tuple[int, Event]]]:
        """A record and its history, each event with its place in the log.

        Raises:
            Refused: There is none, or not for this viewer; both are told alike.
        """
        with reading(self.engine) as connection:
            return self._given(connection, identity, viewer)

    def file(self, identity: str, entry: int, viewer: Actor) -> tuple[Attached, bytes]:
        """A file of a record, with what the log says of it.

        Raises:
            Refused: There is no such record or file for this viewer, or the file was erased.
            CheckFailed: Its bytes are not those that were added.
        """
        with reading(self.engine) as connection:
            history = self._given(connection, identity, viewer)[1]
            found = attached(history)
            file = next((one for one in found if one.entry == entry and one.kept), None)
            if file is None:
                raise NoSuchRecord
            content = content_of(connection, file.sha256)
        if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
            raise CheckFailed(
                f"the file of entry {entry} is not the one that was added",
                fix="run assay case verify; restore it from a copy",
            )
        return file, content

    def records(self, viewer: Actor, wanted: Wanted) -> list[Mapping[str, Any]]:
        """Rows of ``records`` that the viewer may know of, in the order that is wanted."""
        with reading(self.engine) as connection:
            return rows(connection, viewer, wanted)

    def count(self, viewer: Actor, wanted: Wanted) -> int:
        """How many records :meth:`records` would give in all pages."""
        with reading(self.engine) as connection:
            return count(connection, viewer, wanted)

    def page(self, viewer: Actor, wanted: Wanted) -> tuple[list[Mapping[str, Any]], int]:
        """What :meth:`records` gives and what :meth:`count` does, of one moment."""
        with reading(self.engine) as connection:
            return page(connection, viewer, wanted)

    def checkpoint(self) -> tuple[Checkpoint, str]:
        """The newest checkpoint, and the signed note that says it.

        Raises:
            EmptyLog: Nothing was written yet.
        """
        with reading(self.engine) as connection:
            last = entries.last_checkpoint(connection)
        if last is None:
            raise EmptyLog
        return open_checkpoint(last[1], self.keys.public_key()), last[1]

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Proof that an entry is in the tree of ``size`` entries."""
        with reading(self.engine) as connection:
            return merkle.inclusion_proof(index, size, entries.node_reader(connection))

    def consistency_proof(self, first: int, second: int) -> list[bytes]:
        """Proof that the first tree is the beginning of the second."""
        with reading(self.engine) as connection:
            return merkle.consistency_proof(first, second, entries.node_reader(connection))

    def export_log(self, folder: Path) -> int:
        """Write the leaves, the newest checkpoint and the public key; returns how many leaves.

        Raises:
            EmptyLog: Nothing was written yet.
        """
        with reading(self.engine) as connection:
            last = entries.last_checkpoint(connection)
            if last is None:
                raise EmptyLog
            leaves = (entry.leaf for entry, _, _ in entries.all_entries(connection))
            return write_log(folder, leaves, last[1], self.keys.public_key())

    def _write(self, connection: Connection, event: Event) -> tuple[Record, str]:
        """Write an event, and what it brings about on other records.

        Returns the record after it, and the newest checkpoint.
        """
        if event.name == "erase":
            _erase(connection, event.record, int(event.facts["entry"]))
        history = entries.events_of(connection, event.record)
        record, note = self.log.append(connection, history, event)
        for identity, act in brought_about(connection, record, event):
            before = fold_all(entries.events_of(connection, identity), self.clocks)
            _, note = self._write(connection, follow(before, act, event))
        return record, note

    def _seen(
        self, connection: Connection, identity: str, viewer: Actor
    ) -> tuple[Record, list[Event]]:
        _check_visible(connection, identity, viewer)
        history = entries.events_of(connection, identity)
        return fold_all(history, self.clocks), history

    def _given(
        self, connection: Connection, identity: str, viewer: Actor
    ) -> tuple[Record, list[tuple[int, Event]]]:
        """What a viewer is given of a record, each event with its place in the log."""
        _check_visible(connection, identity, viewer)
        history = entries.history_of(connection, identity)
        record = fold_all([event for _, event in history], self.clocks)
        return given_to(record, history, viewer, self.clocks)

    def _told(self, record: Record, history: list[Event], by: Actor) -> tuple[Record, list[Event]]:
        """What is told of a record to whoever acts on it."""
        record, told = given_to(record, list(enumerate(history)), by, self.clocks)
        return record, [event for _, event in told]

    def _about(self, connection: Connection, identity: object, by: Actor) -> Record | None:
        return None if identity is None else self._seen(connection, str(identity), by)[0]

    def _other(self, connection: Connection, identity: object, by: Actor) -> Record | None:
        """A notice that somebody names, if they may know of it."""
        try:
            return self._about(connection, identity, by)
        except NoSuchRecord:
            # The workflow says what to do; that it is hidden and that it is not are told alike.
            return None

    def _load(self, connection: Connection, identity: object) -> Record | None:
        """A record that another names, whoever asks."""
        if identity is None:
            return None
        return fold_all(entries.events_of(connection, str(identity)), self.clocks)


def open_store(
    database: str, keys: Path | None = None, *, make: bool = False, name: str | None = None
) -> CaseStore:
    """Open a case database, and make it where asked to.

    Args:
        database: A file (SQLite), or ``postgresql://…``.
        keys: The key folder; for a file it is FILE.keys beside it unless said otherwise.
        make: Make the database and its key if there is none.
        name: What a new log is called; random if not given.

    Raises:
        InputError: It is not there, is none, or its keys are missing.
    """
    if keys is None:
        if "://" in database:
            raise InputError("the key folder is not named", fix="say --keys FOLDER")
        keys = Path(database + ".keys")
    if not make and "://" not in database and not Path(database).is_file():
        raise InputError("there is no such database", fix="assay case new makes it", file=database)
    if make and "://" not in database:
        # Personal data: the file, and those that SQLite puts beside it, are their owner's alone.
        Path(database).touch(mode=0o600)
    engine, folder = connect(database), KeyFolder(keys)
    with writing(engine) as connection:
        before = upgrade(connection)
        empty = entries.size_of(connection) == 0
        if empty and make and not folder.secret.exists():
            folder.make(name)
        log_earlier(connection, LogWriter(folder, HouseClocks()), before)
        last = entries.last_checkpoint(connection)
    folder.public_key()
    if last is not None:
        _catch_up(folder, last[1])
    return CaseStore(engine, folder)


def _catch_up(folder: KeyFolder, note: str) -> None:
    """Bring the key folder's checkpoint up to the database's.

    A process that died between its commit and the folder's file left it behind.
    """
    try:
        folder.keep(note)
    except InputError:
        # A checkpoint spoilt by hand must not keep anybody from verifying, which tells of it;
        # and nothing is written over it, since every write checks it again.
        return


def _check_visible(connection: Connection, identity: str, viewer: Actor) -> None:
    asked = select(RECORDS.c.id).where(RECORDS.c.id == identity, visible_to(viewer))
    if connection.execute(asked).first() is None:
        raise NoSuchRecord


def _check_first(connection: Connection, about: Record, by: Actor) -> None:
    """One appeal against one decision by one party; the team may write down several people's."""
    lodged = entries.opened_by(connection, "appeal", about.id, by)
    if has_appealed(entries.events_of(connection, about.id), lodged):
        raise Refused(
            Sentence("you appealed against this already"), fix="wait for the decision on it"
        )


def _erase(connection: Connection, identity: str, index: int) -> None:
    """Empty the body and the salt of one entry of this record."""
    if entries.entry_at(connection, identity, index) is None:
        raise Refused(f"entry {index} is not of this record", fix="see assay case show")
    entries.erase_body(connection, index)
    drop_file(connection, identity, index)


def _with_finding(connection: Connection, event: Event) -> Event:
    """What came of checking a file: the store looks, whatever was said."""
    right = found_right(connection, event.record, int(event.facts["entry"]))
    return replace(event, facts={**event.facts, "verified": right})
