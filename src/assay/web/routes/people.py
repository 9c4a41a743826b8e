"""Accounts of the team: who there is, invitations, roles; for administrators."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from assay.cases.letters import Letter
from assay.cases.store.accounts import NewAccount
from assay.errors import UsageError
from assay.model.case import Role
from assay.web.house import House
from assay.web.mail import EMAIL
from assay.web.pages import letter_text, page, see
from assay.web.posted import PostedDep
from assay.web.visitors import INSIDE, Administrator, HouseDep

ROUTER = APIRouter(prefix="/people", include_in_schema=False)


@ROUTER.get("")
def people(request: Request, house: HouseDep, account: Administrator) -> Response:
    """Everybody, and a form to invite somebody."""
    return _page(request, house, {}, {})


@ROUTER.post("")
def invite(request: Request, house: HouseDep, account: Administrator, form: PostedDep) -> Response:
    """Invite somebody; they set their password themselves."""
    faults = {}
    if not form.text("name"):
        faults["name"] = "What are they called?"
    if not EMAIL.fullmatch(form.text("email")):
        faults["email"] = "This is no e-mail address."
    new = NewAccount(form.text("email"), form.text("name"), _role(form.text("role")))
    token = secrets.token_urlsafe(32)
    if not faults:
        try:
            house.accounts.invite(new, token, _letter(house, new.email, token), house.now())
        except UsageError as error:
            faults["email"] = f"{error.message}."
    if faults:
        return _page(request, house, form.values, faults, 422)
    return see("/people")


@ROUTER.post("/{identity}")
def change(house: HouseDep, account: Administrator, identity: str, form: PostedDep) -> Response:
    """Give another role, close or open an account."""
    house.accounts.get(identity)
    role = _role(form.text("role"))
    house.accounts.change(identity, role=role, disabled=form.text("disabled") == "yes")
    return see("/people")


@ROUTER.post("/{identity}/invitation")
def invite_again(
    house: HouseDep, account: Administrator, identity: str, form: PostedDep
) -> Response:
    """Send another link to set a password; sessions end."""
    person = house.accounts.get(identity)
    token = secrets.token_urlsafe(32)
    letter = _letter(house, person.email, token)
    house.accounts.invite_again(identity, token, letter, house.now())
    return see("/people")


def _page(
    request: Request,
    house: House,
    values: Mapping[str, str],
    faults: dict[str, str],
    status: int = 200,
) -> Response:
    return page(
        request,
        "people",
        status,
        people=house.accounts.all(),
        values=values,
        faults=faults,
        post=house.post.told(),
        outside=house.outside.all(),
        provider=house.outside_service,
    )


def _role(text: str) -> Role:
    if text not in INSIDE:
        raise HTTPException(400)
    return text


def _letter(house: House, email: str, token: str) -> Letter:
    name = house.accounts.name()
    link = f"{house.url}/invitation/{token}"
    return Letter(
        "invitation",
        email,
        f"Your account at {name}",
        letter_text("invitation", house_name=name, link=link),
    )
