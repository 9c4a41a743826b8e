"""Who asks: dependencies that every route begins with."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from assay.cases.acts import HANDLERS
from assay.cases.store.accounts import Account
from assay.cases.store.sessions import Session
from assay.model.case import Role
from assay.web.house import House
from assay.web.limits import Limit

SESSION = "assay_session"
VISIT = "assay_visit"


class SignInNeeded(Exception):
    """The page is for people who are signed in; ``back`` is where they wanted to go."""

    def __init__(self, back: str) -> None:
        super().__init__(back)
        self.back = back


class SetUpNeeded(Exception):
    """Nobody has set this house up yet."""


class TooOften(Exception):
    """One address did something too often; ``wait_s`` says for how long to stop."""

    def __init__(self, limit: Limit, wait_s: float) -> None:
        super().__init__(limit.name)
        self.limit, self.wait_s = limit, wait_s


@dataclass(frozen=True)
class Visitor:
    """Who asks.

    Attributes:
        session: Their session, if they have one.
        cookie: What ties forms to them: the session's token or that of their visit.
        fresh: Whether the cookie of the visit is to be set.
    """

    session: Session | None
    cookie: str
    fresh: bool

    @property
    def account(self) -> Account | None:
        """Who is signed in, with the second factor where there is one."""
        return self.session.account if self.session and self.session.verified else None


def house_of(request: Request) -> House:
    """The house that serves."""
    house: House = request.app.state.house
    return house


HouseDep = Annotated[House, Depends(house_of)]


def visitor_of(request: Request, house: HouseDep) -> Visitor:
    """Who asks, by their cookies."""
    token = request.cookies.get(SESSION)
    session = house.sessions.get(token, house.now()) if token else None
    visit = request.cookies.get(VISIT, "")
    fresh = session is None and len(visit) != 43
    cookie = session.token if session else (secrets.token_urlsafe(32) if fresh else visit)
    visitor = Visitor(session, cookie, fresh)
    request.state.visitor = visitor
    return visitor


VisitorDep = Annotated[Visitor, Depends(visitor_of)]


def address_of(request: Request) -> str:
    """The address of the other side."""
    return request.client.host if request.client else "unknown"


def limited(limit: Limit) -> Callable[[Request, House], None]:
    """A dependency that counts, and refuses what comes too often."""

    def count(request: Request, house: HouseDep) -> None:
        wait_s = house.limits.wait_s(limit, address_of(request))
        if wait_s:
            raise TooOften(limit, wait_s)

    return count


def set_up(house: HouseDep) -> None:
    """Refuse everything until the house is set up."""
    if not house.is_set_up():
        raise SetUpNeeded


def signed_in(*roles: Role) -> Callable[[Request, Visitor], Account]:
    """A dependency for pages of people who are signed in, in one of these roles."""

    def account_of(request: Request, visitor: VisitorDep) -> Account:
        account = visitor.account
        if account is None:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            raise SignInNeeded(asked if request.method == "GET" else "/queue")
        if roles and account.role not in roles:
            raise HTTPException(403)
        return account

    return account_of


INSIDE: tuple[Role, ...] = (
    "administrator",
    "investigator",
    "reviewer",
    "appeals_reviewer",
    "auditor",
    "partner",
)
AnyAccount = Annotated[Account, Depends(signed_in(*INSIDE))]
Handler = Annotated[Account, Depends(signed_in(*HANDLERS))]
Administrator = Annotated[Account, Depends(signed_in("administrator"))]
