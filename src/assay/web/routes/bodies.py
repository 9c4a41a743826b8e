"""Protected bodies: the register, its holes, one body, a whole register in the place of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from assay.cases.protected_versions import RegisterVersion
from assay.cases.store.accounts import Account
from assay.cases.store.protected_registers import RegisterChanged
from assay.errors import InputError
from assay.identities.register import FIELDS, KINDS, LISTS, Body, parse_register
from assay.web.house import House
from assay.web.pages import NEWER, page, see
from assay.web.posted import (
    MOST_CHARACTERS,
    Posted,
    PostedDep,
    PostedWholeDep,
    UploadedDep,
)
from assay.web.protected_bodies import (
    KEEPERS,
    LABELS,
    PAGE,
    READERS,
    Difference,
    Register,
    body_in,
    differences,
    merged,
    new_version,
    place_of,
    present_register,
    register_of,
    values_of,
)
from assay.web.visitors import HouseDep, signed_in

ROUTER = APIRouter(prefix="/bodies", include_in_schema=False)
Reader = Annotated[Account, Depends(signed_in(*READERS))]
Keeper = Annotated[Account, Depends(signed_in(*KEEPERS))]
_WHY = "Please give the reason in a sentence."
_MOST_SINCE = 20
_TOO_LONG = f"A field takes {MOST_CHARACTERS:,} characters"
_BY_FILE = "a longer list is taken in with a whole register, as a file"


@dataclass(frozen=True)
class Attempt:
    """What was not done, shown again with all that was typed.

    Attributes:
        values: What was typed.
        faults: What is missing or wrong, by field.
        since: The versions that others made meanwhile.
        differences: What they changed about this body.
    """

    values: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    since: Sequence[RegisterVersion] = ()
    differences: Sequence[Difference] = ()

    @property
    def status(self) -> int:
        """Of the answer that shows it."""
        return 409 if self.since else 422


@ROUTER.get("")
def listed(request: Request, house: HouseDep, account: Reader) -> Response:
    """A page of the register, and what is wrong with it."""
    return _list(request, house, account, present_register(house))


@ROUTER.get("/new")
def ask(request: Request, house: HouseDep, account: Keeper) -> Response:
    """The form for another body."""
    return _body_page(request, house, account, present_register(house))


@ROUTER.post("/new")
def add(request: Request, house: HouseDep, account: Keeper, form: PostedWholeDep) -> Response:
    """Add a body."""
    return _put(request, house, account, form, "")


@ROUTER.get("/body")
def show(
    request: Request, house: HouseDep, account: Reader, body: Annotated[str, Query(alias="id")] = ""
) -> Response:
    """One body, its holes, and the form to change it."""
    present = present_register(house)
    return _body_page(request, house, account, present, _known(body, present))


@ROUTER.post("/body")
def change(request: Request, house: HouseDep, account: Keeper, form: PostedWholeDep) -> Response:
    """Change a body."""
    name, seen = form.text("body"), form.number("version")
    if name not in _seen(house, seen).bodies:
        _known(name, present_register(house))
    return _put(request, house, account, form, name)


@ROUTER.post("/remove")
def remove(request: Request, house: HouseDep, account: Keeper, form: PostedDep) -> Response:
    """Take a body out of the register; earlier versions keep it."""
    name = form.values.get("body", "")
    while True:
        present = present_register(house)
        seen = form.number("version")
        body = present.bodies.get(name)
        if body is None:
            # Somebody else removed it, or the button was pressed twice: it is as they wish.
            _known(name, _seen(house, seen))
            return see("/bodies?done=removed")
        values = values_of(body) | {"remove_why": form.text("why")}
        attempt = _meanwhile(house, seen, present, name, values)
        if attempt is None and not form.text("why"):
            attempt = Attempt(values, {"remove_why": _WHY})
        if attempt is not None:
            return _body_page(request, house, account, present, name, attempt)
        left = {key: one for key, one in present.bodies.items() if key != name}
        if _kept(house, account, present, left, form.text("why")):
            return see("/bodies?done=removed")


@ROUTER.post("/register")
def take_in(request: Request, house: HouseDep, account: Keeper, form: UploadedDep) -> Response:
    """Take in a whole register in the place of the one that is there."""
    faults: dict[str, str] = {}
    bodies: Sequence[Body] = ()
    if not form.content:
        faults["file"] = "Choose a register that is not empty: YAML, JSON or CSV."
    else:
        try:
            bodies = parse_register(form.content, Path(form.file_name))
        except InputError as error:
            faults["file"] = _told(error)
    if not form.text("why"):
        faults["why"] = _WHY
    present, seen = present_register(house), form.number("version")
    if seen == present.version:
        if faults:
            return _list(request, house, account, present, Attempt(form.values, faults))
        taken = {body.id: body for body in bodies}
        if _kept(house, account, present, taken, form.text("why")):
            return see("/bodies?done=taken_in")
        present = present_register(house)
    if seen > present.version:
        return _list(request, house, account, present, Attempt(form.values, {"": NEWER}))
    # What others did comes before what is wrong with the file, which has to be chosen again anyway.
    since = house.bodies.versions(after=seen, most=_MOST_SINCE)
    return _list(request, house, account, present, Attempt(form.values, {}, since))


def _told(error: InputError) -> str:
    """What is wrong with a register, and what to do about it."""
    return f"{place_of(error)}{error.message}; {error.fix}."


def _known(name: str, register: Register) -> str:
    """An id of a register.

    Raises:
        HTTPException: It is none.
    """
    if name not in register.bodies:
        raise HTTPException(404)
    return name


def _seen(house: House, version: int) -> Register:
    """The register that somebody saw; empty if it was none of ours."""
    return register_of(house, version) or Register(0, {})


def _put(request: Request, house: House, account: Account, form: Posted, name: str) -> Response:
    """Add a body, or put it in the place of the one of this id; what was typed is never lost."""
    while True:
        present = present_register(house)
        seen = form.number("version")
        meanwhile = _meanwhile(house, seen, present, name, form.values) if name else None
        if meanwhile is not None:
            return _body_page(request, house, account, present, name, meanwhile)
        if name:
            # Lists that are too long for the form are none of its fields.
            form = Posted(values_of(present.bodies[name]) | dict(form.values))
        faults = {} if form.text("kind") else {"kind": "Please choose one."}
        if not form.text("why"):
            faults["why"] = _WHY
        try:
            body = body_in(form)
        except InputError as error:
            faults[error.column or ""] = f"{error.message}; {error.fix}."
        else:
            if body.id != name and body.id in present.bodies:
                faults["id"] = "Another body has this id."
        kept = _too_long(present.bodies.get(name))
        for field_name in (*FIELDS, "why"):
            if field_name not in kept and len(form.text(field_name)) > MOST_CHARACTERS:
                faults[field_name] = f"{_TOO_LONG}{f'; {_BY_FILE}' if field_name in LISTS else ''}."
        if faults:
            attempt = Attempt(form.values, faults)
            return _body_page(request, house, account, present, name, attempt)
        bodies = {body.id if key == name else key: one for key, one in present.bodies.items()}
        bodies[body.id] = body
        if _kept(house, account, present, bodies, form.text("why")):
            return see(f"/bodies/body?{urlencode({'id': body.id, 'done': 'kept'})}")


def _too_long(body: Body | None) -> frozenset[str]:
    """The lists of a body that no form takes."""
    values = {} if body is None else values_of(body)
    return frozenset(name for name in LISTS if len(values.get(name, "")) > MOST_CHARACTERS)


def _meanwhile(
    house: House, seen: int, present: Register, name: str, values: Mapping[str, str]
) -> Attempt | None:
    """What others did about a body since a version was seen; None if they left it alone."""
    if seen == present.version:
        return None
    if seen > present.version:
        return Attempt(values, {"": NEWER})
    before, now = _seen(house, seen).bodies.get(name), present.bodies.get(name)
    if before == now:
        return None
    since = house.bodies.versions(after=seen, most=_MOST_SINCE)
    changed = differences(before, now) if before and now else ()
    return Attempt(merged(values, before, now), {}, since, changed)


def _kept(
    house: House, account: Account, present: Register, bodies: Mapping[str, Body], why: str
) -> bool:
    """Keep a version after the present one; False if somebody else was quicker."""
    new = new_version(present, bodies, account, why)
    try:
        if new is not None:
            house.bodies.keep(present.version, new, house.now())
    except RegisterChanged:
        return False
    return True


def _list(
    request: Request,
    house: House,
    account: Account,
    present: Register,
    attempt: Attempt | None = None,
) -> Response:
    asked = request.query_params
    text, only = asked.get("text", "").strip(), asked.get("holes") == "yes"
    holes = present.holes(house.now().date())
    found = [body for body in present.matching(text) if not only or body.id in holes]
    told = asked.get("from", "")
    start = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
    return page(
        request,
        "bodies",
        200 if attempt is None else attempt.status,
        register=present,
        rows=found[start : start + PAGE],
        found=len(found),
        start=start,
        following=urlencode({"text": text, "holes": asked.get("holes", ""), "from": start + PAGE})
        if start + PAGE < len(found)
        else None,
        holes=holes,
        text=text,
        only=only,
        can_change=account.role in KEEPERS,
        attempt=attempt,
        names=_names(house, attempt),
        done=asked.get("done", ""),
    )


def _body_page(
    request: Request,
    house: House,
    account: Account,
    present: Register,
    name: str = "",
    attempt: Attempt | None = None,
) -> Response:
    """The body of an id, or one that is gone by now; without an id the form for another one.

    What is shown and the version that its form names are of one reading of the register: whoever
    sends it back has seen all of that version.
    """
    body = present.bodies.get(name)
    values = values_of(body) if body else dict.fromkeys(FIELDS, "")
    return page(
        request,
        "body",
        200 if attempt is None else attempt.status,
        register=present,
        body=body,
        gone=bool(name) and body is None,
        labels=LABELS,
        lists=LISTS,
        by_file=_too_long(body),
        kinds={kind: kind for kind in KINDS},
        values=values | dict(attempt.values if attempt else {}),
        kept=values,
        faults=attempt.faults if attempt else {},
        attempt=attempt,
        holes=present.holes(house.now().date()).get(body.id, ()) if body else (),
        names=_names(house, attempt),
        can_change=account.role in KEEPERS,
        done=request.query_params.get("done", "") if attempt is None else "",
    )


def _names(house: House, attempt: Attempt | None) -> dict[str, str]:
    return house.accounts.names({one.author for one in attempt.since} if attempt else ())
