"""Appending one event: its entry, the nodes of the tree, a signed checkpoint, the rows it draws.

Of an event that is about no record, whoever appends it draws the rows.
"""

from __future__ import annotations

from sqlalchemy import Connection

from assay.cases import merkle
from assay.cases.clocks import HouseClocks
from assay.cases.fold import fold_all
from assay.cases.key_folder import KeyFolder
from assay.cases.log import new_entry
from assay.cases.signed_note import Checkpoint, SigningKey, open_checkpoint, sign
from assay.cases.store import entries
from assay.cases.store.files import check_kept
from assay.cases.store.likely import draw_marks
from assay.cases.store.webhooks import announce
from assay.errors import CheckFailed
from assay.model.case import Event, Record


class LogWriter:
    """Writes the log of one house; refuses if it is not the one that was signed last.

    Args:
        keys: Where the signing key and the newest checkpoint lie.
        clocks: How long this house gives itself.
    """

    def __init__(self, keys: KeyFolder, clocks: HouseClocks) -> None:
        self._keys = keys
        self._clocks = clocks
        self._key: SigningKey | None = None

    def append(
        self, connection: Connection, history: list[Event], event: Event
    ) -> tuple[Record, str]:
        """Write one event of a record; returns that after it and the checkpoint that signs it.

        Args:
            connection: The only writer's.
            history: The record's events before it.
            event: What the workflow made of an act.

        Raises:
            CheckFailed: The log was changed by hand, or an older copy was put in its place.
        """
        read = entries.node_reader(connection)
        size = self._check_signed(connection, read)
        record = fold_all([*history, event], self._clocks)
        if event.name == "attach":
            check_kept(connection, event)
        entries.draw(connection, record)
        draw_marks(connection, record)
        note = self._add(connection, size, event, read)
        announce(connection, record, event, size)
        return record, note

    def append_alone(self, connection: Connection, event: Event) -> tuple[int, str]:
        """Write one event of no record; returns its place in the log and the checkpoint.

        Raises:
            CheckFailed: As with :meth:`append`.
        """
        read = entries.node_reader(connection)
        size = self._check_signed(connection, read)
        return size, self._add(connection, size, event, read)

    def _add(self, connection: Connection, size: int, event: Event, read: merkle.ReadNode) -> str:
        """Add an entry to a log of ``size``, and sign what it is then."""
        key = self._key = self._key or self._keys.signing_key()
        entries.add_entry(connection, new_entry(size, event), event, read)
        note = sign(Checkpoint(key.name, size + 1, merkle.root(size + 1, read)), key)
        entries.add_checkpoint(connection, size + 1, note)
        return note

    def _check_signed(self, connection: Connection, read: merkle.ReadNode) -> int:
        """The log's size, after checking that it is what was signed last.

        Raises:
            CheckFailed: The log was changed by hand, or an older copy was put in its place.
        """
        size = entries.size_of(connection)
        last, outside = entries.last_checkpoint(connection), self._keys.newest()
        signed = None if last is None else open_checkpoint(last[1], self._keys.public_key())
        root = merkle.root(size, read)
        right = (size == 0) if signed is None else (signed.size, signed.root) == (size, root)
        if right and outside is not None:
            right = outside.size <= size and outside.root == merkle.root(outside.size, read)
        if not right:
            raise CheckFailed(
                "the log is not the one that was signed last; nothing was written",
                fix="run assay case verify; restore a copy, or say in public what was lost",
            )
        return size
