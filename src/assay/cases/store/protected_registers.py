"""The versions of the register of protected bodies: each whole, none ever changed or deleted.

What a register holds is not known here: a version is a text with its hash, and who made it, when
and why.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, insert, select

from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import PROTECTED_REGISTERS
from assay.errors import InputError, UsageError

VERSIONS_PAGE = 50
_ABOUT = [column for column in PROTECTED_REGISTERS.c if column.name != "text"]


class RegisterChanged(UsageError):
    """Somebody else changed the register since the version that was seen."""

    def __init__(self) -> None:
        super().__init__(
            "the register was changed meanwhile", fix="look at it again; nothing was written"
        )


@dataclass(frozen=True)
class RegisterVersion:
    """One version of the register.

    Attributes:
        version: Counted from 1.
        sha256: Of its text in UTF-8.
        author: Id of the account that made it.
        what: What became different.
        why: The author's reason.
        made_at: When.
    """

    version: int
    sha256: str
    author: str
    what: str
    why: str
    made_at: datetime


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

    def newest(self) -> int:
        """The number of the version that counts; 0 before the first."""
        with reading(self.engine) as connection:
            found = connection.execute(select(func.max(PROTECTED_REGISTERS.c.version))).scalar()
        return found or 0

    def text(self, version: int) -> str | None:
        """The text of a version; None if there is no such version.

        Raises:
            InputError: It is not the text that was kept.
        """
        asked = select(PROTECTED_REGISTERS.c.text, PROTECTED_REGISTERS.c.sha256).where(
            PROTECTED_REGISTERS.c.version == version
        )
        with reading(self.engine) as connection:
            row = connection.execute(asked).first()
        if row is None:
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

    def keep(self, seen: int, new: NewVersion, at: datetime) -> int:
        """Keep the version after the one that was seen; gives its number.

        Raises:
            RegisterChanged: The newest is another one by now.
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
            newest = connection.execute(select(func.max(PROTECTED_REGISTERS.c.version))).scalar()
            if (newest or 0) != seen:
                raise RegisterChanged
            connection.execute(insert(PROTECTED_REGISTERS).values(**row))
        return seen + 1


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _version(row: Row[Any]) -> RegisterVersion:
    at = datetime.fromisoformat(row.made_at)
    return RegisterVersion(row.version, row.sha256, row.author, row.what, row.why, at)
