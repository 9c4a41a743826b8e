"""Signing in by an outside service, and whose account its identities open."""

from __future__ import annotations

import logging

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.web.house import House
from assay.web.limits import SIGN_IN
from assay.web.openid import Journey, NotSignedIn, OpenIdProvider
from assay.web.pages import page, see
from assay.web.posted import PostedDep
from assay.web.routes.setup import set_session
from assay.web.routes.sign_in import after_first_factor, inside, sign_in_page
from assay.web.visitors import Administrator, HouseDep, VisitorDep, limited

ROUTER = APIRouter(include_in_schema=False)
_OFTEN = [Depends(limited(SIGN_IN))]
_COOKIE = "assay_openid"
_PATH = "/sign-in/outside"
_LOG = logging.getLogger("assay.web")


@ROUTER.get(_PATH, dependencies=_OFTEN)
def begin(request: Request, house: HouseDep, visitor: VisitorDep, back: str = "/queue") -> Response:
    """Send somebody to the outside service."""
    try:
        where, journey = _provider(house).begin(inside(back), house.now())
    except NotSignedIn as error:
        return _failed(request, house, error)
    answer = see(where)
    answer.set_cookie(
        _COOKIE,
        journey.sealed(house.secret),
        httponly=True,
        samesite="lax",
        secure=house.secure,
        path=_PATH,
    )
    return answer


@ROUTER.get(f"{_PATH}/back", dependencies=_OFTEN)
def come_back(request: Request, house: HouseDep, visitor: VisitorDep) -> Response:
    """Begin a session for whom an administrator tied the identity to; note it for them else."""
    provider = _provider(house)
    try:
        now = house.now()
        journey = Journey.opened(request.cookies.get(_COOKIE, ""), house.secret, now)
        known = provider.finish(journey, dict(request.query_params), now)
    except NotSignedIn as error:
        return _failed(request, house, error)
    identity = house.outside.came(provider.options.issuer, known.subject, known.told, now)
    account = house.outside.opens(identity)
    if account is None:
        answer: Response = page(
            request, "outside_unknown", 403, identity=identity, provider=provider.name
        )
    else:
        begun, where = after_first_factor(house, visitor, account, journey.back)
        answer = see(where)
        set_session(answer, begun, house)
    answer.delete_cookie(_COOKIE, path=_PATH)
    return answer


@ROUTER.post("/people/outside/{identity}")
def tie(house: HouseDep, account: Administrator, identity: str, form: PostedDep) -> Response:
    """Let an identity open an account, or nothing any more."""
    chosen = form.text("account")
    if chosen:
        house.outside.tie(identity, house.accounts.get(chosen).id)
    else:
        house.outside.forget(identity)
    return see("/people#outside")


def _provider(house: House) -> OpenIdProvider:
    if house.openid is None:
        raise HTTPException(404)
    return house.openid


def _failed(request: Request, house: House, error: NotSignedIn) -> Response:
    _LOG.warning("signing in at an outside service failed: %s", error.message)
    told = f"{error.message}; {error.fix}."
    return sign_in_page(request, house, {}, told[0].upper() + told[1:])
