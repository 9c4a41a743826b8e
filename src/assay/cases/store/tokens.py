"""Tokens of programs: a hash of each, tied to an account, the role it had, and one purpose."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal, get_args

from sqlalchemy import Engine, delete, insert, select, update

from assay.cases.letters import token_hash
from assay.cases.store.accounts import Account, account_of
from assay.cases.store.connect import reading, writing
from assay.cases.store.entries import moment
from assay.cases.store.tables import ACCOUNTS, API_TOKENS
from assay.errors import UsageError
from assay.model.case import Role

Purpose = Literal["read", "report", "work"]
PURPOSES: Mapping[Purpose, str] = MappingProxyType(
    {
        "read": "reads what its owner may read",
        "report": "hands in notices, and reads nothing",
        "work": "reads, hands in notices and acts, as its owner may",
    }
)
LASTS = timedelta(days=365)
MOST_TOKENS = 20
"""Of one account at a time."""
_TOUCH = timedelta(minutes=1)
"""A token's last use is written down this often at most."""
_BEGINS = "assay_"
"""So that a token that got lost in a file or a log is known for what it is."""


@dataclass(frozen=True)
class ApiToken:
    """What is known of a token; the token itself is shown once, when it is made.

    Attributes:
        id: What it is revoked by.
        name: What its owner calls it.
        role: The role that it was made in; it ends when its owner gets another.
        purpose: What it is good for.
        made_at: When.
        until: It opens nothing from then on.
        used_at: Its last use, to the minute; None before the first.
    """

    id: str
    name: str
    role: Role
    purpose: Purpose
    made_at: datetime
    until: datetime
    used_at: datetime | None


class Tokens:
    """The tokens of one house."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def make(self, account: Account, name: str, purpose: str, at: datetime) -> str:
        """Make a token; returns it, and it is never to be had again.

        Raises:
            UsageError: There is no such purpose, the name is empty or long, or there are too many.
        """
        if purpose not in get_args(Purpose):
            raise UsageError("a token has no such purpose", fix=f"one of {', '.join(PURPOSES)}")
        if not 0 < len(name.strip()) <= 100:
            raise UsageError("the token has no name", fix="say in a word or two what uses it")
        token = _BEGINS + secrets.token_urlsafe(32)
        row = {
            "id": secrets.token_hex(8),
            "token": token_hash(token),
            "account": account.id,
            "name": name.strip(),
            "role": account.role,
            "purpose": purpose,
            "made_at": moment(at),
            "until": moment(at + LASTS),
        }
        mine = API_TOKENS.c.account == account.id
        with writing(self.engine) as connection:
            over = (mine, API_TOKENS.c.until <= moment(at))
            connection.execute(delete(API_TOKENS).where(*over))
            if len(connection.execute(select(API_TOKENS.c.id).where(mine)).all()) >= MOST_TOKENS:
                raise UsageError(f"there are {MOST_TOKENS} tokens already", fix="revoke one")
            connection.execute(insert(API_TOKENS).values(**row))
        return token

    def of(self, account: str) -> list[ApiToken]:
        """The tokens of an account, the newest first."""
        asked = select(API_TOKENS).where(API_TOKENS.c.account == account)
        newest = asked.order_by(API_TOKENS.c.made_at.desc(), API_TOKENS.c.id)
        with reading(self.engine) as connection:
            return [_token_of(row) for row in connection.execute(newest).mappings()]

    def revoke(self, account: str, identity: str) -> bool:
        """End a token of this account at once; False if it has none of this id."""
        mine = (API_TOKENS.c.account == account, API_TOKENS.c.id == identity)
        with writing(self.engine) as connection:
            return bool(connection.execute(delete(API_TOKENS).where(*mine)).rowcount)

    def opened_by(self, token: str, at: datetime) -> tuple[Account, Purpose] | None:
        """Whose token this is and what for; None if it is none, has ended, or the role changed."""
        live = (
            API_TOKENS.c.token == token_hash(token),
            API_TOKENS.c.until > moment(at),
            API_TOKENS.c.role == ACCOUNTS.c.role,
            ACCOUNTS.c.disabled.is_(False),
        )
        asked = select(ACCOUNTS, API_TOKENS.c.purpose, API_TOKENS.c.used_at).join(ACCOUNTS)
        with reading(self.engine) as connection:
            row = connection.execute(asked.where(*live)).mappings().first()
        if row is None:
            return None
        if row["used_at"] is None or row["used_at"] < moment(at - _TOUCH):
            with writing(self.engine) as connection:
                connection.execute(update(API_TOKENS).where(live[0]).values(used_at=moment(at)))
        return account_of(row), row["purpose"]


def _token_of(row: Mapping[Any, Any]) -> ApiToken:
    made, until = (datetime.fromisoformat(row[name]) for name in ("made_at", "until"))
    used = row["used_at"]
    return ApiToken(
        row["id"],
        row["name"],
        row["role"],
        row["purpose"],
        made,
        until,
        None if used is None else datetime.fromisoformat(used),
    )
