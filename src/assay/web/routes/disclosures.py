"""Requests by authorities for data that are not public: the ledger, and recording one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.cases.disclosure import COLUMNS, Line, line_of
from assay.cases.refused import Refused
from assay.cases.store.accounts import Account
from assay.cases.store.listing import Wanted, end_of
from assay.web.acting import open_by_form
from assay.web.csv_answer import csv_answer
from assay.web.forms.disclosure import REQUEST_FORM
from assay.web.house import House
from assay.web.pages import page, see
from assay.web.posted import PostedDep
from assay.web.visitors import AnyAccount, Handler, HouseDep

ROUTER = APIRouter(prefix="/disclosures", include_in_schema=False)


@ROUTER.get("")
def ledger(request: Request, house: HouseDep, account: AnyAccount, after: str = "") -> Response:
    """Every request that the viewer may know of, the last changed first."""
    at, _, identity = after.partition("~")
    wanted = Wanted(kind="disclosure", after=(at, identity) if identity else None)
    lines, following = lines_of(house, account, wanted)
    return page(
        request,
        "disclosures",
        lines=lines,
        total=house.store.count(account.actor, replace(wanted, after=None)),
        began=not after,
        following="~".join(following) if following else None,
    )


@ROUTER.get("/disclosures.csv")
def as_csv(house: HouseDep, account: AnyAccount) -> Response:
    """The same for programs."""
    return csv_answer("disclosures.csv", COLUMNS, map(astuple, _lines(house, account)))


@ROUTER.get("/new")
def ask(request: Request, account: Handler) -> Response:
    """An empty form."""
    return page(
        request, "disclosure_new", form=REQUEST_FORM, values={}, faults={}, choices={}, prefix=""
    )


@ROUTER.post("/new")
def record(request: Request, house: HouseDep, account: Handler, form: PostedDep) -> Response:
    """Record a request; nothing is given by that."""
    try:
        opened = open_by_form(house, account, "disclosure", REQUEST_FORM, form)
    except Refused as error:
        told = {"form": REQUEST_FORM, "values": form.values, "faults": error.faults}
        return page(request, "disclosure_new", 422, **told, choices={}, prefix="")
    return see(f"/records/{opened.id}")


def lines_of(
    house: House, account: Account, wanted: Wanted
) -> tuple[list[Line], tuple[str, str] | None]:
    """One page of the ledger as somebody sees it, and after what the next one begins."""
    rows = house.store.records(account.actor, wanted)
    found = [house.store.record(str(row["id"]), account.actor)[0] for row in rows]
    following = end_of(rows[-1], wanted) if len(rows) == wanted.limit else None
    return [line_of(one) for one in found], following


def _lines(house: House, account: Account) -> Iterator[Line]:
    """Page after page."""
    wanted = Wanted(kind="disclosure")
    while True:
        lines, following = lines_of(house, account, wanted)
        yield from lines
        if following is None:
            return
        wanted = replace(wanted, after=following)
