"""Earlier versions of the register of protected bodies: told, downloaded, erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import Response

from assay.cases.protected_versions import ToErase
from assay.cases.refused import Refused
from assay.cases.store.accounts import Account
from assay.cases.store.protected_registers import VERSIONS_PAGE
from assay.errors import InputError
from assay.identities.register import FIELDS, Body
from assay.identities.register_text import register_json, register_rows, register_yaml
from assay.web.csv_answer import csv_answer
from assay.web.house import House
from assay.web.pages import page, see
from assay.web.posted import Posted, PostedDep
from assay.web.protected_bodies import READERS, erase_versions, place_of, register_of
from assay.web.visitors import Administrator, HouseDep, signed_in

ROUTER = APIRouter(prefix="/bodies", include_in_schema=False)
Reader = Annotated[Account, Depends(signed_in(*READERS))]
_OF_ERASURE = {
    "texts": "the whole versions",
    "words": "what they changed, and why, alone",
}
Version = Annotated[int | None, Query(ge=1, lt=2**31)]


@ROUTER.get("/history")
def history(request: Request, house: HouseDep, account: Reader, before: Version = None) -> Response:
    """Who changed the register, when, what and why."""
    return _page(request, house, account, before)


@ROUTER.post("/erase")
def erase(request: Request, house: HouseDep, account: Administrator, form: PostedDep) -> Response:
    """Erase what earlier versions hold, or what any tells of its change, where somebody asks for it
    whom they name.
    """
    try:
        what = form.text("what")
        if what not in _OF_ERASURE:
            told = "say what is to be erased"
            raise Refused("nothing was chosen", fix=told, lacking={"what": told})
        first, last = (_number(form, name) for name in ("first", "last"))
        asked = ToErase(first, last, account.actor, form.text("why"), what == "words")
        erase_versions(house, asked)
    except Refused as refused:
        return _page(request, house, account, None, form.values, refused.faults)
    return see("/bodies/history?done=erased")


@ROUTER.get("/register.{ending}")
def download(house: HouseDep, account: Reader, ending: str, version: Version = None) -> Response:
    """A version as a file that ``assay scan --identities`` takes."""
    asked = register_of(house, version)
    written: dict[str, tuple[str, Callable[[Sequence[Body]], str]]] = {
        "yaml": ("application/yaml", register_yaml),
        "json": ("application/json", register_json),
    }
    if asked is None or ending not in (*written, "csv"):
        raise HTTPException(404)
    bodies = tuple(asked.bodies.values())
    name = f"protected-bodies-{asked.version}.{ending}"
    if ending == "csv":
        try:
            rows = register_rows(bodies)
        except InputError as error:
            raise Refused(f"{place_of(error)}{error.message}", fix=error.fix) from error
        return csv_answer(name, FIELDS, rows)
    media_type, write = written[ending]
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(write(bodies), media_type=media_type, headers=headers)


def _number(form: Posted, name: str) -> int:
    """A version that somebody typed.

    Raises:
        Refused: It is no number.
    """
    text = form.text(name)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        told = "give the number of a version"
        raise Refused("this is no version", fix=told, lacking={name: told})
    return int(text)


def _page(
    request: Request,
    house: House,
    account: Account,
    before: int | None,
    typed: Mapping[str, str] = {},
    faults: Mapping[str, str] = {},
) -> Response:
    rows = house.bodies.versions(before=before)
    authors = {row.author for row in rows} | {row.erased.by for row in rows if row.erased}
    return page(
        request,
        "bodies_history",
        422 if faults else 200,
        rows=rows,
        names=house.accounts.names(authors),
        began=before is None,
        following=rows[-1].version if len(rows) == VERSIONS_PAGE else None,
        can_erase=account.role == "administrator" and house.bodies.version() is not None,
        of_erasure=_OF_ERASURE,
        typed=typed,
        faults=faults,
        done=request.query_params.get("done", ""),
    )
