"""The ledger of complaints: what was sent outside, what was answered, what never was."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from assay.cases.ledger import Sent, tallies
from assay.cases.store.ledger import Complained
from assay.web.api.shapes import ComplainedTold, LedgerTold
from assay.web.csv_answer import csv_answer
from assay.web.house import House
from assay.web.pages import page
from assay.web.visitors import HouseDep, VisitorDep
from assay.web.words_outside import AWAITED, RECIPIENTS

ROUTER = APIRouter(prefix="/ledger", include_in_schema=False)
PAGE = 50
_OF_COMPLAINT = ("entry", "url", "title", "complainant", "complainant_kind", "legal_basis")
COLUMNS = (*_OF_COMPLAINT, *Sent.__dataclass_fields__)


@ROUTER.get("")
def ledger(
    request: Request,
    house: HouseDep,
    visitor: VisitorDep,
    state: str = "",
    recipient: str = "",
    start: str = "",
) -> Response:
    """Every published complaint, the last changed first; figures over all of them."""
    asked = {
        "state": state if state in AWAITED else "",
        "recipient": recipient if recipient in RECIPIENTS else "",
    }
    known = house.ledger.complaints(house.now())
    found = [one for one in (_filtered(one, **asked) for one in known) if one is not None]
    first = int(start) if start.isascii() and start.isdecimal() and len(start) < 9 else 0
    following = None
    if first + PAGE < len(found):
        following = urlencode({**asked, "start": first + PAGE})
    return page(
        request,
        "ledger",
        complaints=found[first : first + PAGE],
        tallies=tallies(row for one in known for row in one.sent),
        asked=asked,
        following=following,
        first=first,
    )


@ROUTER.get("/ledger.csv")
def as_csv(house: HouseDep) -> Response:
    """A row for each recipient."""
    complaints = ledger_told(house).complaints
    rows = ({**vars(one), **vars(row)} for one in complaints for row in one.sent)
    return csv_answer("ledger.csv", COLUMNS, ([row[name] for name in COLUMNS] for row in rows))


@ROUTER.get("/ledger.json")
def as_json(house: HouseDep) -> Response:
    """The complaints with their recipients, and the figures of the page."""
    return JSONResponse(ledger_told(house).model_dump(mode="json"))


def ledger_told(house: House) -> LedgerTold:
    """The whole ledger for programs."""
    known = house.ledger.complaints(house.now())
    pages = f"{house.url}/register"
    return LedgerTold(
        complaints=[ComplainedTold(**vars(one), url=f"{pages}/{one.entry}") for one in known],
        figures=tallies(row for one in known for row in one.sent),
    )


def _filtered(one: Complained, state: str, recipient: str) -> Complained | None:
    """A complaint with the recipients that are asked for; None if none of them is."""
    if not state and not recipient:
        return one
    kept = tuple(
        row
        for row in one.sent
        if row.state == (state or row.state)
        and row.recipient_kind == (recipient or row.recipient_kind)
    )
    return replace(one, sent=kept) if kept else None
