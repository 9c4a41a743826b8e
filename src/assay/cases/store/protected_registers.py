"""The versions of the register of protected bodies: each whole, none ever changed.

What a register holds is not known here: a version is a text with its hash, and who made it, when
and why. Each is an entry of the log. What is said of one can be erased, and of an earlier one the
text too: persons are named in them. Its hash and author stay, and who erased it, when and why.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, func, select

from assay.cases.letters import Once
from assay.cases.protected_versions import NewVersion, RegisterVersion, ToErase
from assay.cases.refused import Refused, refuse_missing
from assay.cases.store.answers import check_once, keep_answer
from assay.cases.store.case_store import CaseStore
from assay.cases.store.connect import reading, writing
from assay.cases.store.protected_entries import ABOUT, erase_version, keep_version, version_of
from assay.cases.store.tables import PROTECTED_REGISTERS
from assay.errors import InputError, UsageError

VERSIONS_PAGE = 50


class RegisterChanged(UsageError):
    """Somebody else changed the register; ``version`` is the newest by now."""

    def __init__(self, version: int) -> None:
        super().__init__(
            "the register was changed meanwhile", fix="look at it again; nothing was written"
        )
        self.version = version


class ProtectedRegisters:
    """The register of one house, in its store."""

    def __init__(self, store: CaseStore) -> None:
        self.engine = store.engine
        self._log, self._keys = store.log, store.keys

    def version(self, number: int | None = None) -> RegisterVersion | None:
        """A version, the newest if none is named; None if there is no such version."""
        found = self.versions(before=None if number is None else number + 1, most=1)
        return found[0] if found and number in (None, found[0].version) else None

    def text(self, version: int) -> str | None:
        """The text of a version; None if there is no such version, or it was erased.

        Raises:
            InputError: It is not the text that was kept.
        """
        asked = select(PROTECTED_REGISTERS.c.text, PROTECTED_REGISTERS.c.sha256).where(
            PROTECTED_REGISTERS.c.version == version
        )
        with reading(self.engine) as connection:
            row = connection.execute(asked).first()
        if row is None or row.text is None:
            return None
        text: str = row.text
        if _sha256(text) != row.sha256:
            raise InputError(
                f"version {version} of the register of protected bodies is damaged",
                fix="take the database from a copy",
            )
        return text

    def versions(
        self, *, before: int | None = None, after: int = 0, most: int = VERSIONS_PAGE
    ) -> list[RegisterVersion]:
        """Versions between two, the newest first."""
        asked = select(*ABOUT).where(PROTECTED_REGISTERS.c.version > after)
        if before is not None:
            asked = asked.where(PROTECTED_REGISTERS.c.version < before)
        asked = asked.order_by(PROTECTED_REGISTERS.c.version.desc()).limit(most)
        with reading(self.engine) as connection:
            return [version_of(row) for row in connection.execute(asked)]

    def keep(self, seen: int, new: NewVersion, at: datetime, once: Once | None = None) -> int:
        """Keep the version after the one that was seen; gives its number.

        Raises:
            RegisterChanged: The newest is another one by now.
            AlreadyDone: It was done before, by the request that ``once`` names.
        """
        sha256, by = _sha256(new.text), new.author
        version = RegisterVersion(seen + 1, sha256, by.id, new.what, new.why, at, entry=None)
        with writing(self.engine) as connection:
            check_once(connection, once)
            newest = _newest(connection)
            if newest != seen:
                raise RegisterChanged(newest)
            note = keep_version(connection, self._log, version, by.role, new.text)
            keep_answer(connection, once, {"version": seen + 1}, at)
        self._keys.keep(note)
        return seen + 1

    def erase(self, asked: ToErase, at: datetime, once: Once | None = None) -> int:
        """Erase what is said of versions, and their texts unless the words alone are asked for.

        Those that were erased before stay as they are. Gives how many were erased.

        Raises:
            Refused: The reason is missing, the newest would lose its text, or there is nothing to
                erase.
            AlreadyDone: It was done before, by the request that ``once`` names.
        """
        rows = PROTECTED_REGISTERS.c.version.between(asked.first, asked.last)
        column = PROTECTED_REGISTERS.c["what" if asked.words_only else "text"]
        there = select(*ABOUT).where(rows, column.is_not(None))
        note = ""
        with writing(self.engine) as connection:
            check_once(connection, once)
            refuse_missing("the erasure", _lacking(asked, _newest(connection)))
            gone = connection.execute(there.order_by(PROTECTED_REGISTERS.c.version)).all()
            if not gone:
                raise Refused("these versions are erased already", fix="nothing is to be done")
            for row in gone:
                note = erase_version(connection, self._log, version_of(row), asked, at)
            keep_answer(connection, once, {"erased": len(gone)}, at)
        self._keys.keep(note)
        return len(gone)


def _lacking(asked: ToErase, newest: int) -> dict[str, str]:
    """What is missing or wrong, by field."""
    lacking: dict[str, str] = {}
    if not 1 <= asked.first <= asked.last:
        lacking["first"] = "the first version is 1, and none after the last"
    elif asked.last > newest:
        lacking["last"] = f"the newest version is {newest}"
    elif asked.last == newest and not asked.words_only:
        lacking["last"] = (
            f"version {newest} is the one that counts: change it first, or erase its words alone"
        )
    if not asked.why.strip():
        lacking["why"] = "say why in a sentence"
    return lacking


def _newest(connection: Connection) -> int:
    found: int | None = connection.execute(select(func.max(PROTECTED_REGISTERS.c.version))).scalar()
    return found or 0


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
