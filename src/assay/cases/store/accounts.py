"""Accounts of the people who work here, and what is known of the house itself.

An account's id is random and stands in the log for ever; name, e-mail address and password hash
stand here alone and can be changed or erased. Passwords are hashed by the caller.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    delete,
    insert,
    select,
    update,
)

from assay.cases.letters import Letter, token_hash
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.outbox import put_letters
from assay.cases.store.tables import ACCOUNTS, HOUSE, RECOVERY_CODES, SESSIONS
from assay.errors import UsageError
from assay.model.case import Actor, Role

MOST_FAILURES = 5
LOCKED = timedelta(minutes=15)
INVITED = timedelta(days=7)
_NOBODY = "nobody_tried_at"


@dataclass(frozen=True)
class Account:
    """Somebody who signs in.

    Attributes:
        id: Random; what the log names.
        email: In lower case; what somebody signs in with.
        name: As colleagues see it.
        role: What they may do.
        password: Its hash; None until the invitation is taken up.
        totp: The shared secret of the second factor; None without one.
        totp_step: The last time step whose code was used; no code works twice.
        locked_until: No attempt counts before.
        disabled: Whether the account is closed.
    """

    id: str
    email: str
    name: str
    role: Role
    password: str | None
    totp: str | None
    totp_step: int
    locked_until: datetime | None
    disabled: bool

    @property
    def actor(self) -> Actor:
        """As the log names them."""
        return Actor(self.id, self.role)


@dataclass(frozen=True)
class NewAccount:
    """Who is to get an account; the password comes with the invitation, or as a hash now."""

    email: str
    name: str
    role: Role
    password: str | None = None


class AccountChanged(UsageError):
    """Somebody changed meanwhile how one signs in to an account."""

    def __init__(self) -> None:
        super().__init__("the account was changed meanwhile", fix="sign in again")


class Accounts:
    """The accounts of one house."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._name: str | None = None

    def any(self) -> bool:
        """Whether anybody has an account yet."""
        with reading(self.engine) as connection:
            return connection.execute(select(ACCOUNTS.c.id).limit(1)).first() is not None

    def found(self, house: Mapping[str, str], first: NewAccount, at: datetime) -> Account:
        """Write down the house and its first administrator, once.

        Raises:
            UsageError: There is an account already.
        """
        with writing(self.engine) as connection:
            if connection.execute(select(ACCOUNTS.c.id).limit(1)).first() is not None:
                raise UsageError("this house is set up already", fix="sign in")
            _set_house(connection, house)
            identity = _insert(connection, first, at)
        self._name = None
        return self.get(identity)

    def invite(self, new: NewAccount, token: str, letter: Letter, at: datetime) -> Account:
        """Make an account whose password its owner sets by a link that works once, for a week.

        Raises:
            UsageError: The e-mail address has an account.
        """
        taken = select(ACCOUNTS.c.id).where(ACCOUNTS.c.email == new.email.strip().lower())
        with writing(self.engine) as connection:
            if connection.execute(taken).first() is not None:
                raise UsageError("this address has an account", fix="use another")
            identity = _insert(connection, new, at)
            _invite(connection, identity, token, at)
            put_letters(connection, None, [letter], at)
        return self.get(identity)

    def invite_again(self, identity: str, token: str, letter: Letter, at: datetime) -> None:
        """Another link to set a password; sessions end, an earlier link no longer works."""
        with writing(self.engine) as connection:
            _invite(connection, identity, token, at)
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == identity))
            put_letters(connection, None, [letter], at)

    def invited(self, token: str, at: datetime) -> Account | None:
        """Whose link this is, if it still works."""
        mine = (ACCOUNTS.c.invitation == token_hash(token), ACCOUNTS.c.invited_until > moment(at))
        return self._one(*mine, ACCOUNTS.c.disabled.is_(False))

    def by_email(self, email: str) -> Account | None:
        """The account with this address."""
        return self._one(ACCOUNTS.c.email == email.strip().lower())

    def get(self, identity: str) -> Account:
        """The account with this id.

        Raises:
            UsageError: There is none.
        """
        account = self._one(ACCOUNTS.c.id == identity)
        if account is None:
            raise UsageError("there is no such account", fix="check the id")
        return account

    def all(self) -> list[Account]:
        """Every account, by name."""
        with reading(self.engine) as connection:
            found = connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name, ACCOUNTS.c.id))
            return [account_of(row) for row in found.mappings()]

    def names(self, identities: Iterable[str]) -> dict[str, str]:
        """Names of those ids that are accounts."""
        asked = select(ACCOUNTS.c.id, ACCOUNTS.c.name).where(ACCOUNTS.c.id.in_(set(identities)))
        with reading(self.engine) as connection:
            return {row.id: row.name for row in connection.execute(asked)}

    def set_password(self, account: Account, password: str, *, link: str | None = None) -> None:
        """Keep the hash of a new password; invitations, failures and sessions end.

        Args:
            account: As it was when it was found that its owner asks.
            password: The hash.
            link: The invitation's token, where they came by one.

        Raises:
            AccountChanged: The password is another one by now, or the link was used or replaced.
        """
        values = {"password": password, "invitation": None, "failures": 0, "locked_until": None}
        seen = unchanged(account)
        if link is not None:
            seen += (ACCOUNTS.c.invitation == token_hash(link),)
        with writing(self.engine) as connection:
            if not connection.execute(update(ACCOUNTS).where(*seen).values(**values)).rowcount:
                raise AccountChanged
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account.id))

    def rehash(self, account: Account, password: str) -> Account:
        """Keep the same password under newer parameters, unless it was changed meanwhile."""
        with writing(self.engine) as connection:
            seen = unchanged(account)
            connection.execute(update(ACCOUNTS).where(*seen).values(password=password))
        return replace(account, password=password)

    def set_totp(self, identity: str, secret: str | None, codes: Iterable[str]) -> None:
        """Turn the second factor on, with recovery codes that work once each, or off."""
        hashed = [{"account": identity, "code": token_hash(code)} for code in codes]
        with writing(self.engine) as connection:
            _update(connection, identity, totp=secret, totp_step=0)
            connection.execute(delete(RECOVERY_CODES).where(RECOVERY_CODES.c.account == identity))
            if hashed:
                connection.execute(insert(RECOVERY_CODES), hashed)

    def use_step(self, identity: str, step: int) -> bool:
        """Take note of a code's time step; False if it, or a later one, was used before."""
        newer = (ACCOUNTS.c.id == identity, ACCOUNTS.c.totp_step < step)
        with writing(self.engine) as connection:
            done = connection.execute(update(ACCOUNTS).where(*newer).values(totp_step=step))
            return bool(done.rowcount)

    def use_recovery_code(self, identity: str, code: str) -> bool:
        """Use up a recovery code; False if it is none."""
        mine = (RECOVERY_CODES.c.account == identity, RECOVERY_CODES.c.code == token_hash(code))
        with writing(self.engine) as connection:
            return bool(connection.execute(delete(RECOVERY_CODES).where(*mine)).rowcount)

    def change(self, identity: str, *, role: Role, disabled: bool) -> None:
        """Give another role, close or open an account; its sessions end.

        Raises:
            UsageError: Nobody would be left who can administrate.
        """
        others = (
            ACCOUNTS.c.role == "administrator",
            ACCOUNTS.c.disabled.is_(False),
            ACCOUNTS.c.id != identity,
        )
        with writing(self.engine) as connection:
            left = role == "administrator" and not disabled
            if (
                not left
                and connection.execute(select(ACCOUNTS.c.id).where(*others)).first() is None
            ):
                raise UsageError("the last administrator stays", fix="appoint another one first")
            _update(connection, identity, role=role, disabled=disabled)
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == identity))

    def attempt(self, identity: str | None, at: datetime) -> bool:
        """Count an attempt before it is checked; False if the account rests and nothing is tried.

        Counted first, a hundred attempts at once are no more than a hundred one after the other.
        Nobody's attempt (None) is written down too, as is one while the account rests: how long
        this takes tells nobody whether there is an account.
        """
        mine = ACCOUNTS.c.id == identity
        with writing(self.engine) as connection:
            if identity is None:
                _note_nobody(connection, at)
                return False
            asked = select(ACCOUNTS.c.failures, ACCOUNTS.c.locked_until).where(mine)
            failures, locked = connection.execute(asked).one()
            if locked is not None and moment(at) < locked:
                _update(connection, identity, locked_until=locked)
                return False
            failures = 1 if locked is not None else failures + 1
            rests = moment(at + LOCKED) if failures >= MOST_FAILURES else None
            _update(connection, identity, failures=failures, locked_until=rests)
        return True

    def take_back(self, identity: str) -> None:
        """The last attempt was right, and another one is still to come: it does not count."""
        with writing(self.engine) as connection:
            _update(connection, identity, failures=ACCOUNTS.c.failures - 1, locked_until=None)

    def succeeded(self, identity: str) -> None:
        """Forget failures."""
        with writing(self.engine) as connection:
            _update(connection, identity, failures=0, locked_until=None)

    def house(self) -> dict[str, str]:
        """What is known of the house: its name, how to reach it."""
        with reading(self.engine) as connection:
            return {row.name: row.value for row in connection.execute(select(HOUSE))}

    def name(self) -> str:
        """What the house is called; its pages ask this each time, so it is kept in memory."""
        if self._name is None:
            self._name = self.house().get("name")
        return self._name or "Assay"

    def set_house(self, values: Mapping[str, str]) -> None:
        """Write down what is known of the house."""
        self._name = None
        with writing(self.engine) as connection:
            _set_house(connection, values)

    def _one(self, *conditions: Any) -> Account | None:
        with reading(self.engine) as connection:
            row = connection.execute(select(ACCOUNTS).where(*conditions)).mappings().first()
        return None if row is None else account_of(row)


