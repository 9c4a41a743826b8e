"""The link in the letter that asks whose an address is: one page, one button."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from assay.cases.letters import Opens
from assay.cases.store.case_store import EditConflict
from assay.cases.store.outbox import Holder, LinkEnded
from assay.model.case import Record
from assay.web.house import House
from assay.web.limits import FOLLOW
from assay.web.pages import page
from assay.web.posted import PostedDep
from assay.web.sender_address import asks_about, confirm
from assay.web.visitors import HouseDep, VisitorDep, limited

_OPENS: tuple[Opens, ...] = ("address",)
ROUTER = APIRouter(prefix="/confirm", include_in_schema=False)


@ROUTER.get("/{token}", dependencies=[Depends(limited(FOLLOW))])
def ask(request: Request, house: HouseDep, visitor: VisitorDep, token: str) -> Response:
    """Ask; programs that open the links of letters confirm nothing by it."""
    _asked(house, token)
    return page(request, "confirm", token=token, done=False)


@ROUTER.post("/{token}", dependencies=[Depends(limited(FOLLOW))])
def answer(
    request: Request, house: HouseDep, visitor: VisitorDep, token: str, form: PostedDep
) -> Response:
    """It is theirs."""
    try:
        confirm(house, *_asked(house, token))
    except EditConflict:
        # The button was pressed twice, or somebody worked on the notice: what holds now counts.
        confirm(house, *_asked(house, token))
    return page(request, "confirm", token=token, done=True)


def _asked(house: House, token: str) -> tuple[Holder, Record]:
    """Who was asked, and about which notice; 404 where nobody was, and 410 where the question was
    put anew since, or the sender gives another address by now.
    """
    try:
        holder = house.outbox.holder(token, house.now(), _OPENS)
    except LinkEnded as error:
        raise HTTPException(410) from error
    if holder is None:
        raise HTTPException(404)
    record, _ = house.store.record(holder.record, holder.actor)
    if not asks_about(record, token):
        raise HTTPException(410)
    return holder, record
