"""The first start: the house, its first administrator, its signing key, a sample to try."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.cases.store.accounts import NewAccount
from assay.cases.store.one_at_a_time import AlreadyOpen
from assay.web.house import House
from assay.web.known_browsers import remember_browser
from assay.web.limits import SIGN_IN
from assay.web.mail import EMAIL
from assay.web.pages import page, see
from assay.web.posted import Posted, PostedDep
from assay.web.sample import file_sample
from assay.web.signing_in import faults_of_new_password
from assay.web.visitors import SESSION, Administrator, HouseDep, VisitorDep, limited

ROUTER = APIRouter(prefix="/setup", include_in_schema=False)


@ROUTER.get("", dependencies=[Depends(limited(SIGN_IN))])
def ask(request: Request, house: HouseDep, visitor: VisitorDep, token: str = "") -> Response:
    """The form, for whoever has the token that the program printed."""
    _check(house, token)
    return page(request, "setup", token=token, values={}, faults={})


@ROUTER.post("", dependencies=[Depends(limited(SIGN_IN))])
def found(request: Request, house: HouseDep, visitor: VisitorDep, form: PostedDep) -> Response:
    """Write the house and its first administrator down, and sign them in."""
    token = form.text("token")
    _check(house, token)
    faults = _faults(form)
    if faults:
        return page(request, "setup", 422, token=token, values=form.values, faults=faults)
    first = NewAccount(
        form.text("email"),
        form.text("person"),
        "administrator",
        house.hasher.hash(form.values["password"]),
    )
    about = {name: form.text(name) for name in ("name", "contact")}
    account = house.accounts.found(about, first, house.now())
    house.setup_token = None
    begun = house.sessions.begin(account, house.now(), verified=True, replaces=None)
    answer = see("/setup/key")
    set_session(answer, begun, house)
    return answer


@ROUTER.get("/key")
def key(request: Request, house: HouseDep, account: Administrator) -> Response:
    """The key that signs the log, and what to do with its folder."""
    return page(
        request,
        "setup_key",
        public_key=house.store.keys.public_key().text,
        folder=house.store.keys.path,
    )


@ROUTER.get("/sample")
def offer(request: Request, house: HouseDep, account: Administrator) -> Response:
    """The sample case, and what to do next."""
    standing = house.triage.sample(account.actor)
    return page(request, "setup_sample", standing=standing, post=house.post.told())


@ROUTER.post("/sample")
def sample(house: HouseDep, account: Administrator, form: PostedDep) -> Response:
    """File the sample case if it is wanted, once; again when it was withdrawn."""
    if form.text("sample") != "yes":
        return see("/queue")
    try:
        filed = file_sample(house, account.actor)
    except AlreadyOpen as standing:
        return see(f"/records/{standing.identity}")
    return see(f"/records/{filed.id}?done=draft")


def set_session(answer: Response, token: str, house: House) -> None:
    """Give the visitor their session; no script can read it."""
    answer.set_cookie(SESSION, token, httponly=True, samesite="lax", secure=house.secure, path="/")
    session = house.sessions.get(token, house.now())
    if session is not None and session.verified:
        remember_browser(answer, house, session.account)


def _check(house: House, token: str) -> None:
    known = house.setup_token
    if (
        house.is_set_up()
        or known is None
        or not secrets.compare_digest(known.encode(), token.encode())
    ):
        raise HTTPException(404)


def _faults(form: Posted) -> dict[str, str]:
    faults = {}
    for name, told in (
        ("name", "What is the house called?"),
        ("contact", "How can people reach it?"),
        ("person", "What are you called?"),
    ):
        if not form.text(name):
            faults[name] = told
    if not EMAIL.fullmatch(form.text("email")):
        faults["email"] = "This is no e-mail address."
    about = (form.text("email"), form.text("person"), form.text("name"))
    return faults | faults_of_new_password(form, about=about)