def unchanged(account: Account) -> tuple[ColumnElement[bool], ...]:
    """True for an account that is open, and that one signs in to as when it was read.

    To check a password takes so long that somebody can change it meanwhile, at another server too.
    """
    return (
        ACCOUNTS.c.id == account.id,
        ACCOUNTS.c.disabled.is_(False),
        ACCOUNTS.c.password.is_not_distinct_from(account.password),
        ACCOUNTS.c.totp.is_not_distinct_from(account.totp),
    )


def _set_house(connection: Connection, values: Mapping[str, str]) -> None:
    connection.execute(delete(HOUSE).where(HOUSE.c.name.in_(list(values))))
    connection.execute(
        insert(HOUSE), [{"name": name, "value": value} for name, value in values.items()]
    )


def _note_nobody(connection: Connection, at: datetime) -> None:
    """Write down when somebody last tried to sign in as nobody: one row, as for an account."""
    mine = HOUSE.c.name == _NOBODY
    if connection.execute(select(HOUSE.c.value).where(mine)).first() is None:
        connection.execute(insert(HOUSE).values(name=_NOBODY, value=moment(at)))
    else:
        connection.execute(update(HOUSE).where(mine).values(value=moment(at)))


def _insert(connection: Connection, new: NewAccount, at: datetime) -> str:
    identity = f"u-{secrets.token_hex(6)}"
    connection.execute(
        insert(ACCOUNTS).values(
            id=identity,
            email=new.email.strip().lower(),
            name=new.name.strip(),
            role=new.role,
            password=new.password,
            totp_step=0,
            failures=0,
            disabled=False,
            made_at=moment(at),
        )
    )
    return identity


def _invite(connection: Connection, identity: str, token: str, at: datetime) -> None:
    until = moment(at + INVITED)
    _update(connection, identity, invitation=token_hash(token), invited_until=until)


def _update(connection: Connection, identity: str, **values: object) -> None:
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == identity).values(**values))


def account_of(row: RowMapping) -> Account:
    """The account that a row stands for."""
    locked = row["locked_until"]
    return Account(
        row["id"],
        row["email"],
        row["name"],
        row["role"],
        row["password"],
        row["totp"],
        row["totp_step"],
        None if locked is None else datetime.fromisoformat(locked),
        row["disabled"],
    )
