"""The versions of the register of protected bodies: each whole, none ever changed.

What a register holds is not known here: a version is a text with its hash, and who made it, when
and why. Of an earlier one the text, and the words about it, can be erased: persons are named in
them. Its hash and author stay, and who erased it, when and why.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from assay.cases.letters import Once
from assay.cases.refused import Refused, refuse_missing
from assay.cases.store.answers import check_once, keep_answer
from assay.cases.store.connect import forget, reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import PROTECTED_REGISTERS
from assay.errors import InputError, UsageError

VERSIONS_PAGE = 50
_ABOUT = [column for column in PROTECTED_REGISTERS.c if column.name != "text"]


class RegisterChanged(UsageError):
    """Somebody else changed the register; ``version`` is the newest by now."""

    def __init__(self, version: int) -> None:
        super().__init__(
            "the register was changed meanwhile", fix="look at it again; nothing was written"
        )
        self.version = version


@dataclass(frozen=True)
class Erasure:
    """That something was erased: by whom (an account's id), why and when."""

    by: str
    why: str
    at: datetime


@dataclass(frozen=True)
class RegisterVersion:
    """One version of the register.

    Attributes:
        version: Counted from 1.
        sha256: Of its text in UTF-8.
        author: Id of the account that made it.
        what: What became different; None once erased.
        why: The author's reason; None once erased.
        made_at: When.
        erased: That it was erased; None while it is there.
    """

    version: int
    sha256: str
    author: str
    what: str | None
    why: str | None
    made_at: datetime
    erased: Erasure | None = None


@dataclass(frozen=True)
class NewVersion:
    """A version to be kept; ``author`` is an account's id, ``text`` the whole register."""

    text: str
    author: str
    what: str
    why: str


class ProtectedRegisters:
    """The register of one house."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

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
        asked = select(*_ABOUT).where(PROTECTED_REGISTERS.c.version > after)
        if before is not None:
            asked = asked.where(PROTECTED_REGISTERS.c.version < before)
        asked = asked.order_by(PROTECTED_REGISTERS.c.version.desc()).limit(most)
        with reading(self.engine) as connection:
            return [_version(row) for row in connection.execute(asked)]

    def keep(self, seen: int, new: NewVersion, at: datetime, once: Once | None = None) -> int:
        """Keep the version after the one that was seen; gives its number.

        Raises:
            RegisterChanged: The newest is another one by now.
            AlreadyDone: It was done before, by the request that ``once`` names.
        """
        row = {
            "version": seen + 1,
            "text": new.text,
            "sha256": _sha256(new.text),
            "author": new.author,
            "what": new.what,
            "why": new.why,
            "made_at": moment(at),
        }
        with writing(self.engine) as connection:
            check_once(connection, once)
            newest = _newest(connection)
            if newest != seen:
                raise RegisterChanged(newest)
            connection.execute(insert(PROTECTED_REGISTERS).values(**row))
            keep_answer(connection, once, {"version": seen + 1}, at)
        return seen + 1

    def erase(self, first: int, last: int, erasure: Erasure, once: Once | None = None) -> int:
        """Erase the texts of versions from ``first`` to ``last``, and the words about them.

        Those that were erased before stay as they are. Gives how many were erased.

        Raises:
            Refused: The reason is missing, the newest is among them, or there is nothing to erase.
            AlreadyDone: It was done before, by the request that ``once`` names.
        """
        rows = PROTECTED_REGISTERS.c.version.between(first, last)
        there = PROTECTED_REGISTERS.c.erased_at.is_(None)
        said = {"erased_by": erasure.by, "erased_why": erasure.why}
        lacking: dict[str, str] = {}
        with writing(self.engine) as connection:
            check_once(connection, once)
            newest = _newest(connection)
            if not 1 <= first <= last:
                lacking["first"] = "the first version is 1, and none after the last"
            elif last >= newest:
                lacking["last"] = f"version {newest} is the one that counts: change it first"
            if not erasure.why.strip():
                lacking["why"] = "say why in a sentence"
            refuse_missing("the erasure", lacking)
            gone = connection.execute(
                update(PROTECTED_REGISTERS)
                .where(rows, there)
                .values(text=None, what=None, why=None, erased_at=moment(erasure.at), **said)
            ).rowcount
            if not gone:
                raise Refused("these versions are erased already", fix="nothing is to be done")
            forget(connection)
            keep_answer(connection, once, {"erased": gone}, erasure.at)
        return gone


def _newest(connection: Connection) -> int:
    found: int | None = connection.execute(select(func.max(PROTECTED_REGISTERS.c.version))).scalar()
    return found or 0


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _version(row: Row[Any]) -> RegisterVersion:
    at, erased = datetime.fromisoformat(row.made_at), None
    if row.erased_at is not None:
        erased = Erasure(row.erased_by, row.erased_why, datetime.fromisoformat(row.erased_at))
    return RegisterVersion(row.version, row.sha256, row.author, row.what, row.why, at, erased)
