"""Identities at an outside sign-in service (OpenID Connect), and whose account each opens.

Nobody gets an account or a role by one: it waits until an administrator ties it to an account.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update

from assay.cases.store.accounts import Account, account_of
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import ACCOUNTS, OUTSIDE_IDENTITIES, SESSIONS
from assay.errors import UsageError

WAITS = timedelta(days=7)
MOST_WAITING = 100
"""The oldest gives way: whoever can sign in there could fill the list."""


@dataclass(frozen=True)
class OutsideIdentity:
    """Somebody as an outside service knows them.

    Attributes:
        id: Short, to be read aloud.
        issuer: The service.
        subject: What it calls them; never given to anybody else.
        told: Name or address that it tells of them; for the eye alone.
        account: Whose account it opens; None while it waits.
        seen_at: When they last came.
    """

    id: str
    issuer: str
    subject: str
    told: str
    account: str | None
    seen_at: datetime


class OutsideIdentities:
    """The outside identities that one house knows."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def came(self, issuer: str, subject: str, told: str, at: datetime) -> str:
        """Note that somebody signed in there; returns the identity's id."""
        columns = OUTSIDE_IDENTITIES.c
        mine = (columns.issuer == issuer, columns.subject == subject)
        with writing(self.engine) as connection:
            row = connection.execute(select(columns.id).where(*mine)).first()
            if row is not None:
                values = {"told": told, "seen_at": moment(at)}
                connection.execute(update(OUTSIDE_IDENTITIES).where(*mine).values(**values))
                return str(row.id)
            waiting = columns.account.is_(None)
            newest = select(columns.id).where(waiting).order_by(columns.seen_at.desc())
            kept = list(connection.execute(newest.limit(MOST_WAITING - 1)).scalars())
            gone = (columns.seen_at < moment(at - WAITS)) | columns.id.not_in(kept)
            connection.execute(delete(OUTSIDE_IDENTITIES).where(waiting, gone))
            identity = secrets.token_hex(4)
            connection.execute(
                insert(OUTSIDE_IDENTITIES).values(
                    id=identity, issuer=issuer, subject=subject, told=told, seen_at=moment(at)
                )
            )
        return identity

    def opens(self, identity: str) -> Account | None:
        """The open account that an identity is tied to, if it is."""
        asked = (
            select(ACCOUNTS)
            .join(OUTSIDE_IDENTITIES, OUTSIDE_IDENTITIES.c.account == ACCOUNTS.c.id)
            .where(OUTSIDE_IDENTITIES.c.id == identity, ACCOUNTS.c.disabled.is_(False))
        )
        with reading(self.engine) as connection:
            row = connection.execute(asked).mappings().first()
        return None if row is None else account_of(row)

    def all(self) -> list[OutsideIdentity]:
        """Every identity, those that wait first."""
        columns = OUTSIDE_IDENTITIES.c
        order = (columns.account.is_not(None), columns.seen_at.desc(), columns.id)
        with reading(self.engine) as connection:
            rows = connection.execute(select(OUTSIDE_IDENTITIES).order_by(*order)).mappings()
            return [
                OutsideIdentity(**{**row, "seen_at": datetime.fromisoformat(row["seen_at"])})
                for row in rows
            ]

    def tie(self, identity: str, account: str) -> None:
        """Let an identity open an account.

        Raises:
            UsageError: There is no such identity, or it has gone since.
        """
        mine = OUTSIDE_IDENTITIES.c.id == identity
        with writing(self.engine) as connection:
            _end_sessions(connection, identity)
            tied = update(OUTSIDE_IDENTITIES).where(mine).values(account=account)
            if not connection.execute(tied).rowcount:
                raise UsageError("there is no such identity", fix="let them sign in again")

    def forget(self, identity: str) -> None:
        """An identity opens nothing any more; who came in by it is out at once."""
        with writing(self.engine) as connection:
            _end_sessions(connection, identity)
            mine = OUTSIDE_IDENTITIES.c.id == identity
            connection.execute(delete(OUTSIDE_IDENTITIES).where(mine))


def _end_sessions(connection: Connection, identity: str) -> None:
    """End all sessions of the account that an identity opens now, if it opens one."""
    opened = select(OUTSIDE_IDENTITIES.c.account).where(OUTSIDE_IDENTITIES.c.id == identity)
    connection.execute(delete(SESSIONS).where(SESSIONS.c.account.in_(opened)))
