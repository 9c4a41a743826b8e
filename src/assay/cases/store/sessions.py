"""Sessions of people who signed in: a hash of the token each, ended by time, sign-out or change."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from assay.cases.letters import token_hash
from assay.cases.store.accounts import Account, AccountChanged, account_of, unchanged
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import ACCOUNTS, SESSIONS

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
_TOUCH = timedelta(minutes=1)
"""A session's last use is written down this often at most."""


@dataclass(frozen=True)
class Session:
    """Somebody's session; not ``verified`` while the second factor is still to come."""

    token: str
    account: Account
    verified: bool


class Sessions:
    """The sessions of one house."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def begin(self, account: Account, at: datetime, *, verified: bool, replaces: str | None) -> str:
        """Begin a session under a new token; the one before it ends. Returns the token.

        Raises:
            AccountChanged: One signs in to the account in another way by now, or not at all.
        """
        token = secrets.token_urlsafe(32)
        row = {"account": account.id, "verified": verified, "made_at": moment(at)}
        with writing(self.engine) as connection:
            if connection.execute(select(ACCOUNTS.c.id).where(*unchanged(account))).first() is None:
                raise AccountChanged
            old = SESSIONS.c.made_at < moment(at - LONGEST)
            if replaces is not None:
                old |= SESSIONS.c.token == token_hash(replaces)
            connection.execute(delete(SESSIONS).where(old))
            connection.execute(
                insert(SESSIONS).values(token=token_hash(token), seen_at=moment(at), **row)
            )
        return token

    def get(self, token: str, at: datetime) -> Session | None:
        """The session with this token, if it still runs and its account is open."""
        live = (
            SESSIONS.c.token == token_hash(token),
            SESSIONS.c.made_at > moment(at - LONGEST),
            SESSIONS.c.seen_at > moment(at - IDLE),
            ACCOUNTS.c.disabled.is_(False),
        )
        asked = select(SESSIONS.c.verified, SESSIONS.c.seen_at, ACCOUNTS).join(ACCOUNTS)
        with reading(self.engine) as connection:
            row = connection.execute(asked.where(*live)).mappings().first()
        if row is None:
            return None
        if row["seen_at"] < moment(at - _TOUCH):
            with writing(self.engine) as connection:
                mine = SESSIONS.c.token == token_hash(token)
                connection.execute(update(SESSIONS).where(mine).values(seen_at=moment(at)))
        return Session(token, account_of(row), bool(row["verified"]))

    def end(self, token: str) -> None:
        """End one session."""
        with writing(self.engine) as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.token == token_hash(token)))

    def end_all(self, account: str) -> None:
        """End all sessions of an account."""
        with writing(self.engine) as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))
