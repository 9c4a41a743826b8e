"""Who asks the API: the owner of a token, for a purpose; cookies count for nothing here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from assay.cases.store.accounts import Account
from assay.cases.store.tokens import Purpose
from assay.web.visitors import HouseDep

_BEARER = HTTPBearer(auto_error=False, description="A token made on the account's page.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


@dataclass(frozen=True)
class Program:
    """A program that shows a token: whose it is, and what for."""

    account: Account
    purpose: Purpose


def program(*purposes: Purpose) -> Callable[[HouseDep, Credentials], Program]:
    """A dependency for routes that need a token of one of these purposes."""

    def of(house: HouseDep, credentials: Credentials) -> Program:
        shown = None if credentials is None else credentials.credentials
        opened = house.tokens.opened_by(shown, house.now()) if shown else None
        if opened is None:
            raise HTTPException(401)
        if opened[1] not in purposes:
            raise HTTPException(403)
        return Program(*opened)

    return of


AnyProgram = Annotated[Program, Depends(program("read", "report", "work"))]
Reader = Annotated[Program, Depends(program("read", "work"))]
Reporter = Annotated[Program, Depends(program("report", "work"))]
Worker = Annotated[Program, Depends(program("work"))]
