"""Signing in and out, the second factor, and taking up an invitation."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.cases.store.accounts import Account
from assay.text.sentence import Sentence
from assay.web.house import House
from assay.web.known_browsers import KNOWN
from assay.web.limits import SIGN_IN
from assay.web.pages import page, see
from assay.web.posted import PostedDep
from assay.web.routes.setup import set_session
from assay.web.signing_in import check_code, check_password, faults_of_new_password
from assay.web.visitors import SESSION, HouseDep, Visitor, VisitorDep, limited

ROUTER = APIRouter(include_in_schema=False)
_OFTEN = [Depends(limited(SIGN_IN))]
_WRONG = Sentence(
    "The address or the password is wrong, or there were too many attempts. "
    "After five wrong ones an account rests for a quarter of an hour."
)


@ROUTER.get("/sign-in")
def ask(request: Request, house: HouseDep, visitor: VisitorDep, back: str = "/queue") -> Response:
    """The form."""
    if visitor.account is not None:
        return see("/queue")
    return sign_in_page(request, house, {"back": inside(back)})


@ROUTER.post("/sign-in", dependencies=_OFTEN)
def sign_in(request: Request, house: HouseDep, visitor: VisitorDep, form: PostedDep) -> Response:
    """Begin a session, or ask for the second factor."""
    email, back = form.text("email"), inside(form.text("back"))
    password, browser = form.values.get("password", ""), request.cookies.get(KNOWN, "")
    account = check_password(house, email, password, browser)
    if account is None:
        return sign_in_page(request, house, {"back": back, "email": email}, _WRONG)
    begun, where = after_first_factor(house, visitor, account, back)
    answer = see(where)
    set_session(answer, begun, house)
    return answer


@ROUTER.get("/sign-in/code")
def ask_code(request: Request, visitor: VisitorDep, back: str = "/queue") -> Response:
    """The form of the second factor."""
    if visitor.session is None or visitor.session.verified:
        return see("/sign-in")
    return page(request, "sign_in_code", back=inside(back), fault=None)


@ROUTER.post("/sign-in/code", dependencies=_OFTEN)
def code(request: Request, house: HouseDep, visitor: VisitorDep, form: PostedDep) -> Response:
    """Check the second factor; the session goes on under a new token."""
    back = inside(form.text("back"))
    session = visitor.session
    if session is None or session.verified:
        return see("/sign-in")
    browser = request.cookies.get(KNOWN, "")
    if not check_code(house, session.account, form.text("code"), browser):
        fault = Sentence("This code is wrong, was used before, or there were too many attempts.")
        return page(request, "sign_in_code", 422, back=back, fault=fault)
    now = house.now()
    begun = house.sessions.begin(session.account, now, verified=True, replaces=session.token)
    answer = see(back)
    set_session(answer, begun, house)
    return answer


@ROUTER.post("/sign-out")
def sign_out(house: HouseDep, visitor: VisitorDep, form: PostedDep) -> Response:
    """End the session."""
    if visitor.session is not None:
        house.sessions.end(visitor.session.token)
    answer = see("/")
    answer.delete_cookie(SESSION, path="/")
    return answer


@ROUTER.get("/invitation/{token}", dependencies=_OFTEN)
def invited(request: Request, house: HouseDep, visitor: VisitorDep, token: str) -> Response:
    """The form for a first, or another, password."""
    account = house.accounts.invited(token, house.now())
    if account is None:
        raise HTTPException(404)
    return page(request, "invitation", token=token, email=account.email, faults={})


@ROUTER.post("/invitation/{token}", dependencies=_OFTEN)
def take_up(
    request: Request, house: HouseDep, visitor: VisitorDep, token: str, form: PostedDep
) -> Response:
    """Keep the password; the link no longer works."""
    account = house.accounts.invited(token, house.now())
    if account is None:
        raise HTTPException(404)
    faults = faults_of_new_password(form, about=(account.email, account.name))
    if faults:
        return page(request, "invitation", 422, token=token, email=account.email, faults=faults)
    house.accounts.set_password(account, house.hasher.hash(form.values["password"]), link=token)
    return see("/sign-in")


def sign_in_page(
    request: Request, house: House, values: Mapping[str, str], fault: str | None = None
) -> Response:
    """The form, with what was typed and what was wrong."""
    usual = {"back": "/queue", "email": "", "outside": house.outside_service, "fault": fault}
    return page(request, "sign_in", 422 if fault else 200, **{**usual, **values})


def after_first_factor(
    house: House, visitor: Visitor, account: Account, back: str
) -> tuple[str, str]:
    """Begin a session under a new token, and where to go: on, or to the second factor."""
    verified = account.totp is None
    old = visitor.session.token if visitor.session else None
    begun = house.sessions.begin(account, house.now(), verified=verified, replaces=old)
    return begun, back if verified else f"/sign-in/code?{urlencode({'back': back})}"


def inside(path: str) -> str:
    """A way back within this site; anything else leads to the queue."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if inside and path.isprintable() else "/queue"
