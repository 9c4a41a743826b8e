"""Opening a case of the team's own."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.cases.refused import Refused
from assay.web.acting import open_by_form
from assay.web.forms.case import CASE_FORM
from assay.web.pages import page, see
from assay.web.posted import PostedDep
from assay.web.visitors import Handler, HouseDep

ROUTER = APIRouter(prefix="/cases", include_in_schema=False)


@ROUTER.get("/new")
def ask(request: Request, account: Handler) -> Response:
    """An empty form."""
    return _page(request, {}, {})


@ROUTER.post("/new")
def draft(request: Request, house: HouseDep, account: Handler, form: PostedDep) -> Response:
    """Open a case; its evidence is added on its own page."""
    try:
        opened = open_by_form(house, account, "case", CASE_FORM, form)
    except Refused as error:
        return _page(request, form.values, error.faults, 422)
    return see(f"/records/{opened.id}")


def _page(
    request: Request, values: Mapping[str, str], faults: Mapping[str, str], status: int = 200
) -> Response:
    told = {"form": CASE_FORM, "values": values, "faults": faults}
    return page(request, "case_new", status, **told, choices={}, prefix="")
