"""A notice that the team makes of a finding."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assay.cases.evidence import NewFile
from assay.cases.refused import Refused
from assay.web import words
from assay.web.from_finding import KINDS, notice_of_finding
from assay.web.pages import page, see
from assay.web.posted import UploadedDep
from assay.web.visitors import Handler, HouseDep

ROUTER = APIRouter(prefix="/notices", include_in_schema=False)
_TYPED = ("title", "urls", "explanation", "good_faith")


@ROUTER.get("/finding")
def ask(request: Request, account: Handler) -> Response:
    """An empty form."""
    return _page(request, {}, {})


@ROUTER.post("/finding")
def make(request: Request, house: HouseDep, account: Handler, form: UploadedDep) -> Response:
    """Make the notice; what was typed stays when something is missing, but for the file."""
    faults = {}
    if form.text("kind") not in KINDS:
        faults["kind"] = "Say which kind of notice it is."
    if not form.content:
        faults["file"] = "Choose a file that is not empty."
    if not form.text("source"):
        faults["source"] = "Say where it comes from."
    if not faults:
        typed = {name: form.text(name) for name in _TYPED}
        typed |= {"sender_name": house.accounts.name(), "sender_email": account.email}
        finding = form.text("finding") or None
        shows = "The finding that the notice rests on."
        file = NewFile(form.content, form.file_name, form.text("source"), shows, finding=finding)
        try:
            opened = notice_of_finding(house, form.text("kind"), typed, file, account.actor)
        except Refused as error:
            faults = error.faults
        else:
            return see(f"/records/{opened.id}?done=draft")
    return _page(request, form.values, faults, 422)


def _page(
    request: Request, values: Mapping[str, str], faults: Mapping[str, str], status: int = 200
) -> Response:
    kinds = {kind: words.NOTICES[kind] for kind in KINDS}
    return page(request, "notice_of_finding", status, values=values, faults=faults, kinds=kinds)
