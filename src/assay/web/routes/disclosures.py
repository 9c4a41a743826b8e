"""Requests by authorities for data that are not public: the ledger, and recording one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.cases.refused import Refused
from assay.cases.store.accounts import Account
from assay.cases.store.listing import PAGE, Wanted, end_of
from assay.model.case import Record
from assay.text.spreadsheet import harmless_cell
from assay.web.acting import act_of, faults_of_act
from assay.web.forms.disclosure import REQUEST_FORM
from assay.web.house import House
from assay.web.pages import page, see
from assay.web.posted import PostedDep
from assay.web.visitors import AnyAccount, Handler, HouseDep

ROUTER = APIRouter(prefix="/disclosures", include_in_schema=False)


@dataclass(frozen=True)
class Line:
    """A request as the ledger tells it; whose data they are, it does not say.

    Attributes:
        id: Of the record.
        received_on: Day.
        authority: Who asked.
        ordered_by: Sort of authority.
        legal_basis: Law and article.
        order_reference: As the authority calls it.
        data_asked: Which sorts of data.
        state: As it stands.
        risk: What the check found; empty before it.
        data_given: Which sorts, where it was granted.
        told_on: Day on which the person was told; empty while they were not.
        barred_until: Until when a law forbids to tell them; empty where none does.
    """

    id: str
    received_on: str
    authority: str
    ordered_by: str
    legal_basis: str
    order_reference: str
    data_asked: str
    state: str
    risk: str
    data_given: str
    told_on: str
    barred_until: str


COLUMNS = tuple(one.name for one in fields(Line))


@ROUTER.get("")
def ledger(request: Request, house: HouseDep, account: AnyAccount, after: str = "") -> Response:
    """Every request that the viewer may know of, the last changed first."""
    at, _, identity = after.partition("~")
    wanted = Wanted(kind="disclosure", after=(at, identity) if identity else None)
    rows = house.store.records(account.actor, wanted)
    return page(
        request,
        "disclosures",
        lines=_lines_of(house, account, rows),
        total=house.store.count(account.actor, replace(wanted, after=None)),
        began=not after,
        following="~".join(end_of(rows[-1], wanted)) if len(rows) == PAGE else None,
    )


@ROUTER.get("/disclosures.csv")
def as_csv(house: HouseDep, account: AnyAccount) -> Response:
    """The same for programs; RFC 4180 in UTF-8."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for line in _lines(house, account):
        table.writerow([harmless_cell(cell) for cell in astuple(line)])
    return Response(
        text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="disclosures.csv"'},
    )


@ROUTER.get("/new")
def ask(request: Request, account: Handler) -> Response:
    """An empty form."""
    return page(
        request, "disclosure_new", form=REQUEST_FORM, values={}, faults={}, choices={}, prefix=""
    )


@ROUTER.post("/new")
def record(request: Request, house: HouseDep, account: Handler, form: PostedDep) -> Response:
    """Record a request; nothing is given by that."""
    faults = faults_of_act(REQUEST_FORM, form)
    if not faults:
        try:
            opened = house.store.open_record(
                "disclosure", act_of(REQUEST_FORM, form), by=account.actor, at=house.now()
            )
        except Refused as error:
            faults = error.faults
        else:
            return see(f"/records/{opened.id}")
    told = {"form": REQUEST_FORM, "values": form.values, "faults": faults}
    return page(request, "disclosure_new", 422, **told, choices={}, prefix="")


def line_of(one: Record) -> Line:
    """A request as the ledger tells it."""
    said = {**one.fields, **{name: str(fact) for name, fact in one.facts.items()}}
    known = {name: said.get(name, "") for name in COLUMNS}
    return Line(**{**known, "id": one.id, "state": one.state})


def _lines(house: House, account: Account) -> Iterator[Line]:
    """Page after page."""
    wanted = Wanted(kind="disclosure")
    while rows := house.store.records(account.actor, wanted):
        yield from _lines_of(house, account, rows)
        wanted = replace(wanted, after=end_of(rows[-1], wanted))


def _lines_of(house: House, account: Account, rows: list[Mapping[str, Any]]) -> list[Line]:
    return [line_of(house.store.record(str(row["id"]), account.actor)[0]) for row in rows]
