"""The first page: what this is, and where to go."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.web.pages import page
from assay.web.visitors import HouseDep, VisitorDep

ROUTER = APIRouter(include_in_schema=False)


@ROUTER.get("/")
def home(request: Request, house: HouseDep, visitor: VisitorDep) -> Response:
    """For everyone."""
    return page(request, "home", contact=house.accounts.house().get("contact", ""))
