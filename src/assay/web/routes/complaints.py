"""Complaints: drafting one by hand, or from the file that ``assay complaint`` wrote."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.cases.refused import Refused
from assay.errors import InputError
from assay.web.acting import open_by_form
from assay.web.complaint_file import read_complaint
from assay.web.forms.complaint import DRAFT_FORM
from assay.web.pages import page, see
from assay.web.posted import PostedDep, UploadedDep
from assay.web.visitors import Handler, HouseDep

ROUTER = APIRouter(prefix="/complaints", include_in_schema=False)


@ROUTER.get("/new")
def ask(request: Request, account: Handler) -> Response:
    """An empty form, and one that takes a file."""
    return _page(request, {}, {})


@ROUTER.post("/file")
def from_file(request: Request, account: Handler, form: UploadedDep) -> Response:
    """The form with what a complaint file says; somebody reads it before anything is kept."""
    try:
        values = read_complaint(form.content)
    except InputError as error:
        return _page(request, {}, {"file": f"{error.message}; {error.fix}"}, 422)
    return _page(request, values, {}, source=form.file_name)


@ROUTER.post("/new")
def draft(request: Request, house: HouseDep, account: Handler, form: PostedDep) -> Response:
    """Keep a draft; what is missing before it can be sent is asked for later."""
    try:
        opened = open_by_form(house, account, "complaint", DRAFT_FORM, form)
    except Refused as error:
        return _page(request, form.values, error.faults, 422)
    return see(f"/records/{opened.id}")


def _page(
    request: Request,
    values: Mapping[str, str],
    faults: Mapping[str, str],
    status: int = 200,
    source: str = "",
) -> Response:
    return page(
        request,
        "complaint_new",
        status,
        form=DRAFT_FORM,
        values=values,
        faults=faults,
        source=source,
        choices={},
        prefix="",
    )
