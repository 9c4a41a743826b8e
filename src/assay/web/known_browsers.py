"""Browsers in which somebody signed in before: what strangers guess wrong locks nobody out there.

Anybody can get five passwords of an address wrong, again and again, so that its account always
rests. Whoever signed in keeps a cookie that only the house can make (OWASP's device cookies), and
what is tried with it is counted apart; beyond that it counts as anybody's attempt does.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi.responses import Response

from assay.cases.store.accounts import Account
from assay.web.house import House
from assay.web.limits import Limit

KNOWN = "assay_known"
APART = Limit("attempts of a known browser", 10, 900)
_LASTS_S = 180 * 86400


def remember_browser(answer: Response, house: House, account: Account) -> None:
    """Let the browser of somebody who signed in be known by; until their password changes."""
    number = secrets.token_urlsafe(16)
    answer.set_cookie(
        KNOWN,
        f"{number}.{_mark(house, account, number)}",
        max_age=_LASTS_S,
        httponly=True,
        samesite="lax",
        secure=house.secure,
        path="/",
    )


def counts_apart(house: House, account: Account, cookie: str) -> bool:
    """Count an attempt, if its browser is known and did not try too often."""
    number, _, mark = cookie.partition(".")
    known = hmac.compare_digest(_mark(house, account, number).encode(), mark.encode())
    return known and not house.limits.wait_s(APART, number)


def _mark(house: House, account: Account, number: str) -> str:
    told = f"known\n{account.id}\n{account.password}\n{number}"
    return hmac.new(house.secret, told.encode(), hashlib.sha256).hexdigest()
